"""A wire between the service and the sandbox that can be cut: then connecting itself is refused."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


class CutWire:
    """Passes bytes both ways between a port of its own and `target_port`, both on this machine."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def url(self) -> str:
        """What to give the service as Telegram's address."""
        return f"http://127.0.0.1:{self.port}"

    async def mend(self) -> None:
        """Take connections, on the same port as before."""
        self._server = await asyncio.start_server(self._taken, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Close every connection and take no more."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._open):
            writer.transport.abort()
        for task in list(self._tasks):
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        for source, sink in ((reader, onward_writer), (onward_reader, writer)):
            self._open.add(sink)
            task = asyncio.create_task(self._pass(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while some := await source.read(65_536):
                sink.write(some)
                await sink.drain()
        sink.close()
        self._open.discard(sink)


@contextlib.asynccontextmanager
async def cut_wire(target_port: int) -> AsyncIterator[CutWire]:
    """A wire that is whole at first and gone after the block."""
    wire = CutWire(target_port)
    await wire.mend()
    try:
        yield wire
    finally:
        await wire.cut()
