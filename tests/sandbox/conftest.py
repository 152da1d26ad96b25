"""A sandbox on a free port, and two Bot API clients that know nothing of each other."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiogram
import aiohttp
import pytest
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from sandbox.bot_api import BotApi
from sandbox.clock import HeldClock
from sandbox.handset import Handset


@pytest.fixture
def clock() -> HeldClock:
    """A Monday evening that lasts until a test turns it."""
    return HeldClock(datetime(2026, 11, 16, 19, 30, tzinfo=UTC))


@pytest.fixture
async def api(clock: HeldClock) -> AsyncIterator[BotApi]:
    """The server on that clock."""
    async with BotApi(clock=clock) as running:
        yield running


@pytest.fixture
async def ptb(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[telegram.Bot]:
    """python-telegram-bot with its own default HTTP client, and waits as timedelta as it will soon have them."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with telegram.Bot(api.token, base_url=api.base_url, base_file_url=api.file_url) as bot:
        yield bot


@pytest.fixture
async def gram(api: BotApi) -> AsyncIterator[aiogram.Bot]:
    """aiogram with its own HTTP client."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(api.root_url))
    yield aiogram.Bot(api.token, session=session)
    await (await session.create_session()).close()  # the session's own close sleeps a quarter of a second


@pytest.fixture
async def web(api: BotApi) -> AsyncIterator[aiohttp.ClientSession]:
    """A plain client for the person side and for calls no library would make."""
    async with aiohttp.ClientSession(api.root_url) as session:
        yield session


@pytest.fixture
def sam(api: BotApi) -> Handset:
    """Somebody the bot may write to."""
    return api.person("Sam", started=True)
