"""Pushing updates: the secret, the order, and trying again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiogram
import pytest
import telegram
from aiogram.exceptions import TelegramBadRequest
from aiohttp import web

from sandbox.bot_api import BotApi
from sandbox.clock import monotonic
from sandbox.handset import Handset


@dataclass
class Receiver:
    """The bot's own door: answers with the statuses it is given, then 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    got: list[tuple[str, int, float]] = field(default_factory=list)
    secrets: set[str | None] = field(default_factory=set)
    at_once: int = 0
    most_at_once: int = 0
    takes_s: float = 0.0

    async def receive(self, request: web.Request) -> web.Response:
        """One delivery."""
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        update: dict[str, Any] = await request.json()
        await asyncio.sleep(self.takes_s)
        status = self.statuses.pop(0) if self.statuses else 200
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.got.append((update["message"]["text"], status, monotonic()))
        self.at_once -= 1
        return web.Response(status=status)

    async def until(self, count: int) -> list[str]:
        """The texts, once so many deliveries came."""
        ends = monotonic() + 5
        while len(self.got) < count:
            assert monotonic() < ends, self.got
            await asyncio.sleep(0.01)
        return [text for text, _, _ in self.got]


@pytest.fixture
async def door() -> AsyncIterator[Receiver]:
    """A receiver on a free port."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_delivered_with_the_secret_and_tried_again_in_order(
    api: BotApi, ptb: telegram.Bot, sam: Handset, door: Receiver
) -> None:
    """Two failures are tried again after growing waits, what follows in the chat waits, and nothing is left pending."""
    api.app.webhook.first_wait_s = 0.1
    await sam.says("before")
    await ptb.set_webhook(door.url, secret_token="s3cret-Token_1", max_connections=5)
    await door.until(1)
    door.statuses = [500, 503]
    await sam.says("one")
    await sam.says("two")
    assert await door.until(5) == ["before", "one", "one", "one", "two"]
    waits = [later[2] - earlier[2] for earlier, later in zip(door.got[1:], door.got[2:4], strict=False)]
    assert waits[0] >= 0.1
    assert waits[1] >= 0.2
    assert door.secrets == {"s3cret-Token_1"}
    info = await ptb.get_webhook_info()
    assert (info.url, info.pending_update_count, info.max_connections) == (door.url, 0, 5)
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"
    assert info.last_error_date is not None


async def test_one_chat_waits_while_others_go_on(api: BotApi, gram: aiogram.Bot, sam: Handset, door: Receiver) -> None:
    """Never two deliveries of one chat at once, but different chats together."""
    door.takes_s = 0.1
    await gram.set_webhook(door.url)
    for text in ("a", "b", "c"):
        await sam.says(text)
    await door.until(3)
    assert (door.most_at_once, door.secrets) == (1, {None})
    for name in ("Ada", "Kit", "Noor"):
        await api.person(name).says(name)
    await door.until(6)
    assert door.most_at_once == 3


async def test_a_dead_door_is_reported_and_the_updates_wait(
    api: BotApi, ptb: telegram.Bot, sam: Handset, door: Receiver
) -> None:
    """Nothing listens: counted as pending, delivered when the webhook moves, dropped when asked."""
    await ptb.set_webhook("http://127.0.0.1:9/hook")
    await sam.says("anybody?")
    await asyncio.sleep(0.1)
    info = await ptb.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (1, "Connection refused")
    await ptb.set_webhook(door.url)
    assert await door.until(1) == ["anybody?"]
    await ptb.delete_webhook()
    await sam.says("later")
    await ptb.delete_webhook(drop_pending_updates=True)
    assert await ptb.get_updates() == ()


async def test_duplicates_and_disorder_are_pushed_too(
    api: BotApi, ptb: telegram.Bot, sam: Handset, door: Receiver
) -> None:
    """The same update twice; and the second of two before the first."""
    await ptb.set_webhook(door.url)
    api.faults.add("duplicate_update", chat_id=sam.id)
    await sam.says("twice")
    assert await door.until(2) == ["twice", "twice"]
    api.faults.add("out_of_order", chat_id=sam.id)
    await sam.says("first")
    await sam.says("second")
    assert (await door.until(4))[2:] == ["second", "first"]


@pytest.mark.parametrize("url", ["https://example.org/hook", "http://192.0.2.1/hook", "ftp://127.0.0.1/x"])
async def test_only_this_machine_is_called(gram: aiogram.Bot, url: str) -> None:
    """Any other address is refused."""
    with pytest.raises(TelegramBadRequest, match="bad webhook"):
        await gram.set_webhook(url)
    assert (await gram.get_webhook_info()).url == ""
