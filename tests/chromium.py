"""The browser of the browser tests: an installed Chromium, else the one Playwright downloads for itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import which

from playwright.async_api import Browser, async_playwright

INSTALLED = ("chromium", "chromium-browser", "google-chrome")
# No sandbox, because a container runs as root; the rest keeps Chromium from talking to anyone by itself.
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
TO_INSTALL = "no Chromium: `apt-get install chromium`, or `.venv/bin/python -m playwright install chromium`"


class NoChromiumError(Exception):
    """There is no browser on this machine; the text says how to get one."""


@asynccontextmanager
async def running_chromium() -> AsyncIterator[Browser]:
    """A Chromium without windows. Raises NoChromiumError when there is none."""
    async with async_playwright() as playwright:
        found = next(filter(None, map(which, INSTALLED)), None) or _own(playwright.chromium.executable_path)
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS.split())
        yield browser
        await browser.close()


def _own(path: str) -> str:
    if not Path(path).exists():
        raise NoChromiumError(TO_INSTALL)
    return path
