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

    @property
    def unknown_methods(self) -> list[str]:
        """What the bot called and Telegram may have, but this server has not."""
        return self.world.unknown_methods

    def person(self, name: str, *, started: bool = False, role: str = "", about: str = "") -> Handset:
        """The handset of the person so named, added if there is none."""
        for phone in self.world.phones.values():
            if phone.person.name == name:
                return Handset(self.world, phone)
        return Handset(self.world, self.world.add_person(name, started=started, role=role, about=about))

    async def __aenter__(self) -> Self:
        plug = loopback_socket(self.port)
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
        self._server.stop()
        if self._task is not None:
            await self._task


def loopback_socket(port: int) -> socket.socket:
    """A listening socket on this machine only; port 0 takes a free one.

    The protocol is named, because asyncio leaves Nagle's delay (40 ms an answer) on sockets that do not name it.
    """
    plug = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    plug.bind(("127.0.0.1", port))
    plug.listen(2048)
    return plug


class _Server(uvicorn.Server):
    """Leaves the signals of the process alone, for they belong to whoever runs the test, and stops at once.

    uvicorn's own stop sleeps 0.2 s on the way; hundreds of tests each start a server.
    """

    def __init__(self, app: ServerApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                log_level=logging.WARNING,
                access_log=False,
                ws="none",
                proxy_headers=False,
                timeout_keep_alive=75,
            )
        )
        self._stopped = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        """Must be called on the server's own loop."""
        self.should_exit = True
        self._stopped.set()

    async def main_loop(self) -> None:
        """Keeps the Date header fresh, as the original does, until stopped."""
        while not self.should_exit:
            await self.on_tick(0)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), 1.0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Closes the doors, gives calls in hand a second, ends the application."""
        for server in self.servers:
            server.close()
        for plug in sockets or []:
            plug.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            _, unfinished = await asyncio.wait(self.server_state.tasks, timeout=1.0)
            for task in unfinished:
                task.cancel()
        await self.lifespan.shutdown()
