"""Telegram's checks on the keyboards a bot sends."""

from typing import Any

from sandbox.refusals import Json, bad_request

_ACTIONS: tuple[str, ...] = ("url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text", "pay")
_ACTIONS += ("switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "callback_game")
MOST_BUTTONS = 100


def checked_inline(markup: Json) -> list[list[Json]]:
    """The rows of an inline keyboard, empty rows dropped; refuses what Telegram would."""
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    keyboard = [[_inline_button(button) for button in row] for row in rows if row]
    if sum(len(row) for row in keyboard) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return keyboard


def checked_reply(markup: Json) -> Json:
    """A reply keyboard as the phone will show it: every button an object with a text."""
    rows = markup["keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "keyboard" must be an Array of Arrays')
    return markup | {"keyboard": [[_reply_button(button) for button in row] for row in rows if row]}


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not str(button.get("text") or "").strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be a non-empty String')
    named = [action for action in _ACTIONS if action in button]
    if not named:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not _is_address(str(button["url"])):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    return {str(key): value for key, value in button.items()}


def _reply_button(button: Any) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict) or not str(button.get("text") or "").strip():
        raise bad_request('can\'t parse keyboard button: Field "text" must be a non-empty String')
    return {str(key): value for key, value in button.items()}


def _is_address(url: str) -> bool:
    if url.startswith(("tg://", "tel:", "mailto:")):
        return True
    scheme, mark, rest = url.partition("://")
    host = (rest if mark else url).partition("/")[0]
    if mark and scheme not in ("http", "https"):
        return False
    return " " not in url and (bool(host) if mark else "." in host)
