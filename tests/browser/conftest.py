"""A real browser, and the pages served to it over a real socket of this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, Page, Request

from tests.dashboard.lives import give_lives
from tests.dashboard.town import Town, open_town

DESK, PHONE = 1280, 390


@dataclass
class Visit:
    """One browser window in front of the pages, that notes what it should not do."""

    page: Page
    town: Town
    complaints: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return self.town.services.origin

    async def go(self, path: str) -> None:
        """Open an address of ours."""
        await self.page.goto(self.origin + path)

    async def sign_in(self, name: str) -> None:
        """Ask for a link, open it and press its button."""
        await self.go("/sign-in")
        await self.page.get_by_label("Sign-in name").fill(name.split()[0].lower())
        await self.page.get_by_role("button", name="Send me a link").click()
        await self.page.get_by_role("heading", name="Check your Telegram").wait_for()
        await self.go(self.town.link_sent_to(name))
        await self.page.get_by_role("button", name="Sign in").click()
        await self.page.wait_for_url("**/people")


@contextmanager
def served(app: FastAPI, listening: socket.socket) -> Iterator[None]:
    """The app behind a real server, in a thread of its own."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """The town with something going on in everyone's life, served on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with open_town(tmp_path, web_url=origin, insecure_cookies=True) as made:
            give_lives(made)
            with served(made.app, listening):
                yield made


@asynccontextmanager
async def visit(browser: Browser, town: Town, width: int = DESK, **options: Any) -> AsyncIterator[Visit]:
    """A window of its own; at its end there were no complaints from the console and no request to anyone else."""
    context = await browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB", **options)
    made = Visit(await context.new_page(), town)

    def asked(request: Request) -> None:
        if not request.url.startswith(town.services.origin):
            made.complaints.append(f"asked {request.url}")

    made.page.on("request", asked)
    made.page.on("console", lambda message: _note(made, message.type, message.text))
    made.page.on("pageerror", lambda error: made.complaints.append(f"error {error}"))
    yield made
    await context.close()
    assert made.complaints == []


def _note(made: Visit, kind: str, text: str) -> None:
    # A page whose status is an error is told by the browser as a resource that failed; that is what we asked for.
    if kind in ("error", "warning") and "Failed to load resource" not in text:
        made.complaints.append(f"console {text}")
