"""`make screenshots`: the pictures of the README, taken from the running sandbox in a real browser."""

import asyncio
import contextlib
import re
import shutil
import sys
import tempfile
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

FOLDER = Path("docs/pictures")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
DESKTOP = ViewportSize(width=1280, height=860)
PHONE = ViewportSize(width=390, height=844)
READY = re.compile(r"Open (http://\S+) in a browser")


async def main() -> None:
    """Start a town of its own, walk through it, and keep four pictures."""
    with tempfile.TemporaryDirectory() as folder:
        town = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "sandbox", "--port", "0", "--web-port", "0", "--folder", f"{folder}/town",
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            await take(await address(town))
        finally:
            town.terminate()
            await town.wait()


async def address(town: asyncio.subprocess.Process) -> str:
    """Where the chat page is, once the town has come to life."""
    assert town.stdout is not None
    while line := await town.stdout.readline():
        found = READY.search(line.decode())
        if found:
            return found[1]
    raise SystemExit("The sandbox did not start.")


async def take(root: str) -> None:
    """All four pictures."""
    installed = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    async with async_playwright() as play, aiohttp.ClientSession(root) as phones:
        browser = await play.chromium.launch(executable_path=installed, args=FLAGS)
        people = {one["name"]: one["id"] for one in await (await phones.get("/sandbox/people")).json()}
        await chat(browser, root, people["Sam"])
        link = await sign_in_link(phones, people["Jo"])
        await dashboard(browser, link)
        await browser.close()


async def chat(browser: Browser, root: str, sam: int) -> None:
    """Sam joins and asks, at a desk and on a phone."""
    page = await (await browser.new_context(viewport=DESKTOP)).new_page()
    await page.goto(f"{root}/#/{sam}")
    await press(page, "Start")
    await press(page, "Join")
    await press(page, "Sam")
    await page.get_by_role("textbox").first.fill("do i have to leave my foster mums when im 18")
    await page.keyboard.press("Enter")
    await press(page, "Staying with foster carers")
    await page.wait_for_timeout(1_500)
    await page.screenshot(path=FOLDER / "chat.png")
    phone = await (await browser.new_context(viewport=PHONE, device_scale_factor=2)).new_page()
    await phone.goto(f"{root}/#/{sam}")
    await phone.wait_for_timeout(1_500)
    await phone.screenshot(path=FOLDER / "phone.png")


async def press(page: Page, label: str) -> None:
    """Press the newest button so labelled, when it is there."""
    button = page.get_by_role("button", name=label, exact=True).last
    await button.wait_for()
    await button.click()
    await page.wait_for_timeout(600)


async def sign_in_link(phones: aiohttp.ClientSession, jo: int) -> str:
    """Ask for a link in Jo's chat and read it from Jo's phone."""
    await phones.post(f"/sandbox/people/{jo}/text", json={"text": "/dashboard"})
    for _ in range(50):
        await asyncio.sleep(0.2)
        screen = await (await phones.get(f"/sandbox/people/{jo}/screen")).json()
        found = re.search(r"http://\S+/sign-in/\S+", screen["messages"][-1]["text"] or "")
        if found:
            return found[0]
    raise SystemExit("No sign-in link came.")


async def dashboard(browser: Browser, link: str) -> None:
    """The caseload table and one person's page."""
    page = await (await browser.new_context(viewport=DESKTOP)).new_page()
    await page.goto(link)
    await page.get_by_role("button").last.click()
    await page.get_by_role("link", name="Riley").first.wait_for()
    await page.screenshot(path=FOLDER / "caseload.png", full_page=True)
    await page.get_by_role("link", name="Riley").first.click()
    await page.get_by_role("heading", name="Timeline").wait_for()
    await page.screenshot(path=FOLDER / "person.png", full_page=True)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
