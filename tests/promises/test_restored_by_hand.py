"""The steps of docs/backup.md, on both engines: a restored copy starts nothing with anybody."""

from __future__ import annotations

import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import orjson
import psycopg
import pytest
from sqlalchemy.engine import make_url

from bot.service import start_service
from rules.access import Role
from sandbox.handset import Handset
from storage import inbox, outbox
from storage.inbox import Arrived
from tests.living import Living, living

DOCS = Path(__file__).parents[2] / "docs" / "restore"


def _as_of(script: str, now: str) -> str:
    """The script as it would run at `now`: the test's clock is not the machine's."""
    at = re.sub(r"'now'", f"'{now}'", script)
    return re.sub(r"\bnow\(\)", f"timestamptz '{now}+00'", at)


def prepare_restored(url_text: str, now: str) -> None:
    """What docs/backup.md says to run on a restored copy."""
    url = make_url(url_text)
    if url.drivername == "sqlite":
        with sqlite3.connect(str(url.database)) as copy:
            copy.executescript(_as_of((DOCS / "sqlite.sql").read_text(encoding="utf-8"), now))
        copy.close()
        return
    script = _as_of((DOCS / "postgresql.sql").read_text(encoding="utf-8"), now)
    with psycopg.connect(url_text, autocommit=True) as connection:
        connection.execute(script.encode())


async def _left_waiting(town: Living, sam: Handset) -> None:
    """A check-in and an answer wait to leave, and something Sam wrote waits to be answered; then all goes still."""
    service = town.service
    await town.turn(days=2, hours=6)
    await service.clerk.stop(2)
    await service.sender.stop(2)
    town.clock.turn(timedelta(hours=2))
    await service.ticker.tick()
    assert await service.store.read(lambda unit: outbox.counts(unit).get("pending")) == 1
    said = {
        "message_id": 90,
        "date": 1,
        "text": "hello there",
        "chat": {"id": sam.id, "type": "private", "first_name": "Sam"},
    }
    said["from"] = {"id": sam.id, "is_bot": False, "first_name": "Sam"}
    body = orjson.dumps({"update_id": 900_000_001, "message": said})
    await service.store.write(lambda unit: inbox.keep(unit, [Arrived(900_000_001, sam.id, body)]))
    await service.stop()


async def _lives_a_week(town: Living) -> dict[str, int]:
    """Start the service again, let a week pass and stop it; how many rows were then open or set aside."""
    town.service = await start_service(town.settings, town.clock)
    await town.turn(days=7)
    open_rows, set_aside = await town.service.store.read(lambda unit: (outbox.counts(unit), inbox.counts(unit)[2]))
    await town.service.stop()
    return open_rows | {"set_aside": set_aside}


@pytest.mark.parametrize("prepared", [False, True], ids=["as it is", "prepared"])
async def test_a_copy_prepared_by_hand_starts_nothing_with_anybody(
    tmp_path: Path, database_url: str, prepared: bool
) -> None:
    """A copy started as it is answers and asks again; once prepared it says not one word, and shows what it held."""
    async with living(tmp_path, database_url=database_url) as town:
        jo = await town.join(Role.ADVISER, "Jo Marsh")
        sam = await town.join(Role.CARE_LEAVER, "Sam Tate", by="Jo Marsh")
        await jo.waits_for("joined")
        await _left_waiting(town, sam)
        if prepared:
            prepare_restored(database_url, f"{town.clock.now():%Y-%m-%d %H:%M:%S}")
        sams, jos = len(sam.from_bot()), len(jo.from_bot())
        counted = await _lives_a_week(town)
        heard = "\n".join(message.text for message in sam.from_bot()[sams:])
        if prepared:
            assert (heard, len(jo.from_bot())) == ("", jos)
            assert counted == {"unknown": 1, "set_aside": 1}
        else:
            assert "I'm not sure about that one" in heard
            assert counted == {"set_aside": 0}
