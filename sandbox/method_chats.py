"""Methods about a chat or a person rather than a message."""

from sandbox.calls import Call
from sandbox.refusals import Json, bad_request
from sandbox.world import World

_ACTIONS = frozenset(
    {"typing", "choose_sticker", "find_location"}
    | {f"{verb}_{what}" for verb in ("record", "upload") for what in ("video", "voice", "video_note", "audio")}
    | {"upload_photo", "upload_document"}
)


def send_chat_action(world: World, call: Call) -> bool:
    """The phone shows "typing" for five seconds or until the next message."""
    phone = world.open_chat(call.chat_id())
    action = call.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    phone.action, phone.action_at = action, world.clock.now()
    world.events.tell("typing", phone.person.id, action=action)
    return True


def get_chat(world: World, call: Call) -> Json:
    """The full form. Nothing of the labels the chat page uses."""
    phone = world.known_chat(call.chat_id())
    chat = phone.person.as_chat()
    if phone.person.username:
        chat["active_usernames"] = [phone.person.username]
    gifts = dict.fromkeys(("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"), True)
    gifts["gifts_from_channels"] = True
    return chat | {"can_send_gift": True, "accepted_gift_types": gifts, "accent_color_id": 0, "max_reaction_count": 11}


def get_user_profile_photos(world: World, call: Call) -> Json:
    """Nobody here has one."""
    if call.number("user_id") not in world.phones:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}


METHODS = {
    "sendchataction": send_chat_action,
    "getchat": get_chat,
    "getuserprofilephotos": get_user_profile_photos,
}
