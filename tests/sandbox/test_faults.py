"""Every fault on demand, as two libraries meet it, and what is on the phone afterwards."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import aiogram
import aiohttp
import pytest
import telegram
import uvloop
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from sandbox.bot_api import BotApi
from sandbox.clock import monotonic
from sandbox.faults import FaultKind
from sandbox.handset import Handset


@pytest.mark.parametrize(
    ("kind", "more", "for_ptb", "for_gram", "arrives"),
    [
        ("too_many", {"retry_after_s": 7}, telegram.error.RetryAfter, TelegramRetryAfter, False),
        ("blocked", {}, telegram.error.Forbidden, TelegramForbiddenError, False),
        ("deactivated", {}, telegram.error.Forbidden, TelegramForbiddenError, False),
        ("error", {"code": 500}, telegram.error.NetworkError, TelegramServerError, False),
        ("error", {"code": 502, "body": "<html>"}, telegram.error.NetworkError, ClientDecodeError, False),
        ("bad_json", {}, telegram.error.TelegramError, ClientDecodeError, False),
        ("reset_before", {}, telegram.error.NetworkError, TelegramNetworkError, False),
        ("reset_after", {}, telegram.error.NetworkError, TelegramNetworkError, True),
    ],
)
async def test_each_fault_strikes_once_and_is_over(
    api: BotApi,
    ptb: telegram.Bot,
    gram: aiogram.Bot,
    sam: Handset,
    kind: FaultKind,
    more: dict[str, Any],
    for_ptb: type[Exception],
    for_gram: type[Exception],
    arrives: bool,
) -> None:
    """Whether it is on the phone is the difference between before and after; the third call goes through."""
    api.faults.add(kind, chat_id=sam.id, times=2, **more)
    with pytest.raises(for_ptb):
        await ptb.send_message(sam.id, "one")
    with pytest.raises(for_gram):
        await gram.send_message(sam.id, "two")
    await ptb.send_message(sam.id, "three")
    expected = ["one", "two", "three"] if arrives else ["three"]
    assert [message.text for message in sam.screen()] == expected
    assert [accepted.text for accepted in api.journal] == expected


@pytest.mark.parametrize(("kind", "shown"), [("hang_after", 1), ("hang_before", 0)])
async def test_no_answer_ever_comes(api: BotApi, ptb: telegram.Bot, sam: Handset, kind: FaultKind, shown: int) -> None:
    """The client times out; the phone has it, or not."""
    api.faults.add(kind, method="sendMessage")
    with pytest.raises(telegram.error.TimedOut):
        await ptb.send_message(sam.id, "hello?", read_timeout=0.3)
    assert len(sam.screen()) == shown


async def test_a_slow_answer_comes_in_the_end(api: BotApi, gram: aiogram.Bot, sam: Handset) -> None:
    """Late by what was asked."""
    api.faults.add("slow", delay_ms=300)
    began = monotonic()
    await gram.send_message(sam.id, "slowly")
    assert monotonic() - began >= 0.3


async def test_retry_after_in_body_and_header(api: BotApi, web: aiohttp.ClientSession, sam: Handset) -> None:
    """With a wait, both say it; without, neither, as a proxy before Telegram answers."""
    call = {"chat_id": sam.id, "text": "x"}
    api.faults.add("too_many", retry_after_s=12)
    async with web.post(f"/bot{api.token}/sendMessage", json=call) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "12")
        assert await answer.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 12",
            "parameters": {"retry_after": 12},
        }
    api.faults.add("too_many")
    async with web.post(f"/bot{api.token}/sendMessage", json=call) as answer:
        assert "Retry-After" not in answer.headers
        assert "parameters" not in await answer.json()


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_a_reset_is_a_tcp_reset(run: Callable[[Coroutine[Any, Any, None]], None]) -> None:
    """Not a polite end: the kernel says so, on either event loop."""

    async def cut() -> None:
        async with BotApi() as api, aiohttp.ClientSession(api.root_url) as web:
            sam = api.person("Sam", started=True)
            for kind in ("reset_before", "reset_after"):
                api.faults.add(kind)
                with pytest.raises(aiohttp.ClientOSError, match="reset by peer"):
                    await web.post(f"/bot{api.token}/sendMessage", json={"chat_id": sam.id, "text": kind})
            assert [message.text for message in sam.screen()] == ["reset_after"]

    run(cut())


async def test_faults_hit_only_what_they_name(api: BotApi, ptb: telegram.Bot, sam: Handset) -> None:
    """By chat, by method; one that names neither leaves polling alone; clearing ends it."""
    ada = api.person("Ada", started=True)
    api.faults.add("blocked", chat_id=ada.id, times=None)
    api.faults.add("error", method="sendPhoto", times=None)
    await ptb.send_message(sam.id, "fine")
    for _ in range(3):
        with pytest.raises(telegram.error.Forbidden):
            await ptb.send_message(ada.id, "no")
    api.faults.clear()
    await ptb.send_message(ada.id, "now")
    api.faults.add("error", code=502, description="Bad Gateway", times=None)
    assert await ptb.get_updates() == ()
    with pytest.raises(telegram.error.NetworkError, match="Bad Gateway"):
        await ptb.send_message(sam.id, "x")
    assert (len(sam.screen()), len(ada.screen())) == (1, 1)


async def test_faults_over_http(api: BotApi, web: aiohttp.ClientSession, gram: aiogram.Bot, sam: Handset) -> None:
    """Added, listed with what is left, and cleared by the chat page's own routes."""
    rule = {"kind": "too_many", "method": "sendMessage", "retry_after_s": 3, "times": None}
    async with web.post("/sandbox/faults", json=rule) as answer:
        added = await answer.json()
    with pytest.raises(TelegramRetryAfter) as refused:
        await gram.send_message(sam.id, "x")
    assert refused.value.retry_after == 3
    async with web.get("/sandbox/faults") as answer:
        (listed,) = await answer.json()
    assert (listed["id"], listed["struck"], listed["left"]) == (added["id"], 1, None)
    async with web.delete(f"/sandbox/faults/{added['id']}") as answer:
        assert await answer.json() == []
    await gram.send_message(sam.id, "x")
    async with web.post("/sandbox/faults", json={"kind": "earthquake"}) as answer:
        assert answer.status == 409


async def test_a_hanging_call_does_not_keep_the_server_from_stopping(sam: Handset, api: BotApi) -> None:
    """Leaving the block cuts it at once."""
    async with BotApi() as other:
        kit = other.person("Kit", started=True)
        other.faults.add("hang_after")
        bot = telegram.Bot(other.token, base_url=other.base_url)
        await bot.initialize()
        call = asyncio.create_task(bot.send_message(kit.id, "hello?", read_timeout=30))
        await kit.waits_for("hello?")
        began = monotonic()
    with pytest.raises(telegram.error.NetworkError):
        await call
    await bot.shutdown()
    assert monotonic() - began < 1


async def test_raw_updates_go_in_as_they_are(ptb: telegram.Bot, web: aiohttp.ClientSession) -> None:
    """With an id of their own or the next one; what no library can read is for the service to survive."""
    async with web.post("/sandbox/updates", json={"update_id": 7, "poll_answer": {"nonsense": True}}) as answer:
        assert (await answer.json())["update_id"] == 7
    async with web.post("/sandbox/updates", json={"made_up": 1}) as answer:
        given = (await answer.json())["update_id"]
    async with web.get(f"/bot{ptb.token}/getUpdates", params={"offset": 8}) as answer:
        body = await answer.json()
    assert body["result"] == [{"update_id": given, "made_up": 1}]


async def test_raw_bytes_need_not_even_be_json(
    ptb: telegram.Bot, web: aiohttp.ClientSession, api: BotApi, sam: Handset
) -> None:
    """Given out as they are until an offset passes their id."""
    async with web.post("/sandbox/updates?raw=500000001", data=b'{"update_id": 500000001, "x": "\\ud800"') as answer:
        assert answer.status == 200
    async with web.get(f"/bot{api.token}/getUpdates") as answer:
        assert await answer.read() == b'{"ok":true,"result":[{"update_id": 500000001, "x": "\\ud800"]}'
    with pytest.raises(telegram.error.TelegramError):
        await ptb.get_updates()
    api.world.updates.restart_ids(500_000_002)
    await sam.says("still here")
    assert len(await ptb.get_updates(offset=500_000_002)) == 1


@pytest.mark.parametrize("raw", [b'"text"', b"[]", b"{"])
async def test_a_raw_update_must_be_an_object(web: aiohttp.ClientSession, raw: bytes) -> None:
    """400, and the server goes on."""
    async with web.post("/sandbox/updates", data=raw) as answer:
        assert answer.status == 400
