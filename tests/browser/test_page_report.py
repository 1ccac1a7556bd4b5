"""The report step: short and whole, however the talk went and however old the report is."""

import json
import re
from typing import Any

import pytest
from page_server import PageServer
from playwright.async_api import Page, expect
from scripted_persona import ScriptedPersona
from steps import TOO_SHORT, end, sample_report, start_talking

from agent.protocol import Report

pytestmark = pytest.mark.browser

SHOW = """async (report) => {
  const { reportView } = await import("/assets/view_report.js");
  const view = reportView(report, { kind: "patient" }, { name: "", again() {}, choose() {} });
  document.getElementById("main").replaceChildren(view.element);
}"""
GAINED = ("summary", "tasks", "best", "worst", "checklists", "oet", "partial", "note")
"""What reports had not at first."""


async def show(page: Page, pages: PageServer, report: dict[str, Any]) -> None:
    """Put the report's view into the page, as the talk does when it is over."""
    await page.goto(pages.url)
    await expect(page.locator(".card").first).to_be_visible()
    await page.evaluate(SHOW, report)
    await expect(page.get_by_role("heading", level=1)).to_have_text("How it went")


def changed(report: Report, **changes: Any) -> dict[str, Any]:
    """Return a report as it comes over the wire, changed."""
    made: dict[str, Any] = json.loads(report.model_copy(update=changes).model_dump_json())
    return made


async def headings(page: Page) -> list[str]:
    """Return the page's headings of the second level, in order."""
    return await page.locator("main h2").all_inner_texts()


async def test_the_report_tells_the_talk_in_short_before_it_goes_into_replies(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    persona.report_at_end = sample_report(persona.encounter_id)
    await start_talking(page, pages.url)
    await expect(page.locator(".talk .state")).to_contain_text("listening")
    await end(page)

    await expect(page.get_by_role("heading", level=1)).to_have_text("How it went")
    assert await headings(page) == [
        "Overall",
        "Skills",
        "In short",
        "What worked",
        "What to try next",
        "Two moments",
        "The tasks on the card",
        "Practice estimates",
        "Reply by reply",
    ]
    await expect(page.locator("main")).to_contain_text("Reply 2 eased them most.")
    await expect(page.locator(".moment")).to_have_text(
        [re.compile("Helped most.*That sounds frightening"), re.compile("Hurt most.*No.")]
    )
    await expect(page.locator(".badge")).to_have_text(["done", "partly", "not seen"])
    await expect(page.locator("main")).to_contain_text("Not seen: how urgent it is")
    await expect(page.locator("main")).to_contain_text(
        "Structure of the consultation: 2 of 3 steps observed; no chance for 1."
    )
    await expect(page.locator("main")).to_contain_text("Speaking estimate: 380 of 500, band B.")


async def test_a_moment_leads_by_keyboard_to_its_reply(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    await show(page, pages, changed(sample_report("e1")))
    reply = page.locator(".exchange").nth(1)
    better = reply.get_by_text("A better way to say it: That sounds frightening. I am staying")
    await expect(better).to_be_hidden()

    await page.get_by_role("link", name="reply 2", exact=True).press("Enter")

    await expect(better).to_be_visible()
    await expect(reply.locator("summary")).to_be_focused()
    await expect(page.locator(".exchange").nth(0).locator(".advice")).to_be_hidden()


@pytest.mark.parametrize("makes_pdfs", [True, False])
async def test_a_pdf_is_offered_only_where_the_server_makes_them(
    page: Page, pages: PageServer, persona: ScriptedPersona, makes_pdfs: bool
) -> None:
    pages.makes_pdfs = makes_pdfs
    persona.report = sample_report("e1")
    async with page.expect_response(re.compile("report.pdf")) as asked:
        await show(page, pages, changed(persona.report))
    assert (await asked.value).ok == makes_pdfs

    await expect(page.get_by_role("link", name="Open the full report")).to_be_visible()
    links = page.get_by_role("link", name=re.compile("PDF"))
    await expect(links).to_have_count(1 if makes_pdfs else 0)


async def test_nothing_is_linked_before_the_server_has_it(page: Page, pages: PageServer) -> None:
    async with page.expect_response(re.compile("report.json")) as asked:
        await show(page, pages, changed(sample_report("e1")))
    assert (await asked.value).status == 404

    await expect(page.get_by_role("link", name="Your progress")).to_be_visible()
    await expect(page.get_by_role("link", name=re.compile("report|PDF"))).to_have_count(0)


async def test_progress_is_linked_at_the_start_and_by_name_once_there_is_one(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    persona.report_at_end = sample_report(persona.encounter_id)
    await page.goto(pages.url)
    progress = page.get_by_role("link", name="Your progress")
    await expect(progress).to_have_attribute("href", "/progress")

    await page.get_by_role("button", name="Read the card: Chest pain at triage").click()
    await page.get_by_label(re.compile("name", re.IGNORECASE)).fill("Anna & Bo")
    await page.get_by_role("button", name="Check the microphone").click()
    await page.get_by_role("button", name="Start talking").click()
    await expect(page.locator(".talk .state")).to_contain_text("listening")
    await end(page)

    await expect(page.get_by_role("heading", level=1)).to_have_text("How it went")
    await expect(progress).to_have_attribute("href", "/progress?trainee_name=Anna+%26+Bo")
    await page.get_by_role("button", name="Other scenarios").click()
    await expect(page.locator(".card").first).to_be_visible()
    await expect(progress).to_have_attribute("href", "/progress?trainee_name=Anna+%26+Bo")


async def test_a_report_from_before_all_this_shows_what_it_has(
    page: Page, pages: PageServer
) -> None:
    whole = changed(sample_report("e1"))
    old = {name: value for name, value in whole.items() if name not in GAINED}

    await show(page, pages, old)

    assert await headings(page) == [
        "Overall",
        "Skills",
        "What worked",
        "What to try next",
        "Reply by reply",
    ]
    await expect(page.locator("main")).not_to_contain_text(re.compile("undefined|null|NaN"))


async def test_a_talk_of_one_reply_needs_no_unfolding(page: Page, pages: PageServer) -> None:
    sample = sample_report("e1")

    await show(page, pages, changed(sample, exchanges=sample.exchanges[:1], worst=None))

    await expect(page.locator(".exchange .advice")).to_be_visible()
    assert "One moment" in await headings(page)
    await expect(page.locator(".moment")).to_have_count(1)


async def test_without_a_grade_the_report_says_why_and_shows_no_number(
    page: Page, pages: PageServer
) -> None:
    sample = sample_report("e1")
    nothing: dict[str, Any] = {"overall": None, "skills": {}, "best": None, "worst": None}
    silent = [each.model_copy(update={"grade": TOO_SHORT}) for each in sample.exchanges]

    await show(page, pages, changed(sample, **nothing, exchanges=silent, ungraded_count=3))

    await expect(page.locator(".summary")).to_contain_text("No score. No reply could be graded.")
    await expect(page.locator(".summary")).to_contain_text("3 replies are not graded")
    await expect(page.locator(".summary")).not_to_contain_text("of 100")
    assert {"Skills", "Two moments", "One moment"}.isdisjoint(await headings(page))


async def test_a_talk_cut_off_before_a_word_was_said_is_told_as_that(
    page: Page, pages: PageServer
) -> None:
    empty: dict[str, Any] = {
        **{"overall": None, "outcome": None, "skills": {}, "best": None, "worst": None},
        **{"exchanges": [], "strengths": [], "improvements": [], "ungraded_count": 0},
        **{"checklists": [], "oet": None, "summary": "", "tasks": []},
    }

    await show(page, pages, changed(sample_report("e1"), **empty, partial=True))

    assert await headings(page) == ["Overall", "Reply by reply"]
    await expect(page.locator("main")).to_contain_text("this report is partial")
    await expect(page.locator("main")).to_contain_text("You did not say anything")


async def test_words_of_people_are_shown_as_words_in_their_direction(
    page: Page, pages: PageServer
) -> None:
    hostile = "<img src=x onerror=\"document.title='owned'\"> مرحبا"
    sample = sample_report("e1")
    assert sample.best is not None

    await show(
        page,
        pages,
        changed(
            sample,
            summary=hostile,
            best=sample.best.model_copy(update={"quote": hostile, "why": hostile}),
            tasks=[sample.tasks[1].model_copy(update={"task": hostile, "missing": [hostile]})],
            strengths=[hostile],
        ),
    )

    said = page.get_by_text(hostile)
    assert await said.count() >= 6
    for n in range(await said.count()):
        await expect(said.nth(n)).to_have_attribute("dir", "auto")
    assert await page.locator("main img").count() == 0
