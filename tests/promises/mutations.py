"""Updates made wrong in every way: types, missing keys, huge numbers, odd text, deep nesting, cut and flipped bytes."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent / "corpus"
HOSTILE: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**63 - 1,
    2**63,
    -(2**63) - 1,
    10**40,
    0.5,
    -1e308,
    "",
    " ",
    "\x00",
    "\ud800",
    "\u202e\u2066\u200f",
    "9" * 400,
    "a" * 5_000,
    "/start",
    "mood:1:ok",
    [],
    {},
    [[]],
    [None],
    [1, "a", {}],
    {"id": "x"},
    {"id": 2**70},
    {"type": "private"},
)


def kept(start: str) -> list[tuple[str, bytes]]:
    """The corpus files whose name starts so: name and bytes."""
    return [(path.stem, path.read_bytes()) for path in sorted(CORPUS.glob(f"{start}-*.json"))]


def mutated(seed: int, many: int, first_id: int) -> Iterator[bytes]:
    """So many updates made from the good ones of the corpus, the same for the same seed, each with an id of its own."""
    lots = random.Random(seed)
    bases = [json.loads(raw) for _, raw in kept("good")]
    for number in range(many):
        update = copy.deepcopy(lots.choice(bases))
        update["update_id"] = first_id + number
        for _ in range(lots.choice((1, 1, 1, 2, 3, 5))):
            _twist(update, lots)
        raw = json.dumps(update).encode()
        yield _damage(raw, lots) if lots.random() < 0.05 else raw


def _places(thing: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in `thing` with every key or index in it."""
    items = thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ()
    for key, value in items:
        yield thing, key
        yield from _places(value)


def _twist(update: dict[str, Any], lots: random.Random) -> None:
    places = list(_places(update))
    if not places:
        return
    holder, key = lots.choice(places)
    if key == "update_id" and lots.random() < 0.9:
        return
    match lots.randrange(7):
        case 0:
            del holder[key]
        case 1 | 2 | 3:
            holder[key] = copy.deepcopy(lots.choice(HOSTILE))
        case 4:
            holder[key] = [holder[key]]
        case 5:
            other_holder, other = lots.choice(places)
            holder[key] = copy.deepcopy(other_holder[other])
        case _:
            holder[key] = _deep(lots.choice((3, 30, 120)))


def _deep(depth: int) -> Any:
    thing: Any = 1
    for level in range(depth):
        thing = [thing] if level % 2 else {"a": thing}
    return thing


def _damage(raw: bytes, lots: random.Random) -> bytes:
    at = lots.randrange(len(raw))
    match lots.randrange(4):
        case 0:
            return raw[:at]
        case 1:
            return raw[:at] + bytes([lots.randrange(256)]) + raw[at + 1 :]
        case 2:
            return raw[:at] + bytes([lots.randrange(256)]) + raw[at:]
        case _:
            return raw[:at] + raw[at:] * 2
