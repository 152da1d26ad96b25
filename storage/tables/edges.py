"""The tables at the edges: what came in, what goes out, and what should happen when."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import instant, may_refer_to, maybe_instant, refers_to, row_id


class InboxRow(SQLModel, table=True):
    """One raw update, committed before Telegram is told we have it.

        pending ──handled──► done          (body gone)
           └──three failures, or unreadable──► quarantined   (body kept, sealed, until someone looks)

    `seq` is the order of arrival. `chat_key` orders one person's updates; both it and the body go when it is done.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_pending", "chat_key", "seq", sqlite_where=text("state = 'pending'"),
              postgresql_where=text("state = 'pending'")),
        Index("ix_inbox_quarantined", "seq", sqlite_where=text("state = 'quarantined'"),
              postgresql_where=text("state = 'quarantined'")),
    )  # fmt: skip
    seq: int = row_id()
    update_id: int | None = Field(default=None, unique=True, sa_type=BigInteger)
    unreadable_key: str | None = Field(default=None, unique=True)
    chat_key: str | None = None
    body_sealed: bytes | None = None
    state: str = "pending"
    attempts: int = 0
    next_try_utc: dt.datetime | None = maybe_instant()
    kept_utc: dt.datetime = instant()
    done_utc: dt.datetime | None = maybe_instant()
    reason: str | None = None


class OutboxRow(SQLModel, table=True):
    """One message to a person, written in the same commit as the decision that caused it.

        pending ──claimed by the sender──► claimed ──► sent
           │                                  ├──► pending   (again at due_utc)
           │                                  ├──► refused   (Telegram said no for good)
           │                                  └──► unknown   (the request left; no answer: see rules/sending.py)
           ├──► expired    (too late: not_after_utc)
           └──► withdrawn  (no longer wanted: stopped, answered, contact made)

    `key` is made from what it is, never from the clock, so the same message cannot be queued twice. `person_id` is None
    for someone who has not joined; then the chat is sealed here under the service's key, and goes when it is sent.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_pending", "priority", "due_utc", sqlite_where=text("state = 'pending'"),
              postgresql_where=text("state = 'pending'")),
        Index("ix_outbox_open", "state", sqlite_where=text("state IN ('claimed', 'unknown')"),
              postgresql_where=text("state IN ('claimed', 'unknown')")),
    )  # fmt: skip
    id: int = row_id()
    key: str = Field(unique=True)
    person_id: int | None = may_refer_to("person.id", index=True)
    chat_key: str
    chat_sealed: bytes | None = None
    kind: str
    priority: int
    name: str
    method: str
    body_sealed: bytes | None = None
    state: str = "pending"
    reason: str | None = None
    urgent: bool = False
    attempts: int = 0
    unknowns: int = 0
    due_utc: dt.datetime = instant()
    not_after_utc: dt.datetime | None = maybe_instant()
    queued_utc: dt.datetime = instant()
    claimed_utc: dt.datetime | None = maybe_instant()
    settled_utc: dt.datetime | None = maybe_instant()
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    check_in_id: int | None = may_refer_to("check_in.id", index=True)
    incident_id: int | None = may_refer_to("incident.id", index=True)


class Due(SQLModel, table=True):
    """What should happen next for someone, and when. The tick only looks here.

    `what` is check_in, ladder_step, incident_waits or invite_ends; `ref_id` the row it is about. A row is deleted in
    the commit that does it. `failed` names the error of one that could not be done; it is shown, not tried again.
    """

    __table_args__ = (
        Index("ix_due_waiting", "due_utc", sqlite_where=text("failed IS NULL"),
              postgresql_where=text("failed IS NULL")),
    )  # fmt: skip
    id: int = row_id()
    key: str = Field(unique=True)
    person_id: int = refers_to("person.id", index=True)
    what: str
    ref_id: int | None = Field(default=None, sa_type=BigInteger)
    due_utc: dt.datetime = instant()
    failed: str | None = None
