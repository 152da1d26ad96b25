"""A visitor in front of the chat page: the real server, an invented town, and a browser that reports what it did."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import telegram
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request
from starlette.requests import Request as Asked
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.bot_api import BotApi
from sandbox.clock import HeldClock
from sandbox.handset import Handset
from sandbox.page import page_routes

Scheme = Literal["light", "dark"]
TOWN = (
    ("Sam", "care leaver", "care leaver, 17"),
    ("Jo", "adviser", "personal adviser"),
    ("Bev", "carer", "foster carer"),
)


class TownClock:
    """The clock's two routes, turning at once and in two steps, so that a test can see both."""

    def __init__(self, held: HeldClock) -> None:
        self.held = held
        self.asked: list[dict[str, object]] = []
        self.server: BotApi | None = None

    def routes(self) -> list[Route]:
        return [
            Route("/sandbox/clock", self._show, methods=["GET"]),
            Route("/sandbox/clock/turn", self._turn, methods=["POST"]),
        ]

    def tell(self, *, turning: bool, sent: int) -> None:
        """An event as the real clock sends it."""
        assert self.server is not None
        now = self.held.now().isoformat()
        self.server.world.events.tell("clock", now_utc=now, turning=turning, sent=sent)

    async def _show(self, request: Asked) -> Response:
        shown = {"now_utc": self.held.now().isoformat(), "zone": "Europe/London", "turning": False}
        return JSONResponse(shown | {"dashboard_url": "http://127.0.0.1:9/", "bot_username": "keepintouch_sandbox_bot"})

    async def _turn(self, request: Asked) -> Response:
        move = await request.json()
        self.asked.append(move)
        by = timedelta(hours=move["hours"]) if "hours" in move else datetime.fromisoformat(move["to"]) - self.held.now()
        self.held.turn(by)
        self.tell(turning=True, sent=5)
        return JSONResponse({}, status_code=202)


@dataclass
class Town:
    """The server, the bot that writes through it, and the clock."""

    api: BotApi
    bot: telegram.Bot
    clock: TownClock

    def person(self, name: str) -> Handset:
        return self.api.person(name)

    @property
    def updates(self) -> list[dict[str, object]]:
        """What the bot has not confirmed, as it would get it."""
        return [update.body for update in self.api.world.updates.pending()]


@asynccontextmanager
async def open_town(at: datetime = datetime(2026, 12, 3, 9, 0, tzinfo=UTC), port: int = 0) -> AsyncIterator[Town]:
    """Three people, of whom only Sam has begun to talk to the bot."""
    clock = TownClock(HeldClock(at))
    async with BotApi(clock=clock.held, port=port, extra_routes=[*clock.routes(), *page_routes()]) as api:
        clock.server = api
        for name, role, about in TOWN:
            api.person(name, role=role, about=about, started=name == "Sam")
        async with telegram.Bot(api.token, base_url=api.base_url, base_file_url=api.file_url) as bot:
            yield Town(api, bot, clock)


@dataclass
class Visit:
    """A tab, what its console complained about, and every address it asked for outside the server."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def watch(self, home: str) -> None:
        def said(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                self.complaints.append(message.text)

        def went(request: Request) -> None:
            if not request.url.startswith((home, "blob:", "data:")):
                self.strangers.append(request.url)

        self.page.on("console", said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", went)

    async def hold(self, name: str) -> None:
        """Picks up somebody's phone."""
        await self.page.locator(".person", has=self.page.get_by_text(name, exact=True)).click()
        await self.page.get_by_text(f"{name}'s phone", exact=True).first.wait_for()

    async def type(self, text: str) -> None:
        """Writes and presses Enter."""
        await self.page.get_by_label("Message", exact=True).fill(text)
        await self.page.keyboard.press("Enter")


@asynccontextmanager
async def visit(
    browser: Browser,
    town: Town,
    *,
    size: Sequence[int] = (1280, 860),
    scheme: Scheme = "light",
    quiet: bool = True,
    bypass_csp: bool = False,
) -> AsyncIterator[Visit]:
    """Opens the page; at the end it must have complained of nothing (`quiet`) and asked nobody else for anything."""
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=bypass_csp
    )
    try:
        visiting = Visit(await context.new_page())
        visiting.watch(town.api.root_url)
        await visiting.page.goto(town.api.root_url)
        await visiting.page.locator(".person").first.wait_for()
        if width > 760:
            await visiting.page.locator("#scroller[data-person]").wait_for()
        yield visiting
        assert visiting.strangers == []
        if quiet:
            assert visiting.complaints == []
    finally:
        await context.close()


def bubbles(page: Page, side: str = "in") -> Locator:
    """The words of every message on that side."""
    return page.locator(f".message.{side} .text")


async def until(town: Town, kind: str) -> dict[str, Any]:
    """The newest update of this kind, once there is one."""
    for _ in range(400):
        for update in reversed(town.updates):
            if kind in update:
                found: Any = update[kind]
                return dict(found)
        await asyncio.sleep(0.01)
    raise AssertionError(f"no {kind} among {town.updates}")
