"""A running service that takes its updates by webhook, and someone at its door."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from httpx2 import AsyncClient, Response
from sqlmodel import select

from bot.service import start_service
from bot.webhook import PATH, SECRET_HEADER
from sandbox.bot_api import BotApi, loopback_socket
from sandbox.clock import TownClock
from storage.tables import InboxRow
from tests.living import MONDAY, Living, settings_for

SECRET, OLD_SECRET = "new-secret-canary", "old-secret-canary"
SAM_ID = 900_000_001


@dataclass
class Hooked:
    """The service, and a client at the address Telegram would post to."""

    town: Living
    door: AsyncClient

    async def post(
        self, body: bytes | dict[str, Any], secret: str | bytes | None = SECRET, path: str = PATH
    ) -> Response:
        """Post as Telegram would, with this secret or none."""
        given = secret.encode() if isinstance(secret, str) else secret
        headers: Sequence[tuple[bytes, bytes]] = [] if given is None else [(SECRET_HEADER.encode(), given)]
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        return await self.door.post(path, content=content, headers=headers)

    async def kept(self) -> list[InboxRow]:
        """Every row of the inbox."""
        return await self.town.service.store.read(lambda unit: list(unit.session.exec(select(InboxRow))))

    async def quarantined(self) -> int:
        """How many updates are in quarantine, as the health page says it."""
        return int((await self.door.get("/health")).json()["inbox"]["quarantined"])


@contextlib.asynccontextmanager
async def hooked(folder: Path) -> AsyncIterator[Hooked]:
    """A running service with both secrets in force, that lives in `folder`."""
    with loopback_socket(0) as plug:
        port = plug.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    clock = TownClock(MONDAY)
    async with BotApi(clock=clock) as api, AsyncClient(base_url=url, timeout=30) as door:
        secrets = f"{SECRET},{OLD_SECRET}"
        settings = settings_for(folder, api, intake="webhook", webhook_url=url, webhook_secrets=secrets, port=port)
        service = await start_service(settings, clock)
        while not service.web.started:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.005)
        try:
            yield Hooked(Living(api, service, clock, settings), door)
        finally:
            await service.stop()


def said(update_id: int, text: str = "/start", chat_id: int = SAM_ID) -> dict[str, Any]:
    """A message as Telegram posts it."""
    person = {"id": chat_id, "is_bot": False, "first_name": "Sam"}
    chat = {"id": chat_id, "type": "private", "first_name": "Sam"}
    message = {"message_id": 1, "from": person, "chat": chat, "date": 1_795_428_000, "text": text}
    return {"update_id": update_id, "message": message}
