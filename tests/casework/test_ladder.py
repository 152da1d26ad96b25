"""The ladder: climbed step by step when nobody answers, and over at once on any contact, on both engines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlmodel import select

from rules.access import Role
from sandbox.handset import Handset
from storage.tables import CheckIn, Due, Incident
from storage.unit import Unit
from tests.living import Living, living

ASKED, NUDGED, SILENT = "how your week's been", "still here. No rush", "no answer to the check-in"


async def _town_with_manager(town: Living) -> tuple[Handset, Handset, Handset]:
    """Sam, Jo who looks after Sam, and Ann who manages Jo's team."""
    ann = await town.join(Role.MANAGER, "Ann Hill")
    sam = await town.join_all(Role.CARE_LEAVER)
    return sam, town.phone("Jo"), ann


def _texts(phone: Handset, words: str) -> list[str]:
    return [one.text for one in phone.from_bot() if words in one.text]


def _incidents(unit: Unit) -> list[tuple[str, str, str | None]]:
    return [(one.cause, one.state, one.outcome) for one in unit.session.exec(select(Incident))]


def _steps_left(unit: Unit) -> int:
    return len(list(unit.session.exec(select(Due).where(Due.what == "ladder_step"))))


async def test_silence_climbs_to_the_manager_and_an_answer_ends_it(tmp_path: Path, database_url: str) -> None:
    """Nudge, adviser, and, when nobody picks it up, manager: each once; then an answer, and both get the all-clear."""
    async with living(tmp_path, database_url=database_url) as town:
        sam, jo, ann = await _town_with_manager(town)
        await town.turn(days=2, hours=8)
        await sam.waits_for(ASKED)
        await town.turn(days=2, hours=1)
        nudge = await sam.waits_for(NUDGED)
        assert "by Monday, we'll ask Jo" in nudge.text
        assert (_texts(jo, SILENT), _texts(ann, SILENT)) == ([], [])
        await town.turn(days=3)
        assert (len(_texts(jo, SILENT)), _texts(ann, "picked up")) == (1, [])
        await town.turn(days=4)
        assert len(_texts(ann, "Sam Tate")) == 1
        await town.turn(days=1)
        assert (len(_texts(sam, NUDGED)), len(_texts(jo, SILENT)), len(_texts(ann, "Sam Tate"))) == (1, 1, 1)
        assert await town.service.store.read(_incidents) == [("missing_contact", "open", None)]
        await sam.says("hi sorry phone was broken")
        await sam.waits_for("not sure about that")
        assert await town.service.store.read(_incidents) == [("missing_contact", "closed", "replied")]
        await town.turn(days=3)
        await jo.waits_for("Nothing more to do. The ladder has stopped.")
        assert len(_texts(ann, "Sam Tate")) == 2


async def test_the_manager_is_not_told_of_what_somebody_has(tmp_path: Path) -> None:
    """Once the adviser has pressed *I'll ring now* nobody above is told."""
    async with living(tmp_path) as town:
        _, jo, ann = await _town_with_manager(town)
        await town.turn(days=7)
        await jo.waits_for(SILENT)
        await jo.presses("I'll ring now")
        await jo.waits_for("is with you")
        await town.turn(days=7)
        assert _texts(ann, "Sam Tate") == []


Contact = Callable[[Living, Handset, Handset], Awaitable[None]]


async def _taps(town: Living, sam: Handset, jo: Handset) -> None:
    await sam.presses("OK")
    await sam.waits_for("Jo will see that")


async def _skips(town: Living, sam: Handset, jo: Handset) -> None:
    await sam.presses("Skip")
    await sam.waits_for("Next one is")


async def _is_fine(town: Living, sam: Handset, jo: Handset) -> None:
    await sam.presses("I'm OK")
    await sam.waits_for("That's all we needed")


async def _wants_a_ring(town: Living, sam: Handset, jo: Handset) -> None:
    await sam.presses("Ring me")
    await sam.waits_for("message to ring you")


async def _writes(town: Living, sam: Handset, jo: Handset) -> None:
    await sam.says("been busy")
    await sam.waits_for("not sure about that")


async def _checks_in(town: Living, sam: Handset, jo: Handset) -> None:
    await sam.says("/checkin")
    await sam.waits_for("How are things today")
    await sam.presses("Up and down")
    await sam.waits_for("Thanks for telling us")


async def _is_rung(town: Living, sam: Handset, jo: Handset) -> None:
    await jo.says("rang sam, all good")
    await jo.waits_for("Log for Sam")
    await jo.presses("Save")
    await jo.waits_for("Saved for Sam")


@pytest.mark.parametrize("contact", [_taps, _skips, _is_fine, _wants_a_ring, _writes, _checks_in, _is_rung])
async def test_any_contact_ends_the_ladder_everywhere(tmp_path: Path, contact: Contact) -> None:
    """After one nudge, whatever they do or the adviser logs, no step is left and nobody is told of silence."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        jo = town.phone("Jo")
        await town.turn(days=4, hours=8)
        await sam.waits_for(NUDGED)
        await contact(town, sam, jo)
        await town.settle()
        assert await town.service.store.read(_steps_left) == 0
        await town.turn(days=7)
        assert (len(_texts(sam, NUDGED)), _texts(jo, SILENT)) == (1, [])


async def test_a_try_that_nobody_answered_does_not_end_it(tmp_path: Path) -> None:
    """The adviser rang and nobody answered: the ladder goes on."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        jo = town.phone("Jo")
        await town.turn(days=4, hours=8)
        await sam.waits_for(NUDGED)
        await jo.says("tried sam, no answer")
        await jo.waits_for("Log for Sam")
        await jo.presses("Save")
        await jo.waits_for("Saved for Sam")
        await town.turn(days=3)
        await jo.waits_for(SILENT)


async def test_an_unanswered_check_in_is_missed_when_the_next_comes(tmp_path: Path) -> None:
    """Six weeks of silence are three slots, each asked once and two of them missed, and one open incident."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await town.turn(days=32)
        assert len(_texts(sam, ASKED)) == 3
        states = await town.service.store.read(lambda unit: [one.state for one in unit.session.exec(select(CheckIn))])
        assert sorted(states) == ["asked", "missed", "missed"]
        assert await town.service.store.read(_incidents) == [("missing_contact", "open", None)]
