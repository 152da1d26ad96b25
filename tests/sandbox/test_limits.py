"""Telegram's sending limits as a mode."""

import asyncio
from datetime import timedelta

import aiogram
import pytest
import telegram
from aiogram.exceptions import TelegramRetryAfter

from sandbox.bot_api import BotApi
from sandbox.clock import HeldClock
from sandbox.handset import Handset


async def test_one_a_second_to_a_chat(api: BotApi, ptb: telegram.Bot, sam: Handset, clock: HeldClock) -> None:
    """The second in the same second is 429; after the wait it goes; off, nothing is counted."""
    await ptb.send_message(sam.id, "0")
    await ptb.send_message(sam.id, "0")
    api.world.limits.switch(on=True)
    await ptb.send_message(sam.id, "1")
    with pytest.raises(telegram.error.RetryAfter) as refused:
        await ptb.send_message(sam.id, "2")
    assert refused.value.retry_after == timedelta(seconds=1)
    clock.turn(timedelta(seconds=1))
    await ptb.send_message(sam.id, "3")
    assert [message.text for message in sam.screen()] == ["0", "0", "1", "3"]
    assert api.world.limits.refused == 1


async def test_thirty_a_second_in_all(api: BotApi, gram: aiogram.Bot, clock: HeldClock) -> None:
    """Of forty people at once, thirty are reached in this second and ten in the next."""
    people = [api.person(f"P{number}", started=True) for number in range(40)]
    api.world.limits.switch(on=True)

    async def send_all(to: list[Handset]) -> list[Handset]:
        outcomes = await asyncio.gather(*(gram.send_message(one.id, "hi") for one in to), return_exceptions=True)
        return [one for one, outcome in zip(to, outcomes, strict=True) if isinstance(outcome, TelegramRetryAfter)]

    refused = await send_all(people)
    assert len(refused) == 10
    clock.turn(timedelta(seconds=1))
    assert await send_all(refused) == []
    assert len(api.journal) == 40
