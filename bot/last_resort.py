"""Help when everything behind it has failed: the one message that does not wait for its row.

When an update cannot be kept or handled (the database is locked, full or gone, or our own code is at fault) and it asks
for help or may mean danger, the help lines go out at once, straight from constants in the code. Nothing is promised in
them that we cannot be sure of. When the fault is over the update is handled as usual, and help comes once more:
repeating it does no harm, silence may.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

import orjson

from bot.events import event
from bot.gateway import Gateway
from bot.raw_updates import read_body
from casework.desk import Office
from content import help_now
from content.help_now import Told
from rules.safety import may_be_serious
from rules.sending import Sent

TRIES = 3
WAIT_S = 2.0
REMEMBERED = 10_000
PARTS = ("message", "edited_message")


class LastResort:
    """Looks at raw updates that could not be kept or handled, and sends help where it is needed. Never raises."""

    def __init__(self, gateway: Gateway, office: Office) -> None:
        self._gateway = gateway
        self._office = office
        self._helped: OrderedDict[int, None] = OrderedDict()
        self._under_way: set[asyncio.Task[None]] = set()

    def consider(self, body: bytes) -> None:
        """Send help if this raw update asks for it; once for each update."""
        update = read_body(body)
        if update.chat_id is None or update.update_id is None or update.update_id in self._helped:
            return
        if asks_for_help(body):
            self._remember(update.update_id)
            task = asyncio.create_task(self._send(update.chat_id))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    def _remember(self, update_id: int) -> None:
        self._helped[update_id] = None
        while len(self._helped) > REMEMBERED:
            self._helped.popitem(last=False)

    async def _send(self, chat_id: int) -> None:
        office = self._office
        text = help_now.text(
            Told.UNSURE, council=office.council, duty_number=office.duty_number, duty_hours=office.duty_hours
        )
        for _ in range(TRIES):
            outcome = await self._gateway.send(chat_id, "sendMessage", {"text": text, "parse_mode": "HTML"})
            if isinstance(outcome, Sent):
                event("last_resort.help_sent")
                return
            await asyncio.sleep(WAIT_S)
        event("last_resort.help_not_sent")


def asks_for_help(body: bytes) -> bool:
    """Whether a raw update is the help command or button, or words that may mean danger."""
    update: dict[str, Any] = orjson.loads(body)
    query = update.get("callback_query")
    if isinstance(query, dict) and query.get("data") == "help":
        return True
    texts = [
        part.get(field) for part in map(update.get, PARTS) if isinstance(part, dict) for field in ("text", "caption")
    ]
    return any(isinstance(text, str) and (text.startswith("/help") or may_be_serious(text)) for text in texts)
