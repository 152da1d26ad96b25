"""D6: no worker sees a person outside their caseload, by any route, id, filter or count; nobody else sees anyone."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

import pytest
from httpx2 import AsyncClient

from casework import sign_in
from rules.access import Role, Subject, Viewer, may_see
from storage.queries import Unit
from storage.queries.caseload import Order, Show, Wanted, caseload
from storage.queries.scope import sees
from storage.tables import Person, WebSession
from tests.dashboard.routes import Address, addresses
from tests.dashboard.town import Town

SUBJECTS = ("Sam T.", "Kit R.", "Dee W.", "Rae G.", "nobody")
# Sam is Jo's, Kit a colleague's in the team, Dee in another team, Rae was erased; and an id nobody has.
MAY: dict[str, set[str]] = {
    "Jo Marsh": {"Sam T."},
    "Asha Bell": {"Sam T.", "Kit R."},
    "Max Stone": {"Dee W."},
    "Sam T.": set(),
    "stranger": set(),
}
SENT = {
    "/people/{person_id}/contact": {"channel": "call", "outcome": "tried", "day-chosen": "today"},
    "/incidents/{incident_id}/close": {"outcome": "spoke"},
}


@dataclass(frozen=True)
class Cell:
    """One square of the matrix."""

    who: str
    address: Address
    about: str

    @property
    def allowed(self) -> bool:
        return self.about in MAY[self.who]

    @property
    def signed_in(self) -> bool:
        return bool(MAY[self.who])


async def browsers(town: Town) -> dict[str, AsyncClient]:
    """The five who try: three signed in, a care leaver with a session row of their own, and somebody with nothing."""
    made = {name: await town.signed_in(name) for name in ("Jo Marsh", "Asha Bell", "Max Stone")}
    town.write(lambda unit: unit.session.add(_forged(unit, town.ids["Sam T."])))
    made["Sam T."], made["stranger"] = town.browser(), town.browser()
    made["Sam T."].cookies.set("__Host-session", "forged", domain="pages.brackwater.test")
    return made


def _forged(unit: Unit, person_id: int) -> WebSession:
    return WebSession(
        id_hash=sign_in.hash_of("forged"),
        person_id=person_id,
        role=Role.CARE_LEAVER,
        started_utc=unit.now,
        seen_utc=unit.now,
    )


def erase(unit: Unit, person_id: int) -> None:
    """As erasure leaves a person: the row, without anything that can be opened."""
    unit.session.get_one(Person, person_id).state = "erased"
    unit.destroy_key(person_id)


async def test_every_cell_of_the_matrix(town: Town) -> None:
    """For every route about a person, every role and every person: shown or done when allowed, else one and the same
    404; and to those who are not signed in, the way to sign in, whoever it is about."""
    town.add_person("Rae G.", Role.CARE_LEAVER, "North", "Jo Marsh")
    ids = {name: town.ids.get(name, 424_242) for name in SUBJECTS}
    incidents = {name: town.open_incident(name) for name in SUBJECTS if name != "nobody"} | {"nobody": 434_343}
    town.write(lambda unit: erase(unit, town.ids["Rae G."]))
    tries = await browsers(town)
    about_someone = [each for each in addresses(town.app) if each.is_about_someone]
    cells = [Cell(who, address, about) for who in MAY for address in about_someone for about in SUBJECTS]
    assert len(cells) == 5 * 5 * 5
    wrong, refusals = [], set()
    for cell in cells:
        path = cell.address.fill(ids[cell.about], incidents[cell.about])
        answer = await tries[cell.who].request(cell.address.method, path, data=SENT.get(cell.address.path))
        expected = (200 if cell.address.is_safe else 303) if cell.allowed else 404 if cell.signed_in else 303
        if answer.status_code != expected:
            wrong.append((cell, answer.status_code))
        if answer.status_code == 404:
            refusals.add((answer.content, tuple(sorted(answer.headers.items()))))
        if not cell.signed_in:
            assert answer.headers["location"] == "/sign-in"
        for name in set(SUBJECTS) - MAY[cell.who]:
            assert name not in answer.text
    assert wrong == []
    plain = await tries["Jo Marsh"].get("/no/such/page")
    refusals.add((plain.content, tuple(sorted(plain.headers.items()))))
    assert len(refusals) == 1


async def test_every_other_route_names_nobody_out_of_sight(town: Town) -> None:
    """Routes that are about nobody in particular show no name that the role may not see."""
    tries = await browsers(town)
    others = [each for each in addresses(town.app) if each.is_safe and not each.is_about_someone]
    assert {"/", "/people", "/sign-in"} <= {each.path for each in others}
    for who, browser in tries.items():
        for address in others:
            shown = (await browser.get(address.fill())).text
            for name in {"Sam T.", "Kit R.", "Dee W."} - MAY[who]:
                assert name not in shown, f"{name} to {who} at {address.path}"


@pytest.mark.parametrize("who", ["Jo Marsh", "Asha Bell", "Max Stone"])
async def test_filters_counts_and_pages_stay_in_sight(town: Town, who: str) -> None:
    """No filter, order, adviser or page number widens the list, and the totals count only people in sight."""
    for name in ("Sam T.", "Kit R.", "Dee W."):
        town.open_incident(name)
    browser = await town.signed_in(who)
    advisers = ["", *(str(town.ids[name]) for name in ("Jo Marsh", "Lee Amari", "Ola Finch")), "0", "x", "9" * 30]
    for state in [*(each.value for each in Show), "nonsense"]:
        for adviser in advisers:
            asked = {"state": state, "adviser": adviser, "order": "name", "page": "7"}
            shown = (await browser.get("/people", params=asked)).text
            for name in {"Sam T.", "Kit R.", "Dee W."} - MAY[who]:
                assert name not in shown
            everyone = re.search(r'number">(\d+)</span> <span class="kit-total__words">Everyone', shown)
            assert everyone is not None
            assert int(everyone[1]) <= len(MAY[who])


async def test_random_ids_find_nobody(town: Town) -> None:
    """Hundreds of made-up ids, near real ones and far, give the one 404."""
    jo = await town.signed_in("Jo Marsh")
    ids = random.Random(6)
    real = set(town.ids.values())
    near = [each + step for each in real for step in (-2, -1, 1, 2) if each + step not in real]
    far = [ids.randrange(2**63) for _ in range(200)]
    strange = ["0", "-1", str(2**63), "9" * 40, "1e3", "%00", "1.0", "None", "١"]
    expected = (await jo.get("/no/such/page")).content
    for each in [*near, *far, *strange]:
        answer = await jo.get(f"/people/{each}")
        assert (answer.status_code, answer.content) == (404, expected)


async def test_the_query_says_what_the_rule_says(town: Town) -> None:
    """For every pair of viewer and person, what the queries find is what rules/access.py allows."""
    town.add_person("Rae G.", Role.CARE_LEAVER, "North", "Jo Marsh")
    town.write(lambda unit: erase(unit, town.ids["Rae G."]))
    town.add_person("Una V.", Role.CARER, "North", "Jo Marsh", state="invited")
    bonds = {
        "Sam T.": "Jo Marsh",
        "Kit R.": "Lee Amari",
        "Dee W.": "Ola Finch",
        "Rae G.": "Jo Marsh",
        "Una V.": "Jo Marsh",
    }

    def check(unit: Unit) -> int:
        compared = 0
        rows = {name: unit.session.get_one(Person, person_id) for name, person_id in town.ids.items()}
        for viewing in rows.values():
            viewer = Viewer(viewing.id, Role(viewing.role), viewing.team_id)
            listed = {each.id for each in caseload(viewer, unit, Wanted(order=Order.NAME)).people}
            for name, row in rows.items():
                if Role(row.role).is_staff:
                    assert not sees(viewer, unit, row.id)
                    continue
                advisers = frozenset({town.ids[bonds[name]]})
                subject = Subject(row.id, Role(row.role), row.team_id, advisers, erased=row.state == "erased")
                assert sees(viewer, unit, row.id) == may_see(viewer, subject) == (row.id in listed)
                compared += 1
        return compared

    assert town.read(check) == 10 * 5
