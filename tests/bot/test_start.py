"""Starting when Telegram is not there, and with a token it does not know."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.service import start_service
from bot.settings import SettingsError
from sandbox.bot_api import BotApi
from sandbox.clock import TownClock
from tests.living import settings_for


async def test_a_start_in_the_middle_of_an_outage_waits_it_out(tmp_path: Path) -> None:
    """Telegram answers 502 for a while; the service comes up by itself when it is back."""
    async with BotApi() as api:
        api.faults.add("error", method="getMe", times=2, code=502, description="Bad Gateway")
        service = await asyncio.wait_for(start_service(settings_for(tmp_path, api), TownClock()), 15)
        try:
            sam = api.person("Sam")
            await sam.opens()
            await sam.waits_for("Keep in Touch")
        finally:
            await service.stop()


async def test_a_token_telegram_does_not_know_is_said_at_once(tmp_path: Path) -> None:
    """No waiting mends a wrong token, so the start ends with what to do, and without the token."""
    async with BotApi() as api:
        settings = settings_for(tmp_path, api, bot_token="123456:not-the-one-telegram-knows")
        with pytest.raises(SettingsError, match="BotFather") as said:
            await asyncio.wait_for(start_service(settings, TownClock()), 15)
        assert "not-the-one" not in str(said.value)
