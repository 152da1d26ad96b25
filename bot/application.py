"""The python-telegram-bot Application: it parses updates and finds their handler. Fetching and sending are ours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot, BotCommand
from telegram.error import Forbidden, InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder

from bot.events import trouble
from bot.intake import ALLOWED_UPDATES, FIRST_WAIT_S, LONGEST_WAIT_S
from bot.settings import SettingsError
from bot.telegram_http import AiohttpRequest
from bot.webhook import PATH
from content.words import plain
from handlers import routes

App = Application[Any, Any, Any, Any, Any, Any]
COMMANDS = ("start", "checkin", "help", "pause", "mydata", "stop")


def build_application(token: str, api: str, request: AiohttpRequest) -> App:
    """An application with our handlers, no updater, no job queue, and our own way out."""
    builder = ApplicationBuilder().token(token).base_url(f"{api}/bot").base_file_url(f"{api}/file/bot")
    application = builder.request(request).get_updates_request(request).updater(None).job_queue(None).build()
    routes.register(application)
    return application


async def until_answered(call: Callable[[], Awaitable[object]]) -> None:
    """Ask Telegram until it answers, further and further apart: a start in the middle of an outage waits it out.

    Raises SettingsError when Telegram refuses the token, which no waiting mends.
    """
    wait_s = FIRST_WAIT_S
    while True:
        try:
            await call()
            return
        except (InvalidToken, Forbidden):
            raise SettingsError("Telegram refuses KEEPINTOUCH_BOT_TOKEN. Check it with BotFather.") from None
        except TelegramError as error:
            trouble("start.telegram_silent", error)
        await asyncio.sleep(wait_s)
        wait_s = min(LONGEST_WAIT_S, wait_s * 2)


async def introduce(application: App) -> None:
    """Tell Telegram our commands, for its menu. Not vital: a failure is logged and the service goes on."""
    try:
        bot: Bot = application.bot
        await bot.set_my_commands([BotCommand(name, plain(f"commands.{name}")) for name in COMMANDS])
    except TelegramError as error:
        trouble("introduce.failed", error)


async def use_webhook(application: App, url: str, secret: str) -> None:
    """Ask Telegram to post updates to us. Waiting updates are kept."""
    await application.bot.set_webhook(
        url.rstrip("/") + PATH, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=40
    )


async def without_webhook(application: App) -> None:
    """Ask Telegram to let us poll. Waiting updates are kept."""
    await application.bot.delete_webhook(drop_pending_updates=False)
