"""Methods that change what a phone already shows, and the answer to a press."""

from datetime import timedelta

from sandbox.calls import Call
from sandbox.keyboards import checked_inline
from sandbox.method_messages import read_markup
from sandbox.refusals import Json, bad_request
from sandbox.shapes import ShownMessage
from sandbox.texts import read_caption, read_text
from sandbox.world import World

ANSWERABLE_FOR = timedelta(minutes=5)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def edit_message_text(world: World, call: Call) -> Json:
    """New words; without a `reply_markup` the inline keyboard goes away, as at Telegram."""
    text, entities = read_text(call)
    message = _editable(world, call)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    return _change(world, call, message, text, entities)


def edit_message_caption(world: World, call: Call) -> Json:
    text, entities = read_caption(call)
    message = _editable(world, call)
    if message.kind == "text":
        raise bad_request("there is no caption in the message to edit")
    return _change(world, call, message, text, entities)


def edit_message_reply_markup(world: World, call: Call) -> Json:
    message = _editable(world, call)
    return _change(world, call, message, message.text, message.entities)


def answer_callback_query(world: World, call: Call) -> bool:
    """Stops the button's clock and shows the toast, once and in time."""
    person_id, pressed_at = world.callbacks.get(call.text("callback_query_id"), (0, world.clock.now()))
    in_time = world.clock.now() - pressed_at <= ANSWERABLE_FOR
    if not person_id or not in_time:
        raise bad_request(TOO_OLD)
    text = call.text("text")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    world.callbacks[call.text("callback_query_id")] = (0, pressed_at)
    toast: Json = {"text": text, "alert": call.flag("show_alert"), "url": call.text("url")}
    if text:
        world.phones[person_id].toasts.append(toast)
    world.events.tell("callback_answer", person_id, callback_query_id=call.text("callback_query_id"), **toast)
    return True


def set_message_reaction(world: World, call: Call) -> bool:
    phone = world.open_chat(call.chat_id())
    message = phone.own_message(call.number("message_id"), "message to react")
    given = call.json("reaction") or []
    if not isinstance(given, list) or len(given) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    message.reactions = [str(each.get("emoji", "")) for each in given if isinstance(each, dict)]
    world.events.tell("reaction", phone.person.id, message_id=message.id, reactions=message.reactions)
    return True


def _editable(world: World, call: Call) -> ShownMessage:
    if not call.number("message_id"):
        raise bad_request("message identifier is not specified")
    message = world.open_chat(call.chat_id()).own_message(call.number("message_id"), "message to edit")
    if not message.from_bot or message.forwarded_from:
        raise bad_request("message can't be edited")
    return message


def _change(world: World, call: Call, message: ShownMessage, text: str, entities: list[Json]) -> Json:
    markup = read_markup(call)
    inline = checked_inline(markup) if markup and "inline_keyboard" in markup else []
    if (text, entities, inline) == (message.text, message.entities, message.inline_keyboard):
        raise bad_request(NOT_MODIFIED)
    only_keyboard = (text, entities) == (message.text, message.entities)
    message.text, message.entities, message.inline_keyboard = text, entities, inline
    if not only_keyboard:
        message.edited_at = world.clock.now()
    world.events.tell("edit", message.chat_id, message_id=message.id)
    world.accepted(call.method, message)
    return world.message_json(message)


METHODS = {
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagereplymarkup": edit_message_reply_markup,
    "answercallbackquery": answer_callback_query,
    "setmessagereaction": set_message_reaction,
}
