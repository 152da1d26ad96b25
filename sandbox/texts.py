"""Telegram's checks on the words a bot sends."""

from sandbox.calls import Call
from sandbox.entities import Entity, tidied, utf16_length, with_found
from sandbox.html_text import from_html
from sandbox.markdown_text import from_markdown
from sandbox.refusals import bad_request

MOST_TEXT = 4096
MOST_CAPTION = 1024


def read_text(call: Call) -> tuple[str, list[Entity]]:
    """The text of a message: something, and at most 4,096 UTF-16 units once the tags are gone."""
    text, entities = _formatted(call, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > MOST_TEXT:
        raise bad_request("message is too long")
    return text, entities


def read_caption(call: Call) -> tuple[str, list[Entity]]:
    """The caption of a picture or a file, which may be nothing."""
    text, entities = _formatted(call, "caption", "caption_entities")
    if utf16_length(text) > MOST_CAPTION:
        raise bad_request("message caption is too long")
    return text, entities


def _formatted(call: Call, name: str, entities_name: str) -> tuple[str, list[Entity]]:
    raw = call.text(name)
    mode = call.text("parse_mode").lower()
    if not mode or mode == "none":
        text, entities = tidied(raw, _given(call, entities_name))
    elif mode == "html":
        text, entities = from_html(raw)
    elif mode == "markdownv2":
        text, entities = from_markdown(raw)
    else:
        raise bad_request("unsupported parse_mode")
    return text, with_found(text, entities)


def _given(call: Call, name: str) -> list[Entity]:
    given = call.json(name)
    if given is None:
        return []
    if not isinstance(given, list) or not all(_is_entity(entity) for entity in given):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    return [dict(entity) for entity in given]


def _is_entity(entity: object) -> bool:
    if not isinstance(entity, dict):
        return False
    return all(isinstance(entity.get(key), int) for key in ("offset", "length")) and "type" in entity
