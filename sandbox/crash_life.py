"""One life of the real service, in a process made for it. Runs in the child that the nursery forks.

Speaks lines of JSON over its one connection: first what to do, then `look` as often as asked. When the process dies,
however it dies, the kernel closes the connection: that is how the other side knows.
"""

from __future__ import annotations

import asyncio
import os
import socket
import traceback
from pathlib import Path
from typing import Any

import orjson
import uvloop

from bot import service as bot_service
from bot.events import set_up_logging
from bot.service import Service
from bot.settings import Settings
from sandbox.crash_steps import Steps, count_steps
from sandbox.shared_clock import SharedClock
from storage import inbox, outbox, sends
from storage.unit import Unit


def live(connection: socket.socket) -> None:
    """Read what to do, then be the service until killed or, told by SIGTERM in a `whole` life, stopped."""
    job: dict[str, Any] = orjson.loads(_first_line(connection))
    log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    set_up_logging("INFO")
    _say(connection, {"pid": os.getpid()})
    settings = Settings(**job["settings"], _env_file=None)
    clock = SharedClock(Path(job["clock"]))
    steps = Steps(job["kill_at"])
    count_steps(steps)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            if job["whole"]:
                runner.run(bot_service.run_service(settings, clock))
                _say(connection, {"stopped": True})
            else:
                runner.run(_serve(connection, settings, clock, steps))
    except BaseException:
        traceback.print_exc()
        raise


async def _serve(connection: socket.socket, settings: Settings, clock: SharedClock, steps: Steps) -> None:
    service = await bot_service.start_service(settings, clock)
    reader, writer = await asyncio.open_connection(sock=connection)
    while await reader.readline():
        writer.write(orjson.dumps(await _look(service, steps)) + b"\n")
        await writer.drain()
    os._exit(0)  # the test is gone, and nothing of this life is wanted


async def _look(service: Service, steps: Steps) -> dict[str, Any]:
    """Do what is due, then say whether anything is left to do now, and when the next message may leave."""
    await service.ticker.tick()
    service.sender.wake()
    rows = await service.store.read(_rows)
    busy = bool(service.clerk.open) or not service.sender.idle
    return rows | {"at_rest": rows["at_rest"] and not busy, "steps": len(steps.taken), "kinds": _news(steps)}


def _news(steps: Steps) -> list[str]:
    return steps.taken if not steps.kill_at else []


def _rows(unit: Unit) -> dict[str, Any]:
    waiting, _, _ = inbox.counts(unit)
    claimed = outbox.counts(unit).get("claimed", 0)
    next_utc = outbox.next_pending(unit)
    return {
        "at_rest": not waiting and not claimed and not sends.candidates(unit, 1, []),
        "next": None if next_utc is None else next_utc.isoformat(),
    }


def _first_line(connection: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        part = connection.recv(65_536)
        if not part:
            os._exit(0)
        line += part
    return line


def _say(connection: socket.socket, what: dict[str, Any]) -> None:
    connection.sendall(orjson.dumps(what) + b"\n")
