"""The JSON shapes Telegram sends, built from what the sandbox knows."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sandbox.refusals import Json

Kind = Literal["text", "photo", "document", "voice", "contact"]


@dataclass(frozen=True)
class Person:
    """Somebody with a phone. `role` and `about` are labels for the chat page; Telegram never sees them."""

    id: int
    name: str
    last_name: str = ""
    username: str = ""
    about: str = ""
    role: str = ""
    language_code: str = "en"

    def as_user(self) -> Json:
        """As `from` in an update."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        user |= {"last_name": self.last_name} if self.last_name else {}
        user |= {"username": self.username} if self.username else {}
        return user | {"language_code": self.language_code}

    def as_chat(self) -> Json:
        """As `chat`: a private one has the person's own id."""
        chat: Json = {"id": self.id, "first_name": self.name}
        chat |= {"last_name": self.last_name} if self.last_name else {}
        chat |= {"username": self.username} if self.username else {}
        return chat | {"type": "private"}


@dataclass
class Bot:
    """The bot's own account and what BotFather would keep about it."""

    id: int
    name: str
    username: str
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)

    def as_user(self) -> Json:
        """As `from` in a message the bot sent."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def as_me(self) -> Json:
        """As getMe answers: a bot for private chats only."""
        return self.as_user() | {
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": False,
            "allows_users_to_create_topics": False,
        }


@dataclass
class ShownMessage:
    """One bubble on one phone. `text` is the caption when there is a picture or a file."""

    id: int
    chat_id: int
    from_bot: bool
    at: datetime
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    kind: Kind = "text"
    media: Json = field(default_factory=dict)
    file_id: str = ""
    file_name: str = ""
    inline_keyboard: list[list[Json]] = field(default_factory=list)
    protected: bool = False
    silent: bool = False
    unread: bool = False
    deleted: bool = False
    edited_at: datetime | None = None
    reply_to: "ShownMessage | None" = None
    forwarded_from: Json = field(default_factory=dict)
    link_preview: Json = field(default_factory=dict)
    reactions: list[str] = field(default_factory=list)

    @property
    def labels(self) -> list[str]:
        """What is written on its inline buttons, row by row."""
        return [str(button["text"]) for row in self.inline_keyboard for button in row]


def unix(at: datetime) -> int:
    """Seconds, as Telegram dates everything."""
    return int(at.timestamp())


def as_message(message: ShownMessage, person: Person, bot: Bot, *, with_reply: bool = True) -> Json:
    """The Message object, as in an update or as the result of a send."""
    sender = bot.as_user() if message.from_bot else person.as_user()
    shape: Json = {"message_id": message.id, "from": sender, "chat": person.as_chat(), "date": unix(message.at)}
    if message.edited_at is not None:
        shape["edit_date"] = unix(message.edited_at)
    shape |= message.forwarded_from
    if with_reply and message.reply_to is not None:
        shape["reply_to_message"] = as_message(message.reply_to, person, bot, with_reply=False)
    shape |= _content(message)
    if message.inline_keyboard:
        shape["reply_markup"] = {"inline_keyboard": message.inline_keyboard}
    if message.link_preview:
        shape["link_preview_options"] = message.link_preview
    if message.protected:
        shape["has_protected_content"] = True
    return shape


def _content(message: ShownMessage) -> Json:
    shape: Json = dict(message.media)
    text, entities = ("text", "entities") if message.kind == "text" else ("caption", "caption_entities")
    if message.text:
        shape[text] = message.text
        shape |= {entities: message.entities} if message.entities else {}
    return shape


def member_update(person: Person, bot: Bot, at: datetime, *, kicked: bool) -> Json:
    """`my_chat_member` as it comes when a person blocks (kicked) or unblocks the bot."""
    member: Json = {"user": bot.as_user(), "status": "member"}
    banned: Json = {"user": bot.as_user(), "status": "kicked", "until_date": 0}
    old, new = (member, banned) if kicked else (banned, member)
    return {
        "chat": person.as_chat(),
        "from": person.as_user(),
        "date": unix(at),
        "old_chat_member": old,
        "new_chat_member": new,
    }
