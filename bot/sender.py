"""The sender: the only thing that reaches people. It wakes, claims what is due, sends, records, and decides nothing.

    pending ──claim (committed)──► request ──► outcome ──record (committed)──► sent | pending | refused | unknown

Must stay true: no request leaves before its claim is committed; every claimed row gets an outcome, if not from this
process then from `recover` at the next start; one pace for everything that leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from bot.events import event, trouble
from bot.gateway import Gateway
from bot.pace import Pace
from casework import sending
from casework.desk import Desk, Office
from rules.sending import Outcome, Retry, Unknown
from storage import sends
from storage.sends import Candidate, Claimed
from storage.store import Store, StoreBusyError

IN_FLIGHT_MOST = 128
CLAIM_TOGETHER = 32
LOOK_AT_LEAST_EVERY_S = 1.0
RECORD_RETRY_S = 0.2
BUSY = 8
CLAIM_TOGETHER_S = 0.004
RECORD_TOGETHER_S = 0.01
RECORD_ON_STOP_S = 1.0


class Sender:
    """One for each bot: while another process `leads`, this one claims nothing. `beat` is called each time round."""

    def __init__(
        self,
        store: Store,
        office: Office,
        gateway: Gateway,
        pace: Pace,
        beat: Callable[[], None],
    ) -> None:
        self._store = store
        self._office = office
        self._gateway = gateway
        self._pace = pace
        self._beat = beat
        self._wake = asyncio.Event()
        self._flying: set[asyncio.Task[None]] = set()
        self._landed: list[tuple[Claimed, Outcome]] = []
        self._landing = asyncio.Event()
        self._recording = asyncio.Lock()
        self._claiming = asyncio.Lock()
        self._stopping = False
        self.leads = True

    def wake(self) -> None:
        """Something was queued."""
        self._wake.set()

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way and nothing waits to be recorded."""
        return not self._flying and not self._landed and not self._recording.locked()

    async def recover(self) -> None:
        """Before anything else: what a dead process left claimed gets the outcome *unknown*."""
        left = await self._store.write(lambda unit: sending.recover(Desk(unit, self._office)))
        if left:
            event("sender.recovered", rows=left)

    async def run(self) -> None:
        """Send until stopped. Nothing that Telegram, the network or the database does ends it."""
        recorder = asyncio.create_task(self._record_all())
        try:
            while not self._stopping:
                self._beat()
                if len(self._flying) > BUSY:  # a claim of several costs little more than a claim of one
                    await asyncio.sleep(CLAIM_TOGETHER_S)
                try:
                    async with self._claiming:
                        sent = await self._send_due()
                except Exception as error:  # a busy database, or a fault of ours; nothing else would send
                    trouble("sender.round_failed", error)
                    sent = 0
                if not sent:
                    await self._rest()
        finally:
            async with self._recording:  # cut off in its write, a batch would be neither on record nor in hand
                recorder.cancel()

    async def stop(self, within_s: float) -> None:
        """Claim no more, finish what is on its way, and record it. What cannot be recorded in time is for `recover`."""
        self._stopping = True
        self._wake.set()
        with contextlib.suppress(TimeoutError):
            # A claim that is being committed at this moment still leaves, and is waited for below.
            async with asyncio.timeout(within_s), self._claiming:
                pass
        if self._flying:
            await asyncio.wait(self._flying, timeout=within_s)
        try:
            await asyncio.wait_for(self._record(), timeout=RECORD_ON_STOP_S)
        except TimeoutError as error:
            trouble("sender.not_recorded", error, rows=len(self._landed))

    async def _rest(self) -> None:
        wait_s = LOOK_AT_LEAST_EVERY_S
        if self._pace.free() < 1 or self._pace.resting():
            wait_s = min(wait_s, self._pace.wait_s())
        try:
            await asyncio.wait_for(self._wake.wait(), timeout=wait_s)
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    async def _send_due(self) -> int:
        room = min(self._pace.free(), IN_FLIGHT_MOST - len(self._flying))
        if room < 1 or self._stopping or not self.leads:
            return 0
        resting = self._pace.resting()
        waiting = await self._store.read(lambda unit: sends.candidates(unit, room * 2, resting))
        chosen = _one_a_chat(waiting, room)
        if not chosen:
            return 0
        ids = [one.id for one in chosen]
        claimed = await self._claim(ids)
        # While the claim was committed, Telegram may have said "wait": then nothing leaves, and it is no failure.
        wait_s = self._pace.closed_for_s()
        for one in claimed:
            if wait_s > 0:
                self._land(one, Retry(wait_s))
                continue
            task = asyncio.create_task(self._send(one, self._pace.take(one.chat_key)))
            self._flying.add(task)
            task.add_done_callback(self._came_back)
        return len(chosen)

    def _came_back(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        # Not at every one: claiming a row costs nearly as much as claiming thirty.
        if len(self._flying) == IN_FLIGHT_MOST - CLAIM_TOGETHER:
            self._wake.set()

    async def _claim(self, ids: list[int]) -> list[Claimed]:
        """Claim these rows. A row that cannot be claimed is set aside, so that it holds up nobody else."""
        try:
            return await self._store.write(lambda unit: sending.claim_due(Desk(unit, self._office), ids))
        except StoreBusyError:
            raise
        except Exception as error:
            if len(ids) == 1:
                trouble("sender.row_failed", error, row=ids[0])
                await self._store.write(lambda unit: sending.set_aside(Desk(unit, self._office), ids[0]))
                return []
        return [one for row_id in ids for one in await self._claim([row_id])]

    async def _send(self, one: Claimed, left_at: float) -> None:
        outcome: Outcome = Unknown()
        try:
            outcome = await self._gateway.send(one.chat_id, one.method, one.body)
        except Exception as error:  # whatever it was, the row must not stay claimed
            trouble("sender.broke", error, row=one.id)
        self._pace.landed(left_at)
        self._learn(outcome, left_at, one.chat_key)
        self._land(one, outcome)

    def _land(self, one: Claimed, outcome: Outcome) -> None:
        self._landed.append((one, outcome))
        self._landing.set()

    def _learn(self, outcome: Outcome, left_at: float, chat_key: str) -> None:
        """What an outcome says about Telegram itself, before the database is told."""
        match outcome:
            case Retry(after_s=after_s, slows_all=True):
                self._pace.close_for(5.0 if after_s is None else after_s)
            case Unknown() | Retry():
                self._pace.stumbled(left_at, chat_key)
            case _:
                self._pace.recovered()

    async def _record_all(self) -> None:
        while True:
            await self._landing.wait()
            self._landing.clear()
            if self._flying:  # nobody waits for the record; a few more outcomes are about to come
                await asyncio.sleep(RECORD_TOGETHER_S)
            await self._record()

    async def _write_down(self, batch: list[tuple[Claimed, Outcome]]) -> None:
        """Record a batch in one Unit. When it fails, one by one, so that one row's trouble stays its own."""
        try:
            await self._store.write(lambda unit: sending.record(Desk(unit, self._office), batch))
        except StoreBusyError:
            raise
        except Exception as error:
            if len(batch) > 1:
                for one in batch:
                    await self._write_down([one])
                return
            claimed, outcome = batch[0]
            trouble("sender.outcome_failed", error, row=claimed.id)
            await self._store.write(lambda unit: sending.record_alone(Desk(unit, self._office), claimed, outcome))

    async def _record(self) -> None:
        """Write down every outcome that has come, as long as the database takes."""
        async with self._recording:
            while self._landed:
                batch, self._landed = self._landed, []
                try:
                    await self._write_down(batch)
                except StoreBusyError as error:
                    trouble("sender.not_recorded", error, rows=len(batch))
                    self._landed = batch + self._landed
                    await asyncio.sleep(RECORD_RETRY_S)


def _one_a_chat(waiting: list[Candidate], most: int) -> list[Candidate]:
    """The first of each chat, in order of importance: a chat's next message waits until it has rested."""
    chosen: dict[str, Candidate] = {}
    for one in waiting:
        if one.chat_key not in chosen and len(chosen) < most:
            chosen[one.chat_key] = one
    return list(chosen.values())
