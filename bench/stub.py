"""A Bot API server that does nothing but answer, in a process of its own: `python -m bench.stub`.

It gives out updates by getUpdates, takes every message, and holds the answer to a message for as long as Telegram's
round trip is to last. One protocol class on uvloop and no framework, so that it is never what limits; ceiling.py
measures that. It prints its port. What it is asked for between runs goes by /bench/start and /bench/stats.
"""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

import orjson
import uvloop

from bench.load import Load

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
NUMBER = {name: re.compile(name + rb'"?[=:]"?(\d+)') for name in (b"offset", b"limit", b"timeout")}
TRUE = b'{"ok":true,"result":true}'
NOTHING = b'{"ok":true,"result":[]}'
ME = (
    b'{"ok":true,"result":{"id":42,"is_bot":true,"first_name":"Bench","username":"bench_bot","can_join_groups":true,'
    b'"can_read_all_group_messages":false,"supports_inline_queries":false}}'
)
SENT = (
    b'{"ok":true,"result":{"message_id":%d,"from":{"id":42,"is_bot":true,"first_name":"Bench","username":"bench_bot"},'
    b'"chat":{"id":%d,"first_name":"Sam","type":"private"},"date":1790000000,"text":"sent"}}'
)


class Stub:
    """What all connections share: the load that runs, and who waits for updates."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.answer_s = 0.0
        self.polls = 0
        self._load = Load([], 0, 1, self.loop.time)
        self._waiting: list[tuple[Connection, int, int, float]] = []
        self._messages = 0
        self._began = (time.process_time(), self.loop.time())

    def start(self, file: str, per_second: float, answer_ms: float) -> bytes:
        """Begin a load of the updates in `file`, one JSON object a line ("": none, only count what is sent)."""
        bodies = Path(file).read_bytes().splitlines() if file else []
        self.answer_s = answer_ms / 1000
        self._began = (time.process_time(), self.loop.time())
        self._load = Load(bodies, per_second, self._load.first_id + len(self._load), self.loop.time)
        self._look()
        return TRUE

    def stats(self) -> bytes:
        """What became of the load, and how busy this process was."""
        cpu_s, clock_s = time.process_time() - self._began[0], self.loop.time() - self._began[1]
        facts = {"polls": self.polls, "stub_busy": cpu_s / clock_s if clock_s else 0.0}
        return orjson.dumps(self._load.stats() | facts)

    def message(self, body: bytes) -> bytes:
        """The answer to one send or edit."""
        self._messages += 1
        return SENT % (self._messages, self._load.sent(body))

    def poll(self, connection: Connection, asked: bytes) -> None:
        """Answer getUpdates, now or when there is something or the asker's timeout is over."""
        self.polls += 1
        offset, limit = _number(asked, b"offset", 0), _number(asked, b"limit", 100)
        wait_s = _number(asked, b"timeout", 0)
        found = self._load.hand_out(offset, limit)
        if found is not None:
            connection.answer(b'{"ok":true,"result":[%s]}' % found)
        elif wait_s == 0:
            connection.answer(NOTHING)
        else:
            self._waiting.append((connection, offset, limit, self.loop.time() + wait_s))
            self._look_later()

    def _look_later(self) -> None:
        self.loop.call_later(min(1.0, self._load.next_available_s() + 0.0005), self._look)

    def _look(self) -> None:
        waiting, self._waiting = self._waiting, []
        for connection, offset, limit, until in waiting:
            found = None if connection.gone else self._load.hand_out(offset, limit)
            if found is not None:
                connection.answer(b'{"ok":true,"result":[%s]}' % found)
            elif self.loop.time() >= until:
                connection.answer(NOTHING)
            elif not connection.gone:
                self._waiting.append((connection, offset, limit, until))
        if self._waiting:
            self._look_later()


class Connection(asyncio.Protocol):
    """One HTTP/1.1 connection that stays open."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._read = b""
        self._transport: asyncio.Transport | None = None
        self.gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one in all but name

    def connection_lost(self, _error: Exception | None) -> None:
        self.gone = True

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (ends := self._read.find(b"\r\n\r\n")) >= 0:
            head = self._read[:ends]
            found = LENGTH.search(head)
            whole = ends + 4 + (int(found.group(1)) if found else 0)
            if len(self._read) < whole:
                return
            body, self._read = self._read[ends + 4 : whole], self._read[whole:]
            self._asked(head.split(b" ", 2)[1], body)

    def _asked(self, target: bytes, body: bytes) -> None:
        method = target.rpartition(b"/")[2]
        if method.startswith((b"send", b"edit")):
            said = self._stub.message(body)
            if self._stub.answer_s:
                self._stub.loop.call_later(self._stub.answer_s, self.answer, said)
            else:
                self.answer(said)
        elif method.startswith(b"getUpdates"):
            self._stub.poll(self, body or target)
        elif method.startswith(b"getMe"):
            self.answer(ME)
        elif target.startswith(b"/bench/"):
            self.answer(_control(self._stub, target.decode()))
        else:
            self.answer(TRUE)

    def answer(self, body: bytes) -> None:
        """Write one 200."""
        if not self.gone and self._transport is not None:
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            self._transport.write(head % len(body) + body)


def _number(asked: bytes, name: bytes, otherwise: int) -> int:
    found = NUMBER[name].search(asked)
    return int(found.group(1)) if found else otherwise


def _control(stub: Stub, target: str) -> bytes:
    url = urlsplit(target)
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    if url.path == "/bench/start":
        return stub.start(asked.get("file", ""), float(asked.get("per_second", 0)), float(asked.get("answer_ms", 0)))
    return stub.stats()


async def serve() -> None:
    """Serve until killed."""
    stub = Stub()
    server = await stub.loop.create_server(lambda: Connection(stub), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())
