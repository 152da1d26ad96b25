"""Everything a machine can see wrong with what we say, as a list for the editor.

An empty list is what `keepintouch content check` and the tests ask for. Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from content.check import council_packs, evidence, guidance_pages, sentences
from content.check.language import Problem
from content.council import built_in
from content.facts import all_facts
from content.guidance import all_pages
from content.helplines import all_helplines
from content.words import all_ids, template

__all__ = ["Problem", "problems"]


def problems(today: date, packs: Sequence[Path] = (built_in("brackwater"),)) -> list[Problem]:
    """All that is wrong on `today` with our words, facts, helplines and pages, and with each council pack."""
    facts, lines, pages = all_facts(), all_helplines(), all_pages()
    found = sentences.problems({key: template(key) for key in all_ids()})
    found += evidence.fact_problems(facts, today)
    found += evidence.helpline_problems(lines, today)
    found += guidance_pages.problems(pages, facts, lines, today)
    for folder in packs:
        found += council_packs.problems(folder)
    return found
