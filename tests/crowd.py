"""Many people at once: joined in one Unit by the same casework, with a phone each."""

from __future__ import annotations

from dataclasses import dataclass

from casework import joining
from casework.caller import Caller
from casework.desk import Desk
from casework.inviting import invite, team_named
from casework.rhythms import CHECK_IN
from rules.access import Role
from sandbox.handset import Handset
from storage import due
from storage.inbox import chat_key
from storage.tables import Person
from storage.unit import Unit
from tests.living import Living


@dataclass(frozen=True)
class Member:
    """One of the crowd: their id with us, and their phone."""

    person_id: int
    phone: Handset


async def crowd(town: Living, size: int, *, by: str = "") -> list[Member]:
    """So many care leavers who have joined, with the first rhythm; of the adviser named `by`, or of none."""
    began = len(town.people)
    phones = [
        Handset(town.api.world, town.api.world.add_person(f"Member {began + number}", started=True))
        for number in range(size)
    ]

    def bring_in(unit: Unit) -> list[Member]:
        desk = Desk(unit, town.service.office)
        worker = unit.session.get(Person, town.people[by]) if by else None
        team_id = team_named(desk, "Leaving Care").id
        members = []
        for phone in phones:
            made = invite(desk, worker, Role.CARE_LEAVER, phone.phone.person.name, team_id)
            caller = Caller(phone.id, chat_key(unit, phone.id), None)
            joining.join(desk, caller, made.link.split("start=")[1])
            members.append(Member(made.person.id, phone))
        return members

    members = await town.service.store.write(bring_in)
    town.people |= {one.phone.phone.person.name: one.person_id for one in members}
    return members


async def slots_now(town: Living, members: list[Member]) -> None:
    """Bring the next check-in of all of them forward to this moment."""

    def bring_forward(unit: Unit) -> None:
        for one in members:
            due.cancel(unit, one.person_id, CHECK_IN)
        due.plan(
            unit,
            [due.ToPlan(f"{one.person_id}:{CHECK_IN}", one.person_id, CHECK_IN, unit.now) for one in members],
        )

    await town.service.store.write(bring_forward)
