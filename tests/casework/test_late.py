"""What comes too late, or cannot be sent, is never counted as somebody's silence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlmodel import select

from rules.access import Role
from storage.tables import CheckIn, Incident
from storage.unit import Unit
from tests.living import Living, living


def _check_ins(unit: Unit) -> list[tuple[str, str | None]]:
    return [(one.state, one.ladder_over) for one in unit.session.scalars(select(CheckIn).order_by(CheckIn.due_utc))]  # type: ignore[arg-type]


def _causes(unit: Unit) -> list[str]:
    return [one.cause for one in unit.session.scalars(select(Incident))]


async def _first_slot_passes_unsent(town: Living, hours: float) -> None:
    """The first check-in falls due while nothing leaves, for so many hours."""
    await town.turn(days=2, hours=6.9)
    town.service.sender.leads = False
    town.clock.turn(timedelta(hours=0.2))
    await town.service.ticker.tick()
    town.clock.turn(timedelta(hours=hours))
    town.service.sender.leads = True
    await town.settle()


async def test_a_check_in_that_waited_too_long_to_leave_is_expired_and_starts_no_ladder(tmp_path: Path) -> None:
    """It never reaches the phone, its slot says why, nobody is nudged for it and no adviser hears of silence."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await _first_slot_passes_unsent(town, 6)
        assert not [one for one in sam.from_bot() if "how your week" in one.text]
        assert await town.service.store.read(_check_ins) == [("expired", "expired")]
        await town.turn(days=9)
        assert not [one for one in sam.from_bot() if "still here" in one.text]
        assert await town.service.store.read(_causes) == []
