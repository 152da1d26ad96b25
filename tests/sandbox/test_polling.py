"""getUpdates: what is handed out, when it is forgotten, and who may ask."""

import asyncio
import contextlib
from datetime import timedelta

import aiogram
import pytest
import telegram
from aiogram.exceptions import TelegramConflictError

from sandbox.bot_api import BotApi
from sandbox.clock import HeldClock, monotonic
from sandbox.handset import Handset


async def test_unconfirmed_updates_come_again_until_the_offset_passes_them(
    ptb: telegram.Bot, gram: aiogram.Bot, sam: Handset
) -> None:
    """Two libraries see the same two updates as often as they ask; an offset beyond one removes it for both."""
    await sam.says("one")
    await sam.says("two")
    first, second = await ptb.get_updates()
    again = await gram.get_updates()
    assert [update.update_id for update in again] == [first.update_id, second.update_id]
    assert second.update_id == first.update_id + 1
    (left,) = await gram.get_updates(offset=second.update_id)
    assert left.message is not None
    assert left.message.text == "two"
    assert [update.update_id for update in await ptb.get_updates()] == [second.update_id]
    assert await ptb.get_updates(offset=second.update_id + 1) == ()


async def test_a_long_poll_answers_as_soon_as_somebody_speaks(ptb: telegram.Bot, sam: Handset) -> None:
    """It waits, and not to the end."""
    began = monotonic()
    poll = asyncio.create_task(ptb.get_updates(timeout=10))
    await asyncio.sleep(0.1)
    assert not poll.done()
    await sam.says("hello")
    (update,) = await poll
    assert update.effective_message is not None
    assert update.effective_message.text == "hello"
    assert monotonic() - began < 2


async def test_a_long_poll_with_nothing_to_give_ends_empty(gram: aiogram.Bot) -> None:
    """After its timeout, not before."""
    began = monotonic()
    assert await gram.get_updates(timeout=1) == []
    assert monotonic() - began >= 0.95


async def test_limit_and_a_negative_offset(ptb: telegram.Bot, sam: Handset) -> None:
    """At most `limit` come; a negative offset keeps only the last ones and forgets the rest."""
    for number in range(120):
        await sam.says(str(number))
    assert len(await ptb.get_updates()) == 100
    assert len(await ptb.get_updates(limit=7)) == 7
    last = await ptb.get_updates(offset=-2)
    assert [update.message.text for update in last if update.message] == ["118", "119"]
    assert len(await ptb.get_updates()) == 2


async def test_a_second_poller_ends_the_first_with_409(ptb: telegram.Bot, gram: aiogram.Bot) -> None:
    """As in tdlib/telegram-bot-api: the waiting one is told that another has come."""
    first = asyncio.create_task(ptb.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(gram.get_updates(timeout=5))
    with pytest.raises(telegram.error.Conflict, match="terminated by other getUpdates request"):
        await first
    third = asyncio.create_task(ptb.get_updates(timeout=1))
    with pytest.raises(TelegramConflictError):
        await second
    assert await third == ()


async def test_polling_is_refused_while_a_webhook_is_set(ptb: telegram.Bot) -> None:
    """409 at once, and for a poll that was already waiting; allowed again when the webhook is gone."""
    waiting = asyncio.create_task(ptb.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    await ptb.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(telegram.error.Conflict, match="terminated by setWebhook request"):
        await waiting
    with pytest.raises(telegram.error.Conflict, match="use deleteWebhook"):
        await ptb.get_updates()
    await ptb.delete_webhook()
    assert await ptb.get_updates() == ()


async def test_allowed_updates_hold_from_the_call_on(ptb: telegram.Bot, sam: Handset) -> None:
    """What was made before keeps coming; afterwards only what was asked for; an empty list is everything again."""
    sam.blocks()
    await ptb.get_updates(allowed_updates=["message"])
    sam.unblocks()
    await sam.says("hello")
    made = await ptb.get_updates(allowed_updates=[])
    assert [update.message is not None for update in made] == [False, True]
    sam.blocks()
    assert (await ptb.get_updates())[-1].my_chat_member is not None


async def test_updates_are_kept_for_a_day(ptb: telegram.Bot, sam: Handset, clock: HeldClock) -> None:
    """One a minute older than 24 hours is gone; one a minute younger is there."""
    await sam.says("old")
    clock.turn(timedelta(minutes=2))
    await sam.says("young")
    clock.turn(timedelta(hours=23, minutes=59))
    (kept,) = await ptb.get_updates()
    assert kept.message is not None
    assert kept.message.text == "young"


async def test_ids_may_start_again_and_an_offset_from_the_future_confirms_nothing(
    api: BotApi, ptb: telegram.Bot, sam: Handset
) -> None:
    """After a quiet week Telegram may count from anywhere; a stale high offset must not swallow the new ids."""
    api.world.updates.restart_ids(1000)
    await sam.says("after the week")
    (update,) = await ptb.get_updates(offset=500_000_002)
    assert update.update_id == 1000


async def test_duplicates_and_disorder_on_demand(api: BotApi, gram: aiogram.Bot, sam: Handset) -> None:
    """The same update twice in one batch, and then a batch that comes newest first, each once and no longer."""
    api.faults.add("duplicate_update", chat_id=sam.id)
    await sam.says("one")
    twice = await gram.get_updates()
    assert [update.update_id for update in twice] == [twice[0].update_id] * 2
    assert len(await gram.get_updates()) == 1
    api.faults.add("out_of_order")
    await sam.says("two")
    texts = [update.message.text for update in await gram.get_updates() if update.message]
    assert texts == ["two", "one"]
    texts = [update.message.text for update in await gram.get_updates() if update.message]
    assert texts == ["one", "two"]


async def test_a_poller_that_was_killed_leaves_nothing_behind(api: BotApi, ptb: telegram.Bot, sam: Handset) -> None:
    """Its update is still there for the next one."""
    dead = asyncio.create_task(ptb.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    dead.cancel()
    with contextlib.suppress(asyncio.CancelledError, telegram.error.NetworkError):
        await dead
    await sam.says("anybody there?")
    async with telegram.Bot(api.token, base_url=api.base_url) as fresh:
        (update,) = await fresh.get_updates(timeout=1)
    assert update.message is not None
    assert update.message.text == "anybody there?"
