"""The practice page from choosing to report, in a real browser and a real room."""

import asyncio
import re
from pathlib import Path

import pytest
from page_server import WEB, PageServer
from playwright.async_api import Page, expect
from scripted_persona import ScriptedPersona
from steps import GRADE, REPLY, TOO_SHORT, end, open_card, sample_report, start_talking

pytestmark = pytest.mark.browser

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
STATE = ".talk .state"


async def faults_of_access(page: Page) -> list[str]:
    """Return what axe-core finds wrong with the page as it stands."""
    # By the debugger, not by a script element: those are what the page's policy forbids.
    await page.evaluate(AXE.read_text())
    found = await page.evaluate(
        "() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [
        f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found["violations"]
    ]


async def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(
        await page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
    )


async def test_a_trainee_goes_from_choosing_to_the_report_and_again(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    persona.report_at_end = sample_report(persona.encounter_id)
    await start_talking(page, pages.url)
    await expect(page.locator(STATE)).to_have_text("The patient is listening. Speak now.")
    await persona.hears("Hello my", REPLY)
    await persona.is_now("speaking")
    await persona.says("It is my chest, ", "love.")
    await persona.grades(0, REPLY, GRADE)
    await persona.feels(3.2, 2.4)

    await expect(page.locator(STATE)).to_have_text("The patient is speaking.")
    await expect(page.locator(".link")).to_have_text("Connected")
    await expect(page.locator(".line.trainee .said")).to_have_text(REPLY)
    await expect(page.locator(".line.persona .said")).to_have_text("It is my chest, love.")
    await expect(page.locator(".grade summary")).to_have_text(re.compile("Reply 1.*78 of 100"))
    await expect(page.locator(".grade")).to_contain_text("Say what you will do next")
    await expect(page.locator(".grade mark")).to_have_text("Can you tell me about the pain?")
    await expect(page.locator(".gauge.arousal")).to_contain_text("upset (3.2 of 5)")
    await expect(page.locator(".talk")).to_have_attribute(
        "data-output-peak", re.compile(r"0\.[1-9]|0\.0[2-9]")
    )
    await expect(page.locator("#announcer")).to_contain_text("Patient: It is my chest, love.")

    await end(page)

    await expect(page.get_by_role("heading", level=1)).to_have_text("How it went")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await expect(page.locator(".summary")).to_contain_text("71 of 100")
    await expect(page.locator(".exchange")).to_have_count(3)
    await expect(page.locator(".exchange").nth(2)).to_contain_text(
        "Not graded: the reply has only one word"
    )
    async with page.expect_popup() as opened:
        await page.get_by_role("link", name="Open the full report").click()
    await expect((await opened.value).locator("mark").first).to_contain_text("my name is Kim")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Check your microphone")
    assert pages.requests[0] == ("create", {"scenario_id": "chest-pain-nurse", "mode": "practice"})


async def test_a_later_grade_replaces_the_earlier_one_of_the_same_reply(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    await start_talking(page, pages.url)
    await expect(page.locator(STATE)).to_contain_text("listening")

    await persona.grades(0, "No.", TOO_SHORT)
    await expect(page.locator(".grade")).to_contain_text("Not graded: the reply has only one word")
    await persona.grades(0, REPLY, GRADE)

    await expect(page.locator(".grade summary strong")).to_have_text("78 of 100")
    await expect(page.locator(".grade")).to_have_count(1)


async def test_an_exam_keeps_grades_and_state_to_itself(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    await start_talking(page, pages.url, exam=True)
    await expect(page.locator(STATE)).to_contain_text("listening")

    await persona.feels(None, None)
    await persona.says("Hello.")

    await expect(page.locator(".line.persona")).to_be_visible()
    await expect(page.get_by_text("Exam: feedback comes with the report.")).to_be_visible()
    await expect(page.locator(".gauges")).to_be_hidden()
    assert pages.requests[0][1]["mode"] == "exam"


async def test_what_is_said_is_shown_as_words_never_as_markup(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    hostile = "<img src=x onerror=\"document.title='owned'\"><b>bold</b>"
    await start_talking(page, pages.url)
    await expect(page.locator(STATE)).to_contain_text("listening")

    await persona.says(hostile)
    await persona.grades(0, hostile, GRADE.model_copy(update={"advice": hostile}))

    await expect(page.locator(".line.persona .said")).to_have_text(hostile)
    await expect(page.locator(".grade .advice")).to_contain_text(hostile)
    assert await page.locator("main b, main img").count() == 0


async def test_a_reply_can_be_typed_and_the_microphone_muted(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    await start_talking(page, pages.url)
    await expect(page.locator(STATE)).to_contain_text("listening")
    assert persona.room is not None
    muted = asyncio.Event()
    persona.room.on("track_muted", lambda participant, publication: muted.set())

    await page.get_by_label("Or type a reply").fill("Where does it hurt?")
    await page.get_by_label("Or type a reply").press("Enter")
    await page.get_by_role("button", name="Mute").click()

    await expect(page.locator(".line.trainee .said")).to_have_text("Where does it hurt?")
    await expect(page.get_by_role("button", name="Unmute")).to_have_attribute(
        "aria-pressed", "true"
    )
    await asyncio.wait_for(muted.wait(), 5)
    assert persona.typed == ["Where does it hurt?"]


async def test_a_trainee_who_mutes_before_the_room_is_there_stays_muted(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    ready, silent = asyncio.Event(), asyncio.Event()

    async def join_late() -> None:
        await ready.wait()
        await persona.join()
        assert persona.room is not None
        persona.room.on("track_muted", lambda participant, publication: silent.set())

    pages.on_create = join_late
    await start_talking(page, pages.url)

    await page.get_by_role("button", name="Mute").click()
    ready.set()

    await asyncio.wait_for(silent.wait(), 15)
    await expect(page.get_by_role("button", name="Unmute")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        pytest.param(1280, "light", id="desktop, light"),
        pytest.param(360, "dark", id="phone, dark"),
    ],
)
async def test_every_step_is_accessible_and_fits_its_window(
    page: Page, pages: PageServer, persona: ScriptedPersona, width: int, scheme: str
) -> None:
    persona.report_at_end = sample_report(persona.encounter_id)
    await page.set_viewport_size({"width": width, "height": 800})
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found: dict[str, list[str]] = {}

    async def look(step: str) -> None:
        found[step] = await faults_of_access(page)
        if wider := await overflow(page):
            found[step].append(f"{wider} px wider than the window")

    await page.goto(pages.url)
    await expect(page.locator(".card")).to_have_count(2)
    await look("choose")
    await open_card(page, pages.url)
    await look("card")
    await page.get_by_role("button", name="Check the microphone").click()
    await expect(page.get_by_role("button", name="Start talking")).to_be_enabled()
    await look("microphone")
    await page.get_by_role("button", name="Start talking").click()
    await expect(page.locator(STATE)).to_contain_text("listening")
    await persona.hears(REPLY)
    await persona.says("W" * 200)
    await persona.grades(0, REPLY, GRADE)
    await persona.feels(3.2, 2.4)
    await expect(page.locator(".grade")).to_be_visible()
    await look("talk")
    await end(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("How it went")
    await look("report")
    for reply in await page.locator(".exchange summary").all():
        await reply.click()
    await look("report, unfolded")
    await page.goto(f"{pages.url}/api/encounters/{persona.encounter_id}/report.html")
    await look("report.html")

    assert {step: faults for step, faults in found.items() if faults} == {}


def test_the_lock_file_names_no_registry() -> None:
    lock = Path(WEB / "package-lock.json").read_text()

    assert '"resolved"' not in lock
    assert '"livekit-client": "2.' in lock
