"""The little Markdown that editors write, as Telegram HTML. Anything else stays as the characters it is.

Understood: `## heading`, `- item`, `1. item`, `**bold**`, `*slanted*`, `[words](https://...)`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

TELEGRAM_LIMIT = 4096

PLACEHOLDER = re.compile(r"\{(fact|helpline|council):([a-z0-9_-]+)\}")
_HEADING = re.compile(r"^#{1,3} +(.+)$", re.MULTILINE)
_ITEM = re.compile(r"^[-*] +", re.MULTILINE)
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_SLANTED = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_LINK = re.compile(r"""\[([^\]\n]+)\]\((https://[^\s()<>"']+)\)""")
_ANY_TAG = re.compile(r"<[^<>]*>")


def to_html(text: str, say: Callable[[str, str], str]) -> str:
    """`text` as Telegram HTML. `say(kind, id)` gives the HTML for each `{kind:id}`."""
    shown = html.escape(text.strip(), quote=False)
    shown = _HEADING.sub(r"<b>\1</b>", shown)
    shown = _ITEM.sub("• ", shown)
    shown = _LINK.sub(r'<a href="\2">\1</a>', shown)
    shown = _BOLD.sub(r"<b>\1</b>", shown)
    shown = _SLANTED.sub(r"<i>\1</i>", shown)
    return PLACEHOLDER.sub(lambda match: say(match[1], match[2]), shown)


def references(text: str) -> list[tuple[str, str]]:
    """Every `{kind:id}` in `text`, in order."""
    return PLACEHOLDER.findall(text)


def visible(shown: str) -> str:
    """What a person reads: tags gone, characters as they are."""
    return html.unescape(_ANY_TAG.sub("", shown))


def length_units(shown: str) -> int:
    """The length that Telegram counts: UTF-16 units once parsed."""
    return len(visible(shown).encode("utf-16-le")) // 2
