"""How advisers and managers come in on the web."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from storage.tables.columns import instant, maybe_instant, refers_to, row_id


class SignInLink(SQLModel, table=True):
    """A one-use link, sent to the person's own Telegram chat. Only the token's hash is kept.

    `browser_hash` binds it to the browser that asked for it; None when it was asked for in the chat.
    """

    __tablename__ = "sign_in_link"
    id: int = row_id()
    token_hash: str = Field(unique=True)
    person_id: int = refers_to("person.id", index=True)
    browser_hash: str | None = None
    made_utc: dt.datetime = instant()
    expires_utc: dt.datetime = instant()
    spent_utc: dt.datetime | None = maybe_instant()


class WebSession(SQLModel, table=True):
    """A signed-in browser. The cookie holds the id; only its hash is kept, and ending it here ends it at once."""

    __tablename__ = "web_session"
    id_hash: str = Field(primary_key=True)
    person_id: int = refers_to("person.id", index=True)
    role: str
    started_utc: dt.datetime = instant()
    seen_utc: dt.datetime = instant()
    ended_utc: dt.datetime | None = maybe_instant()


class SignInAsk(SQLModel, table=True):
    """One asking for a sign-in link, known name or not, so that guessing can be slowed. Keeps a keyed hash only."""

    __tablename__ = "sign_in_ask"
    id: int = row_id()
    asked_key: str = Field(index=True)
    asked_utc: dt.datetime = instant(index=True)
