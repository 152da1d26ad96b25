"""T1: every fault of Telegram's has one right outcome for each kind of message, seen on phones and in rows."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.gateway import Gateway
from bot.service import start_service
from bot.telegram_http import AiohttpRequest
from casework import incidents
from casework.desk import Desk
from casework.rhythms import CHECK_IN
from rules.access import Role
from rules.incidents import Cause
from rules.sending import Retry
from sandbox.bot_api import BotApi, loopback_socket
from sandbox.clock import TownClock
from sandbox.handset import Handset
from storage import due
from storage.tables import OutboxRow, Person
from storage.unit import Unit
from tests.bot.passing_time import pass_time
from tests.bot.wire import CutWire, cut_wire
from tests.living import MONDAY, Living, living, settings_for

PATIENCE_S = 0.25
KINDS = ("started", "reply", "help", "alert")
CONNECT_REFUSED = "connection refused"

# What the sandbox is told to do to one send. Two are done to the wire or the phone instead.
FAULTS: dict[str, dict[str, Any]] = {
    "429 with a wait": {"kind": "too_many", "retry_after_s": 30},
    "429 without a wait": {"kind": "too_many"},
    "400": {"kind": "error", "code": 400, "description": "Bad Request: message text is empty"},
    "401": {"kind": "error", "code": 401, "description": "Unauthorized"},
    "403 blocked": {"kind": "blocked"},
    "403 deactivated": {"kind": "deactivated"},
    "404": {"kind": "error", "code": 404, "description": "Not Found"},
    "409": {"kind": "error", "code": 409, "description": "Conflict: terminated by other getUpdates request"},
    "500": {"kind": "error", "code": 500, "description": "Internal Server Error"},
    "502": {"kind": "error", "code": 502, "body": "<html><title>502 Bad Gateway</title></html>"},
    "bad JSON": {"kind": "bad_json"},
    "reset before accepting": {"kind": "reset_before"},
    "reset after accepting": {"kind": "reset_after"},
    "accepted, no answer in time": {"kind": "hang_after"},
    CONNECT_REFUSED: {},
    "slow, in time": {"kind": "slow", "delay_ms": int(PATIENCE_S * 400)},
}

# One strike, then all is well again. A cell: state, reason (- for none), arrivals on the phone, who else is told.
ONE_STRIKE = """
fault                       | started                       | reply              | help                             | alert
429 with a wait             | sent - 1                      | sent - 1           | sent - 1                         | sent - 1
429 without a wait          | sent - 1                      | sent - 1           | sent - 1                         | sent - 1
400                         | refused bad_request 0         | refused bad_request 0 | refused bad_request 0 adviser manager | refused bad_request 0 manager
401                         | sent - 1                      | sent - 1           | sent - 1                         | sent - 1
403 blocked                 | refused blocked 0 adviser     | refused blocked 0 adviser | refused blocked 0 adviser manager | refused blocked 0 manager
403 deactivated             | refused deactivated 0 adviser | refused deactivated 0 adviser | refused deactivated 0 adviser manager | refused deactivated 0 manager
404                         | sent - 1                      | sent - 1           | sent - 1                         | sent - 1
409                         | sent - 1                      | sent - 1           | sent - 1                         | sent - 1
500                         | sent - 1                      | sent - 1           | sent - 1                         | sent - 1
502                         | unknown no_answer 0 adviser   | sent - 1           | sent - 1                         | sent - 1
bad JSON                    | unknown no_answer 0 adviser   | sent - 1           | sent - 1                         | sent - 1
reset before accepting      | unknown no_answer 0 adviser   | sent - 1           | sent - 1                         | sent - 1
reset after accepting       | unknown no_answer 1 adviser   | sent - 2           | sent - 2                         | sent - 2
accepted, no answer in time | unknown no_answer 1 adviser   | sent - 2           | sent - 2                         | sent - 2
connection refused          | sent - 1                      | sent - 1           | sent - 1                         | sent - 1
slow, in time               | sent - 1                      | sent - 1           | sent - 1                         | sent - 1
"""  # noqa: E501  # a table is read across

# It never gets better. Help stops after five tries in two minutes; an alert goes on, further and further apart.
FOR_EVER = """
fault                       | started                       | reply                 | help                                | alert
500                         | pending not_delivered 0       | pending not_delivered 0 | pending not_delivered 0 adviser manager | pending not_delivered 0
reset before accepting      | unknown no_answer 0 adviser   | unknown no_answer 0   | unknown no_answer 0 adviser manager | pending no_answer 0
accepted, no answer in time | unknown no_answer 1 adviser   | unknown no_answer 2   | unknown no_answer 5 adviser manager | pending no_answer 3
"""  # noqa: E501


def cells(table: str) -> dict[str, dict[str, str]]:
    """The table as fault → kind → cell."""
    rows = [[part.strip() for part in line.split("|")] for line in table.strip().splitlines()]
    return {row[0]: dict(zip(rows[0][1:], row[1:], strict=True)) for row in rows[1:]}


@dataclass
class Cell:
    """One message about to meet a fault: whose phone it is for, who may be told, and what sets it off."""

    town: Living
    kind: str
    target: Handset
    others: dict[str, Handset]
    set_off: Callable[[], Awaitable[object]]

    async def outcome(self, fault: dict[str, Any], wire: CutWire | None, times: int | None) -> str:
        """Strike, let three minutes pass, and say what became of it as the table does."""
        marks = {name: phone.mark() for name, phone in self.others.items()}
        began, already = self.town.clock.now(), len(self.town.api.journal)
        if wire is not None:
            await wire.cut()
        else:
            self.town.api.faults.add(**fault, chat_id=self.target.id, times=times)
        await self.set_off()
        await self._is_queued(began)
        if wire is not None:
            await pass_time(self.town, seconds=2)
            await wire.mend()
        await pass_time(self.town, minutes=3)
        self.town.api.faults.clear()
        outcome = await self._seen(began, already, marks)
        # Whatever wait this cell caused is over before the next.
        await pass_time(self.town, seconds=65)
        return outcome

    async def _seen(self, began: datetime, already: int, marks: dict[str, int]) -> str:
        row = await self.town.service.store.read(lambda unit: _row(unit, self.kind, began))
        sends = [one for one in self.town.api.journal[already:] if one.chat_id == self.target.id]
        told = sorted(name for name, phone in self.others.items() if phone.from_bot()[-1].id > marks[name])
        state, reason = ("never queued", None) if row is None else (row.state, row.reason)
        return " ".join([state, reason if reason and state != "sent" else "-", str(len(sends)), *told])

    async def _is_queued(self, began: datetime) -> None:
        for _ in range(2_000):
            if await self.town.service.store.read(lambda unit: _row(unit, self.kind, began)):
                return
            await asyncio.sleep(0.005)


def _row(unit: Unit, kind: str, since: datetime) -> OutboxRow | None:
    wanted = select(OutboxRow).where(OutboxRow.kind == kind, col(OutboxRow.queued_utc) >= since)
    return unit.session.exec(wanted.order_by(col(OutboxRow.id))).first()


async def _cell(town: Living, kind: str) -> Cell:
    """A new person, their adviser and the manager, with nothing waiting for any of them."""
    name = f"Sam{len(town.people)} Tate"
    manager, adviser = town.phone("Max"), town.phone("Jo")
    sam = await town.join(Role.CARE_LEAVER, name, by="Jo Marsh")
    await adviser.waits_for(f"{name} · joined")
    await pass_time(town, seconds=2)
    person_id = town.people[name]
    if kind == "alert":
        return Cell(town, kind, adviser, {"manager": manager}, lambda: _alert(town, person_id))
    both = {"adviser": adviser, "manager": manager}
    if kind == "started":
        return Cell(town, kind, sam, both, lambda: _slot_now(town, person_id))
    return Cell(town, kind, sam, both, lambda: sam.says("/help" if kind == "help" else "/mydata"))


async def _slot_now(town: Living, person_id: int) -> None:
    def bring_forward(unit: Unit) -> None:
        due.cancel(unit, person_id, CHECK_IN)
        due.plan(unit, [due.ToPlan(f"{person_id}:{CHECK_IN}", person_id, CHECK_IN, unit.now)])

    await town.service.store.write(bring_forward)
    await town.service.ticker.tick()


async def _alert(town: Living, person_id: int) -> None:
    def missing(unit: Unit) -> None:
        desk = Desk(unit, town.service.office)
        incidents.raise_incident(desk, unit.session.get_one(Person, person_id), Cause.MISSING_CONTACT)

    await town.service.store.write(missing)


async def _with_staff(town: Living) -> Living:
    await town.join(Role.MANAGER, "Max Head")
    await town.join(Role.ADVISER, "Jo Marsh")
    return town


@contextlib.asynccontextmanager
async def _wired(folder: Path) -> AsyncIterator[tuple[Living, CutWire]]:
    """As `living`, with a wire on the way to Telegram that can be cut; what people say comes by webhook, past it."""
    clock = TownClock(MONDAY)
    with loopback_socket(0) as plug:
        port = plug.getsockname()[1]
    async with BotApi(clock=clock) as api, cut_wire(api.port) as wire:
        hook = {"intake": "webhook", "webhook_url": f"http://127.0.0.1:{port}", "webhook_secrets": "a-secret"}
        settings = settings_for(folder, api, telegram_api=wire.url, send_wait_seconds=PATIENCE_S, port=port, **hook)
        service = await start_service(settings, clock)
        try:
            yield Living(api, service, clock, settings), wire
        finally:
            await service.stop()


async def _all_kinds(town: Living, fault: str, wire: CutWire | None, times: int | None) -> dict[str, str]:
    found = {}
    for kind in KINDS:
        cell = await _cell(town, kind)
        found[kind] = await cell.outcome(FAULTS[fault], wire, times)
    return found


@pytest.mark.parametrize("fault", FAULTS)
async def test_each_fault_has_one_right_outcome_for_each_kind(fault: str, tmp_path: Path) -> None:
    """Struck once, each kind ends in the state of the table, with that many arrivals, and those people told."""
    if fault == CONNECT_REFUSED:
        async with _wired(tmp_path) as (town, wire):
            found = await _all_kinds(await _with_staff(town), fault, wire, 1)
    else:
        async with living(tmp_path, send_wait_seconds=PATIENCE_S) as town:
            found = await _all_kinds(await _with_staff(town), fault, None, 1)
    assert found == cells(ONE_STRIKE)[fault]


@pytest.mark.parametrize("fault", cells(FOR_EVER))
async def test_a_fault_that_lasts_ends_as_its_kind_says(fault: str, tmp_path: Path) -> None:
    """What we start is held, a reply is repeated once, help five times and then a manager hears, an alert goes on."""
    async with living(tmp_path, send_wait_seconds=PATIENCE_S) as town:
        found = await _all_kinds(await _with_staff(town), fault, None, None)
    assert found == cells(FOR_EVER)[fault]


def test_the_table_is_whole() -> None:
    """Fifteen faults and one that is none, each with all four kinds."""
    assert list(cells(ONE_STRIKE)) == list(FAULTS)
    assert len(FAULTS) == 15 + 1
    assert all(tuple(row) == KINDS for row in cells(ONE_STRIKE).values())


async def test_a_name_that_does_not_resolve_is_tried_again() -> None:
    """No address for Telegram means that nothing left: Retry, within the time to connect."""
    request = AiohttpRequest()
    await request.initialize()
    try:
        gateway = Gateway("http://nowhere.invalid", "1:invented", request, 1.0)
        assert await gateway.send(1, "sendMessage", {"text": "hello"}) == Retry()
    finally:
        await request.shutdown()
