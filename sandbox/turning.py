"""Turning the clock: never past something that is due, so that weeks go by as they would have, only faster."""

import asyncio
import contextlib
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.service_process import ServiceDownError, ServiceProcess
from sandbox.shared_clock import SharedClock
from sandbox.world import World

JUST_AFTER = timedelta(milliseconds=5)
TURN_MOST = timedelta(days=400)


class Turner:
    """Turns the clock for the service and for the phones, one turn at a time."""

    def __init__(self, clock: SharedClock, world: World, service: ServiceProcess) -> None:
        self.clock = clock
        self.turning = False
        self._world = world
        self._service = service
        self._sent_before = 0
        self._task: asyncio.Task[None] | None = None

    async def turn(self, by: timedelta) -> None:
        """Let `by` pass, stopping wherever something falls due."""
        self.turning = True
        self._sent_before = len(self._world.journal)
        end = self.clock.now() + by
        try:
            due = await self._settle()
            while (now := self.clock.now()) < end:
                until = end if due is None else min(end, due)
                self.clock.turn(max(timedelta(), until - now) + JUST_AFTER)
                due = await self._settle()
        except ServiceDownError:
            # It is started again beside us; what was due is still due, and the next turn does it.
            self.clock.turn(max(timedelta(), end - self.clock.now()))
        finally:
            self.turning = False
            self.tell()

    async def _settle(self) -> datetime | None:
        """Everything due at this moment is done; when the next thing is due, or None."""
        said = await self._service.ask(do="settle")
        self.tell()
        return None if said["next"] is None else datetime.fromisoformat(said["next"])

    def tell(self) -> None:
        """Tell every open page where the clock stands."""
        sent = len(self._world.journal) - self._sent_before
        self._world.events.tell("clock", now_utc=self.clock.now().isoformat(), turning=self.turning, sent=sent)

    def begin(self, by: timedelta) -> bool:
        """Start a turn in the background. False when one is under way."""
        if self.turning:
            return False
        self.turning = True
        self._task = asyncio.create_task(self.turn(by))
        return True

    async def stop(self) -> None:
        """End a turn that is under way."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task


def clock_routes(turner: Turner, dashboard_url: str) -> list[BaseRoute]:
    """What the chat page asks of the clock."""

    async def show(_request: Request) -> Response:
        now = turner.clock.now().isoformat()
        return JSONResponse({"now_utc": now, "turning": turner.turning, "dashboard_url": dashboard_url})

    async def turn(request: Request) -> Response:
        by = _asked_for(await request.json(), turner.clock.now())
        if by is None:
            return JSONResponse({"error": "give hours, or an instant still to come, within 400 days"}, status_code=400)
        if not turner.begin(by):
            return JSONResponse({"error": "the clock is turning already"}, status_code=409)
        return JSONResponse({"turning": True}, status_code=202)

    return [
        Route("/sandbox/clock", show, methods=["GET"]),
        Route("/sandbox/clock/turn", turn, methods=["POST"]),
    ]


def _asked_for(body: object, now: datetime) -> timedelta | None:
    if not isinstance(body, dict):
        return None
    try:
        by = datetime.fromisoformat(body["to"]) - now if "to" in body else timedelta(hours=float(body["hours"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return by if timedelta() < by <= TURN_MOST else None
