"""D10: silence is the alarm. A loop that stops makes the service not ready, and the page tells nothing of anyone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient, Response

from bot.health import QUIET_TOO_LONG_S, Health
from rules.access import Role
from tests.living import Living, living


class Seconds:
    """A monotonic clock that only a test moves."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


async def ask(town: Living) -> Response:
    """What the health page says, asked as anyone can ask it."""
    transport = ASGITransport(app=town.service.web.config.loaded_app)
    async with AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.get("/health")


@pytest.mark.parametrize("stopped", QUIET_TOO_LONG_S)
def test_each_loop_that_stops_is_named_within_ninety_seconds(stopped: str) -> None:
    """While the others go round, the one that does not is named, and no other; one more beat and all is well."""
    at = Seconds()
    health = Health(tuple(QUIET_TOO_LONG_S), at)
    beats = {loop: health.beat(loop) for loop in QUIET_TOO_LONG_S}
    quiet_after = None
    for second in range(100):
        at.now += 1
        for loop, beat in beats.items():
            if loop != stopped:
                beat()
        if health.quiet() and quiet_after is None:
            quiet_after = second + 1
            assert health.quiet() == [stopped]
    assert quiet_after is not None
    assert quiet_after <= 91
    beats[stopped]()
    assert health.quiet() == []


async def test_a_well_service_is_ready_and_counts_what_waits(tmp_path: Path) -> None:
    """The running service answers 200 with counts of nobody in particular."""
    async with living(tmp_path) as town:
        answer = await ask(town)
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "quiet": [],
        "inbox": {"pending": 0, "oldest_s": 0, "quarantined": 0},
        "outbox": {},
    }


@pytest.mark.parametrize("loop", ["tick", "sender", "intake"])
async def test_a_running_service_is_not_ready_once_a_loop_has_gone_quiet(loop: str, tmp_path: Path) -> None:
    """100 seconds in which one loop does not go round: 503, and the page names it. Nothing of a person is on it."""
    async with living(tmp_path) as town:
        await town.join(Role.ADVISER, "Jo Marsh")
        await town.settle()
        if loop == "sender":
            await town.service.sender.stop(1)
        if loop == "intake":
            for task in town.service.background:
                if task.get_name() == "poller":
                    task.cancel()
        await asyncio.sleep(0.05)
        town.clock.turn(timedelta(seconds=100))
        if loop == "tick":
            town.service.sender.wake()
        else:
            await town.service.ticker.tick()
        await asyncio.sleep(0.2)
        answer = await ask(town)
    assert answer.status_code == 503
    assert loop in answer.json()["quiet"]
    assert "Jo" not in answer.text
