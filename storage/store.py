"""The Store: how the async edges hand plain, synchronous work to the database.

SQLite: one writer thread and a few readers; decisions that wait for it at the same moment share a commit, each on its
own savepoint. PostgreSQL: a small pool of threads. Measured against an async driver: 2.2 times the rate at a tenth of
the p99.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlmodel import Session

from storage.engine import POSTGRES_CONNECTIONS, READERS, database_url, reading_engine, writing_engine
from storage.sealing import MasterKeys
from storage.sources import Clock, Ids, Randomness
from storage.unit import Keyring, Unit, prepare_service_keys

T = TypeVar("T")
Job = tuple[Callable[[Unit], Any], Future[Any]]
CLASHES_MOST = 5
TOGETHER_MOST = 32


class StoreBusyError(Exception):
    """The database could not be reached or stayed locked: nothing was changed, and trying again is right."""


class CommitUnknownError(StoreBusyError):
    """The connection went away while the commit was on its way. Every write is made safe to repeat, so repeat it."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What `bot/` hands to storage: the time, randomness, and tokens."""

    clock: Clock
    randomness: Randomness
    new_token: Callable[[], str]


class Store:
    """One database and its threads. Open with `Store.open`, close with `close`."""

    def __init__(self, url: URL, masters: MasterKeys, sources: Sources) -> None:
        self.url = url
        self.on_queued: Callable[[], None] = lambda: None
        self._clock = sources.clock
        self._new_token = sources.new_token
        self._ids = Ids(sources.clock, sources.randomness)
        self._keyring = Keyring(masters, sources.randomness)
        self._writing = writing_engine(url)
        self._reading = reading_engine(url)
        writers = 1 if url.drivername == "sqlite" else POSTGRES_CONNECTIONS
        self._writers = ThreadPoolExecutor(writers, thread_name_prefix="store-write")
        # On SQLite a commit costs as much as a small decision; PostgreSQL has several writers instead.
        self._together = writers == 1
        self._line: deque[Job] = deque()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")

    @classmethod
    def open(cls, url_text: str, masters: MasterKeys, sources: Sources) -> Store:
        """A store on a database whose schema is up to date (storage.schema.upgrade).

        Raises ValueError for a URL we do not serve, CannotOpenError for another master key, StoreBusyError when the
        database cannot be reached.
        """
        store = cls(database_url(url_text), masters, sources)
        try:
            store.write_now(lambda unit: prepare_service_keys(unit, store._keyring))
        except BaseException:
            store.close()
            raise
        return store

    def __repr__(self) -> str:
        return f"Store({self.url.render_as_string(hide_password=True)})"

    @property
    def writing_engine(self) -> Engine:
        """For the schema and for the crash harness, which listens to it."""
        return self._writing

    async def write(self, work: Callable[[Unit], T]) -> T:
        """Run `work` in one Unit and commit it. Nothing of it happened when this raises StoreBusyError."""
        return await asyncio.wrap_future(self.submit(work))

    async def read(self, work: Callable[[Unit], T]) -> T:
        """Run `work` on a snapshot that cannot be written."""
        return await asyncio.wrap_future(self._readers.submit(self._read, work))

    def submit(self, work: Callable[[Unit], T]) -> Future[T]:
        """As `write`, for callers that are not async."""
        if not self._together:
            return self._writers.submit(self.write_now, work)
        asked: Future[T] = Future()
        self._line.append((work, asked))
        self._writers.submit(self._write_line)
        return asked

    def write_now(self, work: Callable[[Unit], T]) -> T:
        """As `write`, in the calling thread: for commands, tests, and the writer thread itself.

        When another process wrote the same thing at the same moment, nothing of ours happened, and `work` runs again.
        """
        for _ in range(CLASHES_MOST):
            try:
                return self._write_once(work)
            except DBAPIError as error:
                told = _told(error)
                if not _is_clash(error):
                    break
        raise told

    def _write_once(self, work: Callable[[Unit], T]) -> T:
        with Session(self._writing, expire_on_commit=False) as session:
            unit = self._unit(session)
            result = work(unit)
            session.commit()
        self._committed([unit])
        return result

    def _committed(self, units: list[Unit]) -> None:
        """What follows once these are on the disk, and not before."""
        for owner in (owner for unit in units for owner in unit.destroyed):
            self._keyring.opened.forget(owner)
        if any(unit.queued for unit in units):
            self.on_queued()

    def _write_line(self) -> None:
        """Write what waits in line, up to so many in one commit. In the one writer thread of SQLite."""
        waiting = [self._line.popleft() for _ in range(min(len(self._line), TOGETHER_MOST))]
        jobs = [(work, asked) for work, asked in waiting if asked.set_running_or_notify_cancel()]
        try:
            if len(jobs) > 1:
                self._write_together(jobs)
            for work, asked in jobs:
                if not asked.done():
                    _answer(asked, partial(self.write_now, work))
        except BaseException as error:
            for _, asked in jobs:
                if not asked.done():
                    asked.set_exception(error)
            raise

    def _write_together(self, jobs: list[Job]) -> None:
        """Each in a Unit on its own savepoint, all in one commit, and nobody is answered before it is on the disk.

        One that fails takes nothing with it. When the database itself refuses something, nothing of any happened: they
        are told so when it is busy, and left to be written one by one when it is not.
        """
        try:
            with self._writing.begin() as connection:
                results = [self._on_savepoint(connection, work) for work, _ in jobs]
        except (OperationalError, InterfaceError) as error:
            for _, asked in jobs:
                asked.set_exception(_told(error))
            return
        except DBAPIError:
            return
        self._committed([unit for _, unit in results if unit is not None])
        for (_, asked), (give, _) in zip(jobs, results, strict=True):
            _answer(asked, give)

    def _on_savepoint(
        self, connection: Connection, work: Callable[[Unit], object]
    ) -> tuple[Callable[[], object], Unit | None]:
        """Do one of several; what gives its result or raises its error, and its Unit unless that was undone."""
        # Not through SQLAlchemy, where these two statements would cost a tenth of the whole decision.
        raw: Any = connection.connection.driver_connection
        raw.execute("SAVEPOINT unit")
        # `rollback_only`: the session leaves the commit to us.
        with Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only") as session:
            unit = self._unit(session)
            try:
                result = work(unit)
                session.flush()
            except DBAPIError:
                raise
            except Exception as error:
                raw.execute("ROLLBACK TO unit")
                return partial(_raise, error), None
        raw.execute("RELEASE unit")
        return lambda: result, unit

    def read_now(self, work: Callable[[Unit], T]) -> T:
        """As `read`, in the calling thread."""
        return self._read(work)

    def close(self) -> None:
        """Finish what was handed in, then let go of every connection."""
        self._writers.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self._writing.dispose()
        self._reading.dispose()

    def _read(self, work: Callable[[Unit], T]) -> T:
        try:
            with Session(self._reading, expire_on_commit=False, autoflush=False) as session:
                return work(self._unit(session))
        except DBAPIError as error:
            told = _told(error)
        raise told

    def _unit(self, session: Session) -> Unit:
        return Unit(session, self._clock.now(), self._ids, self._keyring, self._new_token)


def _answer(asked: Future[Any], give: Callable[[], object]) -> None:
    try:
        asked.set_result(give())
    except BaseException as error:
        asked.set_exception(error)


def _raise(error: Exception) -> None:
    raise error


class DatabaseRefusedError(Exception):
    """The database refused a statement (a constraint, a type). A fault of ours; carries no values."""


def _told(error: DBAPIError) -> Exception:
    """What to raise instead. A driver's error holds statements and their values, so it stops here, even as a cause."""
    kind = type(error.orig).__name__
    # A PostgreSQL that is being handed over to another server refuses writes for a moment.
    if isinstance(error, OperationalError | InterfaceError) or kind == "ReadOnlySqlTransaction":
        return CommitUnknownError(kind) if error.connection_invalidated else StoreBusyError(kind)
    return DatabaseRefusedError(kind)


def _is_clash(error: DBAPIError) -> bool:
    """Whether two units wrote the same key or waited for each other, and this one was undone for it."""
    return isinstance(error, IntegrityError) or type(error.orig).__name__ in (
        "DeadlockDetected",
        "SerializationFailure",
    )
