"""What an adviser sees first."""

from __future__ import annotations

from pathlib import Path

from casework.caller import viewer
from rules.access import Role
from storage import people
from storage.queries.caseload import Wanted, caseload
from storage.unit import Unit
from tests.living import living


async def test_a_possible_risk_is_above_everyone_who_is_only_late(tmp_path: Path) -> None:
    """Ash is weeks over; Sam, who wrote of dying, still comes first."""
    async with living(tmp_path) as town:
        await town.join(Role.ADVISER, "Jo Marsh")
        await town.join(Role.CARE_LEAVER, "Ash Lowe", by="Jo Marsh")
        await town.turn(days=70)
        sam = await town.join(Role.CARE_LEAVER, "Sam Tate", by="Jo Marsh")
        await sam.says("i want to die")
        await sam.waits_for("116 123")

        def names(unit: Unit) -> list[str]:
            jo = people.get(unit, town.people["Jo Marsh"])
            assert jo is not None
            return [row.name for row in caseload(viewer(jo), unit, Wanted()).people]

        assert await town.service.store.read(names) == ["Sam Tate", "Ash Lowe"]
