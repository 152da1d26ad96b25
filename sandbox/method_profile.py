"""Methods about the bot's own profile: what BotFather would also set."""

import re
from collections.abc import Callable

from sandbox.calls import Call, whole_number
from sandbox.refusals import Json, bad_request
from sandbox.world import World

_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
_SCOPES = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
    | {"chat", "chat_administrators", "chat_member"}
)
_DEFAULT_BUTTON: Json = {"type": "commands"}


def get_me(world: World, call: Call) -> Json:
    return world.bot.as_me()


def set_my_commands(world: World, call: Call) -> bool:
    given = call.json("commands")
    if not isinstance(given, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(given) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.bot.commands[_where(world, call)] = [_command(each) for each in given]
    world.events.tell("bot")
    return True


def get_my_commands(world: World, call: Call) -> list[Json]:
    return world.bot.commands.get(_where(world, call), [])


def delete_my_commands(world: World, call: Call) -> bool:
    world.bot.commands.pop(_where(world, call), None)
    world.events.tell("bot")
    return True


def set_chat_menu_button(world: World, call: Call) -> bool:
    button = call.json("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("MenuButton has unsupported type")
    world.bot.menu_buttons[_private_chat(world, call)] = button
    world.events.tell("bot")
    return True


def get_chat_menu_button(world: World, call: Call) -> Json:
    buttons = world.bot.menu_buttons
    button = buttons.get(_private_chat(world, call), {"type": "default"})
    return buttons.get(0, _DEFAULT_BUTTON) if button["type"] == "default" and 0 in buttons else button


def close(world: World, call: Call) -> bool:
    """Accepted and without effect: there is only this one server."""
    return True


def commands_shown(world: World, person_id: int) -> list[Json]:
    """The commands one person's menu lists: the narrowest scope that has any."""
    for scope in (f"chat:{person_id}", "all_private_chats", "default"):
        for language in ("en", ""):
            found = world.bot.commands.get((scope, language))
            if found:
                return found
    return []


def _where(world: World, call: Call) -> tuple[str, str]:
    scope = call.json("scope") or {"type": "default"}
    kind = str(scope.get("type")) if isinstance(scope, dict) else ""
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if kind.startswith("chat"):
        person = world.known_chat(whole_number(scope.get("chat_id")) or 0).person
        kind = f"chat:{person.id}"
    return kind, call.text("language_code")


def _command(given: object) -> Json:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(given.get("command") or ""), str(given.get("description") or "").strip()
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/"), "description": description}


def _private_chat(world: World, call: Call) -> int:
    return world.known_chat(call.chat_id()).person.id if call.text("chat_id") else 0


def _setter(name: str, most: int) -> Callable[[World, Call], bool]:
    def set_it(world: World, call: Call) -> bool:
        text = call.text(name).strip()
        if len(text) > most:
            raise bad_request(f"{name.upper()}_TOO_LONG")
        _kept(world, name)[call.text("language_code")] = text
        world.events.tell("bot")
        return True

    return set_it


def _getter(name: str) -> Callable[[World, Call], Json]:
    def get_it(world: World, call: Call) -> Json:
        kept = _kept(world, name)
        otherwise = world.bot.name if name == "name" else ""
        return {name: kept.get(call.text("language_code")) or kept.get("") or otherwise}

    return get_it


def _kept(world: World, name: str) -> dict[str, str]:
    bot = world.bot
    kept = {"name": bot.names, "description": bot.descriptions, "short_description": bot.short_descriptions}
    return kept[name]


METHODS = {
    "getme": get_me,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setchatmenubutton": set_chat_menu_button,
    "getchatmenubutton": get_chat_menu_button,
    "setmyname": _setter("name", 64),
    "getmyname": _getter("name"),
    "setmydescription": _setter("description", 512),
    "getmydescription": _getter("description"),
    "setmyshortdescription": _setter("short_description", 120),
    "getmyshortdescription": _getter("short_description"),
    "close": close,
    "logout": close,
}
