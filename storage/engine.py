"""Engines that are durable by construction: every connection has the settings, or it is not handed out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.pool import QueuePool

BUSY_WAIT_MS = 4_000
POSTGRES_CONNECTIONS = 8
READERS = 3

# `secure_delete` overwrites what is deleted; FULL keeps a commit through a power cut (it costs 13 %).
WRITER_SETTINGS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "busy_timeout": BUSY_WAIT_MS,
}
POSTGRES_SETTINGS = {
    "options": f"-c lock_timeout={BUSY_WAIT_MS}",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "tcp_user_timeout": 15_000,
}


def database_url(text: str) -> URL:
    """A SQLAlchemy URL from a setting: `sqlite:///file`, or `postgresql://…`, which is served by psycopg 3.

    Raises ValueError, without repeating a password, for anything else.
    """
    url = make_url(text)
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database and url.database != ":memory:":
        return url
    raise ValueError(f"{url.render_as_string(hide_password=True)}: give sqlite:///path/to/file.db or postgresql://…")


def writing_engine(url: URL) -> Engine:
    """For units that write. On SQLite: one connection, each transaction begun IMMEDIATE.

    SQLite's deferred begin fails at once with "database is locked" when a read turns into a write, and SQLAlchemy's own
    default loses updates without an error; both were measured.
    """
    if url.drivername == "sqlite":
        return _sqlite_engine(url, connections=1, begin="BEGIN IMMEDIATE", extra={})
    return _postgres_engine(url, POSTGRES_CONNECTIONS)


def reading_engine(url: URL) -> Engine:
    """For reads: a snapshot, and no way to write."""
    if url.drivername == "sqlite":
        return _sqlite_engine(url, connections=READERS, begin="BEGIN", extra={"query_only": 1})
    engine = _postgres_engine(url, READERS)
    event.listen(engine, "begin", _begin_read_only)
    return engine


def _begin_read_only(connection: Connection) -> None:
    # By default PostgreSQL would show each statement another moment.
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _postgres_engine(url: URL, connections: int) -> Engine:
    """Waits for a lock, or for a server that is gone, no longer than SQLite would; settings in the URL win."""
    ours = {name: value for name, value in POSTGRES_SETTINGS.items() if name not in url.query}
    return create_engine(url, pool_size=connections, max_overflow=0, pool_pre_ping=True, connect_args=ours)


def _sqlite_engine(url: URL, *, connections: int, begin: str, extra: dict[str, int]) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": BUSY_WAIT_MS / 1000, "cached_statements": 512},
    )

    def settle(raw: Any, _record: Any) -> None:
        raw.isolation_level = None
        for name, value in (WRITER_SETTINGS | extra).items():
            raw.execute(f"PRAGMA {name}={value}")
        check_settings(raw)

    def begin_now(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", settle)
    event.listen(engine, "begin", begin_now)
    return engine


def check_settings(raw: Any) -> None:
    """Raise RuntimeError unless this SQLite connection really has every durable setting."""
    for name, wanted in WRITER_SETTINGS.items():
        (found,) = raw.execute(f"PRAGMA {name}").fetchone()
        if found != wanted:
            raise RuntimeError(f"SQLite did not take {name}={wanted}: it says {found}")
