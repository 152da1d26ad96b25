"""The real service in a process of its own, on the sandbox's clock. Each line it is told is answered by one line.

{"do": "settle"}   do everything that is due now, wait until nothing is on its way, say when the next thing is due
{"do": "staff", …} make an invite for a member of staff, as `keepintouch adviser add` does
"""

import asyncio
import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvloop

from bot.events import set_up_logging
from bot.service import Service, start_service
from bot.settings import read_settings
from bot.staffing import add_to_team
from casework import planning
from casework.desk import Desk
from casework.sign_in import Lasting
from sandbox.shared_clock import SharedClock
from storage import outbox, sends
from storage.unit import Unit

CLOCK_FILE = "KEEPINTOUCH_SANDBOX_CLOCK"
# The clock is turned by weeks here, and nobody wants to sign in again after each turn.
FOR_YEARS = Lasting(timedelta(days=3650), timedelta(days=3650))
LOOKS_MOST = 500
LOOK_EVERY_S = 0.01


async def settle(service: Service) -> dict[str, Any]:
    """Do what is due and come to rest; says when the next thing is due."""
    rows = await service.ticker.tick()
    for _ in range(LOOKS_MOST):
        service.sender.wake()
        if await service.store.read(_at_rest) and service.sender.idle and not service.clerk.open:
            break
        await asyncio.sleep(LOOK_EVERY_S)
    moment = await service.store.read(planning.next_moment)
    return {"rows": rows, "next": None if moment is None else moment.isoformat()}


def _at_rest(unit: Unit) -> bool:
    return not sends.candidates(unit, 1, []) and not outbox.counts(unit).get("claimed")


async def staff(service: Service, name: str, team: str, sign_in: str, *, manager: bool) -> dict[str, Any]:
    """Invite a member of staff; says the payload of their link."""
    made = await service.store.write(
        lambda unit: add_to_team(Desk(unit, service.office), name, team, manager=manager, sign_in_name=sign_in)
    )
    return {"payload": made.link.partition("start=")[2]}


async def obey(service: Service, line: bytes) -> dict[str, Any]:
    """Do what one line asks."""
    asked = json.loads(line)
    if asked["do"] == "staff":
        return await staff(service, asked["name"], asked["team"], asked["sign_in"], manager=asked["manager"])
    return await settle(service)


async def main() -> None:
    """Run until told to stop (SIGTERM, or the sandbox going away)."""
    settings = read_settings()
    set_up_logging(settings.log_level)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    service = await start_service(settings, SharedClock(Path(os.environ[CLOCK_FILE])), FOR_YEARS)
    told = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
    _answer({"ready": True})
    listening = asyncio.create_task(_listen(service, told))
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait([listening, stopped, *service.loops], return_when=asyncio.FIRST_COMPLETED)
    listening.cancel()
    await service.stop()


async def _listen(service: Service, told: asyncio.StreamReader) -> None:
    while line := await told.readline():
        _answer(await obey(service, line))


def _answer(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
