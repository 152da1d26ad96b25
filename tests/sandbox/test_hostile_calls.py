"""Whatever a bot sends, the answer is Telegram's kind of answer: never a crash, never a 500."""

from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.bot_side import METHODS
from sandbox.calls import Call
from sandbox.refusals import Refusal
from sandbox.webhook import Webhook
from sandbox.world import World

NAMES = [
    "chat_id",
    "from_chat_id",
    "user_id",
    "message_id",
    "message_ids",
    "text",
    "caption",
    "parse_mode",
    "entities",
    "reply_markup",
    "reply_parameters",
    "link_preview_options",
    "reaction",
    "commands",
    "scope",
    "menu_button",
    "photo",
    "file_id",
    "action",
    "callback_query_id",
    "protect_content",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=5) | st.just(900_000_001),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "chat_id", "message_id", "inline_keyboard", "keyboard", "text", "callback_data"])
            | st.sampled_from(["url", "emoji", "command", "description", "offset", "length", "force_reply"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
VALUES = (
    JSON
    | JSON.map(lambda value: orjson.dumps(value).decode())
    | st.sampled_from(["900000001", "1", "HTML", "<b>x</b>", "{", "typing", "true", "-1", "9" * 30])
)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(METHODS)), st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6), st.booleans())
def test_every_method_answers_or_refuses(method: str, parameters: dict[str, Any], known: bool) -> None:
    """A result that is JSON, or a refusal with Telegram's code and prefix."""
    world = World()
    Webhook(world.updates, world.clock, world.faults)
    world.add_person("Sam", started=True)
    if known:
        METHODS["sendmessage"](world, Call("sendmessage", {"chat_id": "900000001", "text": "first"}))
        parameters = {"chat_id": "900000001", "message_id": "1", "from_chat_id": "900000001"} | parameters
    refusal: Refusal | None = None
    try:
        orjson.dumps(METHODS[method](world, Call(method, parameters)))
    except Refusal as refused:
        refusal = refused
    if refusal is not None:
        assert refusal.code in (400, 403)
        assert refusal.description.startswith(("Bad Request: ", "Forbidden: "))
