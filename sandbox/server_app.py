"""The application that serves both sides on one port."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.bot_side import BotSide
from sandbox.person_side import person_routes
from sandbox.webhook import Webhook
from sandbox.world import World

_BOT_PATH = re.compile(r"(/file)?/bot[^/]+/")


class ServerApp:
    """`/bot...` and `/file/bot...` go to the bot side, everything else to the person side and the extra routes."""

    def __init__(self, world: World, extra_routes: Sequence[BaseRoute] = ()) -> None:
        self.world = world
        self.webhook = Webhook(world.updates, world.clock, world.faults)
        self._bot_side: ASGIApp = BotSide(world, self.webhook)
        self._rest = Starlette(routes=[*person_routes(world, self.webhook), *extra_routes], lifespan=self._lifespan)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _BOT_PATH.match(scope["path"]):
            await self._bot_side(scope, receive, send)
        else:
            await self._rest(scope, receive, send)

    def end_waits(self) -> None:
        """Ends every long poll, watch and hanging call; must come before the server is asked to stop."""
        self.world.closing.set()
        self.world.updates.close()
        self.world.events.close()

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        yield
        self.end_waits()
        await self.webhook.close()


def create_app(world: World, extra_routes: Sequence[BaseRoute] = ()) -> ServerApp:
    """The whole sandbox server; `extra_routes` may bring the chat page and the clock."""
    return ServerApp(world, extra_routes)
