"""When Telegram does not deliver it is not their silence: the adviser hears why, and hears when it is over."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlmodel import select

from rules.access import Role
from sandbox.clock import monotonic
from storage.tables import Incident, Person
from storage.unit import Unit
from tests.living import Living, living

ASKED = "how your week's been"


def _incidents(unit: Unit) -> list[tuple[str, str, str | None]]:
    return [(one.cause, one.state, one.outcome) for one in unit.session.exec(select(Incident))]


async def _incident_closes(town: Living) -> None:
    """Telegram's word takes a moment to come in."""
    ends = monotonic() + 5
    while not all(state == "closed" for _, state, _ in await town.service.store.read(_incidents)):
        assert monotonic() < ends
        await asyncio.sleep(0.01)


async def test_a_block_is_told_and_its_end_too(tmp_path: Path) -> None:
    """Blocked: one alert, nothing sent, no silence counted. Unblocked: the all-clear, and check-ins go on."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        jo = town.phone("Jo")
        sam.blocks()
        await jo.waits_for("Telegram can't reach them")
        await town.turn(days=20)
        assert not [one for one in sam.from_bot() if ASKED in one.text]
        assert await town.service.store.read(_incidents) == [("cannot_reach", "open", None)]
        assert len([one for one in jo.from_bot() if "can't reach them" in one.text]) == 1
        sam.unblocks()
        await _incident_closes(town)
        await town.turn(days=3)
        await jo.waits_for("can be reached")
        assert await town.service.store.read(_incidents) == [("cannot_reach", "closed", "reachable_again")]
        await town.turn(days=14)
        assert [one for one in sam.from_bot() if ASKED in one.text]


async def test_a_block_found_out_by_sending_is_told_too(tmp_path: Path) -> None:
    """If Telegram's word about the block never came, the refused check-in tells it, and is not silence."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        town.api.faults.add("blocked", chat_id=sam.id, times=1)
        await town.turn(days=2, hours=8)
        await town.turn(days=1)
        await town.phone("Jo").waits_for("Telegram can't reach them")
        await town.turn(days=7)
        assert not [one for one in town.phone("Jo").from_bot() if "no answer to the check-in" in one.text]


async def test_a_closed_account_is_told_as_such(tmp_path: Path) -> None:
    """A deleted account is found at the next send, and the alert says that, not a block."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        sam.deactivates()
        await town.turn(days=3)
        alert = await town.phone("Jo").waits_for("Telegram can't reach them")
        assert "account is closed" in alert.text


async def test_writing_to_us_is_proof_of_being_there(tmp_path: Path) -> None:
    """When someone who could not be reached writes, they are reachable again without anybody's click."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        town.api.faults.add("blocked", chat_id=sam.id, times=1)
        await town.turn(days=3)
        await sam.says("hello")
        await sam.waits_for("not sure about that")
        person = await town.service.store.read(lambda unit: unit.session.get_one(Person, town.people["Sam Tate"]))
        assert person.unreachable is None
        assert await town.service.store.read(_incidents) == [("cannot_reach", "closed", "reachable_again")]


async def test_an_adviser_who_cannot_be_reached_is_told_to_the_manager(tmp_path: Path) -> None:
    """Alerts must reach someone: when the adviser's phone refuses them the team's manager hears of it."""
    async with living(tmp_path) as town:
        ann = await town.join(Role.MANAGER, "Ann Hill")
        await town.join_all(Role.CARE_LEAVER)
        town.phone("Jo").blocks()
        await town.turn(days=10)
        assert [one for one in ann.from_bot() if "Jo" in one.text]
