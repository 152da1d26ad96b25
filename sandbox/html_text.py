"""Telegram's HTML: from tags to plain text with entities, refused with TDLib's own sentences.

Offsets and lengths of entities count UTF-16 code units; places in a refusal count UTF-8 bytes, as TDLib does.
"""

from dataclasses import dataclass

from sandbox.entities import Entity, longest_first, tidied, utf16_length
from sandbox.refusals import bad_request

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPACE = " \t\r\n\0\v\f"


@dataclass
class _Open:
    tag: str
    argument: str
    utf16_at: int
    at: int


class _Reader:
    """Walks the markup once, left to right."""

    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.at = 0
        self.text: list[str] = []
        self.utf16 = 0
        self.opened: list[_Open] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.markup):
            character = self.markup[self.at]
            if character == "&":
                self._put(self._reference() or self._next())
            elif character != "<":
                self._put(self._next())
            elif self.markup[self.at + 1 : self.at + 2] == "/":
                self._end_tag()
            else:
                self._start_tag()
        if self.opened:
            raise _unparsed(f'Can\'t find end tag corresponding to start tag "{self.opened[-1].tag}"')
        return "".join(self.text), self.entities

    def _put(self, character: str) -> None:
        self.text.append(character)
        self.utf16 += utf16_length(character)

    def _next(self) -> str:
        self.at += 1
        return self.markup[self.at - 1]

    def _peek(self) -> str:
        return self.markup[self.at] if self.at < len(self.markup) else ""

    def _while(self, wanted: str = "", *, until: str = "") -> str:
        start = self.at
        while self._peek() and (self._peek() in wanted if wanted else self._peek() not in until):
            self.at += 1
        return self.markup[start : self.at]

    def _reference(self) -> str:
        """One HTML reference, or nothing when what follows `&` is not one Telegram knows."""
        end = self.at + 1
        while end < len(self.markup) and (self.markup[end].isalnum() or self.markup[end] == "#") and end - self.at < 12:
            end += 1
        name = self.markup[self.at + 1 : end]
        found = _NAMED.get(name) or _numbered(name)
        if found:
            self.at = end + (self.markup[end : end + 1] == ";")
        return found

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._while(until=_SPACE + ">").lower()
        if not self._peek():
            raise _unparsed(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        if tag not in _TYPES:
            raise _unparsed(f'Unsupported start tag "{tag}" at byte offset {self._bytes(begin)}')
        argument = self._attributes(tag, begin)
        if tag == "span" and argument != "spoiler":
            raise _unparsed(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}')
        self.opened.append(_Open(tag, argument, self.utf16, len(self.text)))

    def _attributes(self, tag: str, begin: int) -> str:
        argument = ""
        while True:
            self._while(_SPACE)
            if self._peek() == ">":
                self.at += 1
                return argument
            name = self._while(until=_SPACE + "=>").lower()
            if not self._peek():
                raise _unparsed(f'Unclosed start tag "{tag}" at byte offset {self._bytes(begin)}')
            if not name:
                place = self._bytes(begin)
                raise _unparsed(f'Empty attribute name in the tag "{tag}" at byte offset {place}')
            self._while(_SPACE)
            value = self._value(tag, begin) if self._peek() == "=" else ""
            argument = _argument(tag, name, value, argument)

    def _value(self, tag: str, begin: int) -> str:
        self.at += 1
        self._while(_SPACE)
        quote = self._peek()
        if quote not in ("'", '"'):
            start = self.at
            token = self._while(until=_SPACE + ">")
            if not token or not all(c.isalnum() or c in ".-" for c in token):
                raise _unparsed(f"Unexpected end of name token at byte offset {self._bytes(start)}")
            return token.lower()
        self.at += 1
        value: list[str] = []
        while self._peek() and self._peek() != quote:
            value.append((self._reference() if self._peek() == "&" else "") or self._next())
        if not self._peek():
            raise _unparsed(f'Unclosed start tag "{tag}" at byte offset {self._bytes(begin)}')
        self.at += 1
        return "".join(value)

    def _end_tag(self) -> None:
        begin = self.at
        place = self._bytes(begin)
        if not self.opened:
            raise _unparsed(f"Unexpected end tag at byte offset {place}")
        self.at += 2
        tag = self._while(until=_SPACE + ">")
        self._while(_SPACE)
        if self._peek() != ">":
            raise _unparsed(f"Unclosed end tag at byte offset {place}")
        self.at += 1
        expected = self.opened[-1].tag
        if tag and tag.lower() != expected:
            raise _unparsed(f'Unmatched end tag at byte offset {place}, expected "</{expected}>", found "</{tag}>"')
        self._close(self.opened.pop())

    def _close(self, opened: _Open) -> None:
        length = self.utf16 - opened.utf16_at
        if not length:
            return
        entity: Entity = {"offset": opened.utf16_at, "length": length, "type": _TYPES[opened.tag]}
        if opened.tag == "a":
            url = web_address(opened.argument or "".join(self.text[opened.at :]))
            if not url:
                return
            entity["url"] = url
        elif opened.tag == "code" and opened.argument:
            entity["language"] = opened.argument
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        self.entities.append(entity)

    def _bytes(self, at: int) -> int:
        return len(self.markup[:at].encode("utf-8", "surrogatepass"))


def from_html(markup: str) -> tuple[str, list[Entity]]:
    """The text a phone would show and its entities, sorted and trimmed; refuses what TDLib refuses."""
    text, entities = _Reader(markup).read()
    return tidied(text, longest_first(_languages_joined(entities)))


def _languages_joined(entities: list[Entity]) -> list[Entity]:
    """`<pre><code class="language-x">` becomes one `pre` that names its language."""
    spans = {(e["offset"], e["length"]): e for e in entities if e["type"] == "pre"}
    kept: list[Entity] = []
    for entity in entities:
        outer = spans.get((entity["offset"], entity["length"]))
        if entity["type"] == "code" and outer is not None:
            outer |= {"language": entity["language"]} if "language" in entity else {}
        else:
            kept.append(entity)
    for entity in kept:
        if entity["type"] == "code":
            entity.pop("language", None)
    return kept


def _argument(tag: str, name: str, value: str, before: str) -> str:
    if tag == "a" and name == "href":
        return value
    if tag == "code" and name == "class" and value.startswith("language-"):
        return value.removeprefix("language-")
    if tag == "span" and name == "class" and value.startswith("tg-"):
        return value.removeprefix("tg-")
    if tag == "tg-emoji" and name == "emoji-id":
        return value
    return "1" if tag == "blockquote" and name == "expandable" else before


def web_address(url: str) -> str:
    """A link as Telegram keeps it: with a scheme and a path; nothing when it is no link at all."""
    url = url.strip()
    if url.startswith(("tg://", "mailto:", "tel:")):
        return url
    scheme, mark, rest = url.partition("://")
    if not mark:
        scheme, rest = "http", url
    host, slash, path = rest.partition("/")
    is_named = "." in host.strip(".") or host.split(":")[0] == "localhost"
    if scheme.lower() not in ("http", "https") or not is_named or any(c in _SPACE for c in host):
        return ""
    return f"{scheme.lower()}://{host}/{path}" if slash or "?" not in host else f"{scheme.lower()}://{host}"


def _numbered(name: str) -> str:
    if not name.startswith("#"):
        return ""
    try:
        code = int(name[2:], 16) if name[1:2] in ("x", "X") else int(name[1:])
    except ValueError:
        return ""
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def _unparsed(sentence: str) -> Exception:
    return bad_request(f"can't parse entities: {sentence}")
