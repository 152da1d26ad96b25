"""The Unit: one decision and everything that follows from it, in one transaction.

A handler, a tick and a click each get one Unit, change rows through it, and it commits once or not at all. Nothing is
sent from inside a Unit; what should be sent is an outbox row that commits with the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select
from sqlalchemy.engine import Connection
from sqlmodel import Session

from storage.sealing import CannotOpenError, MasterKeys, OpenedKeys, Place, keyed_hash, seal, unseal
from storage.sources import Ids, Randomness
from storage.tables import Person, PersonKey

SERVICE = 0
LOOK_UPS = -1


class Keyring:
    """What opens and closes sealed values. Shared by all Units of a process."""

    def __init__(self, masters: MasterKeys, randomness: Randomness) -> None:
        self.masters = masters
        self.randomness = randomness
        self.opened = OpenedKeys()
        self.look_up_key = b""

    def __repr__(self) -> str:
        return "Keyring(hidden)"


class Unit:
    """One transaction on one session, with the instant it happens at.

    `now` is fixed for the whole Unit. `queued` tells the store to wake the sender after the commit, `destroyed` whose
    keys to forget once more: a read in the meantime may have opened one again.
    """

    def __init__(
        self, session: Session, now: datetime, ids: Ids, keyring: Keyring, new_token: Callable[[], str]
    ) -> None:
        self.session = session
        self.now = now
        self.new_token = new_token
        self.queued = False
        self.destroyed: list[int] = []
        self._connection: Connection | None = None
        self._ids = ids
        self._keyring = keyring

    @property
    def connection(self) -> Connection:
        """For statements on the hot paths, where objects cost more than the disk."""
        if self._connection is None:
            self._connection = self.session.connection()
        return self._connection

    def new_id(self) -> int:
        """An id for a row that is about to be written."""
        return self._ids.new()

    def look_up_key(self, what: str, value: str | int) -> str:
        """The keyed hash under which `value` is found again; `what` keeps kinds of values apart."""
        return keyed_hash(self._keyring.look_up_key, what, str(value))

    def seal(self, owner: int, place: Place, text: str | bytes) -> bytes:
        """`text` sealed under the key of person `owner` (or SERVICE), for that place only."""
        raw = text.encode() if isinstance(text, str) else text
        return seal(self._cipher(owner), place, raw, self._keyring.randomness)

    def open(self, owner: int, place: Place, sealed: bytes) -> str:
        """The text sealed at `place`. CannotOpenError when the person was erased or the bytes are damaged."""
        return self.open_bytes(owner, place, sealed).decode()

    def open_bytes(self, owner: int, place: Place, sealed: bytes) -> bytes:
        """As `open`, for what is not text."""
        return unseal(self._cipher(owner), place, sealed)

    def make_key(self, owner: int) -> None:
        """Give a new person their own key."""
        key = self._keyring.randomness.bytes(32)
        wrapped = self._keyring.masters.wrap(key, owner, self._keyring.randomness)
        self.session.add(PersonKey(owner=owner, wrapped=wrapped))
        self.session.flush()

    def destroy_key(self, owner: int) -> None:
        """Erase everything ever sealed for `owner`, in this database and in every copy of it."""
        self.session.execute(delete(PersonKey).where(PersonKey.owner == owner))  # type: ignore[arg-type]
        self.destroyed.append(owner)
        self._keyring.opened.forget(owner)

    def warm(self, owners: list[int]) -> None:
        """Open the keys of many people with one query, for a plan or a page about all of them."""
        missing = [owner for owner in owners if self._keyring.opened.get(owner) is None]
        for start in range(0, len(missing), 5_000):
            self._open_keys(missing[start : start + 5_000])

    def lock_person(self, person_id: int) -> Person | None:
        """The person, with no other Unit able to change them until this one ends; None when there is no such person."""
        # Not a full FOR UPDATE: that would also hold up every row that merely refers to this person.
        return self.session.get(Person, person_id, with_for_update={"key_share": True}, populate_existing=True)

    def _cipher(self, owner: int) -> AESGCM:
        cipher = self._keyring.opened.get(owner)
        if cipher is None:
            self._open_keys([owner])
            cipher = self._keyring.opened.get(owner)
        if cipher is None:
            raise CannotOpenError("this person has no key: they were erased")
        return cipher

    def _open_keys(self, owners: list[int]) -> None:
        table = PersonKey.__table__  # type: ignore[attr-defined]
        for owner, wrapped in self.connection.execute(
            select(table.c.owner, table.c.wrapped).where(table.c.owner.in_(owners))
        ):
            self._keyring.opened.keep(owner, self._keyring.masters.unwrap(wrapped, owner))


def prepare_service_keys(unit: Unit, keyring: Keyring) -> None:
    """Make the service's own two keys on a new database, and open the one for look-ups.

    Raises CannotOpenError when the database was written under another master key.
    """
    for owner in (SERVICE, LOOK_UPS):
        if unit.session.get(PersonKey, owner) is None:
            unit.make_key(owner)
    wrapped = unit.session.get_one(PersonKey, LOOK_UPS).wrapped
    keyring.look_up_key = keyring.masters.unwrap(wrapped, LOOK_UPS)
