"""Changing the master key: every person's key is wrapped anew. What the keys seal is not touched."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select, update

from storage.sealing import MasterKeys
from storage.sources import Randomness
from storage.store import Store
from storage.tables import PersonKey
from storage.unit import Unit

KEYS = PersonKey.__table__  # type: ignore[attr-defined]
AT_ONCE = 1_000
BEFORE_ALL = -(2**63)


def rewrap_all(store: Store, masters: MasterKeys, randomness: Randomness) -> int:
    """Wrap every key that is not yet under the first of `masters`; returns how many that were.

    One commit for every thousand keys: a kill in the middle leaves keys under either master, all of which open, and
    running it again goes on. Only for a service that is stopped, or that already has both master keys.
    """
    wrapped, last = 0, BEFORE_ALL
    while True:
        changed, after = store.write_now(partial(_rewrap_some, masters, randomness, last))
        wrapped += changed
        if after is None:
            return wrapped
        last = after


def _rewrap_some(masters: MasterKeys, randomness: Randomness, after: int, unit: Unit) -> tuple[int, int | None]:
    found = unit.connection.execute(
        select(KEYS.c.owner, KEYS.c.wrapped).where(KEYS.c.owner > after).order_by(KEYS.c.owner).limit(AT_ONCE)
    ).all()
    changed = 0
    for owner, wrapped in found:
        if not masters.wrapped_by_first(wrapped):
            anew = masters.wrap(masters.unwrap(wrapped, owner), owner, randomness)
            unit.connection.execute(update(KEYS).where(KEYS.c.owner == owner).values(wrapped=anew))
            changed += 1
    return changed, found[-1].owner if found else None
