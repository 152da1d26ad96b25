"""The few column shapes that every table is made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import Field

from storage.moments import Utc


def row_id() -> Any:
    """Our own id (storage.sources.Ids), known before the row is written, because sealing is bound to it."""
    return Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})


def refers_to(column: str, *, index: bool = False, primary_key: bool = False) -> Any:
    """A row in another table that must exist."""
    if primary_key:
        return Field(
            foreign_key=column, primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
        )
    return Field(foreign_key=column, sa_type=BigInteger, index=index)


def may_refer_to(column: str, *, index: bool = False) -> Any:
    """A row in another table, or None."""
    return Field(default=None, foreign_key=column, sa_type=BigInteger, index=index)


def instant(*, index: bool = False) -> Any:
    """An aware UTC instant."""
    return Field(sa_type=Utc, index=index)


def maybe_instant(*, index: bool = False) -> Any:
    """An aware UTC instant, or None when it has not happened."""
    return Field(default=None, sa_type=Utc, index=index)
