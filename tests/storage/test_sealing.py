"""Sealing: a value opens only where it was sealed, only with its person's key, and under any master key in force."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from storage import people
from storage.rewrap import rewrap_all
from storage.sealing import CannotOpenError, MasterKeys, Place, seal, unseal
from storage.store import Store
from storage.tables import Person, PersonKey
from storage.unit import LOOK_UPS, SERVICE, Unit
from tests.databases import MASTERS, SeededBytes, StillClock, opened
from tests.storage.invented import add_person

HERE = Place("person_message", "text", 7)
ELSEWHERE = [replace(HERE, table="contact"), replace(HERE, column="note"), replace(HERE, row=8)]
NEW, OLD = b"n" * 32, b"m" * 32
BOTH = MasterKeys([NEW, OLD])
KEYS = PersonKey.__table__  # type: ignore[attr-defined]


def _name(store: Store, person_id: int) -> str:
    return store.read_now(lambda unit: people.name_of(unit, unit.session.get_one(Person, person_id)))


@pytest.mark.parametrize("whose", ["a person's", "the service's"])
def test_a_value_opens_where_it_was_sealed(store: Store, whose: str) -> None:
    """What was sealed for a person, or for the service, and a place comes back as it was."""
    owner = add_person(store) if whose == "a person's" else SERVICE
    sealed = store.write_now(lambda unit: unit.seal(owner, HERE, "rang mum 👋"))
    assert b"mum" not in sealed
    assert store.read_now(lambda unit: unit.open(owner, HERE, sealed)) == "rang mum 👋"


@pytest.mark.parametrize("place", ELSEWHERE, ids=["another table", "another column", "another row"])
def test_a_value_moved_elsewhere_does_not_open(store: Store, place: Place) -> None:
    """Copied to another table, column or row, a sealed value stays shut."""
    sam = add_person(store)
    sealed = store.write_now(lambda unit: unit.seal(sam, HERE, "mine"))
    with pytest.raises(CannotOpenError):
        store.read_now(lambda unit: unit.open(sam, place, sealed))


def test_one_persons_value_does_not_open_with_anothers_key(store: Store) -> None:
    """Given to another person's row with the same place, it stays shut."""
    sam, ali = add_person(store), add_person(store, "Ali Green", 7002)
    sealed = store.write_now(lambda unit: unit.seal(sam, HERE, "mine"))
    with pytest.raises(CannotOpenError):
        store.read_now(lambda unit: unit.open(ali, HERE, sealed))


@given(text=st.binary(max_size=200), at=st.integers(min_value=0, max_value=10_000), bit=st.integers(0, 7))
def test_a_changed_bit_does_not_open(text: bytes, at: int, bit: int) -> None:
    """Whatever bit of the nonce or the sealed bytes is turned, nothing opens, and no half of it comes out."""
    cipher = AESGCM(b"k" * 32)
    sealed = bytearray(seal(cipher, HERE, text, SeededBytes()))
    assert unseal(cipher, HERE, bytes(sealed)) == text
    sealed[1 + at % (len(sealed) - 1)] ^= 1 << bit
    with pytest.raises(CannotOpenError):
        unseal(cipher, HERE, bytes(sealed))


@given(cut=st.binary(max_size=40))
def test_rubbish_does_not_open(cut: bytes) -> None:
    """Bytes that were never sealed, of any length, are refused as such."""
    with pytest.raises(CannotOpenError):
        unseal(AESGCM(b"k" * 32), HERE, cut)


def test_without_their_key_nothing_of_a_person_opens(store: Store, database_url: str, still_clock: StillClock) -> None:
    """Once a person's key is destroyed neither this process nor a new one reads their name; others' still open."""
    sam, ali = add_person(store), add_person(store, "Ali Green", 7002)
    assert (_name(store, sam), _name(store, ali)) == ("Sam Tate", "Ali Green")
    store.write_now(lambda unit: unit.destroy_key(sam))
    again = opened(database_url, still_clock, seed="again")
    try:
        for one in (store, again):
            with pytest.raises(CannotOpenError):
                _name(one, sam)
            assert _name(one, ali) == "Ali Green"
    finally:
        again.close()


def test_a_read_while_a_key_is_destroyed_does_not_keep_it(store: Store) -> None:
    """Someone who opens a person's page at the very moment of the erasure leaves no key in memory."""
    sam = add_person(store)

    def destroy(unit: Unit) -> None:
        unit.destroy_key(sam)
        assert _name(store, sam) == "Sam Tate"  # not committed yet

    store.write_now(destroy)
    with pytest.raises(CannotOpenError):
        _name(store, sam)


def test_a_key_that_was_not_destroyed_after_all_still_opens(store: Store) -> None:
    """When the commit that destroys a key fails, the person's values open as before."""
    sam = add_person(store)

    def destroy(unit: Unit) -> None:
        unit.destroy_key(sam)
        raise LookupError

    with pytest.raises(LookupError):
        store.write_now(destroy)
    assert _name(store, sam) == "Sam Tate"


def test_a_wrapped_key_given_to_another_person_does_not_open(store: Store) -> None:
    """A person's key row is bound to that person: copied over another's it opens nothing."""
    sam, ali = add_person(store), add_person(store, "Ali Green", 7002)

    def steal(unit: Unit) -> None:
        taken = unit.connection.execute(select(KEYS.c.wrapped).where(KEYS.c.owner == sam)).scalar_one()
        unit.connection.execute(update(KEYS).where(KEYS.c.owner == ali).values(wrapped=taken))

    store.write_now(steal)
    with pytest.raises(CannotOpenError):
        MASTERS.unwrap(_wrapped(store, ali), ali)


def _wrapped(store: Store, owner: int) -> bytes:
    return store.read_now(lambda unit: bytes(unit.session.get_one(PersonKey, owner).wrapped))


def test_the_master_key_can_be_changed(store: Store, database_url: str, still_clock: StillClock) -> None:
    """Every key is wrapped anew; with both keys, then with the new one alone, everything opens and is found again."""
    sam = add_person(store)
    store.close()
    changing = opened(database_url, still_clock, seed="changing", masters=BOTH)
    assert _name(changing, sam) == "Sam Tate"
    assert rewrap_all(changing, BOTH, SeededBytes("rewrap")) == 3
    assert rewrap_all(changing, BOTH, SeededBytes("again")) == 0
    changing.close()
    changed = opened(database_url, still_clock, seed="changed", masters=MasterKeys([NEW]))
    assert _name(changed, sam) == "Sam Tate"
    found = changed.read_now(lambda unit: people.by_telegram(unit, 7001))
    assert found is not None
    assert found.id == sam
    changed.close()
    with pytest.raises(CannotOpenError):
        opened(database_url, still_clock, seed="old", masters=MasterKeys([OLD]))


def test_a_change_of_the_master_key_that_was_cut_off_goes_on(store: Store) -> None:
    """With some keys under either master everything opens, and the next run wraps the rest."""
    people_ids = [add_person(store, f"Person {one}", 7100 + one) for one in range(5)]

    def some(unit: Unit) -> None:
        for owner in people_ids[:2]:
            row = unit.session.get_one(PersonKey, owner)
            row.wrapped = BOTH.wrap(MASTERS.unwrap(row.wrapped, owner), owner, SeededBytes("some"))

    store.write_now(some)
    assert rewrap_all(store, BOTH, SeededBytes("rest")) == 5  # three people, and the service's own two
    for owner in (SERVICE, LOOK_UPS, *people_ids):
        wrapped = _wrapped(store, owner)
        assert BOTH.wrapped_by_first(wrapped)
        assert len(BOTH.unwrap(wrapped, owner)) == 32


def test_another_master_key_opens_no_store(store: Store, database_url: str, still_clock: StillClock) -> None:
    """With a key that never wrapped anything here the database is refused at the door."""
    store.close()
    with pytest.raises(CannotOpenError):
        opened(database_url, still_clock, masters=MasterKeys([NEW]))


def test_keys_do_not_print(store: Store) -> None:
    """Nothing that holds a key shows it."""
    assert "m" * 8 not in repr(MASTERS)
    shown = store.read_now(lambda unit: repr(vars(unit)))
    assert "mmmm" not in shown


@pytest.mark.parametrize("keys", [[], [b"short"], [NEW, b""]])
def test_a_master_key_has_32_bytes(keys: list[bytes]) -> None:
    """None, or one of another length, is refused."""
    with pytest.raises(ValueError):
        MasterKeys(keys)


def test_names_are_not_in_the_file(tmp_path: Path, still_clock: StillClock, sqlite_databases: Any) -> None:
    """Nobody who copies the database file reads a name or a Telegram id in it."""
    url = sqlite_databases.fresh()
    store = opened(url, still_clock)
    add_person(store, "Morwenna Trevanion", 7_123_456_789)
    path = Path(str(store.url.database))
    held = path.read_bytes() + path.with_name(path.name + "-wal").read_bytes()
    store.close()
    held += path.read_bytes()
    assert b"Morwenna" not in held
    assert b"7123456789" not in held
    assert (7_123_456_789).to_bytes(8, "big") not in held
