"""Hearing danger: the labelled phrases, the ways people spell, what only looks serious, and hostile input."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.danger import GROUPS, IDIOMS, WORDINGS, Topic
from rules.safety import may_be_serious, topics_in

with (Path(__file__).parent / "phrases.tsv").open(encoding="utf-8", newline="") as sheet:
    LABELLED = [(row["label"], row["phrase"]) for row in csv.DictReader(sheet, delimiter="\t")]
# ASK: said, but past or denied. Never proof of safety, so either answer will do. "self-harm" in an essay is heard too.
ESSAY = "what does self-harm mean for my college essay"
SERIOUS = [phrase for label, phrase in LABELLED if label not in ("NO", "ASK")]
HARMLESS = [phrase for label, phrase in LABELLED if label == "NO" and phrase != ESSAY]


@pytest.mark.parametrize("phrase", SERIOUS)
def test_serious_phrases_are_heard(phrase: str) -> None:
    """Every phrase labelled as a risk brings help."""
    assert may_be_serious(phrase)


@pytest.mark.parametrize("phrase", HARMLESS)
def test_harmless_phrases_are_not(phrase: str) -> None:
    """Phrases labelled harmless, the look-alikes among them, bring no alarm."""
    assert topics_in(phrase) == ()


@pytest.mark.parametrize(
    ("phrase", "topic"),
    [
        ("I took 20 paracetamol", Topic.EMERGENCY),
        ("I OD'd last night", Topic.EMERGENCY),
        ("i've just taken a whole box of tablets", Topic.EMERGENCY),
        ("K I L L  M Y S E L F", Topic.SUICIDE),
        ("k.i.l.l m.y.s.e.l.f", Topic.SUICIDE),
        ("gonna killmyself", Topic.SUICIDE),
        ("k1ll mys3lf", Topic.SUICIDE),
        ("kiiiill myyyselfff", Topic.SUICIDE),
        ("su!c1de", Topic.SUICIDE),
        ("su*cide", Topic.SUICIDE),
        ("s\u200bui\u00adcide", Topic.SUICIDE),
        ("sûïcidé", Topic.SUICIDE),
        ("ѕuісіdе", Topic.SUICIDE),
        ("ｓｕｉｃｉｄｅ", Topic.SUICIDE),
        ("i want 2 die", Topic.SUICIDE),
        ("wanna dieeeee", Topic.SUICIDE),
        ("I DON’T WANT TO BE HERE ANYMORE", Topic.SUICIDE),
        ("i don`t want to live", Topic.SUICIDE),
        ("this homework is killing me and i want to kill myself", Topic.SUICIDE),
        ("suicide squad was rubbish. anyway i feel suicidal", Topic.SUICIDE),
        ("I'm not suicidal honest", Topic.SUICIDE),
        ("s e l f - h a r m", Topic.SELF_HARM),
        ("ive been cutting myself", Topic.SELF_HARM),
        ("my foster child has cut her arms", Topic.SELF_HARM),
        ("my dad beat me up again", Topic.ABUSE),
        ("he hit me with a belt", Topic.ABUSE),
        ("i was hit with a belt", Topic.ABUSE),
        ("he beat me in the street", Topic.ABUSE),
        ("he r*ped me", Topic.ABUSE),
        ("i'm being hurt by my carer", Topic.ABUSE),
        ("he's going to kill me now", Topic.ABUSE),
        ("I've nowhere to sleep tonight", Topic.NO_SHELTER),
        ("got chucked out, 2nite im on the streets", Topic.NO_SHELTER),
        ("nowheretosleep", Topic.NO_SHELTER),
    ],
)
def test_however_it_is_written(phrase: str, topic: Topic) -> None:
    """Signs, digits, spaces, accents, other alphabets, long letters and a joke beside it hide nothing."""
    assert topic in topics_in(phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        "this is killing me lol",
        "kill me now lol",
        "my phone died",
        "im dead 😂",
        "dying of boredom",
        "i could murder a kebab",
        "hit me up on friday",
        "you beat me at fifa",
        "i can't stop crying laughing",
        "they cut my hours again",
        "my money got cut again",
        "i cut my hair",
        "is 5 kms away too far for travel help",
        "no bed frame in my new flat",
        "i dont want to live with them",
        "i hurt my knee playing football",
        "i took my tablets this morning",
        "they took my passport photo at the shop",
        "locked out of my account",
        "kicked out of class today",
        "sick of waiting for housing",
        "how do i bleed a radiator",
        "can i get homeless priority when i leave care",
        "rang sam, all good, starts college monday, no credit til fri",
        "form for school trip to france, can i sign",
        "what's the point of a pathway plan",
        "Good thanks",
        "",
        " ",
        "👍",
        "123",
    ],
)
def test_what_only_looks_serious(phrase: str) -> None:
    """Idioms and ordinary business bring no alarm, so that alarms keep their meaning."""
    assert topics_in(phrase) == ()


@given(st.text(alphabet=st.characters(), max_size=300))
def test_no_text_raises(text: str) -> None:
    """Any string at all, lone surrogates and NUL included, gets an answer."""
    assert may_be_serious(text) in (True, False)


@given(
    st.text(max_size=60), st.text(max_size=60), st.sampled_from(["i want to kill myself", "nowhere to sleep tonight"])
)
def test_nothing_around_it_hides_it(before: str, after: str, phrase: str) -> None:
    """Whatever is written before and after on other lines, the sentence in between is heard."""
    assert may_be_serious(f"{before}\n\n{phrase}\n\n{after}")


@pytest.mark.parametrize(
    "piece",
    [
        "kill ",
        "took all ",
        "a ",
        "x",
        "aaa ",
        "scared of he ",
        "\ufdfa",
        "🔪",
        "im 13 ",
        "\u0301",
        "don't want to ",
        "\ud800",
    ],
)
def test_the_longest_message_is_quick(piece: str) -> None:
    """4,096 characters chosen to be slow are read in well under a fifth of a second, so nobody waits for help."""
    text = (piece * 4096)[:4096]
    may_be_serious("warm up")
    started = time.perf_counter()
    may_be_serious(text)
    assert time.perf_counter() - started < 0.2


def test_the_wordings_are_plain() -> None:
    """Each wording uses only the notation it explains, and every group named exists."""
    plain = set("abcdefghijklmnopqrstuvwxyz_*?/")
    marks = {".", "..", "END", "#child", "#adult", "#number", *GROUPS}
    lines = [*IDIOMS, *(wording for wordings in WORDINGS.values() for wording in wordings)]
    words = {word for line in lines for word in line.split()} - marks
    assert all(set(word) <= plain for word in words), sorted(word for word in words if not set(word) <= plain)
    assert set(WORDINGS) == set(Topic)
