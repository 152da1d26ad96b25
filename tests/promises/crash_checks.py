"""What must be true after every play, whatever its scenario and wherever its lives ended."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select, text

from bot.service import open_store
from bot.settings import Settings
from rules.incidents import Cause
from sandbox.bot_api import BotApi
from sandbox.crash import HeldError, Play, Town
from sandbox.shared_clock import SharedClock
from sandbox.world import FIRST_PERSON_ID, World
from storage import audit
from storage.tables import AuditEntry, Due, InboxRow, Incident, OutboxRow
from storage.unit import Unit
from tests.promises.crash_scenarios import Scenario, differs
from tests.promises.crash_stage import MONDAY, TOKEN, Stage, StageClock, copy_stage, settings_in

T = TypeVar("T")
SHOWS = ("sendmessage", "sendphoto")


class Ready:
    """A scenario with its stage made ready once, to be played many times."""

    def __init__(self, scenario: Scenario, folder: Path, began_utc: datetime = MONDAY) -> None:
        self.scenario = scenario
        self.folder = folder
        folder.mkdir()
        stage = Stage(folder, StageClock(began_utc))
        scenario.stage(stage)
        stage.close()
        # A second later, so that rows of the stage and rows of the play are told apart.
        self.begins_utc = stage.clock.turn(timedelta(seconds=1))
        self.joined = stage.joined

    def asked(self, town: Town, question: Callable[[Unit], T]) -> T:
        """The answer of the database in `town`, which no service has open any more."""
        settings = Settings(**town.settings, _env_file=None)
        store = open_store(settings, town.clock)
        try:
            return store.read_now(question)
        finally:
            store.close()


def world_of(ready: Ready, clock: SharedClock) -> World:
    """The phones of everybody who has joined."""
    world = World(TOKEN, clock)
    for name, telegram_id in ready.joined.items():
        world.add_person(name.split()[0], person_id=telegram_id, started=True)
    assert min(world.phones) == FIRST_PERSON_ID
    return world


async def played(
    address: str, ready: Ready, folder: Path, kills: Sequence[int], *, webhook: bool = False
) -> tuple[Play, list[str]]:
    """Play a scenario through with its lives ending at `kills`; the play, and every fault that was found."""
    copy_stage(ready.folder, folder)
    clock = SharedClock.starting(folder / "clock", ready.begins_utc)
    world = world_of(ready, clock)
    async with BotApi(clock=clock, world=world) as api:
        more = _by_webhook(api) if webhook else {}
        town = Town(address, folder, clock, api, settings_in(folder, telegram_api=api.root_url, **more))
        async with Play(town, kills) as play:
            try:
                await ready.scenario.play(play)
            except HeldError as held:
                play.held = str(held)
            await play.settle()
        return play, await asyncio.to_thread(faults_of, ready, play)


def _by_webhook(api: BotApi) -> dict[str, str]:
    api.app.webhook.first_wait_s, api.app.webhook.longest_wait_s = 0.02, 0.1
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    return {"intake": "webhook", "webhook_url": url, "webhook_secrets": "a-secret-of-the-sandbox", "port": str(port)}


def faults_of(ready: Ready, play: Play) -> list[str]:
    """Open what the last life left, and find everything that should not be."""
    return ready.asked(play.town, lambda unit: _faults(ready, play, unit))


def _faults(ready: Ready, play: Play, unit: Unit) -> list[str]:
    outgoing = [one for one in unit.session.scalars(select(OutboxRow)) if one.queued_utc >= ready.begins_utc]
    return [
        *differs("integrity", unit.session.execute(text("PRAGMA integrity_check")).scalar_one(), "ok"),
        *differs("first break in the audit chain", audit.first_break(unit), None),
        *_lost(play, outgoing, unit),
        *_repeated(ready, play, outgoing),
        *_not_shown(play, outgoing, unit),
        *_left_waiting(play, outgoing, unit),
        *_acts(ready, play, unit),
        *ready.scenario.check(play, unit),
    ]


def _lost(play: Play, outgoing: list[OutboxRow], unit: Unit) -> list[str]:
    """R1: an update is in the inbox at each death once Telegram believes so, and is done and answered at the end."""
    answered = {one.key.split(":")[1] for one in outgoing if one.kind == "reply" and one.state in ("sent", "unknown")}
    lost = [f"lost at death {at + 1}: {one.lost}" for at, one in enumerate(play.autopsies) if one.lost]
    kept = {row.update_id: row for row in unit.session.scalars(select(InboxRow))}
    for update_id in play.town.made_ids():
        row = kept.get(update_id)
        if row is None or row.state != "done":
            lost.append(f"update {update_id} is {'not there' if row is None else row.state}")
        elif str(row.seq) not in answered:
            lost.append(f"update {update_id} was never answered")
    return lost


def _repeated(ready: Ready, play: Play, outgoing: list[OutboxRow]) -> list[str]:
    """R2, at the receiver: nothing we started is on a phone twice, and nothing is there oftener than it was cut."""
    journal = play.town.api.journal
    shown = [one for one in journal if one.method in SHOWS]
    faults = []
    for words in ready.scenario.once:
        often = Counter(one.chat_id for one in shown if words in one.text)
        faults += [f"{words!r} is {count} times on phone {chat}" for chat, count in often.items() if count > 1]
    sends = [one for one in outgoing if one.method.lower() in SHOWS]
    least = sum(1 for one in sends if one.state == "sent")
    keys = {one.key for one in sends}
    most = least + sum(count for key, count in play.ambiguous.items() if key in keys)
    if not least <= len(shown) <= most:
        faults.append(f"{len(shown)} messages on phones, where rows say {least} to {most}")
    return faults


def _not_shown(play: Play, outgoing: list[OutboxRow], unit: Unit) -> list[str]:
    """R2, in the rows: unknown is exactly what was cut (a reply: cut twice), and the adviser has been told of it."""
    cut = play.ambiguous
    faults = []
    for one in outgoing:
        wanted = cut[one.key] >= 1 if one.kind == "started" else one.kind == "reply" and cut[one.key] >= 2
        if (one.state == "unknown") is not wanted:
            faults.append(f"{one.kind} {one.name} cut {cut[one.key]} times is {one.state}")
    unknown = {one.person_id for one in outgoing if one.state == "unknown" and one.kind == "started"}
    told = {one.person_id for one in unit.session.scalars(select(Incident)) if one.cause == Cause.UNKNOWN_SEND}
    faults += [f"nobody was told of an unknown send to {one}" for one in unknown - told]
    if play.held and not any(one.state == "unknown" for one in outgoing):
        faults.append(f"{play.held!r} never came, and nothing is unknown:\n{play.town.log()}")
    return faults


def _left_waiting(play: Play, outgoing: list[OutboxRow], unit: Unit) -> list[str]:
    """R5: at rest nothing is claimed, nothing waits that is due, and nothing planned was set aside."""
    now = play.town.clock.now()
    late = [one for one in outgoing if one.state == "claimed" or (one.state == "pending" and one.due_utc <= now)]
    faults = [f"{one.kind} {one.name} is left {one.state}" for one in late]
    for due in unit.session.scalars(select(Due)):
        if due.failed is not None or due.due_utc <= now:
            faults.append(f"{due.what} is left over: {due.failed}")
    return faults


def _acts(ready: Ready, play: Play, unit: Unit) -> list[str]:
    """Everything people did is on record exactly as often as they did it, and nothing else is."""
    entries = unit.session.scalars(select(AuditEntry))
    found = Counter(one.act for one in entries if one.actor_id is not None and one.at_utc >= ready.begins_utc)
    return differs("acts on record", dict(found), {act: often for act, often in play.acts.items() if often})
