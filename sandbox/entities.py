"""Message entities: where they lie, which ones Telegram finds by itself, and how a page shows them."""

import re
from html import escape

from sandbox.refusals import Json

Entity = Json

_DROPPED = frozenset("\r\u0333\u033f\u030a" + "".join(map(chr, range(0x2028, 0x202F))))
_BLANKED = frozenset(map(chr, [*range(9), *range(11, 13), *range(14, 32)]))
_ORDER = ["blockquote", "expandable_blockquote", "bold", "italic", "underline", "strikethrough", "spoiler"]
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?')\]]|(?<![\w@./-])(?:[a-zA-Z0-9-]+\.)+"
    r"(?:com|org|net|uk|info|io|me|gov|edu|eu)\b(?:/[^\s<>\"]*[^\s<>\".,;:!?')\]])?)"
    r"|(?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<bot_command>(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<![\w@/.])@[A-Za-z]\w{2,31}\b)"
    r"|(?P<hashtag>(?<![\w#&/])#\w*[^\W\d]\w*)"
)
_TAGS = {
    "bold": "strong",
    "italic": "em",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}


def utf16_length(text: str) -> int:
    """Length as Telegram counts it: an emoji outside the first plane counts two."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def longest_first(entities: list[Entity]) -> list[Entity]:
    """Outer before inner, as TDLib sorts them."""

    def place(entity: Entity) -> tuple[int, int, int]:
        kind = str(entity["type"])
        return entity["offset"], -entity["length"], _ORDER.index(kind) if kind in _ORDER else len(_ORDER)

    return sorted(entities, key=place)


def cleaned(text: str) -> str:
    """As TDLib's clean_input_string: no carriage returns, no bidi overrides, other controls become spaces."""
    return "".join(" " if character in _BLANKED else character for character in text if character not in _DROPPED)


def tidied(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Cleaned, without white space at either end, entities moved to match and emptied ones gone."""
    dropped = [utf16_length(text[:place]) for place, character in enumerate(text) if character in _DROPPED]
    if dropped:
        text, entities = cleaned(text), [_moved(entity, dropped) for entity in entities]
    else:
        text = cleaned(text)
    left = len(text) - len(text.lstrip())
    stripped = text.strip()
    cut, most = utf16_length(text[:left]), utf16_length(stripped)
    kept: list[Entity] = []
    for entity in entities:
        start = max(0, entity["offset"] - cut)
        end = min(most, entity["offset"] + entity["length"] - cut)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return stripped, kept


def _moved(entity: Entity, dropped: list[int]) -> Entity:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    cut_before = sum(1 for place in dropped if place < start)
    cut_within = sum(1 for place in dropped if start <= place < end)
    return entity | {"offset": start - cut_before, "length": end - start - cut_within}


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """Adds what Telegram marks by itself (commands, links, addresses, mentions, hashtags), but not in code or links."""
    closed = [e for e in entities if e["type"] in ("code", "pre", "text_link", "text_mention")]
    found: list[Entity] = []
    for match in _FOUND.finditer(text):
        start, end = utf16_length(text[: match.start()]), utf16_length(text[: match.end()])
        if all(end <= e["offset"] or start >= e["offset"] + e["length"] for e in closed):
            found.append({"offset": start, "length": end - start, "type": str(match.lastgroup)})
    return longest_first(entities + found)


def as_html(text: str, entities: list[Entity]) -> str:
    """Safe HTML for the chat page; a line break stays a line break character."""
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for entity in entities:
        before, after = _tags(text, entity)
        opens.setdefault(entity["offset"], []).append(before)
        closes.setdefault(entity["offset"] + entity["length"], []).insert(0, after)
    parts: list[str] = []
    at = 0
    for character in text:
        parts += closes.pop(at, []) + opens.pop(at, [])
        parts.append(escape(character))
        at += utf16_length(character)
    return "".join(parts + closes.pop(at, []))


def part(text: str, entity: Entity) -> str:
    """The characters an entity covers."""
    raw = text.encode("utf-16-le", "surrogatepass")
    start = entity["offset"] * 2
    return raw[start : start + entity["length"] * 2].decode("utf-16-le", "surrogatepass")


def _tags(text: str, entity: Entity) -> tuple[str, str]:
    kind = str(entity["type"])
    if kind in _TAGS:
        return f"<{_TAGS[kind]}>", f"</{_TAGS[kind]}>"
    if kind == "spoiler":
        return '<span class="spoiler">', "</span>"
    if kind in ("url", "text_link"):
        address = str(entity.get("url") or part(text, entity))
        whole = address if "://" in address or address.startswith(("tel:", "mailto:")) else f"https://{address}"
        return f'<a href="{escape(whole)}" rel="noopener noreferrer" target="_blank">', "</a>"
    if kind == "email":
        return f'<a href="mailto:{escape(part(text, entity))}">', "</a>"
    if kind == "bot_command":
        return f'<a class="command" data-command="{escape(part(text, entity))}">', "</a>"
    return "", ""
