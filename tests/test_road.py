"""The whole road, end to end, on both engines: raw updates in, phones' screens and rows out."""

from __future__ import annotations

from pathlib import Path

from rules.access import Role
from tests.living import living


async def test_the_main_job_from_joining_to_the_all_clear(tmp_path: Path, database_url: str) -> None:
    """Sam joins, reads, is asked, goes quiet and is nudged; Jo is told, logs a call in two taps, and it is over."""
    async with living(tmp_path, database_url=database_url) as town:
        jo = await town.join(Role.ADVISER, "Jo Marsh")
        await jo.waits_for("/caseload")
        sam = await town.join(Role.CARE_LEAVER, "Sam Tate", by="Jo Marsh")
        await jo.waits_for("joined")

        await sam.says("/start")
        await sam.waits_for("What would you like to do?")
        await sam.presses("What can I get?")
        await sam.waits_for("Pick one")
        await sam.presses("A place to live")
        await sam.waits_for("A place to live")
        await sam.presses("Staying with foster carers")
        await sam.waits_for("Children Act 1989")

        await town.turn(days=2, hours=8)
        await sam.waits_for("how your week's been")
        await town.turn(days=2, hours=1)
        await sam.waits_for("still here. No rush")
        await town.turn(days=3)
        alert = await jo.waits_for("no answer to the check-in")
        assert "Sam" in alert.text
        await jo.presses("I'll ring now")
        await jo.waits_for("is with you")
        await jo.presses("Log a contact")
        await jo.waits_for("How was the contact")
        await jo.presses("Call, we spoke")
        await jo.waits_for("Saved for")
        await jo.waits_for("Nothing more to do. The ladder has stopped.")
