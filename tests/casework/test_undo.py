"""A mis-tap taken back hides nobody."""

from __future__ import annotations

from pathlib import Path

from rules.access import Role
from rules.incidents import Cause
from storage import casebook
from tests.living import living


async def test_undoing_a_contact_opens_anew_what_it_had_closed(tmp_path: Path) -> None:
    """Jo taps the wrong person: the silence it ended is open again, and Jo is told of it again."""
    async with living(tmp_path) as town:
        await town.join_all(Role.CARE_LEAVER)
        jo, sam_id = town.phone("Jo"), town.people["Sam Tate"]
        await town.turn(days=9)
        await jo.waits_for("no answer to the check-in")
        await jo.presses("Log a contact")
        await jo.waits_for("How was the contact")
        await jo.presses("Call, we spoke")
        await jo.waits_for("The ladder has stopped")
        assert await town.service.store.read(lambda unit: casebook.open_incidents(unit, sam_id)) == []
        await jo.presses("Undo")
        await jo.waits_for("Undone.")
        opened = await town.service.store.read(lambda unit: casebook.open_incidents(unit, sam_id))
        assert [one.cause for one in opened] == [Cause.MISSING_CONTACT]
        await town.turn(days=1)
        assert sum("no answer to the check-in" in one.text for one in jo.from_bot()) == 2
