"""However the pipeline cuts speech into turns, an exchange is one persona line and one reply."""

from datetime import UTC, datetime

import pytest

from agent.encounter import Encounter
from agent.protocol import Delivery, PersonaState, Turn
from personas import Library

pytestmark = pytest.mark.unit


def encounter(*turns: tuple[str, str, float, float], typed: tuple[int, ...] = ()) -> Encounter:
    made = Encounter(
        encounter_id="enc_1",
        room_name="enc_1",
        scenario=Library().get("chest-pain-nurse"),
        mode="practice",
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    for number, (speaker, text, started, ended) in enumerate(turns):
        made.add(
            Turn(id=str(number), speaker=speaker, text=text, started_s=started, ended_s=ended),
            typed=number in typed,
        )
    return made


def test_a_reply_belongs_to_the_line_before_it():
    made = encounter(("persona", "Who are you?", 0, 1), ("trainee", "Sam.", 2, 3))

    [reply] = made.replies()

    assert (reply.persona_text, reply.text, reply.persona_ended_s) == ("Who are you?", "Sam.", 1)


def test_a_trainee_who_speaks_first_replies_to_nothing():
    [reply] = encounter(("trainee", "Hello.", 2, 3)).replies()

    assert (reply.index, reply.persona_text, reply.persona_ended_s) == (0, "", None)


def test_consecutive_turns_of_the_trainee_are_one_reply():
    made = encounter(("trainee", "Hello.", 0, 1), ("trainee", "I'm Sam.", 2, 4))

    [reply] = made.replies()

    assert (reply.text, reply.started_s, reply.ended_s) == ("Hello. I'm Sam.", 0, 4)


def test_consecutive_lines_of_the_persona_are_one_line():
    made = encounter(
        ("persona", "Well?", 0, 1), ("persona", "Say something.", 5, 6), ("trainee", "Yes.", 7, 8)
    )

    assert made.replies()[0].persona_text == "Well? Say something."


def test_turns_that_arrive_late_take_their_place_by_time():
    made = encounter(("persona", "Ow.", 5, 6), ("trainee", "Where?", 3, 4))

    assert [turn.text for turn in made.turns] == ["Where?", "Ow."]


def test_a_turn_that_comes_again_replaces_itself():
    made = encounter(("trainee", "Hel", 0, 1))

    made.add(Turn(id="0", speaker="trainee", text="Hello.", started_s=0, ended_s=1))

    assert [reply.text for reply in made.replies()] == ["Hello."]


def test_the_last_line_of_the_persona_closes():
    made = encounter(
        ("trainee", "Bye.", 0, 1), ("persona", "Bye,", 2, 3), ("persona", "love.", 4, 5)
    )

    assert made.closing_line() == "Bye, love."


def test_rate_is_measured_from_three_seconds_of_speech_on():
    long = encounter(("trainee", "one two three four five six seven eight", 0, 4)).replies()[0]
    short = encounter(("trainee", "one two three four", 0, 2)).replies()[0]

    assert long.delivery().words_per_minute == 120
    assert short.delivery().words_per_minute is None


def test_overlapping_speech_has_a_negative_latency():
    made = encounter(("persona", "I was just", 0, 4), ("trainee", "Stop.", 3.5, 5))

    assert made.replies()[0].delivery().response_latency_s == -0.5


def test_typed_words_have_no_delivery():
    delivery = encounter(("trainee", "Hello there.", 0, 0), typed=(0,)).replies()[0].delivery()

    assert delivery.spoken is False
    assert delivery.words_per_minute is None


def test_a_reply_without_a_grade_yet_says_so():
    [exchange] = encounter(("trainee", "Hello.", 0, 1)).exchanges()

    assert exchange.grade.ungraded.code == "not_yet"


def test_what_was_measured_goes_before_what_the_times_tell():
    made = encounter(("trainee", "one two three four five six seven eight", 0, 4))
    made.deliveries[0] = Delivery(words_per_minute=133)

    [exchange] = made.exchanges()

    assert exchange.delivery.words_per_minute == 133


def test_typed_words_count_for_no_rate_of_a_reply_that_was_half_spoken():
    [reply] = encounter(
        ("trainee", "one two three four five six", 0, 4),
        ("trainee", "and typed", 4, 4),
        typed=(1,),
    ).replies()

    assert (reply.spoken, reply.spoken_words) == (True, 6)
    assert reply.timed().words_per_minute == 90


def test_a_reply_knows_the_lines_since_the_reply_before():
    made = encounter(
        ("persona", "Hello?", 0, 1),
        ("trainee", "Hello.", 2, 3),
        ("persona", "My chest", 4, 5),
        ("persona", "hurts.", 6, 7),
        ("trainee", "Where?", 8, 9),
    )

    assert [[turn.text for turn in reply.lines] for reply in made.replies()] == [
        ["Hello?"],
        ["My chest", "hurts."],
    ]


def test_arousal_before_a_reply_is_that_after_the_last_known_exchange():
    made = encounter()
    made.states[0] = PersonaState(arousal=3.5, trust=1)

    assert made.arousal_before(0) == made.scenario.mood.arousal
    assert made.arousal_before(2) == 3.5
