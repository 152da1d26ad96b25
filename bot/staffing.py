"""Making the first advisers and managers from the command line."""

from __future__ import annotations

import asyncio

from bot.application import build_application
from bot.service import office_of, open_store
from bot.settings import Settings, SettingsError, need_token
from bot.telegram_http import AiohttpRequest
from casework.desk import Desk
from casework.inviting import Invitation, invite, team_named
from rules.access import Role
from storage import sign_in
from storage.sources import Clock


def add_staff(
    settings: Settings, clock: Clock, name: str, team: str, *, manager: bool, sign_in_name: str
) -> Invitation:
    """Add someone to a team and make their way in. Raises SettingsError when the bot's name is not to be had."""
    username = settings.bot_username or asyncio.run(_ask_username(settings))
    office = office_of(settings, username)
    store = open_store(settings, clock)
    try:
        return store.write_now(
            lambda unit: add_to_team(Desk(unit, office), name, team, manager=manager, sign_in_name=sign_in_name)
        )
    finally:
        store.close()


def add_to_team(desk: Desk, name: str, team: str, *, manager: bool, sign_in_name: str) -> Invitation:
    """Make the person and their way in, within a Unit. Raises ValueError for a sign-in name that is taken."""
    role = Role.MANAGER if manager else Role.ADVISER
    made = invite(desk, None, role, " ".join(name.split()), team_named(desk, team).id)
    if sign_in_name:
        sign_in.set_sign_in_name(desk.unit, made.person, sign_in_name)
    return made


async def _ask_username(settings: Settings) -> str:
    """The bot's own name, which is part of every link."""
    request = AiohttpRequest(use_proxy=settings.telegram_api.startswith("https://"))
    application = build_application(need_token(settings), settings.telegram_api, request)
    try:
        await application.initialize()
        return str(application.bot.username)
    except Exception as error:
        raise SettingsError(
            f"Telegram did not answer ({type(error).__name__}). Check the token, or set KEEPINTOUCH_BOT_USERNAME."
        ) from None
    finally:
        await application.shutdown()
        # An application that did not come up leaves its connections open.
        await request.shutdown()
