"""A guest may read and ask, and nothing of them stays."""

from __future__ import annotations

from pathlib import Path

from rules.access import Role
from tests.living import living
from tests.traces import EDGES, about, everything

ASKED = "do i have to leave my foster mums when im eighteen"
DANGER = "i want to kill myself"


async def test_a_guest_who_reads_and_asks_leaves_no_trace(tmp_path: Path) -> None:
    """Menus, pages, questions, help, a photo and STOP: afterwards the database holds nothing of that person."""
    async with living(tmp_path, database_url=f"sqlite:///{tmp_path}/k.db") as town:
        await town.join_all(Role.CARE_LEAVER)
        await town.settle()
        before = await town.service.store.read(everything)
        guest = town.phone("Robin")
        await guest.opens()
        await guest.waits_for("You don't have to say who you are")
        await guest.presses("What can I get?")
        await guest.waits_for("Pick")
        await guest.presses("A place to live")
        await guest.waits_for("A place to live")
        await guest.presses("Staying with foster carers")
        await guest.waits_for("Children Act 1989")
        await guest.says(ASKED)
        await guest.waits_for("not sure about that")
        await guest.says("/help")
        await guest.waits_for("Here is help you can have now")
        await guest.says(DANGER)
        await guest.waits_for("I'm really glad you told me")
        await guest.presses("Who sees this?")
        await guest.waits_for("no adviser sees this chat")
        await guest.says("STOP")
        await guest.waits_for("We keep nothing about you")
        await town.settle()
        after = await town.service.store.read(everything)
        assert {name: rows for name, rows in after.items() if name not in EDGES} == {
            name: rows for name, rows in before.items() if name not in EDGES
        }
        assert await town.service.store.read(lambda unit: about(unit, guest.id, "foster mums", "Robin")) == []
