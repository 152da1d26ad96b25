"""Every sentence the service says: kept in the .toml files beside this one, found by a dotted id.

The files are Telegram HTML written by us. A value put into a sentence is only ever text:

* it is escaped, so it cannot become markup (and no sentence has a place for a value inside a tag: the check says so);
* its links, commands, mentions and tags are taken apart by an invisible joiner, so a phone cannot make one
  tappable that we did not write (our own links travel under the names in `OUR_LINKS`);
* it stays on one line unless the sentence gives it a paragraph of its own (the names in `PARAGRAPHS`).
"""

from __future__ import annotations

import html
import re
import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
LABEL_LIMIT = 30
LINE_LIMIT = 200
PARAGRAPH_LIMIT = 1200
OUR_LINKS = frozenset({"link", "web_link"})
PARAGRAPHS = frozenset({"text", "note", "lines"})

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_TAG = re.compile(r"</?[a-z][^<>]*>")
# What Telegram makes tappable by itself: a.b (not 9.30), /word (not 9/11), //, @word, #word, $WORD.
_TAPPABLE = re.compile(r"(?<=\w)\.(?=[^\W\d])|(?<!\w)/(?=\w)|/(?=/)|[@#$](?=\w)")
_JOINER = "\u2060"
# Control characters, marks that turn the direction of writing, and halves of a character pair.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


class UnknownWords(KeyError):
    """No sentence has this id."""


class WrongValues(ValueError):
    """The values given are not exactly the placeholders of the sentence."""


def words(message_id: str, /, **values: object) -> str:
    """The sentence `message_id` as Telegram HTML with every value escaped.

    Raises UnknownWords, or WrongValues when a placeholder is missing or a value has no placeholder.
    """
    return _fill(message_id, values, as_html=True)


def plain(message_id: str, /, **values: object) -> str:
    """The same sentence as plain text: for a part of another sentence, a page's own escaping, a notification."""
    return _fill(message_id, values, as_html=False)


def label(message_id: str, /, **values: object) -> str:
    """The words on a button: plain text of at most 30 characters (a long name in it is cut with an ellipsis)."""
    text = _fill(message_id, values, as_html=False).replace(_JOINER, "")
    return _cut(text, LABEL_LIMIT)


def all_ids() -> tuple[str, ...]:
    """Every id, sorted. Button labels have `.button.` in the middle."""
    return tuple(sorted(_sentences()))


def is_label(message_id: str) -> bool:
    """True when the id belongs to a button."""
    return ".button." in message_id


def template(message_id: str) -> str:
    """The sentence as the editor wrote it, with its placeholders open."""
    try:
        return _sentences()[message_id]
    except KeyError:
        raise UnknownWords(message_id) from None


@cache
def placeholders(message_id: str) -> frozenset[str]:
    """The names of the values that the sentence needs."""
    return frozenset(PLACEHOLDER.findall(template(message_id)))


def defuse(value: object, *, name: str = "") -> str:
    """`value` as harmless plain text for the placeholder `name`: see the top of this file."""
    text = _UNPRINTABLE.sub("", str(value))
    if name in OUR_LINKS:
        return text
    if name not in PARAGRAPHS:
        text = " ".join(text.split())
    return _TAPPABLE.sub(_take_apart, _cut(text, PARAGRAPH_LIMIT if name in PARAGRAPHS else LINE_LIMIT))


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _take_apart(match: re.Match[str]) -> str:
    return match[0] + _JOINER


def _fill(message_id: str, values: dict[str, object], *, as_html: bool) -> str:
    sentence = template(message_id)
    needed = placeholders(message_id)
    if needed != values.keys():
        missing, extra = sorted(needed - values.keys()), sorted(values.keys() - needed)
        raise WrongValues(f"{message_id}: missing {missing}, not wanted {extra}")
    if not as_html:
        sentence = html.unescape(_TAG.sub("", sentence))
    safe = {name: defuse(value, name=name) for name, value in values.items()}
    if as_html:
        safe = {name: html.escape(value, quote=False) for name, value in safe.items()}
    return PLACEHOLDER.sub(lambda match: safe[match[1]], sentence)


@cache
def _sentences() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for key, sentence in _flatten(tomllib.loads(path.read_text(encoding="utf-8"))):
            if key in found:
                raise ValueError(f"{path.name}: {key} is written twice")
            found[key] = sentence
    return found


def _flatten(table: dict[str, object], prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            rows += _flatten(value, f"{prefix}{key}.")
        else:
            rows.append((prefix + key, str(value).strip()))
    return rows
