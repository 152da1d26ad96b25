"""The clerk: takes kept updates to their handlers, one person's in order, different people's side by side.

    inbox ──► waiting line of its chat ──► python-telegram-bot's handlers ──► one Unit (take + decide + queue)
                                               ├── not ours yet, or the database is busy: again in a moment
                                               └── an error of ours: three tries, then quarantine, and we say so

Must stay true: the lines in memory may be lost at any time; `sweep` fills them again from the inbox.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from telegram import Update
from telegram.ext import Application, CallbackContext

from bot.events import event, trouble
from bot.last_resort import LastResort
from bot.raw_updates import read_body
from casework import reachability
from casework.caller import Caller, who_calls
from casework.desk import Desk, Office
from casework.resting import SendInHandError
from content.message import Message
from content.words import words
from handlers.turn import Act, Turn, turn_of
from rules.retry import MOST_FAILURES
from storage import inbox
from storage.inbox import NotOursError, Waiting
from storage.store import Store, StoreBusyError
from storage.unit import Unit

AT_ONCE = 64
SWEEP_MOST = 1_000
WAIT_FOR_SEND_S = 0.05
WAIT_FOR_SEND_MOST = 300
WAIT_FOR_STORE_S = 0.5
WAIT_AFTER_FAILURE = timedelta(seconds=1)


@dataclass(slots=True)
class Hearing:
    """One update while it is handled. `settled`: its row is done, or another process's; `error`: what went wrong."""

    waiting: Waiting
    settled: bool = False
    error: Exception | None = None

    def begin(self) -> None:
        """Forget how the try before this one went."""
        self.error = None


HEARING: ContextVar[Hearing] = ContextVar("hearing")


async def _remember(_update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """An error outside our handlers, as in a filter: python-telegram-bot would log it and call the update done."""
    hearing = HEARING.get()
    hearing.error = hearing.error or context.error


class Clerk:
    """Hands updates to the application's handlers. `on_callback` is told the id of each pressed button."""

    def __init__(
        self,
        store: Store,
        office: Office,
        application: Application[Any, Any, Any, Any, Any, Any],
        on_callback: Callable[[str], None],
        last_resort: LastResort,
    ) -> None:
        self._store = store
        self._office = office
        self._application = application
        application.add_error_handler(_remember)
        self._on_callback = on_callback
        self._last_resort = last_resort
        self._lines: dict[str, deque[Waiting]] = {}
        self._known: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._stopping = False

    @property
    def open(self) -> int:
        """How many updates are in hand: the intake stops fetching when there are too many."""
        return len(self._known)

    def accept(self, arrived: list[Waiting]) -> None:
        """Put kept updates in line. Those already in line are passed over."""
        for waiting in arrived:
            if waiting.seq in self._known or self._stopping:
                continue
            self._known.add(waiting.seq)
            line = waiting.chat_key or f"alone:{waiting.seq}"
            if line in self._lines:
                self._lines[line].append(waiting)
            else:
                self._lines[line] = deque([waiting])
                task = asyncio.create_task(self._work(line))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def sweep(self) -> None:
        """Put in line whatever the inbox holds that is not: at start-up, after failures, and from other processes."""
        if self.open < SWEEP_MOST:
            self.accept(await self._store.read(lambda unit: inbox.waiting(unit, SWEEP_MOST)))

    async def stop(self, within_s: float) -> None:
        """Finish what is being handled and leave the rest in the inbox."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within_s)
        for task in self._tasks:
            task.cancel()

    async def _work(self, line: str) -> None:
        queue = self._lines[line]
        try:
            while queue and not self._stopping:
                async with self._room:
                    settled = await self._handle(queue[0])
                self._known.discard(queue.popleft().seq)
                if not settled:
                    # Whoever asks for help must not wait behind a message that cannot be handled.
                    for held_up in queue:
                        self._last_resort.consider(held_up.body)
                    break
        finally:
            # What is left of the line waits for the next sweep, so that nothing overtakes what was not settled.
            self._known.difference_update(waiting.seq for waiting in queue)
            del self._lines[line]

    async def _handle(self, waiting: Waiting) -> bool:
        """Handle one update; True when its row is settled and the next of the same person may go on."""
        hearing = Hearing(waiting)
        HEARING.set(hearing)
        try:
            update = Update.de_json(orjson.loads(waiting.body), self._application.bot)
        except Exception as error:  # of many kinds: measured, half of all mutated updates make the parser raise
            self._last_resort.consider(waiting.body)
            return await self._failed(hearing, error, attempts_allowed=1)
        for _ in range(WAIT_FOR_SEND_MOST):
            hearing.begin()
            await self._process(hearing, update)
            if not isinstance(hearing.error, SendInHandError):
                break
            await asyncio.sleep(WAIT_FOR_SEND_S)
        return await self._settle(hearing, update)

    async def _process(self, hearing: Hearing, update: Update) -> None:
        try:
            await self._application.process_update(update)
        except Exception as error:  # its own bookkeeping breaks on an id that is no number; the line must go on
            hearing.error = hearing.error or error

    async def _settle(self, hearing: Hearing, update: Update) -> bool:
        if update.callback_query is not None:
            self._on_callback(update.callback_query.id)
        if hearing.settled:
            return True
        if hearing.error is None:
            await self._take_only(hearing)
            return hearing.settled
        if isinstance(hearing.error, NotOursError):
            return False
        self._last_resort.consider(hearing.waiting.body)
        if isinstance(hearing.error, StoreBusyError):
            trouble("update.store_busy", hearing.error)
            await asyncio.sleep(WAIT_FOR_STORE_S)
            return False
        return await self._failed(hearing, hearing.error, attempts_allowed=MOST_FAILURES)

    async def answer(self, update: Update, act: Act) -> None:
        """Run `act` in one Unit that also marks the update done. This is the one write a handler makes."""
        hearing = HEARING.get()
        try:
            await self._store.write(lambda unit: self._decide(unit, hearing.waiting, update, act))
            hearing.settled = True
        except Exception as error:  # kept for `_settle`; python-telegram-bot would swallow it
            hearing.error = error

    def _decide(self, unit: Unit, waiting: Waiting, update: Update, act: Act) -> None:
        inbox.take(unit, waiting.seq, waiting.chat_key)
        account = update.effective_chat or update.effective_user
        if account is None:
            return
        if not isinstance(account.id, int):  # a number too large for JSON's readers comes as a fraction
            raise TypeError("an account's id is a whole number")
        desk = Desk(unit, self._office)
        caller = who_calls(desk, account.id, waiting.chat_key or "")
        if caller.person is not None and update.my_chat_member is None:
            reachability.found(desk, caller.person)  # whoever writes or presses has not blocked us
        act(turn_of(update, desk, caller, waiting.seq))

    async def _take_only(self, hearing: Hearing) -> None:
        """No handler wanted this update: it is done all the same."""
        waiting = hearing.waiting
        try:
            await self._store.write(lambda unit: inbox.take(unit, waiting.seq, waiting.chat_key))
            hearing.settled = True
        except (NotOursError, StoreBusyError) as error:
            trouble("update.not_taken", error)

    async def _failed(self, hearing: Hearing, error: Exception, *, attempts_allowed: int) -> bool:
        kind = type(error).__name__
        trouble("update.failed", error, seq=hearing.waiting.seq)
        try:
            last = await self._store.write(lambda unit: self._fail(unit, hearing.waiting, kind, attempts_allowed))
        except StoreBusyError:
            return False
        if last:
            event("update.quarantined", seq=hearing.waiting.seq)
        return last

    def _fail(self, unit: Unit, waiting: Waiting, kind: str, attempts_allowed: int) -> bool:
        last = inbox.fail(unit, waiting.seq, kind, attempts_allowed=attempts_allowed, wait=WAIT_AFTER_FAILURE)
        chat_id = read_body(waiting.body).chat_id if last else None
        if chat_id is not None and chat_id > 0:
            desk = Desk(unit, self._office)
            # No look-up of the person: that may be the very thing that fails.
            turn = Turn(desk, Caller(chat_id, waiting.chat_key or "", None), waiting.seq)
            office = self._office
            sorry = words(
                "sorry.went_wrong", council=office.council, duty_number=office.duty_number, hours=office.duty_hours
            )
            turn.say(Message(sorry))
        return last
