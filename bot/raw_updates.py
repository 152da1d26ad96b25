"""Raw updates as they come from outside, read only as far as needed to keep them: an id and a chat."""

from __future__ import annotations

from typing import Any

import orjson

from storage.inbox import Arrived

LARGEST_ID = 2**63 - 1
CHAT_PLACES = (
    "message",
    "edited_message",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "message_reaction",
)


def read_body(body: bytes) -> Arrived:
    """A webhook's body as something to keep. What cannot be read is kept too, for quarantine. Never raises."""
    try:
        return read_update(orjson.loads(body), body)
    except (orjson.JSONDecodeError, RecursionError):
        return Arrived(None, None, body, "not_json")


def read_update(update: Any, body: bytes | None = None) -> Arrived:
    """One update from a list of them. Never raises."""
    raw = orjson.dumps(update) if body is None else body
    if not isinstance(update, dict):
        return Arrived(None, None, raw, "not_an_object")
    update_id = update.get("update_id")
    if not isinstance(update_id, int) or isinstance(update_id, bool) or not 0 <= update_id <= LARGEST_ID:
        return Arrived(None, None, raw, "no_update_id")
    return Arrived(update_id, _chat_id(update), raw)


def _chat_id(update: dict[str, Any]) -> int | None:
    """The chat (or, failing that, the account) this update is about: what keeps one person's updates in order."""
    for place in CHAT_PLACES:
        found = _id_in(update.get(place), "chat") or _id_in(update.get(place), "from")
        if found is not None:
            return found
    query = update.get("callback_query")
    if isinstance(query, dict):
        return _id_in(query.get("message"), "chat") or _id_in(query, "from")
    return None


def _id_in(thing: Any, part: str) -> int | None:
    inner = thing.get(part) if isinstance(thing, dict) else None
    found = inner.get("id") if isinstance(inner, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) and abs(found) <= LARGEST_ID else None
