"""People, and what binds them to each other and to us."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from storage.tables.columns import instant, may_refer_to, maybe_instant, refers_to, row_id


class Team(SQLModel, table=True):
    """Advisers who share a manager."""

    id: int = row_id()
    name: str = Field(unique=True)


class Person(SQLModel, table=True):
    """Someone known to us. The two clocks live here so that no page ever groups the log.

    `state` is invited, active, left or erased. `name_sealed` is what staff call them, `called_sealed` what they asked
    to be called. `stopped_utc`: they said stop, and nothing is started with them. `unreachable`: why Telegram does
    not deliver ('blocked', 'deactivated'), or None. `sign_in_key`: keyed hash of the name staff sign in with.
    """

    id: int = row_id()
    role: str
    state: str
    team_id: int | None = may_refer_to("team.id", index=True)
    name_sealed: bytes | None = None
    called_sealed: bytes | None = None
    telegram_sealed: bytes | None = None
    telegram_key: str | None = Field(default=None, unique=True)
    sign_in_key: str | None = Field(default=None, unique=True)
    zone: str = "Europe/London"
    invited_utc: dt.datetime = instant()
    joined_utc: dt.datetime | None = maybe_instant()
    paused_until_utc: dt.datetime | None = maybe_instant()
    stopped_utc: dt.datetime | None = maybe_instant()
    unreachable: str | None = None
    last_reply_utc: dt.datetime | None = maybe_instant()
    last_contact_utc: dt.datetime | None = maybe_instant(index=True)
    last_contact_id: int | None = Field(default=None, sa_type=BigInteger)
    contact_due_utc: dt.datetime | None = maybe_instant(index=True)


class PersonKey(SQLModel, table=True):
    """One key per person, wrapped by the master key. Deleting the row erases what it sealed, everywhere.

    The service's own two keys are rows too, with owner 0 (sealing) and -1 (look-ups); hence no foreign key.
    """

    __tablename__ = "person_key"
    owner: int = row_id()
    wrapped: bytes


class Bond(SQLModel, table=True):
    """Who looks after whom: an adviser and one of their people, from a day until (None: still)."""

    id: int = row_id()
    person_id: int = refers_to("person.id", index=True)
    adviser_id: int = refers_to("person.id", index=True)
    since_utc: dt.datetime = instant()
    until_utc: dt.datetime | None = maybe_instant()


class Consent(SQLModel, table=True):
    """What someone agreed to when they joined: which words, and when; `withdrawn_utc` when they left."""

    id: int = row_id()
    person_id: int = refers_to("person.id", index=True)
    words_id: str
    given_utc: dt.datetime = instant()
    withdrawn_utc: dt.datetime | None = maybe_instant()


class Invite(SQLModel, table=True):
    """A one-use way in for one person: a deep link (hashed token) and a short code to type (keyed hash)."""

    id: int = row_id()
    person_id: int = refers_to("person.id", index=True)
    made_by_id: int | None = may_refer_to("person.id")
    token_hash: str = Field(unique=True)
    code_key: str = Field(unique=True)
    made_utc: dt.datetime = instant()
    expires_utc: dt.datetime = instant()
    used_utc: dt.datetime | None = maybe_instant()


class Cadence(SQLModel, table=True):
    """How often one person is asked how they are. The next slot is a row in `due`."""

    person_id: int = refers_to("person.id", primary_key=True)
    every_days: int
    weekday: int | None = None
    at: dt.time
    anchor: dt.date
    agreed_utc: dt.datetime = instant()


class Conversation(SQLModel, table=True):
    """Where someone who joined is in a conversation of more than one message. Nobody else has a row."""

    person_id: int = refers_to("person.id", primary_key=True)
    state: str
    data_sealed: bytes | None = None
    since_utc: dt.datetime = instant()
