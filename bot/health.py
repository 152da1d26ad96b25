"""Whether the service is alive, loop by loop. Silence is the alarm: a loop that stops makes it not ready."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from storage import inbox, outbox
from storage.store import Store, StoreBusyError
from storage.unit import Unit

QUIET_TOO_LONG_S = {"tick": 90.0, "sender": 30.0, "intake": 90.0}


class Health:
    """When each loop last went round, on the monotonic clock."""

    def __init__(self, loops: tuple[str, ...], monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._beats: dict[str, float] = dict.fromkeys(loops, monotonic())

    def beat(self, loop: str) -> Callable[[], None]:
        """What a loop calls each time round."""

        def beaten() -> None:
            self._beats[loop] = self._monotonic()

        return beaten

    def quiet(self) -> list[str]:
        """The loops that have not gone round for too long."""
        now = self._monotonic()
        return [loop for loop, at in self._beats.items() if now - at > QUIET_TOO_LONG_S[loop]]


def health_route(health: Health, store: Store) -> Route:
    """GET /health: 200 when every loop goes round and the database answers, else 503. Counts only, of nobody."""

    async def show(_request: Request) -> JSONResponse:
        quiet = health.quiet()
        try:
            counts = await store.read(_counts)
        except StoreBusyError:
            return JSONResponse({"ready": False, "quiet": quiet, "database": "no answer"}, status_code=503)
        return JSONResponse({"ready": not quiet, "quiet": quiet, **counts}, status_code=503 if quiet else 200)

    return Route("/health", show, methods=["GET"])


def _counts(unit: Unit) -> dict[str, object]:
    pending, oldest, quarantined = inbox.counts(unit)
    waited_s = 0 if oldest is None else round((unit.now - oldest).total_seconds())
    return {
        "inbox": {"pending": pending, "oldest_s": waited_s, "quarantined": quarantined},
        "outbox": outbox.counts(unit),
    }
