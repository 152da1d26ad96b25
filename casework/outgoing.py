"""Queueing what people will be sent. Four kinds, each with its own way to fail: rules/sending.py.

A key says what the message is, so deciding twice cannot send twice.
"""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from casework.caller import Caller
from casework.desk import Desk
from content.message import Message
from rules.sending import Kind
from storage import outbox
from storage.outbox import ToSend
from storage.people import Known
from storage.tables import Incident, Person

TIDY = "tidy"
TIDY_PRIORITY = max(kind.priority for kind in Kind) + 1


def call_of(message: Message) -> tuple[str, dict[str, Any]]:
    """The Bot API method and its JSON for a message, without the chat. A picture travels as base64 under `photo`."""
    body: dict[str, Any] = {"parse_mode": "HTML"}
    markup = message.reply_markup()
    if markup is not None:
        body["reply_markup"] = markup
    if message.protect:
        body["protect_content"] = True
    if message.photo_png:
        return "sendPhoto", body | {"caption": message.text, "photo": base64.b64encode(message.photo_png).decode()}
    return "sendMessage", body | {"text": message.text, "link_preview_options": {"is_disabled": True}}


def reply(
    desk: Desk, caller: Caller, key: str, message: Message, *, kind: Kind = Kind.REPLY, name: str = "reply"
) -> None:
    """Answer someone who just wrote. `key` names the update and which of its answers this is."""
    method, body = call_of(message)
    _queue(desk, caller, key, method, body, kind=kind, name=name)


def edit(desk: Desk, caller: Caller, key: str, message_id: int, message: Message) -> None:
    """Change the message whose button was pressed into this one."""
    _, body = call_of(message)
    _queue(desk, caller, key, "editMessageText", body | {"message_id": message_id}, kind=Kind.REPLY, name="edit")


def clear_buttons(desk: Desk, caller: Caller, key: str, message_id: int) -> None:
    """Take the buttons off a message that has been answered. Tidying up: everything that says something goes first."""
    _queue(desk, caller, key, "editMessageReplyMarkup", {"message_id": message_id}, kind=Kind.REPLY, name=TIDY)


def _queue(desk: Desk, caller: Caller, key: str, method: str, body: dict[str, Any], *, kind: Kind, name: str) -> None:
    person_id = None if caller.person is None else caller.person.id
    one = ToSend(
        key=key,
        kind=kind.value,
        priority=TIDY_PRIORITY if name == TIDY else kind.priority,
        name=name,
        method=method,
        body=body,
        person_id=person_id,
        chat_id=None if person_id else caller.telegram_id,
        chat_key=caller.chat_key,
    )
    outbox.add(desk.unit, [one])


def started(
    person: Known, key: str, name: str, message: Message, not_after_utc: datetime, check_in_id: int | None
) -> ToSend:
    """A message we start: a check-in, a nudge. Too late after `not_after_utc`; never sent twice."""
    method, body = call_of(message)
    return ToSend(
        key=key,
        kind=Kind.STARTED.value,
        priority=Kind.STARTED.priority,
        name=name,
        method=method,
        body=body,
        person_id=person.id,
        chat_key=person.telegram_key or "",
        not_after_utc=not_after_utc,
        check_in_id=check_in_id,
    )


def alert(
    desk: Desk,
    worker: Person,
    key: str,
    name: str,
    message: Message,
    *,
    incident: Incident | None,
    urgent: bool = False,
    priority: int | None = None,
) -> None:
    """Tell a member of staff something: in working hours unless `urgent`, and until Telegram confirms it."""
    if worker.telegram_key is None:
        return
    method, body = call_of(message)
    outbox.add(
        desk.unit,
        [
            ToSend(
                key=key,
                kind=Kind.ALERT.value,
                priority=Kind.ALERT.priority if priority is None else priority,
                name=name,
                method=method,
                body=body,
                person_id=worker.id,
                chat_key=worker.telegram_key,
                urgent=urgent,
                incident_id=None if incident is None else incident.id,
            )
        ],
    )
