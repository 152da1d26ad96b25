"""A small invented town behind the pages: a real database, a clock the test turns, tokens that can be repeated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import orjson
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from sqlalchemy import select

from casework.desk import Desk, Office
from content import council
from dashboard.app import create_app
from dashboard.services import DashboardServices
from rules.access import Role
from rules.incidents import Cause, IncidentState
from storage import people, schema
from storage import sign_in as sign_in_rows
from storage.sealing import Place
from storage.store import Sources, Store
from storage.tables import AuditEntry, Bond, Incident, OutboxRow, Person, Team
from storage.unit import Unit
from tests.databases import MASTERS, SeededBytes, StillClock

T = TypeVar("T")
SATURDAY = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ORIGIN = "https://pages.brackwater.test"
OFFICE = Office(pack=council.load(council.BUILT_IN / "brackwater"), bot_username="brackwater_bot", web_url=ORIGIN)
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}


@dataclass
class Town:
    """Advisers Jo and Lee with their manager Asha in one team; Max, who manages another."""

    store: Store
    clock: StillClock
    random: SeededBytes
    services: DashboardServices
    app: FastAPI
    folder: Path
    ids: dict[str, int] = field(default_factory=dict)

    def write(self, work: Callable[[Unit], T]) -> T:
        """Change something behind the pages' back."""
        return self.store.write_now(work)

    def read(self, work: Callable[[Unit], T]) -> T:
        """Look at the rows."""
        return self.store.read_now(work)

    def desk(self, unit: Unit) -> Desk:
        return Desk(unit, self.services.office)

    def add_person(self, name: str, role: Role, team: str | None, adviser: str = "", state: str = "active") -> int:
        """Someone new. Staff sign in with their first name in small letters."""
        self.ids[name] = self.write(lambda unit: _add(unit, self, name, role, team, adviser, state))
        return self.ids[name]

    def open_incident(self, name: str, cause: Cause = Cause.MISSING_CONTACT) -> int:
        """An incident about someone that nobody has acknowledged."""

        def add(unit: Unit) -> int:
            person_id = self.ids[name]
            incident = Incident(
                id=unit.new_id(),
                person_id=person_id,
                cause=cause,
                state=IncidentState.OPEN,
                open_key=f"{person_id}:{cause}",
                opened_utc=unit.now,
            )
            unit.session.add(incident)
            return incident.id

        return self.write(add)

    def browser(self, **headers: str) -> AsyncClient:
        """A browser with no cookies yet, that says of every request that one of our own pages sent it."""
        # The address of the network is not the page's: it is who asks.
        return AsyncClient(
            transport=ASGITransport(app=self.app, raise_app_exceptions=True),
            base_url=ORIGIN,
            headers=FROM_OUR_PAGE | headers,
            follow_redirects=False,
        )

    def link_sent_to(self, name: str) -> str:
        """The path of the newest sign-in link in this person's chat."""
        texts = self.messages_to(name, "sign_in")
        return texts[-1].split(self.services.origin)[1].split('"')[0].split()[0]

    def messages_to(self, name: str, kind: str) -> list[str]:
        """The bodies of the messages of one name queued for a person, oldest first."""

        def find(unit: Unit) -> list[str]:
            owner = self.ids[name]
            rows = unit.session.scalars(
                select(OutboxRow).where(OutboxRow.person_id == owner, OutboxRow.name == kind)  # type: ignore[arg-type]
            )
            return [
                orjson.dumps(
                    orjson.loads(unit.open_bytes(owner, Place("outbox", "body", row.id), row.body_sealed or b""))
                ).decode()
                for row in sorted(rows, key=lambda row: row.id)
            ]

        return self.read(find)

    def bytes_on_disk(self) -> bytes:
        """Everything the database has written, its log included."""
        return b"".join(path.read_bytes() for path in self.folder.iterdir())

    def acts(self, act: str) -> list[AuditEntry]:
        """The audit entries of one kind."""
        return self.read(
            lambda unit: list(unit.session.scalars(select(AuditEntry).where(AuditEntry.act == act)))  # type: ignore[arg-type]
        )

    async def signed_in(self, name: str) -> AsyncClient:
        """A browser in which this member of staff has just signed in, through the pages."""
        browser = self.browser()
        await browser.post("/sign-in", data={"sign_in_name": name.split()[0].lower()})
        spent = await spend(browser, self.link_sent_to(name))
        assert spent.status_code == 303, spent.text
        return browser


async def spend(browser: AsyncClient, path: str) -> Response:
    """Open a link's page and press its button."""
    shown = await browser.get(path)
    proof = shown.text.split('name="proof" value="')[1].split('"')[0]
    return await browser.post(path, data={"proof": proof})


def _add(unit: Unit, town: Town, name: str, role: Role, team: str | None, adviser: str, state: str) -> int:
    team_id = None if team is None else _team(unit, team)
    person = Person(id=unit.new_id(), role=role, state=state, team_id=team_id, invited_utc=unit.now)
    unit.session.add(person)
    unit.session.flush()
    unit.make_key(person.id)
    people.set_name(unit, person, name)
    if state == "active":
        person.joined_utc = unit.now
        people.set_telegram(unit, person, 7_000_000 + len(town.ids))
    if role.is_staff:
        person.sign_in_key = sign_in_rows.sign_in_key(unit, name.split()[0])
    if adviser:
        bond = Bond(id=unit.new_id(), person_id=person.id, adviser_id=town.ids[adviser], since_utc=unit.now)
        unit.session.add(bond)
    return person.id


def _team(unit: Unit, name: str) -> int:
    found = unit.session.scalars(select(Team).where(Team.name == name)).first()  # type: ignore[arg-type]
    if found is None:
        found = Team(id=unit.new_id(), name=name)
        unit.session.add(found)
        unit.session.flush()
    return found.id


@asynccontextmanager
async def open_town(
    folder: Path,
    *,
    least_answer_s: float = 0.0,
    web_url: str = ORIGIN,
    insecure_cookies: bool = False,
    database_url: str = "",
) -> AsyncIterator[Town]:
    """The town, with its five members of staff and three people; closed again afterwards."""
    clock, random = StillClock(SATURDAY), SeededBytes("town")
    url = database_url or f"sqlite:///{folder / 'town.db'}"
    schema.upgrade(url)
    store = Store.open(url, MASTERS, Sources(clock, random, random.token))
    office = replace(OFFICE, web_url=web_url)
    services = DashboardServices(store, clock, random.token, office, insecure_cookies, least_answer_s)
    town = Town(store, clock, random, services, create_app(services), folder)
    for name, role, team, adviser in STAFF_AND_PEOPLE:
        town.add_person(name, role, team, adviser)
    try:
        yield town
    finally:
        store.close()


STAFF_AND_PEOPLE = (
    ("Asha Bell", Role.MANAGER, "North", ""),
    ("Jo Marsh", Role.ADVISER, "North", ""),
    ("Lee Amari", Role.ADVISER, "North", ""),
    ("Max Stone", Role.MANAGER, "South", ""),
    ("Ola Finch", Role.ADVISER, "South", ""),
    ("Sam T.", Role.CARE_LEAVER, "North", "Jo Marsh"),
    ("Kit R.", Role.CARE_LEAVER, "North", "Lee Amari"),
    ("Dee W.", Role.CARE_LEAVER, "South", "Ola Finch"),
)
