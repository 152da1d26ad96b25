"""Every connection is durable, whoever opened it."""

from __future__ import annotations

from storage.store import Store
from tests.databases import DurabilityWatch


def test_smoke(store: Store, durability_watch: DurabilityWatch) -> None:
    """Smoke."""
    assert store.read_now(lambda unit: unit.connection.exec_driver_sql("SELECT 1").scalar()) == 1
