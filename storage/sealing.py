"""Sealing: what people tell us is unreadable without their own key, and their key without the service's.

    master key (a file, outside the database; several while it is being changed)
        └─ wraps ─► one key per person (table person_key) ─► seals each value, bound to table, column and row
        └─ wraps ─► the service's own two keys: for what belongs to nobody yet, and for look-ups

Must stay true: a value opens only in the row and column it was sealed for; without the person_key row nothing of that
person opens again, in this database, a backup or an export.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.sources import Randomness

NONCE_BYTES = 12
KEY_BYTES = 32
FORMAT = b"\x01"
OPENED_KEYS_KEPT = 20_000


class CannotOpenError(Exception):
    """A sealed value did not open: another key, another row, or damaged bytes. Carries no content."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives. A value moved to any other place does not open."""

    table: str
    column: str
    row: int

    def associated(self) -> bytes:
        return f"{self.table}:{self.column}:{self.row}".encode()


class MasterKeys:
    """The master keys in force: the first wraps, all unwrap. Never printed."""

    def __init__(self, keys: list[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError("a master key is 32 bytes")
        self._ciphers = {key_id(key): AESGCM(key) for key in keys}
        self._first = key_id(keys[0])

    def __repr__(self) -> str:
        return "MasterKeys(hidden)"

    def wrap(self, key: bytes, owner: int, randomness: Randomness) -> bytes:
        nonce = randomness.bytes(NONCE_BYTES)
        return self._first + nonce + self._ciphers[self._first].encrypt(nonce, key, b"key:%d" % owner)

    def unwrap(self, wrapped: bytes, owner: int) -> bytes:
        """The person's key. CannotOpenError when no master key in force wrapped it."""
        cipher = self._ciphers.get(wrapped[:4])
        if cipher is None:
            raise CannotOpenError("no master key in force wrapped this key")
        try:
            return cipher.decrypt(wrapped[4 : 4 + NONCE_BYTES], wrapped[4 + NONCE_BYTES :], b"key:%d" % owner)
        except InvalidTag:
            raise CannotOpenError("a wrapped key is damaged") from None

    def wrapped_by_first(self, wrapped: bytes) -> bool:
        """Whether this key is already under the newest master key."""
        return wrapped[:4] == self._first


def key_id(key: bytes) -> bytes:
    """Four bytes that name a master key without telling it."""
    return hashlib.sha256(b"keepintouch master key id" + key).digest()[:4]


def seal(cipher: AESGCM, place: Place, text: bytes, randomness: Randomness) -> bytes:
    """AES-256-GCM under a fresh 96-bit nonce, bound to `place`."""
    nonce = randomness.bytes(NONCE_BYTES)
    return FORMAT + nonce + cipher.encrypt(nonce, text, place.associated())


def unseal(cipher: AESGCM, place: Place, sealed: bytes) -> bytes:
    """The bytes that were sealed for `place`, or CannotOpenError."""
    try:
        return cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], place.associated())
    except (InvalidTag, ValueError):
        raise CannotOpenError(f"{place.table}.{place.column} did not open") from None


def keyed_hash(key: bytes, what: str, value: str) -> str:
    """A look-up key: equal values meet, and nobody without `key` can tell which value it was."""
    return hmac.new(key, f"{what}:{value}".encode(), hashlib.sha256).hexdigest()[:40]


class OpenedKeys:
    """Person keys already unwrapped, newest used last; forgets the oldest. Safe to lose at any time."""

    def __init__(self) -> None:
        self._ciphers: OrderedDict[int, AESGCM] = OrderedDict()

    def get(self, owner: int) -> AESGCM | None:
        return self._ciphers.get(owner)

    def keep(self, owner: int, key: bytes) -> AESGCM:
        cipher = self._ciphers[owner] = AESGCM(key)
        while len(self._ciphers) > OPENED_KEYS_KEPT:
            self._ciphers.popitem(last=False)
        return cipher

    def forget(self, owner: int) -> None:
        self._ciphers.pop(owner, None)
