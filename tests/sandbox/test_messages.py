"""What the bot sends, as the phone shows it, and what Telegram would not take."""

from datetime import timedelta

import aiogram
import aiohttp
import pytest
import telegram
from aiogram import types
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

from sandbox.bot_api import BotApi
from sandbox.clock import HeldClock
from sandbox.handset import Handset


async def test_a_message_arrives_with_the_shape_telegram_sends(
    ptb: telegram.Bot, gram: aiogram.Bot, sam: Handset, clock: HeldClock
) -> None:
    """Both libraries parse the answer; the phone shows it unread."""
    sent = await ptb.send_message(sam.id, "Hello Sam", protect_content=True, disable_notification=True)
    assert sent.date == clock.now()
    assert sent.from_user is not None
    assert sent.from_user.is_bot
    assert sent.chat.type == "private"
    assert sent.has_protected_content
    shown = sam.last()
    assert (shown.text, shown.unread, shown.protected, shown.silent) == ("Hello Sam", True, True, True)
    second = await gram.send_message(sam.id, "And again")
    assert second.message_id == sent.message_id + 1
    assert sam.phone.unread == 2
    sam.reads()
    assert sam.phone.unread == 0


async def test_every_keyboard(ptb: telegram.Bot, gram: aiogram.Bot, sam: Handset) -> None:
    """Inline buttons belong to a message; a reply keyboard to the phone, until used once or removed."""
    rows = [[InlineKeyboardButton("Yes", callback_data="y"), InlineKeyboardButton("Read", url="https://example.org")]]
    sent = await ptb.send_message(sam.id, "Well?", reply_markup=InlineKeyboardMarkup(rows))
    assert sent.reply_markup is not None
    assert sent.reply_markup.inline_keyboard[0][1].url == "https://example.org"
    assert sam.last().labels == ["Yes", "Read"]
    assert await sam.presses("Read") == "https://example.org"
    once = ReplyKeyboardMarkup([["Good", "Bad"]], one_time_keyboard=True)
    plain = await ptb.send_message(sam.id, "How are you?", reply_markup=once)
    assert plain.reply_markup is None
    assert sam.phone.reply_labels() == ["Good", "Bad"]
    assert await sam.presses("Good") == "Good"
    assert sam.phone.reply_labels() == []
    share = types.KeyboardButton(text="Share my number", request_contact=True)
    await gram.send_message(sam.id, "Number?", reply_markup=types.ReplyKeyboardMarkup(keyboard=[[share]]))
    await sam.presses("Share my number")
    assert sam.last().kind == "contact"
    await ptb.send_message(sam.id, "Thanks", reply_markup=ReplyKeyboardRemove())
    assert sam.phone.reply_keyboard is None


async def test_force_reply_makes_the_next_message_an_answer(ptb: telegram.Bot, sam: Handset) -> None:
    """The answer quotes the question, once."""
    asked = await ptb.send_message(sam.id, "What is it called?", reply_markup=telegram.ForceReply())
    await sam.says("The Mill")
    await sam.says("by the river")
    first, second = await ptb.get_updates()
    assert first.message is not None
    assert first.message.reply_to_message is not None
    assert first.message.reply_to_message.message_id == asked.message_id
    assert second.message is not None
    assert second.message.reply_to_message is None


async def test_replies_copies_and_forwards(ptb: telegram.Bot, gram: aiogram.Bot, sam: Handset, api: BotApi) -> None:
    """A reply quotes; a copy has no origin; a forward has one; a protected message may do neither."""
    ada = api.person("Ada", started=True)
    said = await sam.says("Can you ring me?")
    answer = await ptb.send_message(sam.id, "Yes", reply_parameters=telegram.ReplyParameters(said.id))
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "Can you ring me?"
    await ptb.copy_message(ada.id, sam.id, said.id)
    assert (ada.last().text, ada.last().forwarded_from) == ("Can you ring me?", {})
    forwarded = await gram.forward_message(ada.id, sam.id, said.id)
    assert forwarded.forward_origin is not None
    assert forwarded.forward_origin.type == "user"
    secret = await ptb.send_message(sam.id, "for you only", protect_content=True)
    with pytest.raises(telegram.error.BadRequest, match="can't be copied"):
        await ptb.copy_message(ada.id, sam.id, secret.message_id)
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await gram.send_message(sam.id, "?", reply_parameters=types.ReplyParameters(message_id=999))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Message text is empty"),
        ("  \n ", "Message text is empty"),
        ("x" * 4097, "Message is too long"),
        ("😀" * 2049, "Message is too long"),
        ("<b>" + "x" * 4097 + "</b>", "Message is too long"),
        ("<b>open", "Can't find end tag"),
    ],
)
async def test_texts_telegram_would_not_take(ptb: telegram.Bot, sam: Handset, text: str, sentence: str) -> None:
    """Length counts UTF-16 units after the tags are gone; nothing reaches the phone."""
    with pytest.raises(telegram.error.BadRequest, match=f"(?i){sentence}"):
        await ptb.send_message(sam.id, text, parse_mode="HTML")
    assert sam.screen() == []


async def test_the_longest_text_telegram_takes(gram: aiogram.Bot, sam: Handset) -> None:
    """4,096 UTF-16 units of emoji, however many bytes of tags are around them."""
    await gram.send_message(sam.id, "<b>" + "😀" * 2048 + "</b>", parse_mode="HTML")
    assert len(sam.last().text) == 2048


@pytest.mark.parametrize("data", ["x" * 65, "é" * 33, "😀" * 17])
async def test_button_data_counts_bytes(ptb: telegram.Bot, sam: Handset, data: str) -> None:
    """More than 64 bytes are refused, though it be fewer characters."""
    rows = [[InlineKeyboardButton("x", callback_data=data)]]
    with pytest.raises(telegram.error.BadRequest, match=r"(?i)button_data_invalid"):
        await ptb.send_message(sam.id, "x", reply_markup=InlineKeyboardMarkup(rows))


@pytest.mark.parametrize(
    ("markup", "sentence"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ("[]", "object expected as reply markup"),
        ('{"inline_keyboard": 1}', "must be an Array of Arrays"),
        ('{"inline_keyboard": [[{"text": "x"}]]}', "Text buttons are unallowed in the inline keyboard"),
        ('{"inline_keyboard": [[{"text": "", "callback_data": "x"}]]}', "non-empty String"),
        ('{"inline_keyboard": [[{"text": "x", "url": "no address"}]]}', "is invalid"),
        ('{"inline_keyboard": [[{"text": "x", "callback_data": ""}]]}', "BUTTON_DATA_INVALID"),
    ],
)
async def test_keyboards_telegram_would_not_take(
    web: aiohttp.ClientSession, api: BotApi, sam: Handset, markup: str, sentence: str
) -> None:
    """Each is 400 with Telegram's own body."""
    call = {"chat_id": sam.id, "text": "x", "reply_markup": markup}
    async with web.post(f"/bot{api.token}/sendMessage", data=call) as answer:
        body = await answer.json()
    assert (answer.status, body["ok"], body["error_code"]) == (400, False, 400)
    assert body["description"].startswith("Bad Request: ")
    assert sentence in body["description"]
    assert sam.screen() == []


async def test_who_cannot_be_written_to(ptb: telegram.Bot, gram: aiogram.Bot, api: BotApi, sam: Handset) -> None:
    """Nobody: 400. Never started, blocked, gone: 403, each in Telegram's words."""
    with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
        await ptb.send_message(424242, "x")
    with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
        await ptb.send_message("@somebody", "x")
    stranger = api.person("Kit")
    with pytest.raises(telegram.error.Forbidden, match="bot can't initiate conversation with a user"):
        await ptb.send_message(stranger.id, "x")
    sam.blocks()
    with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
        await ptb.send_message(sam.id, "x")
    sam.unblocks()
    await ptb.send_message(sam.id, "back again")
    sam.deactivates()
    with pytest.raises(TelegramForbiddenError, match="user is deactivated"):
        await gram.send_message(sam.id, "x")
    assert [message.text for message in sam.screen()] == ["back again"]


async def test_deleting(ptb: telegram.Bot, gram: aiogram.Bot, sam: Handset, clock: HeldClock) -> None:
    """Gone from the screen, not deletable twice, nor after 48 hours."""
    sent = await ptb.send_message(sam.id, "oops")
    assert await gram.delete_message(sam.id, sent.message_id)
    assert sam.screen() == []
    assert sam.phone.messages[0].deleted
    with pytest.raises(telegram.error.BadRequest, match="Message to delete not found"):
        await ptb.delete_message(sam.id, sent.message_id)
    old = await ptb.send_message(sam.id, "old")
    clock.turn(timedelta(hours=49))
    with pytest.raises(telegram.error.BadRequest, match="Message can't be deleted"):
        await ptb.delete_message(sam.id, old.message_id)


async def test_typing_shows_until_the_message_comes(ptb: telegram.Bot, sam: Handset) -> None:
    """And an action Telegram does not have is refused."""
    await ptb.send_chat_action(sam.id, "typing")
    assert sam.phone.action == "typing"
    await ptb.send_message(sam.id, "there")
    assert sam.phone.action == ""
    with pytest.raises(telegram.error.BadRequest, match="Wrong parameter action in request"):
        await ptb.send_chat_action(sam.id, "thinking")


async def test_every_way_to_send_parameters(web: aiohttp.ClientSession, api: BotApi, sam: Handset) -> None:
    """Query, urlencoded, JSON and multipart mean the same; the method's name may be in any case."""
    where = f"/bot{api.token}/"
    call = {"chat_id": str(sam.id), "text": "x"}
    form = aiohttp.FormData(call, default_to_multipart=True)
    async with web.get(where + "SENDMESSAGE", params=call) as answer:
        assert answer.status == 200
    async with web.post(where + "sendMessage", data=call) as answer:
        assert answer.status == 200
    async with web.post(where + "sendmessage", json={"chat_id": sam.id, "text": "x"}) as answer:
        assert answer.status == 200
    async with web.post(where + "sendMessage", data=form) as answer:
        assert answer.status == 200
    assert [message.text for message in sam.screen()] == ["x"] * 4
    assert [accepted.method for accepted in api.journal] == ["sendmessage"] * 4
