"""The sandbox server in a thread of its own, for tests and harnesses that have no event loop, or fork."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from sandbox.bot_api import BotApi
from sandbox.clock import Clock
from sandbox.world import TOKEN

T = TypeVar("T")


class BotApiInThread:
    """`with BotApiInThread() as town`: the server runs until the block ends, phones and all.

    Everything that touches a phone must go through `do` or `wait`, which carry it over to the server's own loop.
    """

    def __init__(self, token: str = TOKEN, clock: Clock | None = None, *, port: int = 0) -> None:
        self._token, self._clock, self._port = token, clock, port
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="sandbox", daemon=True)
        self._api: BotApi | None = None

    @property
    def api(self) -> BotApi:
        """The server; its addresses may be read from any thread, nothing else."""
        if self._api is None:
            raise RuntimeError("the sandbox is not running")
        return self._api

    def do(self, act: Callable[[BotApi], T], within_s: float = 10.0) -> T:
        """Runs a plain function on the server's loop: `town.do(lambda api: len(api.journal))`."""

        async def acted() -> T:
            return act(self.api)

        return self._carry(acted(), within_s)

    def wait(self, act: Callable[[BotApi], Coroutine[Any, Any, T]], within_s: float = 30.0) -> T:
        """Runs a coroutine there: `town.wait(lambda api: api.person("Sam").says("hello"))`."""

        async def acted() -> T:
            return await act(self.api)

        return self._carry(acted(), within_s)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the sandbox did not start within 10 s")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _carry(self, work: Coroutine[Any, Any, T], within_s: float) -> T:
        if self._loop is None:
            raise RuntimeError("the sandbox is not running")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(within_s)

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        async with BotApi(self._token, self._clock, port=self._port) as api:
            self._api, self._loop = api, asyncio.get_running_loop()
            self._ready.set()
            await self._stop.wait()
