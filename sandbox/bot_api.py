"""Runs the sandbox server for a test, on a free loopback port."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

import uvicorn
from starlette.routing import BaseRoute

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.handset import Handset
from sandbox.server_app import ServerApp, create_app
from sandbox.world import TOKEN, Accepted, World


class BotApi:
    """`async with BotApi() as api`: the server runs in the same event loop until the block ends.

    Give a bot `api.token`, `api.base_url` and `api.file_url`; python-telegram-bot takes them as they are.
    """

    def __init__(
        self,
        token: str = TOKEN,
        clock: Clock | None = None,
        *,
        port: int = 0,
        world: World | None = None,
        extra_routes: Sequence[BaseRoute] = (),
        first_update_id: int = 500_000_001,
    ) -> None:
        self.world = world or World(token, clock, first_update_id=first_update_id)
        self.app: ServerApp = create_app(self.world, extra_routes)
        self.port = port
        self._server = _Server(self.app)
        self._task: asyncio.Task[None] | None = None

    @property
    def token(self) -> str:
        return self.world.token

    @property
    def root_url(self) -> str:
        """Where the person side and the chat page are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """What comes before the token, for calls."""
        return f"{self.root_url}/bot"

    @property
    def file_url(self) -> str:
        """What comes before the token, for downloads."""
        return f"{self.root_url}/file/bot"

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def journal(self) -> list[Accepted]:
        return self.world.journal

    def person(self, name: str, *, started: bool = False, role: str = "", about: str = "") -> Handset:
        """The handset of the person so named, added if there is none."""
        for phone in self.world.phones.values():
            if phone.person.name == name:
                return Handset(self.world, phone)
        return Handset(self.world, self.world.add_person(name, started=started, role=role, about=about))

    async def __aenter__(self) -> Self:
        plug = socket.create_server(("127.0.0.1", self.port), backlog=2048)
        self.port = plug.getsockname()[1]
        self._task = asyncio.create_task(self._server.serve(sockets=[plug]))
        while not self._server.started:
            if self._task.done():
                await self._task
            await asyncio.sleep(0.005)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.app.end_waits()
        self._server.should_exit = True
        if self._task is not None:
            await self._task


class _Server(uvicorn.Server):
    """Leaves the signals of the process alone: they belong to whoever runs the test."""

    def __init__(self, app: ServerApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                log_level=logging.WARNING,
                access_log=False,
                ws="none",
                timeout_graceful_shutdown=1,
                timeout_keep_alive=75,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
