"""The speaking practice estimate: what it rests on, what it leaves out, and its limits."""

from typing import Any

import pytest
from assessment_world import LEXICON, SCENARIO
from checklist_world import PATIENT, exchanges_of, heard_in
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.assessment.oet import (
    LEAST_REPLIES,
    LEAST_WORDS,
    LEAST_WORDS_FOR_VARIETY,
    oet_estimate,
    score_and_band,
    variety,
)
from agent.assessment.rubric import load_rubric
from agent.protocol import CriterionLevel, Delivery, Exchange, Grade, OetCriterion, OetEstimate

pytestmark = pytest.mark.unit

RUBRIC = load_rubric("clinical-communication")
CLINICAL = ("relationship", "perspective", "structure", "gathering", "giving")
TALK = [
    "Good morning, my name is Anna and I'm the nurse looking after you this morning. What would "
    "you like me to call you?",
    "Thank you for waiting, Maureen. Tell me what has been happening, from when it started "
    "yesterday evening until you decided to come in.",
    "That sounds frightening, and you did the right thing. What worries you most about it?",
    "I'm going to take a tracing of your heart, because it tells us whether the heart is under "
    "strain. It takes two minutes and doesn't hurt.",
    "Would you rather sit up or lie down while we do that? Either is fine with me.",
    "The tracing looks calm, which means that nothing dangerous is going on at the moment. Still, "
    "somebody should check your blood, and the results take about an hour.",
    "If the pain comes back, press this button and I'll be with you straight away. What questions "
    "do you have about any of this?",
]


def talk_of_levels(
    level: int | None = 2, replies: list[str] = TALK, **delivery: Any
) -> list[Exchange]:
    """Return a talk with every clinical criterion at a level; None: ungraded."""
    exchanges = exchanges_of(replies)
    given: dict[str, Any] = {"delivery": Delivery(**delivery)} if delivery else {}
    if level is not None:
        given["grade"] = Grade(
            overall=50,
            skills={},
            rationale="Because.",
            advice="Go on.",
            criteria=[CriterionLevel(id=name, level=level, rationale="So.") for name in CLINICAL],
        )
    return [each.model_copy(update=given) for each in exchanges]


def estimated(exchanges: list[Exchange], **given: Any) -> OetEstimate:
    """Return the estimate for a talk with a patient."""
    made = oet_estimate(
        PATIENT,
        exchanges,
        heard_in(exchanges),
        rubric=given.get("rubric", RUBRIC),
        lexicon=given.get("lexicon", LEXICON),
    )
    assert made is not None
    return made


def criterion(estimate: OetEstimate, name: str) -> OetCriterion:
    return next(each for each in estimate.criteria if each.id == name)


def test_estimate_has_four_linguistic_and_five_clinical_criteria() -> None:
    estimate = estimated(talk_of_levels())

    assert [each.max for each in estimate.criteria] == [6] * 4 + [3] * 5
    assert sum(each.max for each in estimate.criteria) == estimate.estimated_of[1] == 39
    assert "Practice estimate" in estimate.note


def test_only_talks_with_patients_are_estimated() -> None:
    exchanges = talk_of_levels()

    assert oet_estimate(SCENARIO, exchanges, {}, rubric=RUBRIC, lexicon=LEXICON) is None


def test_intelligibility_is_never_estimated_and_says_why() -> None:
    found = criterion(estimated(talk_of_levels(words_per_minute=140)), "intelligibility")

    assert found.level is None
    assert "recogniser" in found.reason


def test_clinical_level_is_the_mean_of_the_graded_replies() -> None:
    exchanges = [*talk_of_levels(3)[:6], *talk_of_levels(1)[6:], *talk_of_levels(None)]

    found = criterion(estimated(exchanges), "gathering")

    assert found.level == 3
    assert found.reason == "Mean level 2.7 over 7 graded replies."


def test_clinical_criteria_show_what_they_are_made_of() -> None:
    estimate = estimated(talk_of_levels())

    by_criterion = {name: criterion(estimate, name).indicators for name in CLINICAL}
    assert [len(items) for items in by_criterion.values()] == [4, 3, 3, 5, 5]
    status = {item.id: item.status for items in by_criterion.values() for item in items}
    assert status["a1"] == status["b1"] == status["e5"] == "observed"
    assert status["e4"] == "not_observed"


@pytest.mark.parametrize("count", [0, LEAST_REPLIES - 1])
def test_too_few_replies_have_no_estimate_and_name_the_least(count: int) -> None:
    estimate = estimated(talk_of_levels(3, TALK[:count]))

    assert (estimate.score, estimate.band) == (None, None)
    assert estimate.reason.startswith(f"It takes {LEAST_REPLIES} replies and {LEAST_WORDS} words")
    assert {each.level for each in estimate.criteria} == {None}
    assert {each.reason for each in estimate.criteria} == {estimate.reason}


def test_too_few_words_have_no_estimate() -> None:
    assert estimated(talk_of_levels(3, ["Okay then."] * 20)).score is None


def test_criteria_nobody_graded_leave_no_score() -> None:
    estimate = estimated(talk_of_levels(None))

    assert estimate.score is None
    assert estimate.reason.startswith("No score: it takes 4 of the five")
    assert criterion(estimate, "giving").reason == (
        "Not estimated: no graded reply gave a chance for it."
    )


def test_rubric_of_another_scale_is_not_taken_for_the_test() -> None:
    found = criterion(
        estimated(talk_of_levels(), rubric=load_rubric("de-escalation")), "relationship"
    )

    assert found.level is None
    assert "de-escalation" in found.reason


def test_score_rises_with_the_levels_and_says_what_it_rests_on() -> None:
    scores = [estimated(talk_of_levels(level)).score or 0 for level in range(4)]

    assert scores == sorted(set(scores))
    reason = estimated(talk_of_levels(2)).reason
    assert "points that could be estimated" in reason
    assert "Not estimated: Intelligibility, Fluency." in reason


@pytest.mark.parametrize(
    ("points", "score", "band"),
    [
        (0, 0, "E"),
        (7, 90, "E"),
        (8, 100, "D"),
        (15.6, 200, "C"),
        (23.4, 300, "C+"),
        (27, 350, "B"),
        (35.1, 450, "A"),
        (39, 500, "A"),
    ],
)
def test_points_become_a_score_and_a_band(points: float, score: int, band: str) -> None:
    assert score_and_band(points, 39) == (score, band)


@pytest.mark.parametrize(("points", "of"), [(-1, 39), (40, 39), (0, 0)])
def test_points_off_the_scale_are_an_error(points: float, of: float) -> None:
    with pytest.raises(ValueError, match="cannot be converted"):
        score_and_band(points, of)


@given(st.floats(0, 39), st.floats(0, 39))
def test_more_points_never_lower_the_score(one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert 0 <= score_and_band(low, 39)[0] <= score_and_band(high, 39)[0] <= 500
    assert score_and_band(low, 39)[1] >= score_and_band(high, 39)[1] or (
        # "C+" is better than "C", and the only two that their letters do not order.
        {score_and_band(low, 39)[1], score_and_band(high, 39)[1]} == {"C", "C+"}
    )


@pytest.mark.parametrize(
    ("delivery", "level", "says"),
    [
        ({"spoken": False}, None, "the replies were typed"),
        ({"spoken": True}, None, "it takes 3 replies with a measured rate"),
        ({"words_per_minute": 140}, 5, "pauses not measured, so 5 at most"),
        ({"words_per_minute": 70}, 3, "70 words a minute"),
        ({"words_per_minute": 240}, 2, "240 words a minute"),
        ({"words_per_minute": 140, "long_pauses": 0, "speech_s": 10}, 6, "0.0 pauses"),
        ({"words_per_minute": 140, "long_pauses": 3, "speech_s": 12}, 4, "15.0 pauses"),
        ({"words_per_minute": 50, "long_pauses": 9, "speech_s": 9}, 1, "60.0 pauses"),
    ],
)
def test_fluency_is_read_from_delivery_where_it_was_measured(
    delivery: dict[str, Any], level: int | None, says: str
) -> None:
    found = criterion(estimated(talk_of_levels(**delivery)), "fluency")

    assert found.level == level
    assert says in found.reason


def test_fillers_lower_fluency_where_the_transcript_kept_them() -> None:
    hesitant = [f"Um, uh, {reply} Er, um." for reply in TALK]

    found = criterion(estimated(talk_of_levels(2, hesitant, words_per_minute=140)), "fluency")

    assert found.level == 1
    assert "fillers in 100 words" in found.reason


def test_plain_and_courteous_language_is_appropriate_and_terms_are_not() -> None:
    terms = [*TALK[:3], *["You have tachycardia and dyspnoea, so we check troponin."] * 5]

    assert criterion(estimated(talk_of_levels()), "appropriateness").level == 6
    found = criterion(estimated(talk_of_levels(2, terms)), "appropriateness")
    assert found.level == 1
    assert found.reason.startswith("5 of 8 replies with a term only staff know")


def test_resources_need_enough_words_and_stop_short_of_the_top() -> None:
    found = criterion(estimated(talk_of_levels()), "resources")
    short = criterion(estimated(talk_of_levels(2, TALK[:5])), "resources")

    assert found.level == 5
    assert "5 at most" in found.reason
    assert short.level is None
    assert f"it takes {LEAST_WORDS_FOR_VARIETY} words" in short.reason


def test_saying_the_same_again_shows_few_resources() -> None:
    again = ["I am here and you are here and we are here."] * 20

    found = criterion(estimated(talk_of_levels(2, again)), "resources")

    assert found.level is not None
    assert found.level <= 2


@pytest.mark.parametrize(
    ("slip", "counts"),
    [
        ("He have pain since two days.", 2),
        ("She do not sleep.", 1),
        ("Did you felt sick?", 1),
        ("You must to take it.", 1),
        ("How long you have this pain?", 1),
        ("It is more better now.", 1),
        ("Does she have pain? How long have you had it?", 0),
        ("I do what I can to take care of you.", 0),
        ("When he did it took an hour.", 0),
        ("What he has had since two o'clock is pain.", 0),
    ],
)
def test_slips_are_counted_only_where_there_is_no_doubt(slip: str, counts: int) -> None:
    found = criterion(estimated(talk_of_levels(2, [*TALK, slip])), "resources")

    assert f", {counts} slips of grammar" in found.reason


def test_many_slips_lower_resources() -> None:
    slips = [f"{reply} She do not sleep. He have pain since two days." for reply in TALK]

    assert criterion(estimated(talk_of_levels(2, slips)), "resources").level == 3


def test_variety_is_high_for_words_that_differ_and_low_for_one_again_and_again() -> None:
    assert variety([]) == 0
    assert variety(["no"] * 50) == pytest.approx(2)
    assert variety([str(number) for number in range(50)]) == 50


@settings(max_examples=40, deadline=None)
@given(
    replies=st.lists(st.sampled_from(TALK) | st.text(max_size=60), max_size=12),
    level=st.none() | st.integers(-3, 9),
    wpm=st.none() | st.floats(1, 900),
    pauses=st.none() | st.integers(0, 99),
    speech=st.none() | st.floats(0, 600),
)
def test_estimate_stays_on_its_scales_and_leaves_nothing_without_a_reason(
    replies: list[str],
    level: int | None,
    wpm: float | None,
    pauses: int | None,
    speech: float | None,
) -> None:
    exchanges = talk_of_levels(
        level, replies, words_per_minute=wpm, long_pauses=pauses, speech_s=speech
    )

    estimate = estimated(exchanges)

    assert OetEstimate.model_validate_json(estimate.model_dump_json()) == estimate
    assert len(estimate.criteria) == 9
    assert estimate.reason
    for each in estimate.criteria:
        assert each.reason
        assert each.level is None or 0 <= each.level <= each.max
    assert (estimate.score is None) == (estimate.band is None)
    assert estimate.score is None or (0 <= estimate.score <= 500 and estimate.score % 10 == 0)
    assert estimate.estimated_of[0] == sum(e.max for e in estimate.criteria if e.level is not None)
