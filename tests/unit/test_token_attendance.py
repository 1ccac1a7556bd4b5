"""Who is called when: the table, and what must hold for every history."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.protocol import EncounterStatus as S
from token_server.attendance import (
    ACCEPTED_S,
    CALL_AGAIN_S,
    CALL_SLOWLY_S,
    UNATTENDED_S,
    YOUNG_S,
    decide,
)
from token_server.rooms import RoomView
from token_server.rows import OPEN, EncounterRow

pytestmark = pytest.mark.unit
START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def row(**given: Any) -> EncounterRow:
    made = EncounterRow(
        encounter_id="e",
        room_name="enc_e",
        scenario_id="s",
        title="t",
        mode="practice",
        trainee_name=None,
        status=S.CREATED,
        created_at=START,
        attempts=1,
        called_at=START,
    )
    return replace(made, **given)


ALONE = RoomView(trainees=1, persona=False)
EMPTY = RoomView(trainees=0, persona=False)
MET = RoomView(trainees=1, persona=True)
ACCEPTED = RoomView(trainees=1, persona=False, accepted=True)
WAITED = {"waiting_since": at(0), "called_at": at(14)}
ACTIVE = {"status": S.ACTIVE, "called_at": at(0)}
LOST = {**ACTIVE, "waiting_since": at(100)}
TOLD = {"status": S.UNATTENDED, "waiting_since": at(0), "called_at": at(20)}


@pytest.mark.parametrize(
    ("now", "before", "room", "status", "call"),
    [
        pytest.param(2, row(), ALONE, S.CREATED, False, id="a call has 3 s"),
        pytest.param(3, row(), ALONE, S.CREATED, True, id="after 3 s it is repeated"),
        pytest.param(3, row(), EMPTY, S.CREATED, True, id="even before the trainee comes"),
        pytest.param(15, row(), EMPTY, S.CREATED, False, id="but not into an old empty room"),
        pytest.param(60, row(), ALONE, S.CREATED, True, id="a late trainee is called for at once"),
        pytest.param(5, row(), ACCEPTED, S.CREATED, False, id="an accepted call has longer"),
        pytest.param(10, row(), ACCEPTED, S.CREATED, True, id="but not for ever"),
        pytest.param(9, row(), MET, S.ACTIVE, False, id="the persona came"),
        pytest.param(9, row(), replace(MET, trainees=0), S.ACTIVE, False, id="before the trainee"),
        pytest.param(14, row(**WAITED), ALONE, S.CREATED, False, id="not yet 15 s alone"),
        pytest.param(15, row(**WAITED), ALONE, S.UNATTENDED, False, id="15 s alone"),
        pytest.param(24, row(**TOLD), ALONE, S.UNATTENDED, False, id="then calls every 5 s"),
        pytest.param(25, row(**TOLD), ALONE, S.UNATTENDED, True, id="on and on"),
        pytest.param(60, row(**TOLD), EMPTY, S.UNATTENDED, False, id="until the trainee leaves"),
        pytest.param(60, row(**TOLD), MET, S.ACTIVE, False, id="or the persona comes"),
        pytest.param(100, row(**ACTIVE), ALONE, S.ACTIVE, False, id="a lost persona: a moment"),
        pytest.param(9, row(**ACTIVE), EMPTY, S.ACTIVE, False, id="both left: it is over"),
        pytest.param(103, row(**LOST), ALONE, S.ACTIVE, True, id="then it is called again"),
        pytest.param(
            105,
            row(**{**LOST, "called_at": at(103), "attempts": 2}),
            ACCEPTED,
            S.ACTIVE,
            False,
            id="and given time",
        ),
        pytest.param(115, row(**LOST), ALONE, S.UNATTENDED, True, id="lost for 15 s"),
        pytest.param(9, row(), None, S.ENDED, False, id="the room is gone"),
        pytest.param(60, row(**TOLD), None, S.ENDED, False, id="they gave up"),
        pytest.param(
            1, row(attempts=0, called_at=None), None, S.CREATED, False, id="the room is being made"
        ),
        pytest.param(
            15, row(attempts=0, called_at=None), None, S.ENDED, False, id="it was never made"
        ),
        pytest.param(
            3, row(attempts=0, called_at=None), EMPTY, S.CREATED, True, id="made but never called"
        ),
    ],
)
def test_what_is_seen_decides_what_is_done(
    now: float, before: EncounterRow, room: RoomView | None, status: S, call: bool
) -> None:
    actions = decide(at(now), before, room)

    assert (actions.becomes.status, actions.call) == (status, call)


def test_a_call_is_a_new_generation_called_now() -> None:
    becomes = decide(at(3), row(), ALONE).becomes
    assert (becomes.attempts, becomes.called_at) == (2, at(3))


def test_the_room_is_told_once_when_nobody_comes_and_once_when_somebody_does() -> None:
    told = decide(at(21), row(**TOLD), ALONE).notice
    assert told is not None
    assert told.status is S.UNATTENDED
    assert "wait" in told.message
    assert decide(at(21), row(**TOLD), replace(ALONE, noticed="unattended")).notice is None

    met = decide(at(22), row(**TOLD), replace(MET, noticed="unattended")).notice
    assert met is not None
    assert met.status is S.ACTIVE
    assert decide(at(22), row(**TOLD), replace(MET, noticed="active")).notice is None
    assert decide(at(1), row(), MET).notice is None


views = st.none() | st.builds(
    RoomView,
    trainees=st.integers(0, 2),
    persona=st.booleans(),
    accepted=st.booleans(),
    noticed=st.sampled_from([None, "active", "unattended"]),
)
histories = st.lists(st.tuples(st.floats(0.0, 8.0), views), max_size=40)


@settings(deadline=None)
@given(histories)
def test_in_every_history_calls_are_apart_counted_and_only_for_the_lonely(
    history: list[tuple[float, RoomView | None]],
) -> None:
    now, known, calls = 0.0, row(), [0.0]
    for pause, room in history:
        now += pause
        actions = decide(at(now), known, room)
        if actions.call:
            assert room is not None
            assert not room.persona
            assert room.trainees or now < YOUNG_S
            assert now - calls[-1] > CALL_AGAIN_S - 0.001
            calls.append(now)
        assert actions.becomes.attempts == len(calls)
        assert (actions.becomes.ended_at is None) == (actions.becomes.status is not S.ENDED)
        known = actions.becomes
        if known.status not in OPEN:
            assert room is None
            return


@settings(deadline=None)
@given(st.floats(0.1, 1.0), st.booleans())
def test_a_trainee_alone_is_always_called_for_and_told_in_time(step: float, accepted: bool) -> None:
    now, known, last_call = 0.0, row(), 0.0
    longest = ACCEPTED_S if accepted else CALL_SLOWLY_S
    while now < 40:
        now += step
        actions = decide(at(now), known, replace(ALONE, accepted=accepted, noticed=known.status))
        known = actions.becomes
        last_call = now if actions.call else last_call
        assert now - last_call <= longest + step
        if known.status is S.UNATTENDED:
            assert now >= UNATTENDED_S
        else:
            assert now < UNATTENDED_S + 2 * step
