"""Two hard weeks in a row."""

from __future__ import annotations

from pathlib import Path

from rules.access import Role
from tests.living import living


async def test_one_hard_answer_tells_nobody_and_the_second_tells_the_adviser(tmp_path: Path) -> None:
    """A hard week is a week; two are a reason for the adviser to look, once."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        jo = town.phone("Jo")
        await town.turn(days=3)
        await sam.presses("Hard")
        await sam.waits_for("Would you like Jo to ring?")
        await town.turn(days=1)
        assert not any("answered Hard" in one.text for one in jo.from_bot())
        await town.turn(days=13)
        await sam.presses("Hard")
        await town.turn(days=1)
        await jo.waits_for("answered Hard")
        assert sum("answered Hard" in one.text for one in jo.from_bot()) == 1
