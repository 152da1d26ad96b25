"""Methods that put something new on a phone, or take it away."""

from datetime import timedelta

from sandbox.calls import Call, whole_number
from sandbox.keyboards import checked_inline, checked_reply
from sandbox.phones import Phone
from sandbox.refusals import Json, Refusal, bad_request
from sandbox.shapes import ShownMessage, unix
from sandbox.texts import read_caption, read_text
from sandbox.world import World

DELETABLE_FOR = timedelta(hours=48)
_PREVIEW_OFF: Json = {"is_disabled": True}


def send_message(world: World, call: Call) -> Json:
    text, entities = read_text(call)
    message = draft(world, call, world.open_chat(call.chat_id()))
    message.text, message.entities = text, entities
    message.link_preview = _preview(call)
    return deliver(world, call, message)


def copy_message(world: World, call: Call) -> Json:
    """A copy without its origin; its keyboard does not come along, its words may be changed."""
    original = _source(world, call, "message to copy")
    if original.protected:
        raise bad_request("message can't be copied")
    message = draft(world, call, world.open_chat(call.chat_id()))
    _take_content(message, original)
    if "caption" in call.parameters and original.kind != "text":
        message.text, message.entities = read_caption(call)
    deliver(world, call, message)
    return {"message_id": message.id}


def forward_message(world: World, call: Call) -> Json:
    original = _source(world, call, "message to forward")
    if original.protected:
        raise bad_request("message can't be forwarded")
    message = draft(world, call, world.open_chat(call.chat_id()))
    _take_content(message, original)
    writer = world.phones[original.chat_id].person.as_user()
    sender = world.bot.as_user() if original.from_bot else writer
    date = unix(original.at)
    message.forwarded_from = {
        "forward_origin": {"type": "user", "sender_user": sender, "date": date},
        "forward_from": sender,
        "forward_date": date,
    }
    return deliver(world, call, message)


def delete_message(world: World, call: Call) -> bool:
    """Takes a message, of either side, off the phone within 48 hours of sending."""
    phone = world.open_chat(call.chat_id())
    _delete(world, phone, phone.own_message(call.number("message_id"), "message to delete"))
    return True


def delete_messages(world: World, call: Call) -> bool:
    """The same for up to 100; those not found are passed over."""
    phone = world.open_chat(call.chat_id())
    given = call.json("message_ids")
    if not isinstance(given, list) or not 1 <= len(given) <= 100:
        raise bad_request("message identifiers are not specified")
    numbers = [whole_number(each) for each in given]
    if None in numbers:
        raise bad_request("invalid message identifier specified")
    for found in [phone.message(number) for number in numbers if number is not None]:
        if found is not None:
            _delete(world, phone, found)
    return True


def draft(world: World, call: Call, phone: Phone) -> ShownMessage:
    """A message with everything read that all sends share; not on the phone yet, and without an id."""
    inline: list[list[Json]] = []
    markup = read_markup(call)
    if markup is not None and "inline_keyboard" in markup:
        inline = checked_inline(markup)
    return ShownMessage(
        0,
        phone.person.id,
        from_bot=True,
        at=world.clock.now(),
        inline_keyboard=inline,
        protected=call.flag("protect_content"),
        silent=call.flag("disable_notification"),
        unread=True,
        reply_to=_replied(call, phone),
    )


def deliver(world: World, call: Call, message: ShownMessage) -> Json:
    """Counts it against the limits, gives it its id, shows it, writes it in the journal."""
    markup = read_markup(call) or {}
    shown_keyboard = checked_reply(markup) if "keyboard" in markup else None
    world.limits.let_through(message.chat_id)
    phone = world.phones[message.chat_id]
    message.id = world.next_message_id()
    if shown_keyboard is not None:
        phone.reply_keyboard = shown_keyboard
    elif markup.get("remove_keyboard"):
        phone.reply_keyboard = None
    phone.force_reply = {**markup, "message_id": message.id} if markup.get("force_reply") else None
    world.show(phone, message)
    world.accepted(call.method, message)
    return world.message_json(message)


def read_markup(call: Call) -> Json | None:
    """The reply markup as an object, or None when there is none."""
    try:
        markup = call.json("reply_markup")
    except Refusal as unreadable:
        raise bad_request("can't parse reply keyboard markup JSON object") from unreadable
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    return markup


def _replied(call: Call, phone: Phone) -> ShownMessage | None:
    given = call.json("reply_parameters")
    wanted = whole_number(given.get("message_id")) if isinstance(given, dict) else call.number("reply_to_message_id")
    if not wanted:
        return None
    found = phone.message(wanted)
    lenient = call.flag("allow_sending_without_reply")
    lenient = lenient or (isinstance(given, dict) and bool(given.get("allow_sending_without_reply")))
    if found is None and not lenient:
        raise bad_request("message to be replied not found")
    return found


def _preview(call: Call) -> Json:
    given = call.json("link_preview_options")
    if isinstance(given, dict):
        return given
    return _PREVIEW_OFF if call.flag("disable_web_page_preview") else {}


def _source(world: World, call: Call, sentence: str) -> ShownMessage:
    return world.known_chat(call.chat_id("from_chat_id")).own_message(call.number("message_id"), sentence)


def _take_content(message: ShownMessage, original: ShownMessage) -> None:
    message.text, message.entities = original.text, list(original.entities)
    message.kind, message.media = original.kind, original.media
    message.file_id, message.file_name = original.file_id, original.file_name


def _delete(world: World, phone: Phone, message: ShownMessage) -> None:
    if world.clock.now() - message.at > DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    world.events.tell("delete", phone.person.id, message_id=message.id, unread=phone.unread)


METHODS = {
    "sendmessage": send_message,
    "copymessage": copy_message,
    "forwardmessage": forward_message,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
}
