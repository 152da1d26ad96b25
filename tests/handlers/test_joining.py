"""Joining: what an invite does, once, in time, and only after yes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from casework.inviting import INVITE_DAYS, Invitation
from rules.access import Role
from storage.tables import Invite, Person
from storage.unit import Unit
from tests.living import Living, living
from tests.traces import EDGES, Held, about, everything


async def _invited(town: Living, name: str = "Sam Tate") -> Invitation:
    """Jo has joined, and has an invite for somebody."""
    if "Jo Marsh" not in town.people:
        await town.join(Role.ADVISER, "Jo Marsh")
    return await town.invite(Role.CARE_LEAVER, name, by="Jo Marsh")


def _token(made: Invitation) -> str:
    return made.link.split("start=")[1]


@pytest.mark.parametrize("typed", [str.lower, str.upper, lambda code: f"  {code.replace('-', ' ')} "])
async def test_a_code_can_be_typed_any_way(tmp_path: Path, typed: Callable[[str], str]) -> None:
    """Capitals, spaces and the dash do not matter; the code does the same as the link."""
    async with living(tmp_path) as town:
        made = await _invited(town)
        sam = town.phone("Sam")
        await sam.opens()
        await sam.waits_for("This is Keep in Touch")
        await sam.presses("I have an invite code")
        await sam.waits_for("type the code from your invite")
        await sam.says(typed(made.code))
        offer = await sam.waits_for("has invited you")
        assert "Jo Marsh" in offer.text
        await sam.presses("Join")
        await sam.waits_for("What should we call you?")


async def test_a_wrong_code_lets_nobody_in(tmp_path: Path) -> None:
    """A code nobody made is not found, as a code or as a link, and the right one still works afterwards."""
    async with living(tmp_path) as town:
        made = await _invited(town)
        sam = town.phone("Sam")
        await sam.says("ABCD-2345")
        await sam.waits_for("can't find that code")
        await sam.opens("nosuchtoken")
        assert len([one for one in await sam.waits_for_count(2) if "can't find that code" in one.text]) == 2
        await sam.says(made.code)
        await sam.waits_for("has invited you")


async def test_an_invite_is_used_once(tmp_path: Path) -> None:
    """A second phone with the same link or code is told so and stays a guest, even when it had seen the offer."""
    async with living(tmp_path) as town:
        made = await _invited(town)
        sam, other = town.phone("Sam"), town.phone("Other")
        for phone in (sam, other):
            await phone.opens(_token(made))
            await phone.waits_for("has invited you")
        await sam.presses("Join")
        await sam.waits_for("What should we call you?")
        await other.presses("Join")
        await other.waits_for("already been used")
        await other.says(made.code)
        await other.waits_for_count(3)
        assert len([one for one in other.from_bot() if "already been used" in one.text]) == 2
        await town.settle()
        assert await town.service.store.read(lambda unit: about(unit, other.id)) == []


async def test_an_invite_ends(tmp_path: Path) -> None:
    """After 14 days link and code say it has run out, and what we knew of that person is gone."""
    async with living(tmp_path) as town:
        made = await _invited(town)
        sam = town.phone("Sam")
        await town.turn(days=INVITE_DAYS, minutes=1)
        await sam.opens(_token(made))
        await sam.waits_for("has run out")
        await sam.says(made.code)
        await sam.waits_for_count(2)
        assert "has run out" in sam.last().text
        person = await town.service.store.read(lambda unit: unit.session.get_one(Person, made.person.id))
        assert (person.state, person.name_sealed) == ("erased", None)


async def test_an_invite_still_works_on_its_last_day(tmp_path: Path) -> None:
    """Up to the very end of its 14 days it lets them in."""
    async with living(tmp_path) as town:
        made = await _invited(town)
        await town.turn(days=INVITE_DAYS - 1, hours=23)
        sam = town.phone("Sam")
        await sam.opens(_token(made))
        await sam.waits_for("has invited you")
        await sam.presses("Join")
        await sam.waits_for("What should we call you?")


def _without_edges(held: Held) -> Held:
    return {table: rows for table, rows in held.items() if table not in EDGES}


async def test_not_now_keeps_nothing(tmp_path: Path) -> None:
    """Someone who looks at an invite, reads more and says not now is in no table, and can still join later."""
    async with living(tmp_path) as town:
        made = await _invited(town)
        await town.settle()
        before = await town.service.store.read(everything)
        sam = town.phone("Sam")
        await sam.opens(_token(made))
        await sam.waits_for("has invited you")
        await sam.presses("Read more first")
        await sam.waits_for("Before you decide")
        await sam.presses("Not now")
        await sam.waits_for("Nothing has been kept")
        await town.settle()
        after = await town.service.store.read(everything)
        assert _without_edges(after) == _without_edges(before)
        assert await town.service.store.read(lambda unit: about(unit, sam.id)) == []
        await sam.opens(_token(made))
        await sam.presses("Join")
        await sam.waits_for("What should we call you?")
        assert await town.service.store.read(lambda unit: about(unit, sam.id)) != []


def _unused(unit: Unit, person_id: int) -> bool:
    mine = unit.session.exec(select(Invite).where(Invite.person_id == person_id))
    return all(one.used_utc is None for one in mine)


async def test_someone_who_joined_is_not_asked_again(tmp_path: Path) -> None:
    """Another invite, opened by someone who has joined, changes nothing and stays unused."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        other = await _invited(town, "Ali Green")
        await sam.opens(_token(other))
        await sam.waits_for("already joined")
        await sam.says("just a word")
        await sam.waits_for("not sure about that")
        assert await town.service.store.read(lambda unit: _unused(unit, other.person.id))


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("x" * 41, "a bit long"),
        ("…!?", "couldn't read a name"),
        ("Зоя", "Thanks, Зоя"),
        ("<b>Sam</b>", "Thanks, <b>Sam<"),
    ],
)
async def test_any_name_can_be_chosen_that_is_one(tmp_path: Path, typed: str, answer: str) -> None:
    """A name in any letters is taken as it is typed; one that is too long or has no letter is asked for again."""
    async with living(tmp_path) as town:
        made = await _invited(town)
        sam = town.phone("Sam")
        await sam.opens(_token(made))
        await sam.waits_for("has invited you")
        await sam.presses("Join")
        await sam.waits_for("What should we call you?")
        await sam.says(typed)
        await sam.waits_for(answer)
