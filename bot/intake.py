"""Intake by polling: every update is committed to the inbox before the next getUpdates confirms it to Telegram."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

from bot.clerk import Clerk
from bot.events import event, trouble
from bot.gateway import Answer, CutOffError, Gateway
from bot.last_resort import LastResort
from bot.raw_updates import read_update
from storage import inbox
from storage.inbox import Arrived
from storage.store import Store, StoreBusyError

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
LONG_POLL_S = 25
BATCH = 100
OPEN_MOST = 1_000
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
UPDATE_ID = re.compile(rb'"update_id"\s*:\s*(\d{1,18})')


class Poller:
    """Asks Telegram for updates and keeps them. `beat` is called each time round."""

    def __init__(
        self, gateway: Gateway, store: Store, clerk: Clerk, beat: Callable[[], None], last_resort: LastResort
    ) -> None:
        self._gateway = gateway
        self._store = store
        self._clerk = clerk
        self._beat = beat
        self._last_resort = last_resort
        self._offset: int | None = None
        self.leads = True

    async def run(self) -> None:
        """Poll until cancelled. Nothing that Telegram, the network or the database does ends it."""
        wait_s = FIRST_WAIT_S
        while True:
            self._beat()
            try:
                went_well = await self._once()
            except Exception as error:  # a fault of ours; nothing else would fetch what people write
                trouble("intake.failed", error)
                went_well = False
            if went_well:
                wait_s = FIRST_WAIT_S
            else:
                await asyncio.sleep(wait_s)
                wait_s = min(LONGEST_WAIT_S, wait_s * 1.5)

    async def _once(self) -> bool:
        """One round; False when it is right to wait a little."""
        if not self.leads:  # two pollers would take turns at shutting each other out
            await asyncio.sleep(FIRST_WAIT_S)
            return True
        if self._clerk.open >= OPEN_MOST:
            await asyncio.sleep(0.02)
            return True
        answer = await self._fetch(BATCH)
        if answer is None:
            return False
        if answer.status == 200 and answer.said is None:
            return await self._one_by_one()
        updates = _updates_in(answer)
        if updates is None:
            return False
        return await self._keep([read_update(update) for update in updates])

    async def _one_by_one(self) -> bool:
        """A batch that is no JSON hides which update spoils it: fetch one alone, and set it aside if it is the one."""
        answer = await self._fetch(1)
        if answer is None:
            return False
        updates = _updates_in(answer)
        if updates is not None:
            return await self._keep([read_update(update) for update in updates])
        found = UPDATE_ID.search(answer.raw) if answer.status == 200 else None
        if found is None or not await self._set_aside(answer.raw):
            return False
        self._offset = int(found[1]) + 1
        return True

    async def _set_aside(self, raw: bytes) -> bool:
        try:
            await self._store.write(lambda unit: inbox.keep(unit, [Arrived(None, None, raw, "not_json")]))
        except StoreBusyError as error:
            trouble("intake.not_kept", error, updates=1)
            return False
        return True

    async def _fetch(self, limit: int) -> Answer | None:
        body: dict[str, Any] = {"timeout": LONG_POLL_S, "limit": limit, "allowed_updates": ALLOWED_UPDATES}
        if self._offset is not None:
            body["offset"] = self._offset
        try:
            return await self._gateway.call("getUpdates", body, wait_s=LONG_POLL_S + 10)
        except CutOffError:
            event("intake.cut_off")
            return None

    async def _keep(self, arrived: list[Arrived]) -> bool:
        if not arrived:
            return True
        try:
            fresh = await self._store.write(lambda unit: inbox.keep(unit, arrived))
        except StoreBusyError as error:
            trouble("intake.not_kept", error, updates=len(arrived))
            for one in arrived:
                self._last_resort.consider(one.body)
            return False
        ids = [one.update_id for one in arrived if one.update_id is not None]
        if ids:
            # The last of the batch, not the highest id: ids may start anew, lower.
            self._offset = ids[-1] + 1
        self._clerk.accept(fresh)
        # With no id to go on from, the same batch comes again: wait, so as not to spin.
        return bool(ids)


def _updates_in(answer: Answer) -> list[Any] | None:
    said = answer.said
    if answer.status == 200 and said is not None and isinstance(said.get("result"), list):
        return list(said["result"])
    if answer.status == 409:
        trouble("intake.another_poller_or_webhook")
    elif answer.status in (401, 404):
        trouble("intake.token_refused")
    else:
        event("intake.refused", status=answer.status)
    return None
