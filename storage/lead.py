"""Who leads: of several processes on one database, one sends and ticks.

    try_lead ──► Lead (held as long as its own connection or file is open) ──► gone: by `release`, or with the process
             └─► None: another process leads; ask again in a few seconds

Must stay true: the database or the kernel lets go when the holder dies, so nobody has to notice and nothing has to
expire. Who leads no longer finds it by `held`, and must claim nothing more. A row is claimed once even so: two senders
for a moment can leave a send unknown, never send it twice.
"""

from __future__ import annotations

import contextlib
import fcntl
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

# Any number that no other program takes on this database.
ADVISORY_LOCK = 7_263_482_101
# So that both ends of a connection that was cut notice it within seconds.
NOTICE_SOON = {
    "connect_timeout": 5,
    "keepalives_idle": 3,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 9_000,
    "options": "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3",
}


class Lead(Protocol):
    """The right to send and to tick."""

    def held(self) -> bool:
        """Whether it is still ours; asks the database."""
        ...

    def release(self) -> None:
        """Let another process lead."""
        ...


def try_lead(url: URL) -> Lead | None:
    """The lead on this database, or None when another process has it or the database cannot be asked."""
    if url.drivername == "sqlite":
        return _try_file(Path(f"{url.database}.lead"))
    return _try_database(url)


class FileLead:
    """A lock on a file beside the database; the kernel lets go of it with the process."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def held(self) -> bool:
        return not self._file.closed

    def release(self) -> None:
        self._file.close()


def _try_file(path: Path) -> FileLead | None:
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return FileLead(file)


class DatabaseLead:
    """A PostgreSQL advisory lock on a connection of its own; the server lets go of it with the connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def held(self) -> bool:
        if self._connection.closed:
            return False
        try:
            self._connection.exec_driver_sql("SELECT 1")
        except DBAPIError:
            self.release()
            return False
        return True

    def release(self) -> None:
        with contextlib.suppress(DBAPIError):
            self._connection.close()


def _try_database(url: URL) -> DatabaseLead | None:
    # Not of the store's pool: a connection given back there would keep the lock.
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=NOTICE_SOON)
    try:
        connection = engine.connect()
        if connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({ADVISORY_LOCK})").scalar():
            return DatabaseLead(connection)
        connection.close()
    except DBAPIError:
        return None
    return None
