"""Sends per second through the outbox: claimed, sent and recorded, by the whole service on one core."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bench.figures import spread
from bench.processes import StubServer, service
from bench.table import Row
from bench.town import Settled, Settler
from bot.clock import SystemClock
from content.message import Message
from rules.sending import Kind
from storage import outbox
from storage.outbox import ToSend
from storage.unit import Unit

SENDS = 2_000
ROUND_TRIP_MS = 50
AIM_PER_S = 1_000


def measure(folder: Path, stub: StubServer, turns: int) -> list[Row]:
    """The rows of this measure."""
    per_s, missing, busy = [], 0, []
    for turn in range(turns):
        home = folder / f"queued{turn}"
        _queue(home)
        stub.start(answer_ms=ROUND_TRIP_MS)
        with service(stub, home) as ours:
            sent = stub.wait("sends", SENDS, within_s=60)
            busy.append(ours.cpu_s())
        per_s.append(sent["sends_per_s"])
        missing += SENDS - sent["sends"]
    met = sorted(per_s)[len(per_s) // 2] >= AIM_PER_S
    return [
        Row("sends/s through the outbox, one core, 50 ms round trip", spread(per_s), f"{AIM_PER_S:,}", met),
        Row("sends through the outbox: not sent", str(missing), "0", missing == 0),
    ]


def _queue(home: Path) -> None:
    """A database with a message waiting for each of so many people. Urgent, so that the hour does not matter."""
    clock = SystemClock()
    settler = Settler(home, clock)
    team = settler.team("Leaving Care", SENDS, clock.now() + timedelta(days=300))
    settler.store.write_now(lambda unit: outbox.add(unit, _messages(unit, team)))
    settler.store.close()


def _messages(unit: Unit, team: Settled) -> list[ToSend]:
    text = Message("Hi Sam. Jo wanted to know how your week's been.").text
    return [
        ToSend(
            key=f"bench:{person_id}",
            kind=Kind.ALERT.value,
            priority=Kind.ALERT.priority,
            name="note",
            method="sendMessage",
            body={"parse_mode": "HTML", "text": text},
            person_id=person_id,
            chat_key=unit.look_up_key("telegram", chat),
            urgent=True,
        )
        for person_id, chat in zip(team.people_ids, team.chats, strict=True)
    ]
