"""Whether what someone wrote may be serious: help is then shown in the same turn, and a person is told.

It never answers the question "are they safe?". One denial clears nothing, no score is kept, and an idiom hides only
itself. Never raises on any string; the work grows with the length of the text and no faster.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from rules.danger import GROUPS, IDIOMS, WORDINGS, Topic


def may_be_serious(text: str) -> bool:
    """Whether to show help now. Leans to yes."""
    return bool(topics_in(text))


def topics_in(text: str) -> tuple[Topic, ...]:
    """What the text may be about, most urgent first; empty when nothing in it looks serious."""
    tidy = _tidy(text)
    found = _found_in(tidy, squeezed=False) | _found_in_compact(tidy)
    if _DRAWN_OUT.search(tidy):
        found |= _found_in(_squeeze(tidy), squeezed=True)
    return tuple(topic for topic in Topic if topic in found)


# What is written without spaces, or letter by letter. Only wordings that no two ordinary words make by meeting.
_COMPACT: dict[Topic, tuple[str, ...]] = {
    Topic.EMERGENCY: ("overdose",),
    Topic.SUICIDE: ("killmyself", "killingmyself", "suicid", "wanttodie", "wannadie", "endmylife", "betteroffdead"),
    Topic.SELF_HARM: ("selfharm", "cutmyself", "cuttingmyself", "hurtmyself", "hurtingmyself"),
    Topic.NO_SHELTER: ("nowheretosleep", "nowheretostay"),
}

_LOOKS_LIKE = str.maketrans(
    "0134578@$!|аеорсхуіѕοαε",  # the last row is Cyrillic and Greek
    "oieastbasiiaeopcxyisoae",
)
_PICTURES = {"💊": " pills ", "🔪": " knife ", "🗡": " knife ", "🔫": " gun "}
_SHORT = {
    "2": "to", "4": "for", "u": "you", "2nite": "tonight", "2night": "tonight", "tonite": "tonight", "2day": "today",
    "2moro": "tomorrow", "2morrow": "tomorrow", "tmrw": "tomorrow", "wiv": "with", "wanting2": "wanting_to",
    "kll": "kill", "od": "overdose", "oding": "overdosing", "oded": "overdosed", "thinkin": "thinking",
}  # fmt: skip

_DRAWN_OUT = re.compile(r"([a-z])\1\1")
_RUN = re.compile(r"([a-z])\1+")
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_OVERDOSED = re.compile(r"\bod['’](?:d|ed|ing)\b")
_TO_JOINED = re.compile(r"^2(?=[a-z]{2})")
_MASKED = re.compile(r"(?<=[a-z])[*#](?=[a-z])")
_WORD = re.compile(r"[a-z0-9@$!|]+")
_SPELT = re.compile(r"(?<= )(?:[a-z] ){2,}[a-z](?= )")


def _tidy(text: str) -> str:
    """Lower-case words with one space around each: no accents, apostrophes, signs or hidden characters."""
    plain = "".join(_PICTURES.get(letter, letter) for letter in text.casefold())
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", plain)
        if unicodedata.category(letter) not in ("Mn", "Cf", "Me")
    )
    plain = _APOSTROPHES.sub("", _OVERDOSED.sub("overdosed", plain))
    plain = _MASKED.sub("", _homoglyphs(plain))
    words = [_word(word) for word in _WORD.findall(plain)]
    return _SPELT.sub(lambda run: run.group().replace(" ", ""), f" {' '.join(_without_distances(words))} ")


def _homoglyphs(text: str) -> str:
    return "".join(letter.translate(_LOOKS_LIKE) if letter > "\x7f" else letter for letter in text)


def _word(word: str) -> str:
    word = word.strip("!|")
    if word in _SHORT:
        return _SHORT[word].replace("_", " ")
    # Digits stand for letters only inside a word that has some, so that ages and sums stay numbers.
    if any("a" <= letter <= "z" for letter in word):
        word = _TO_JOINED.sub("to ", word).translate(_LOOKS_LIKE)
    return _SHORT.get(word, word)


def _without_distances(words: list[str]) -> list[str]:
    """Drop the kms of "5 kms away", which is not the kms of "kms"."""
    return [
        word
        for before, word in zip(["", *words], words, strict=False)
        if word and not (word == "kms" and before.isdecimal())
    ]


def _squeeze(text: str) -> str:
    return _RUN.sub(r"\1", text)


def _found_in(tidy: str, squeezed: bool) -> set[Topic]:
    idioms, wordings = _patterns(squeezed)
    rest = idioms.sub(" ", tidy)
    return {topic for topic, pattern in wordings.items() if pattern.search(rest)}


def _found_in_compact(tidy: str) -> set[Topic]:
    compact = _patterns(False)[0].sub(" ", tidy).replace(" ", "")
    return {topic for topic, wordings in _COMPACT.items() if any(wording in compact for wording in wordings)}


@cache
def _patterns(squeezed: bool) -> tuple[re.Pattern[str], dict[Topic, re.Pattern[str]]]:
    idioms = _pattern(IDIOMS, squeezed)
    return idioms, {topic: _pattern(wordings, squeezed) for topic, wordings in WORDINGS.items()}


def _pattern(wordings: list[str], squeezed: bool) -> re.Pattern[str]:
    found = ("".join(_element(word, squeezed) for word in wording.split()) for wording in wordings)
    return re.compile(f"(?:{'|'.join(found)})(?= )")


_GAPS = {".": r"(?: [a-z0-9]+)?", "..": r"(?: [a-z0-9]+){0,3}", "END": r"(?= $)"}
_NUMBERS = {"#child": r" 1[0-5]", "#adult": r" (?:1[89]|[2-9][0-9])", "#number": r" [0-9]{1,3}"}


def _element(word: str, squeezed: bool) -> str:
    if word in _GAPS:
        return _GAPS[word]
    if word in _NUMBERS:
        return _NUMBERS[word]
    choices = GROUPS.get(word) or word.removesuffix("?")
    choices = _squeeze(choices) if squeezed else choices
    either = choices.replace("/", "|").replace("_", " ").replace("*", "[a-z0-9]*")
    return f"(?: (?:{either}))" + ("?" if word.endswith("?") else "")
