"""The report as a page: it makes sense however the encounter went, and shows words as words."""

import re
from itertools import pairwise

import pytest
from html_page import Page
from report_samples import exchange, grade, report, rich

from agent.protocol import (
    CriterionResult,
    Evidence,
    GraderVersion,
    Moment,
    PersonaState,
    Reason,
    Report,
    Standing,
    TaskResult,
    Ungraded,
)
from token_server.report_chart import points_of
from token_server.report_page import render
from token_server.report_quotes import Piece, mark, quotes_of

pytestmark = pytest.mark.unit

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \"' & {{ 7*7 }}"


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(report(), id="nothing was said"),
        pytest.param(report(exchange()), id="one reply"),
        pytest.param(report(*map(exchange, range(40))), id="forty replies"),
        pytest.param(report(exchange(), partial=True), id="cut off"),
        pytest.param(rich(), id="something in every part"),
        pytest.param(rich(mode="exam"), id="exam"),
        pytest.param(
            report(exchange(grade=Ungraded(ungraded=Reason(code="x", message="it was silent")))),
            id="ungraded",
        ),
    ],
)
def test_the_page_is_whole_and_needs_nothing_from_outside(made: Report) -> None:
    page = Page(render(made))

    assert "script" not in page.tags
    assert "h1" in page.tags
    assert not [v for name, v in page.attributes if name in ("src", "style") or name[:2] == "on"]
    links = [value or "" for name, value in page.attributes if name == "href"]
    assert all(link.startswith("#reply-") for link in links)
    assert "Practice estimate" in page.words
    assert "None" not in page.words
    assert "nan" not in render(made)


def test_the_page_tells_what_the_report_holds() -> None:
    criteria = [
        CriterionResult(
            id="c",
            name="Gathering information",
            level=2,
            max=3,
            rationale="Open questions came first.",
            evidence=[Evidence(exchange=0, quote="tell me about the pain")],
        ),
        CriterionResult(id="d", name="Closing", level=None, max=3, rationale=""),
    ]

    words = Page(
        render(
            report(
                exchange(),
                criteria=criteria,
                facts_found=["Takes blood thinners"],
                facts_total=4,
                closing_line="Thank you, nurse.",
            )
        )
    ).words

    for told in (
        "Chest pain at triage",
        "4 May 2030, 09:30 UTC · 3:07 min · 1 reply",
        "74 of 100",
        "Contained, not resolved",
        "Listening and empathy 80",
        "You introduced yourself.",
        "Check understanding.",
        "0:04 – 0:09",
        "It is my chest.",
        "You asked openly.",
        "Next time: Name what you heard before the next question.",
        "130 words a minute",
        "answered after 0.8 s",
        "Gathering information level 2 of 3",
        "Closing not applicable",
        "1 of 4 things",
        "Takes blood thinners",
        "Thank you, nurse.",
        "400 ms (half of the time), 700 ms (95 of 100)",
        "Mind scripted",
        "local, rules, version 1",
    ):
        assert told in words


def test_the_page_tells_all_that_the_talk_came_to() -> None:
    words = Page(render(rich())).words

    for told in (
        "Tone and voice not called for",
        "escalation containment de-escalation resolution",
        "In short You began with “I am Kim”.",
        "Helped most: reply 1 tell me about the pain Trust rose by 0.3.",
        "Hurt most: reply 2 please Arousal rose by 0.9.",
        "Circles: replies that eased them (1). Squares: replies that set them back (2).",
        "start 2.8 1.7 – 5 anxiety",
        "2 3.4 1.2 set back 5 defensive",
        "done Explore the pain. Reply 1: tell me about the pain",
        "Not seen: explain what happens next",
        "not seen Check that she has understood.",
        "1 of 2 things",
        "Left Fears (“What worries you most about this?”)",
        "A danger to health. It came up and was still open at the end.",
        "done Asks her to stay",
        "not seen Brings the doctor",
        "Speech rate 172 words a minute 110 to 160 Faster than the band.",
        "Loudest not measured at most 6 The microphone adjusts its level by itself.",
        "The steps came in order.",
        "observed Ask Asked openly. Reply 1: tell me about the pain",
        "not observed Summarise",
        "Too few criteria could be estimated.",
        "Relationship building 2 of 3 Greets by name.",
        "Intelligibility not estimated",
        "Reply 3: the reply has only one word.",
    ):
        assert told in words, told


def test_a_better_way_and_a_reply_s_own_grader_are_shown() -> None:
    other = GraderVersion(kind="llm", model="big", version="3")
    own = exchange(grade=grade(better="Where does it hurt?", grader=other))
    same = exchange(1, grade=grade(grader=report().grader))
    said = exchange(2, grade=grade(advice="Say: “Sit down?”", better="Sit down?"))

    words = Page(render(report(own, same, said))).words

    assert "A better way to say it: Where does it hurt?" in words
    assert words.count("A better way") == 1
    assert words.count("Graded by") == 1
    assert "Graded by llm, big, version 3." in words


def test_headings_go_down_one_level_at_a_time() -> None:
    levels = [int(tag[1]) for tag in Page(render(rich())).tags if tag in ("h1", "h2", "h3", "h4")]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_has_headers_and_every_picture_a_name() -> None:
    html = render(rich())

    assert html.count("<table") == html.count("<caption>") == html.count("<thead>") == 3
    assert "<th>" not in html
    pictures = re.findall("<svg[^>]*>", html)
    assert pictures
    assert all('aria-hidden="true"' in each or "aria-labelledby" in each for each in pictures)


def test_a_report_from_before_there_was_a_trajectory_is_still_drawn() -> None:
    points = points_of(report(exchange(), exchange(1)))

    assert [point.label for point in points] == ["1", "2"]
    assert "BARS" not in Page(render(report(exchange()))).words


def test_numbers_that_would_lie_on_each_other_are_left_out_of_the_chart() -> None:
    course = [
        Standing(exchange=n, arousal=2, trust=2, bars=5, cpi="anxiety", moved="eased")
        for n in range(60)
    ]

    points = points_of(rich(trajectory=course))

    for shown in ("numbered", "marked"):
        places = [point.x for point in points if getattr(point, shown)]
        assert 2 <= len(places) < 60
        assert all(after - before >= 20 for before, after in pairwise(places))


def test_an_ungraded_reply_is_shown_with_its_reason_and_never_as_zero() -> None:
    silent = Ungraded(ungraded=Reason(code="too_short", message="the reply has only one word"))

    words = Page(render(report(exchange(), exchange(1, grade=silent)))).words

    assert "Reply 2 0:24 – 0:29 not graded" in words
    assert "Ungraded because the reply has only one word" in words
    assert "1 reply is not graded and left out of the averages" in words
    assert " 0 of 100" not in words


def test_without_a_graded_reply_there_is_no_score() -> None:
    html = render(report())
    words = Page(html).words

    assert "No score. Nothing was said" in words
    assert "overall number" not in html
    assert "How they felt" not in words


def test_a_partial_report_says_so() -> None:
    assert "Partial report." in Page(render(report(exchange(), partial=True))).words
    assert "Partial report." not in Page(render(report(exchange()))).words


def test_what_people_said_is_never_markup() -> None:
    hostile = exchange(
        persona_text=HOSTILE,
        reply_text=HOSTILE,
        grade=grade(
            rationale=HOSTILE, advice=HOSTILE, evidence=[Evidence(exchange=0, quote="<script>")]
        ),
    )
    made = report(
        hostile,
        title=HOSTILE,
        strengths=[HOSTILE],
        improvements=[HOSTILE],
        closing_line=HOSTILE,
        facts_found=[HOSTILE],
        facts_total=1,
        note=HOSTILE,
        started_at=HOSTILE,
        providers={HOSTILE: HOSTILE},
        summary=HOSTILE,
        best=Moment(exchange=0, quote=HOSTILE, why=HOSTILE),
        tasks=[TaskResult(task=HOSTILE, status="partly", missing=[HOSTILE])],
        facts_missed=[HOSTILE],
    )

    page = Page(render(made))

    assert {"script", "img"}.isdisjoint(page.tags)
    assert page.words.count(HOSTILE) == 20
    assert page.marked == ["<script>"]


def test_words_of_any_script_find_their_own_direction() -> None:
    html = render(report(exchange(reply_text="أنا الممرضة، كيف يمكنني مساعدتك؟")))

    assert '<p class="said reply" dir="auto">أنا الممرضة، كيف يمكنني مساعدتك؟</p>' in html


def test_every_quote_is_highlighted_in_the_reply_it_was_taken_from() -> None:
    made = report(
        exchange(),
        exchange(1, grade=grade(evidence=[Evidence(exchange=1, quote="I am Kim")])),
        criteria=[
            CriterionResult(
                id="c",
                name="Opening",
                level=3,
                max=3,
                rationale="",
                evidence=[Evidence(exchange=0, quote="I am Kim")],
            )
        ],
    )

    assert Page(render(made)).marked == ["I am Kim", "tell me about the pain", "I am Kim"]


def test_a_quote_that_is_not_in_the_reply_is_still_shown() -> None:
    loose = exchange(grade=grade(evidence=[Evidence(exchange=0, quote="something else")]))

    page = Page(render(report(loose)))

    assert page.marked == ["something else"]
    assert "Also quoted: something else" in page.words


@pytest.mark.parametrize(
    ("quotes", "marked"),
    [
        pytest.param([], [], id="none"),
        pytest.param(["stay"], ["stay"], id="one"),
        pytest.param(["Please stay", "stay with"], ["Please stay with"], id="overlapping"),
        pytest.param(["please STAY"], ["Please stay"], id="other capitals"),
        pytest.param(["Please stay with me."], ["Please stay with me."], id="the whole reply"),
        pytest.param(["absent"], [], id="not there"),
    ],
)
def test_marking_cuts_the_reply_where_quotes_are(quotes: list[str], marked: list[str]) -> None:
    pieces = mark("Please stay with me.", quotes)

    assert "".join(piece.text for piece in pieces) == "Please stay with me."
    assert [piece.text for piece in pieces if piece.quoted] == marked


def test_letters_that_change_length_in_lower_case_do_not_shift_a_mark() -> None:
    assert mark("İİ yes", ["yes"])[-1] == Piece("yes", True)
    assert mark("İİ yes", ["YES"]) == (Piece("İİ yes", False),)


def test_an_empty_reply_is_no_piece_and_has_no_quotes() -> None:
    empty = exchange(reply_text="", grade=grade(evidence=[Evidence(exchange=0, quote=" ")]))

    assert mark("", []) == ()
    assert quotes_of(report(empty), 0) == []


def test_the_chart_has_a_point_for_each_reply_inside_its_frame() -> None:
    states = [(0, 5), (2.5, 2.5), (5, 0)]
    made = report(
        *(exchange(n, state=PersonaState(arousal=a, trust=t)) for n, (a, t) in enumerate(states))
    )

    points = points_of(made)

    assert [point.label for point in points] == ["1", "2", "3"]
    assert points[0].x < points[1].x < points[2].x <= 640
    assert points[0].arousal > points[1].arousal > points[2].arousal >= 0
    assert [p.trust for p in points] == [p.arousal for p in reversed(points)]
