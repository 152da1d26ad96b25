"""What the promise tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.crash_nursery import Nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """A warm process that forks the real service whenever a test wants one."""
    with Nursery() as warm:
        yield warm
