"""What people do with their phones, each act with the update Telegram would make of it."""

from sandbox.calls import Upload
from sandbox.entities import with_found
from sandbox.phones import Phone
from sandbox.refusals import Json, PersonRefusal
from sandbox.shapes import Kind, ShownMessage, member_update
from sandbox.world import World


def says(world: World, phone: Phone, text: str, reply_to: int | None = None) -> ShownMessage:
    """Types and sends; also what a tap on a reply keyboard does."""
    text = text.strip()
    if not text:
        raise PersonRefusal("a phone does not send an empty message")
    return _sends(world, phone, "text", text, reply_to=reply_to)


def opens(world: World, phone: Phone, payload: str = "") -> ShownMessage:
    """Presses START, by a deep link when there is a payload; a blocked bot is unblocked by it."""
    if phone.blocked:
        unblocks(world, phone)
    payload, phone.waiting_start = payload or phone.waiting_start, ""
    return says(world, phone, f"/start {payload}".strip())


def presses(world: World, phone: Phone, message_id: int, data: str) -> Json:
    """Presses an inline button that is on the screen. A link opens in the browser: no update comes of it."""
    _can_act(phone)
    button = phone.button(message_id, data)
    if "callback_data" not in button:
        return {"url": button.get("url", ""), "button": button}
    message = phone.own_message(message_id, "message")
    callback_id = world.callback_id(phone.person.id)
    payload: Json = {
        "id": callback_id,
        "from": phone.person.as_user(),
        "message": world.message_json(message),
        "chat_instance": world.chat_instance(phone.person.id),
        "data": button["callback_data"],
    }
    world.ring("callback_query", payload, phone.person.id)
    return {"callback_query_id": callback_id}


def sends_file(world: World, phone: Phone, kind: Kind, upload: Upload, caption: str = "") -> ShownMessage:
    """Sends a photo, a document or a voice note."""
    _can_act(phone)
    file = world.files.keep(kind, upload.name, upload.mime, upload.content)
    duration_s = max(1, len(upload.content) // 4000)
    return _sends(world, phone, kind, caption, media=file.as_media(duration_s), file_id=file.file_id, name=file.name)


def shares_contact(world: World, phone: Phone, number: str) -> ShownMessage:
    """Shares the person's own number."""
    person = phone.person
    contact: Json = {"phone_number": number, "first_name": person.name, "user_id": person.id}
    return _sends(world, phone, "contact", "", media={"contact": contact}, name=number)


def edits(world: World, phone: Phone, message_id: int, text: str) -> ShownMessage:
    """Edits one of the person's own messages."""
    _can_act(phone)
    message = phone.message(message_id)
    if message is None or message.from_bot or not text.strip():
        raise PersonRefusal("only one's own message can be edited, and not to nothing")
    message.text = text.strip()
    message.entities = with_found(message.text, [])
    message.edited_at = world.clock.now()
    world.events.tell("edit", phone.person.id, message_id=message.id)
    world.ring("edited_message", world.message_json(message), phone.person.id)
    return message


def blocks(world: World, phone: Phone) -> None:
    """Stops and blocks the bot."""
    _turn(world, phone, to_blocked=True)


def unblocks(world: World, phone: Phone) -> None:
    """Lets the bot write again."""
    _turn(world, phone, to_blocked=False)


def deactivates(world: World, phone: Phone) -> None:
    """The account is deleted: Telegram tells the bot nothing, only later sends fail."""
    phone.deactivated = True
    world.events.tell("people", phone.person.id)


def reads(world: World, phone: Phone) -> None:
    """Looks at the chat; bots are never told."""
    if phone.read():
        world.events.tell("read", phone.person.id, unread=0)


def _turn(world: World, phone: Phone, *, to_blocked: bool) -> None:
    if phone.deactivated or phone.blocked == to_blocked:
        return
    phone.blocked = to_blocked
    update = member_update(phone.person, world.bot, world.clock.now(), kicked=to_blocked)
    world.ring("my_chat_member", update, phone.person.id)
    world.events.tell("people", phone.person.id)


def _can_act(phone: Phone) -> None:
    if phone.deactivated:
        raise PersonRefusal("this account was deleted")
    if phone.blocked:
        raise PersonRefusal("this person has blocked the bot: unblock first")


def _sends(
    world: World,
    phone: Phone,
    kind: Kind,
    text: str,
    *,
    media: Json | None = None,
    file_id: str = "",
    name: str = "",
    reply_to: int | None = None,
) -> ShownMessage:
    _can_act(phone)
    phone.started = True
    quoted = phone.message(reply_to) if reply_to else _forced(phone)
    message = ShownMessage(
        world.next_message_id(),
        phone.person.id,
        from_bot=False,
        at=world.clock.now(),
        text=text,
        entities=with_found(text, []),
        kind=kind,
        media=media or {},
        file_id=file_id,
        file_name=name,
        reply_to=quoted,
    )
    reads(world, phone)
    _put_away(phone)
    world.show(phone, message)
    world.ring("message", world.message_json(message), phone.person.id)
    return message


def _forced(phone: Phone) -> ShownMessage | None:
    """Force reply makes the next message an answer to the one that asked."""
    return phone.message(int(phone.force_reply["message_id"])) if phone.force_reply else None


def _put_away(phone: Phone) -> None:
    phone.force_reply = None
    if phone.reply_keyboard and phone.reply_keyboard.get("one_time_keyboard"):
        phone.reply_keyboard = None
