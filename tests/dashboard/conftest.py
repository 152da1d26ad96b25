"""The town that the dashboard's tests look at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.dashboard.town import Town, open_town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A town of its own for each test."""
    async with open_town(tmp_path) as made:
        yield made


@pytest.fixture
async def either_town(tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    """The same town on SQLite, then on PostgreSQL."""
    async with open_town(tmp_path, database_url=database_url) as made:
        yield made
