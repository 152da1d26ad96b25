"""Keeping in touch: check-ins, contacts, silence and what is done about it."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from storage.tables.columns import instant, may_refer_to, maybe_instant, refers_to, row_id


class CheckIn(SQLModel, table=True):
    """One slot of someone's cadence. `key` is (person, check_in, local date, name): a slot exists once.

    `state` is asked, answered, skipped (by them), missed (no answer before the next), expired (we were too late),
    held (not sent: they paused or stopped), refused or unknown. `steps_done` and `ladder_over` (why; None while it
    runs) say how far the ladder was climbed for it.
    """

    __tablename__ = "check_in"
    id: int = row_id()
    key: str = Field(unique=True)
    person_id: int = refers_to("person.id", index=True)
    local_date: dt.date
    due_utc: dt.datetime = instant()
    state: str
    mood_sealed: bytes | None = None
    line_sealed: bytes | None = None
    answered_utc: dt.datetime | None = maybe_instant()
    steps_done: int = 0
    ladder_over: str | None = None


class Contact(SQLModel, table=True):
    """A contact, or a try, on any channel, as an adviser logged it. Only `outcome` spoke counts as meaningful."""

    id: int = row_id()
    person_id: int = refers_to("person.id", index=True)
    logged_by_id: int = refers_to("person.id")
    channel: str
    direction: str
    outcome: str
    note_sealed: bytes | None = None
    at_utc: dt.datetime = instant()
    logged_utc: dt.datetime = instant()
    logged_in: str
    undone_utc: dt.datetime | None = maybe_instant()


class Incident(SQLModel, table=True):
    """Something an adviser must know and act on. `open_key` (person:cause while not closed, then None) keeps it one."""

    id: int = row_id()
    person_id: int = refers_to("person.id", index=True)
    cause: str
    state: str
    open_key: str | None = Field(default=None, unique=True)
    opened_utc: dt.datetime = instant()
    told_utc: dt.datetime | None = maybe_instant()
    acknowledged_utc: dt.datetime | None = maybe_instant()
    acknowledged_by_id: int | None = may_refer_to("person.id")
    manager_told_utc: dt.datetime | None = maybe_instant()
    closed_utc: dt.datetime | None = maybe_instant()
    closed_by_id: int | None = may_refer_to("person.id")
    outcome: str | None = None


class PersonMessage(SQLModel, table=True):
    """Something a person wrote for their adviser to read."""

    __tablename__ = "person_message"
    id: int = row_id()
    person_id: int = refers_to("person.id", index=True)
    written_utc: dt.datetime = instant()
    text_sealed: bytes | None = None
