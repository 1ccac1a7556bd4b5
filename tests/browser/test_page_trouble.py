"""Whatever goes wrong on the way, the practice page says it in words and offers a way on."""

import re

import pytest
from livekit import api
from page_server import PageServer
from playwright.async_api import Page, expect
from scripted_persona import TRAINEE, ScriptedPersona
from steps import end, open_microphone, sample_report, start_talking

pytestmark = pytest.mark.browser

STATE = ".talk .state"


async def nobody() -> None:
    """Call no persona."""


async def test_a_trainee_whom_nobody_joins_is_told_and_may_wait(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    pages.on_create = nobody
    await start_talking(page, pages.url)
    await expect(page.locator(STATE)).to_have_text("Waiting for the patient to join.")
    await expect(page.get_by_role("button", name="End", exact=True)).to_be_disabled()

    pages.status = {"status": "unattended", "message": "All personas are busy."}
    notice = page.locator(".notice[data-code=unattended]")
    await expect(notice).to_contain_text("All personas are busy.")
    await page.get_by_role("button", name="Keep waiting").click()
    await expect(notice).to_have_count(0)
    await persona.join()

    await expect(page.locator(STATE)).to_have_text("The patient is listening. Speak now.")
    await expect(page.get_by_role("button", name="End", exact=True)).to_be_enabled()


async def test_a_trainee_whom_nobody_joins_may_leave(page: Page, pages: PageServer) -> None:
    pages.on_create = nobody
    pages.status = {"status": "unattended", "message": ""}
    await start_talking(page, pages.url)

    await expect(page.locator(".notice")).to_contain_text("Nobody is free to play the patient")
    await page.get_by_role("button", name="Leave").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Chest pain at triage")


async def test_a_persona_that_vanishes_is_missed_and_welcomed_back(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    await start_talking(page, pages.url)
    await expect(page.locator(STATE)).to_contain_text("listening")

    await persona.leave()
    notice = page.locator(".notice[data-code=persona_left]")
    await expect(notice).to_contain_text("The connection to the patient was lost.")
    await persona.join()

    await expect(notice).to_have_count(0)
    await expect(page.locator(STATE)).to_contain_text("listening")


async def test_after_a_persona_vanished_the_report_can_still_be_had(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    await start_talking(page, pages.url)
    await expect(page.locator(STATE)).to_contain_text("listening")
    await persona.leave()
    partial = sample_report(persona.encounter_id).model_copy(update={"partial": True})
    persona.report = partial

    await page.get_by_role("button", name="End and see the report").first.click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("How it went")
    await expect(page.get_by_text("this report is partial")).to_be_visible()


async def test_a_room_closed_by_the_server_is_said_and_leads_to_the_report(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    await start_talking(page, pages.url)
    await expect(page.locator(STATE)).to_contain_text("listening")

    async with api.LiveKitAPI(persona.livekit_url, *persona.keys) as livekit:
        await livekit.room.delete_room(api.DeleteRoomRequest(room=persona.room_name))
    await expect(page.locator(".notice")).to_contain_text("The conversation was closed.")
    await expect(page.locator(STATE)).to_contain_text("Your report is being made.")
    persona.report = sample_report(persona.encounter_id)

    await expect(page.get_by_role("heading", level=1)).to_have_text("How it went")


async def test_words_cut_off_by_the_end_stay_and_break_nothing(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    persona.report_at_end = sample_report(persona.encounter_id)
    await start_talking(page, pages.url)
    await expect(page.locator(STATE)).to_contain_text("listening")
    await persona.begins_to_say("It is my")
    await expect(page.locator(".line.persona .said")).to_have_text("It is my")

    await end(page)

    await expect(page.get_by_role("heading", level=1)).to_have_text("How it went")
    # What the page left unhandled is noticed by the `page` fixture.
    await expect(page.get_by_role("link", name="Open the full report")).to_be_visible()


async def test_a_second_window_takes_the_conversation_over(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    await start_talking(page, pages.url)
    await expect(page.locator(STATE)).to_contain_text("listening")

    async with persona.someone_as(TRAINEE):
        await expect(page.locator(".notice")).to_contain_text("from another window")


async def test_only_the_persona_can_send_grades(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    await start_talking(page, pages.url)
    await expect(page.locator(STATE)).to_contain_text("listening")

    async with persona.someone_as("stranger") as stranger:
        await stranger.local_participant.send_text("{}", topic="encounter.report")
        await stranger.local_participant.send_text("{}", topic="encounter.grade")
    await persona.says("Hello.")

    await expect(page.locator(".line.persona")).to_be_visible()
    await expect(page.locator(".grade")).to_have_count(0)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Chest pain at triage")


async def test_a_full_server_is_said_with_the_time_to_wait(page: Page, pages: PageServer) -> None:
    body = {"code": "full", "message": "All places are taken."}
    pages.creation_error = (503, body, {"Retry-After": "20"})
    await start_talking(page, pages.url)

    await expect(page.locator(".notice")).to_contain_text(
        "All places are taken. Try again in 20 seconds."
    )
    pages.creation_error = None
    await page.get_by_role("button", name="Try again").click()

    await expect(page.locator(STATE)).to_contain_text("listening")
    await expect(page.locator(".notice")).to_have_count(0)


async def test_a_room_that_cannot_be_reached_is_said(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    pages.on_create = nobody
    # Nothing listens there: port 9 discards.
    persona.livekit_url = "ws://127.0.0.1:9"
    await start_talking(page, pages.url)

    await expect(page.locator(".notice")).to_contain_text(
        "The room could not be joined", timeout=20_000
    )


async def test_without_livekit_client_the_page_says_how_to_get_it(
    page: Page, pages: PageServer
) -> None:
    pages.client_installed = False
    await open_microphone(page, pages.url)

    await expect(page.get_by_role("alert").first).to_contain_text("run “make install”")
    await expect(page.get_by_role("button", name="Start talking")).to_be_disabled()
    await expect(page.get_by_role("button", name="Continue by typing")).to_be_disabled()


async def test_without_scenarios_the_page_says_so(page: Page, pages: PageServer) -> None:
    pages.scenarios = []
    await page.goto(pages.url)

    await expect(page.get_by_text("This server has no scenarios to practise.")).to_be_visible()


async def test_a_server_that_is_gone_is_said_and_can_be_asked_again(
    page: Page, pages: PageServer
) -> None:
    await page.route(re.compile("/api/scenarios"), lambda route: route.abort())
    await page.goto(pages.url)
    await expect(page.get_by_role("alert")).to_contain_text("The server does not answer.")

    await page.unroute(re.compile("/api/scenarios"))
    await page.get_by_role("button", name="Try again").click()

    await expect(page.locator(".card")).to_have_count(2)
