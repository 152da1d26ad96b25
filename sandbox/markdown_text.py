"""Telegram's MarkdownV2: from marks to plain text with entities, refused with TDLib's own sentences."""

from dataclasses import dataclass

from sandbox.entities import Entity, longest_first, tidied, utf16_length
from sandbox.html_text import web_address
from sandbox.refusals import bad_request

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_MARKS = {
    "```": ("pre", "Pre"),
    "__": ("underline", "Underline"),
    "||": ("spoiler", "Spoiler"),
    "*": ("bold", "Bold"),
    "_": ("italic", "Italic"),
    "~": ("strikethrough", "Strikethrough"),
    "`": ("code", "Code"),
    "[": ("text_link", "TextUrl"),
}


@dataclass
class _Open:
    mark: str
    utf16_at: int
    began: int
    language: str = ""


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
            self._step()
        while self.opened and self.opened[-1].mark == ">":
            self._close(self.opened.pop())
        if self.opened:
            left = self.opened[-1]
            raise _unparsed(f"Can't find end of {_MARKS[left.mark][1]} entity at byte offset {self._bytes(left.began)}")
        return "".join(self.text), self.entities

    def _step(self) -> None:
        character = self.markup[self.at]
        following = self.markup[self.at + 1 : self.at + 2]
        if character == "\\" and following and ord(following) < 127:
            self.at += 2
            self._put(following)
        elif self._ends():
            self._end()
        elif self._in_code() or character not in _RESERVED:
            self.at += 1
            self._put(character)
            self._after_line(character)
        else:
            self._start()

    def _put(self, character: str) -> None:
        self.text.append(character)
        self.utf16 += utf16_length(character)

    def _in_code(self) -> bool:
        return bool(self.opened) and self.opened[-1].mark in ("`", "```")

    def _ends(self) -> bool:
        """Whether the innermost entity ends here; a single mark is not the first half of a double one."""
        if not self.opened or self.opened[-1].mark == ">":
            return False
        mark = self.opened[-1].mark
        if mark == "[":
            return self.markup.startswith("]", self.at)
        if mark == "_" and self.markup.startswith("__", self.at):
            return False
        return self.markup.startswith(mark, self.at)

    def _end(self) -> None:
        opened = self.opened.pop()
        self.at += len(opened.mark)
        url = self._address() if opened.mark == "[" else ""
        if opened.mark != "[" or url:
            self._close(opened, url)

    def _address(self) -> str:
        """What stands in the brackets after a link's words; nothing when there are none, or no address in them."""
        if not self.markup.startswith("(", self.at):
            return ""
        began, url = self.at, ""
        self.at += 1
        while self.at < len(self.markup) and self.markup[self.at] != ")":
            self.at += self.markup[self.at] == "\\" and self.at + 1 < len(self.markup)
            url += self.markup[self.at]
            self.at += 1
        if self.at >= len(self.markup):
            raise _unparsed(f"Can't find end of a URL at byte offset {self._bytes(began)}")
        self.at += 1
        return web_address(url)

    def _start(self) -> None:
        if self.markup[self.at] == ">" and self._at_line_start():
            self.opened.append(_Open(">", self.utf16, self.at))
            self.at += 1
            return
        for mark in _MARKS:
            if self.markup.startswith(mark, self.at):
                opened = _Open(mark, self.utf16, self.at)
                self.at += len(mark)
                if mark == "```":
                    opened.language = self._language()
                self.opened.append(opened)
                return
        character = self.markup[self.at]
        raise _unparsed(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")

    def _language(self) -> str:
        """The word on the line of the opening fence; a line break right after it belongs to the fence."""
        end = self.at
        while end < len(self.markup) and not self.markup[end].isspace() and self.markup[end] != "`":
            end += 1
        if self.markup[end : end + 1] != "\n":
            return ""
        language, self.at = self.markup[self.at : end], end + 1
        return language

    def _at_line_start(self) -> bool:
        return not self.opened and (not self.text or self.text[-1] == "\n")

    def _after_line(self, character: str) -> None:
        """A quotation goes on while lines begin with `>`."""
        if character != "\n" or not self.opened or self.opened[-1].mark != ">":
            return
        if self.markup.startswith(">", self.at):
            self.at += 1
        else:
            self._close(self.opened.pop())

    def _close(self, opened: _Open, url: str = "") -> None:
        length = self.utf16 - opened.utf16_at
        if not length:
            return
        kind = "blockquote" if opened.mark == ">" else _MARKS[opened.mark][0]
        entity: Entity = {"offset": opened.utf16_at, "length": length, "type": kind}
        entity |= {"url": url} if url else {}
        entity |= {"language": opened.language} if opened.language else {}
        self.entities.append(entity)

    def _bytes(self, at: int) -> int:
        return len(self.markup[:at].encode("utf-8", "surrogatepass"))


def from_markdown(markup: str) -> tuple[str, list[Entity]]:
    """The text a phone would show and its entities, sorted and trimmed; refuses what TDLib refuses."""
    text, entities = _Reader(markup).read()
    return tidied(text, longest_first(entities))


def _unparsed(sentence: str) -> Exception:
    return bad_request(f"can't parse entities: {sentence}")
