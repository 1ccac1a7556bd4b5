"""A microphone that does not work is explained, and one may type instead."""

import pytest
from chromium import ALLOWED, BEEPING, chromium
from page_server import PageServer
from playwright.async_api import FrameLocator, Page, expect
from scripted_persona import ScriptedPersona

pytestmark = pytest.mark.browser


async def go_to_microphone(page: Page | FrameLocator) -> None:
    """Walk from the first step to the microphone check."""
    await page.get_by_role("button", name="Read the card: Chest pain at triage").click()
    await page.get_by_role("button", name="Check the microphone").click()


async def test_no_microphone_is_said_and_typing_still_works(
    pages: PageServer, persona: ScriptedPersona
) -> None:
    async with chromium(ALLOWED) as browser:
        page = await browser.new_page()
        await page.goto(pages.url)
        await go_to_microphone(page)

        await expect(page.locator("[data-code=missing]")).to_contain_text("No microphone was found")
        await expect(page.get_by_role("button", name="Start talking")).to_be_disabled()
        await page.get_by_role("button", name="Continue by typing").click()
        await page.get_by_label("Or type a reply").fill("Where does it hurt?")
        await page.get_by_role("button", name="Send").click()

        await expect(page.locator(".line.trainee .said")).to_have_text("Where does it hurt?")
        await expect(page.get_by_role("button", name="Mute")).to_be_hidden()


async def test_a_refused_microphone_is_said_with_what_to_click(pages: PageServer) -> None:
    async with chromium(BEEPING) as browser:
        page = await (await browser.new_context(permissions=[])).new_page()
        await page.goto(pages.url)
        await go_to_microphone(page)

        await expect(page.locator("[data-code=denied]")).to_contain_text(
            "The microphone is not allowed"
        )
        await expect(page.locator("[data-code=denied]")).to_contain_text("beside the address")


async def test_a_microphone_allowed_later_works_at_the_second_try(pages: PageServer) -> None:
    async with chromium(BEEPING) as browser:
        context = await browser.new_context(permissions=[])
        page = await context.new_page()
        await page.goto(pages.url)
        await go_to_microphone(page)
        await expect(page.locator("[data-code=denied]")).to_be_visible()

        await context.grant_permissions(["microphone"], origin=pages.url)
        await page.get_by_role("button", name="Try again").click()

        await expect(page.get_by_text("We can hear you.")).to_be_visible()
        await expect(page.get_by_role("button", name="Start talking")).to_be_enabled()


async def test_an_address_without_https_is_named_as_the_cause(pages: PageServer) -> None:
    async with chromium(
        ALLOWED, BEEPING, "--host-resolver-rules=MAP practice.test 127.0.0.1"
    ) as browser:
        page = await browser.new_page()
        await page.goto(f"http://practice.test:{pages.port}/")
        await go_to_microphone(page)

        await expect(page.locator("[data-code=insecure]")).to_contain_text("only over https")


async def test_a_frame_that_passes_no_microphone_on_is_named_as_the_cause(
    pages: PageServer,
) -> None:
    async with chromium(ALLOWED, BEEPING) as browser:
        page = await browser.new_page()
        await page.goto(f"{pages.url}/framed")
        frame = page.frame_locator("iframe")
        await go_to_microphone(frame)

        await expect(frame.locator("[data-code=framed]")).to_contain_text(
            "does not pass the microphone on"
        )
        await expect(frame.get_by_role("link", name="Open in a window")).to_be_visible()


async def test_a_microphone_that_another_program_holds_is_said(
    page: Page, pages: PageServer
) -> None:
    # Chromium's fake device cannot be held by another program; its answer would be this one.
    await page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => {"
        " throw new DOMException('held', 'NotReadableError'); }"
    )
    await page.goto(pages.url)
    await go_to_microphone(page)

    await expect(page.locator("[data-code=busy]")).to_contain_text("The microphone is in use")


async def test_the_microphone_is_opened_without_gain_control_and_remembered(
    page: Page, pages: PageServer
) -> None:
    await page.add_init_script(
        "window.asked = []; const media = navigator.mediaDevices;"
        "const open = media.getUserMedia.bind(media);"
        "media.getUserMedia = (wish) => { window.asked.push(wish.audio); return open(wish); };"
    )
    await page.goto(pages.url)
    await go_to_microphone(page)
    await expect(page.get_by_role("button", name="Start talking")).to_be_enabled()

    await page.get_by_label("Microphone", exact=True).select_option(index=1)
    chosen = await page.get_by_label("Microphone", exact=True).input_value()
    await expect(page.get_by_role("button", name="Start talking")).to_be_enabled()
    await page.goto(pages.url)
    await go_to_microphone(page)

    await expect(page.get_by_label("Microphone", exact=True)).to_have_value(chosen)
    [asked] = await page.evaluate("window.asked")
    assert asked["autoGainControl"] is False
    assert asked["deviceId"] == {"exact": chosen}


async def test_another_microphone_is_used_when_the_remembered_one_is_not_there(
    page: Page, pages: PageServer
) -> None:
    await page.add_init_script("localStorage.setItem('interlocutor.microphone', 'sold')")
    await page.goto(pages.url)
    await go_to_microphone(page)

    await expect(page.get_by_role("button", name="Start talking")).to_be_enabled()
    await expect(page.get_by_text("We can hear you.")).to_be_visible()


async def test_a_microphone_pulled_out_while_talking_is_missed(
    page: Page, pages: PageServer, persona: ScriptedPersona
) -> None:
    await page.add_init_script(
        "const media = navigator.mediaDevices; const open = media.getUserMedia.bind(media);"
        "media.getUserMedia = async (wish) => window.lastStream = await open(wish);"
    )
    await page.goto(pages.url)
    await go_to_microphone(page)
    await page.get_by_role("button", name="Start talking").click()
    await expect(page.locator(".talk .state")).to_contain_text("listening")

    await page.evaluate("lastStream.getTracks()[0].dispatchEvent(new Event('ended'))")
    await expect(page.locator(".notice")).to_contain_text("Your microphone is gone.")
    await page.get_by_role("button", name="Use the microphone").click()

    await expect(page.locator(".notice")).to_have_count(0)
