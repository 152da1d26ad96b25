"""What each phone shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.entities import as_html
from sandbox.refusals import Json, PersonRefusal, bad_request
from sandbox.shapes import Person, ShownMessage

TYPING_SHOWN = timedelta(seconds=5)


@dataclass
class Phone:
    """One person's chat with the bot, as they see it.

    `waiting_start` is the payload of a link they were given and opened; START sends it.
    """

    person: Person
    messages: list[ShownMessage] = field(default_factory=list)
    reply_keyboard: Json | None = None
    force_reply: Json | None = None
    started: bool = False
    waiting_start: str = ""
    blocked: bool = False
    deactivated: bool = False
    action: str = ""
    action_at: datetime | None = None
    toasts: list[Json] = field(default_factory=list)

    @property
    def screen(self) -> list[ShownMessage]:
        """The messages not deleted, oldest first."""
        return [message for message in self.messages if not message.deleted]

    @property
    def unread(self) -> int:
        return sum(1 for message in self.messages if message.unread and not message.deleted)

    def message(self, message_id: int) -> ShownMessage | None:
        """The message with this id, if it is still there."""
        return next((m for m in reversed(self.messages) if m.id == message_id and not m.deleted), None)

    def own_message(self, message_id: int, sentence: str) -> ShownMessage:
        """One the bot may name in a call; otherwise Telegram's "<sentence> not found"."""
        found = self.message(message_id)
        if found is None:
            raise bad_request(f"{sentence} not found")
        return found

    def button(self, message_id: int, data: str) -> Json:
        """The inline button with this data, or this label, on a message that is on the screen."""
        message = self.message(message_id)
        for button in _buttons(message) if message else ():
            if button.get("callback_data") == data or ("callback_data" not in button and button.get("text") == data):
                return button
        raise PersonRefusal(f"there is no such button on message {message_id}")

    def labelled(self, label: str) -> tuple[ShownMessage, Json] | None:
        """The newest message with an inline button so labelled, and the button."""
        for message in reversed(self.screen):
            for button in _buttons(message):
                if button["text"] == label:
                    return message, button
        return None

    def reply_keys(self) -> list[Json]:
        """The keys of the reply keyboard now shown, row by row."""
        rows = self.reply_keyboard["keyboard"] if self.reply_keyboard else []
        return [key for row in rows for key in row]

    def reply_labels(self) -> list[str]:
        """What is written on them."""
        return [str(key["text"]) for key in self.reply_keys()]

    def reply_key(self, label: str) -> Json | None:
        """The key so labelled, if it is shown."""
        return next((key for key in self.reply_keys() if key["text"] == label), None)

    def read(self) -> bool:
        """Marks everything read; whether anything was not."""
        any_unread = self.unread > 0
        for message in self.messages:
            message.unread = False
        return any_unread


def _buttons(message: ShownMessage) -> Iterator[Json]:
    for row in message.inline_keyboard:
        yield from row


def as_listing(phone: Phone) -> Json:
    """One line in the list of people."""
    person = phone.person
    last = phone.screen[-1] if phone.screen else None
    return {
        "id": person.id,
        "name": person.name,
        "last_name": person.last_name,
        "username": person.username,
        "about": person.about,
        "role": person.role,
        "unread": phone.unread,
        "started": phone.started,
        "blocked": phone.blocked,
        "deactivated": phone.deactivated,
        "last_text": _summary(last) if last else "",
        "last_at": last.at.isoformat() if last else None,
    }


def as_screen(phone: Phone, now: datetime, *, deleted_too: bool = False) -> Json:
    """Everything a page needs to draw the phone."""
    messages = phone.messages if deleted_too else phone.screen
    typing = phone.action if phone.action_at and now - phone.action_at < TYPING_SHOWN else ""
    return {
        "person": as_listing(phone),
        "now": now.isoformat(),
        "started": phone.started,
        "blocked": phone.blocked,
        "typing": typing,
        "reply_keyboard": phone.reply_keyboard,
        "force_reply": phone.force_reply,
        "toast": phone.toasts[-1] if phone.toasts else None,
        "messages": [as_bubble(message) for message in messages],
    }


def as_bubble(message: ShownMessage) -> Json:
    """One message for a page: `html` is safe to put in as it is, with line breaks as characters."""
    return {
        "id": message.id,
        "from_bot": message.from_bot,
        "kind": message.kind,
        "text": message.text,
        "entities": message.entities,
        "html": as_html(message.text, message.entities),
        "buttons": message.inline_keyboard,
        "at": message.at.isoformat(),
        "edited": message.edited_at is not None,
        "edited_at": message.edited_at.isoformat() if message.edited_at else None,
        "deleted": message.deleted,
        "unread": message.unread,
        "protected": message.protected,
        "silent": message.silent,
        "file_id": message.file_id,
        "file_name": message.file_name,
        "file_url": f"/sandbox/files/{message.file_id}" if message.file_id else "",
        "media": message.media,
        "reply_to": _quoted(message.reply_to) if message.reply_to else None,
        "forwarded": bool(message.forwarded_from),
        "reactions": message.reactions,
    }


def as_transcript(phone: Phone, bot_name: str) -> str:
    """The whole chat as plain text, a line per message and one per row of buttons."""
    lines: list[str] = []
    for message in phone.messages:
        who = bot_name if message.from_bot else phone.person.name
        marks = " (edited)" * (message.edited_at is not None) + " (deleted)" * message.deleted
        lines.append(f"{message.at:%Y-%m-%d %H:%M} {who}{marks}: {_summary(message)}")
        lines += ["    [" + "] [".join(str(button["text"]) for button in row) + "]" for row in message.inline_keyboard]
    return "\n".join(lines) + "\n"


def _quoted(message: ShownMessage) -> Json:
    return {"id": message.id, "text": _summary(message), "from_bot": message.from_bot}


def _summary(message: ShownMessage) -> str:
    if message.kind == "text":
        return message.text
    label = {"photo": "photo", "document": message.file_name or "document", "voice": "voice message"}
    return f"[{label.get(message.kind, message.kind)}] {message.text}".rstrip()
