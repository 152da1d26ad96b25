"""Help comes in the same turn even when nothing behind it works."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from rules.access import Role
from storage.unit import Unit
from tests.living import Living, living

ASKING = ("/help", "i want to kill myself", "nowhere to sleep tonight")


async def _break_the_outbox(town: Living) -> None:
    """From now on nothing can be queued: every Unit that answers fails."""

    def break_it(unit: Unit) -> None:
        unit.connection.execute(text("ALTER TABLE outbox RENAME TO outbox_gone"))

    await town.settle()
    await town.service.store.write(break_it)


@pytest.mark.parametrize("words", ASKING)
async def test_help_is_shown_when_nothing_can_be_written(tmp_path: Path, words: str) -> None:
    """With the outbox gone, help still reaches the phone, and says that we cannot be sure anyone sees it."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await _break_the_outbox(town)
        await sam.says(words)
        shown = await sam.waits_for("116 123")
        assert "can't be sure" in shown.text


async def test_ordinary_words_bring_no_help_when_nothing_can_be_written(tmp_path: Path) -> None:
    """A question about college does not bring the help lines, even then."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await _break_the_outbox(town)
        await sam.says("can i get money for college")
        await sam.says("/help")
        await sam.waits_for("116 123")
        assert sum("116 123" in one.text for one in sam.from_bot()) == 1
