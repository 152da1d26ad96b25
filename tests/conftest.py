"""What every room's tests share: a browser, fresh databases on both engines, a clock that stands still."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from storage.store import Store
from tests.chromium import NoChromiumError, running_chromium
from tests.databases import (
    DurabilityWatch,
    PostgresDatabases,
    SqliteDatabases,
    StillClock,
    opened,
    running_postgres,
)

ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
WATCH = DurabilityWatch()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all browser tests; without one they are skipped, and only they."""
    try:
        async with running_chromium() as running:
            yield running
    except NoChromiumError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL that the suite brings itself, one for each worker."""
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_databases(postgres_url: str) -> Iterator[PostgresDatabases]:
    """Makes databases on that server."""
    databases = PostgresDatabases(postgres_url)
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """Makes database files."""
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """sqlite, then postgres."""
    return str(request.param)


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own for each test, with today's schema and no rows; once on each engine."""
    if engine_name == "sqlite":
        files: SqliteDatabases = request.getfixturevalue("sqlite_databases")
        yield files.fresh()
        return
    databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
    url = databases.fresh()
    yield url
    databases.drop(url)


@pytest.fixture
def empty_database_url(engine_name: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own with nothing in it, not even a schema; once on each engine."""
    if engine_name == "sqlite":
        files: SqliteDatabases = request.getfixturevalue("sqlite_databases")
        yield files.empty()
        return
    databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
    url = databases.empty()
    yield url
    databases.drop(url)


@pytest.fixture
def still_clock() -> StillClock:
    """A Monday morning that lasts until a test turns it."""
    return StillClock()


@pytest.fixture
def store(database_url: str, still_clock: StillClock) -> Iterator[Store]:
    """A store on a fresh database, on that clock, with randomness that can be repeated; once on each engine."""
    running = opened(database_url, still_clock)
    yield running
    running.close()


@pytest.fixture
def durability_watch() -> DurabilityWatch:
    """Who looks at every SQLite connection of this run."""
    return WATCH


@pytest.fixture(autouse=True)
def _every_connection_is_durable() -> Iterator[None]:
    """Whatever a test is about, the connections it opened had every durable setting."""
    yield
    complaints, WATCH.complaints = WATCH.complaints, []
    assert complaints == []


def pytest_configure() -> None:
    WATCH.start()


def pytest_unconfigure() -> None:
    WATCH.stop()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With KEEPINTOUCH_NO_SKIPS=1, as in continuous integration, nothing may be left out in silence."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("KEEPINTOUCH_NO_SKIPS") != "1" or reporter is None:
        return
    skipped = len(reporter.stats.get("skipped", []))
    if skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"KEEPINTOUCH_NO_SKIPS: {skipped} skipped, so this run failed", red=True)
