"""How hard a text is to read: the Flesch-Kincaid grade, as an English reading age.

Syllables are counted by a rule of thumb, good to about a year over a page. It is a smoke alarm, not a judge.
"""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"[.!?:;]+(?=\s|$)|\n+")
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
# A child in the first American grade is about six: grade + 5 is the age in years.
_GRADE_TO_AGE = 5


def reading_age(text: str) -> float:
    """The age in years at which most can read `text` (plain, no tags) with ease; 0 when it has no words."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = [piece for piece in _SENTENCE_END.split(text) if _WORD.search(piece)]
    syllables = sum(map(_syllables, words))
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    return round(grade + _GRADE_TO_AGE, 1)


def _syllables(word: str) -> int:
    lower = word.lower().split("'")[0]
    count = len(_VOWELS.findall(lower))
    if lower.endswith("e") and not lower.endswith(("le", "ee", "ye")):
        count -= 1
    if lower.endswith("ed") and not lower.endswith(("ted", "ded")):
        count -= 1
    return max(count, 1)
