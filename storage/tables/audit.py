"""The record of who did or saw what. Rows are only ever added; each carries the hash of the one before."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from storage.tables.columns import instant


class AuditEntry(SQLModel, table=True):
    """One act. `actor_id` is a person, or None for the service itself (the tick). `detail` never holds their words."""

    __tablename__ = "audit"
    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    at_utc: dt.datetime = instant()
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    act: str
    person_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    detail: str = ""
    hash: str


class AuditHead(SQLModel, table=True):
    """The end of the chain: one row, locked by whoever adds to it."""

    __tablename__ = "audit_head"
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(sa_type=BigInteger)
    hash: str
