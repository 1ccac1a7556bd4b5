"""Progress over encounters: what counts, in which order, and a page that shows it safely."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from token_server_world import World, make_record, make_report, running

from agent.protocol import Skill
from token_server.progress import LATEST, Attempt, SkillPoint, progress_of
from token_server.progress_page import DOTS_MAX, EDGE, HEIGHT, WIDTH, dots

pytestmark = pytest.mark.unit
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def make_attempt(number: int, **given: Any) -> Attempt:
    values: dict[str, Any] = {
        "encounter_id": f"e{number:03d}",
        "at": NOON + timedelta(minutes=number),
        "scenario_id": "chest-pain-nurse",
        "title": "Chest pain",
        "overall": 50,
        "skills": {Skill.CLARITY: 50},
        "outcome": "containment",
        "partial": False,
    }
    return Attempt(**{**values, **given})


async def finish(world: World, one: str, **given: Any) -> None:
    answer = await world.put(
        make_record(one, phase="ended", report=make_report(one, **given)), of=one
    )
    assert answer.status_code == 200, answer.text


async def practise(world: World, name: str | None = None, **given: Any) -> str:
    one: str = (await world.start(trainee_name=name))["encounter_id"]
    await finish(world, one, **given)
    return one


async def read(world: World, **query: str) -> Any:
    answer = await world.client.get("/api/progress", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_attempts_are_ordered_by_time_whatever_order_they_come_in() -> None:
    scores = {2: 70, 0: 40, 1: 61}
    made = progress_of(
        make_attempt(number, overall=score, skills={Skill.CLARITY: score})
        for number, score in scores.items()
    )
    clarity = made.skills[Skill.CLARITY]
    assert [point.score for point in clarity.points] == [40, 61, 70]
    assert (clarity.first, clarity.latest, clarity.mean) == (40, 70, 57.0)
    assert made.scenarios[0].overall == [40, 61, 70]


def test_a_skill_without_a_chance_is_left_out_there_and_is_no_zero() -> None:
    made = progress_of([make_attempt(0), make_attempt(1, skills={Skill.TONE: 80})])
    assert made.attempts == 2
    assert list(made.skills) == [Skill.TONE, Skill.CLARITY]
    assert (made.skills[Skill.TONE].attempts, made.skills[Skill.TONE].mean) == (1, 80.0)


def test_the_best_attempt_need_not_be_the_latest_and_the_title_is_the_latest() -> None:
    made = progress_of(
        [
            make_attempt(0, overall=66, outcome="resolution"),
            make_attempt(1, scenario_id="other", title="Other"),
            make_attempt(2, overall=48, outcome=None, title="New title", partial=True),
        ]
    )
    first, other = made.scenarios
    assert (first.best, first.latest, first.attempts) == (66, 48, 2)
    assert first.outcomes == ["resolution", None]
    assert [point.partial for point in first.points] == [False, True]
    assert (first.title, other.title) == ("New title", "Other")


def test_only_the_latest_500_are_added_up() -> None:
    made = progress_of(make_attempt(number) for number in range(LATEST + 1))
    assert made.attempts == LATEST == 500
    assert made.scenarios[0].points[0].encounter_id == "e001"


def test_a_sparkline_goes_from_edge_to_edge_and_a_lone_dot_stands_in_the_middle() -> None:
    def course(*scores: int) -> list[tuple[float, float]]:
        points = [
            SkillPoint(encounter_id="e", at=NOON, score=score, partial=False) for score in scores
        ]
        return [(dot.x, dot.y) for dot in dots(points) if dot.shown]

    assert course(100) == [(WIDTH / 2, EDGE)]
    assert course(50, 100) == [(EDGE, HEIGHT / 2), (WIDTH - EDGE, EDGE)]
    assert course(*[100] * (DOTS_MAX + 1)) == [(WIDTH - EDGE, EDGE)]


async def test_without_encounters_the_page_says_how_to_begin(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        assert await read(world) == {"attempts": 0, "skills": {}, "scenarios": []}
        page = await world.client.get("/progress")
        assert page.status_code == 200
        assert "Nothing to show yet" in page.text
        assert '<a href="/">' in page.text
        assert "<table" not in page.text


async def test_one_encounter_is_first_latest_best_and_mean(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        one = await practise(world)
        at = (await world.client.get(f"/api/encounters/{one}")).json()["created_at"]
        assert await read(world) == {
            "attempts": 1,
            "skills": {
                "clear_communication": {
                    "attempts": 1,
                    "first": 71,
                    "latest": 71,
                    "mean": 71.0,
                    "points": [{"encounter_id": one, "at": at, "score": 71, "partial": False}],
                }
            },
            "scenarios": [
                {
                    "scenario_id": "chest-pain-nurse",
                    "title": "Chest pain",
                    "attempts": 1,
                    "overall": [71],
                    "best": 71,
                    "latest": 71,
                    "outcomes": ["resolution"],
                    "points": [
                        {
                            "encounter_id": one,
                            "at": at,
                            "overall": 71,
                            "outcome": "resolution",
                            "partial": False,
                        }
                    ],
                }
            ],
        }


async def test_encounters_come_in_the_order_of_their_start_not_of_their_reports(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as world:
        first, second, third = [(await world.start())["encounter_id"] for _ in range(3)]
        await finish(world, third, overall=80, outcome="resolution")
        await finish(world, first, overall=30, outcome="escalation", partial=True)
        await finish(world, second, overall=55, outcome="containment")

        (scenario,) = (await read(world))["scenarios"]
        assert scenario["overall"] == [30, 55, 80]
        assert scenario["outcomes"] == ["escalation", "containment", "resolution"]
        assert [each["partial"] for each in scenario["points"]] == [True, False, False]
        page = (await world.client.get("/progress")).text
        links = re.findall(r"/api/encounters/(\w+)/report\.html", page)
        assert links == [first, second, third]
        assert page.count(">partial</span>") == 1
        assert 'class="line"' in page
        assert "De-escalated" not in page


async def test_a_name_shows_its_own_encounters_only(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        marias = await practise(world, " Maria ", overall=40)
        await practise(world, "Marian", overall=90)
        await practise(world, overall=60)

        (scenario,) = (await read(world, trainee_name="Maria"))["scenarios"]
        assert [each["encounter_id"] for each in scenario["points"]] == [marias]
        assert (await read(world, trainee_name="maria"))["attempts"] == 0
        for everybody in ({}, {"trainee_name": ""}):
            assert (await read(world, **everybody))["attempts"] == 3
        page = (await world.client.get("/progress", params={"trainee_name": "Marian"})).text
        assert '<h1 dir="auto">Marian</h1>' in page
        assert marias not in page


async def test_what_has_no_overall_score_or_no_report_does_not_count(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        counted = await practise(world)
        await practise(world, overall=None, skills={}, outcome=None)
        await world.start()
        assert (await read(world))["attempts"] == 1

        await world.client.delete(f"/api/encounters/{counted}")
        assert (await read(world))["attempts"] == 0


async def test_encounters_beyond_the_first_batch_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("token_server.routes.progress.BATCH", 2)
    async with running(tmp_path) as world:
        made = [await practise(world) for _ in range(5)]
        (scenario,) = (await read(world))["scenarios"]
        assert [each["encounter_id"] for each in scenario["points"]] == made


async def test_names_and_titles_are_text_and_the_page_runs_and_loads_nothing(
    tmp_path: Path,
) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x>"
    async with running(tmp_path) as world:
        await practise(world, evil, title=evil)
        page = await world.client.get("/progress", params={"trainee_name": evil})
        empty = await world.client.get("/progress", params={"trainee_name": f"{evil}!"})

        assert page.text.count("&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&gt;&lt;img") == 4
        for answer in (page, empty):
            assert "&lt;script&gt;" in answer.text
            assert not re.search(r"<(script|img|link|iframe)", answer.text)
            assert "script-src" not in answer.headers["content-security-policy"]
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["cache-control"] == "no-store"


async def test_a_name_no_trainee_can_have_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        for path in ("/api/progress", "/progress"):
            answer = await world.client.get(path, params={"trainee_name": "x" * 81})
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
