"""Changing what a phone shows, and answering its buttons."""

from datetime import timedelta

import aiogram
import pytest
import telegram
from aiogram.exceptions import TelegramBadRequest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.bot_api import BotApi
from sandbox.clock import HeldClock
from sandbox.handset import Handset
from sandbox.refusals import PersonRefusal

OK = InlineKeyboardMarkup([[InlineKeyboardButton("OK", callback_data="ok")]])


async def test_editing_text_and_keyboard(ptb: telegram.Bot, gram: aiogram.Bot, sam: Handset, clock: HeldClock) -> None:
    """The same bubble, marked edited; leaving the keyboard out takes it away."""
    sent = await ptb.send_message(sam.id, "one", reply_markup=OK)
    clock.turn(timedelta(minutes=1))
    edited = await gram.edit_message_text("<i>two</i>", chat_id=sam.id, message_id=sent.message_id, parse_mode="HTML")
    assert isinstance(edited, aiogram.types.Message)
    assert edited.edit_date == clock.now().timestamp()
    (shown,) = sam.screen()
    assert (shown.text, shown.labels, shown.edited_at) == ("two", [], clock.now())
    await ptb.edit_message_reply_markup(sam.id, sent.message_id, reply_markup=OK)
    assert sam.last().labels == ["OK"]


async def test_edits_telegram_refuses(ptb: telegram.Bot, sam: Handset) -> None:
    """The same again, nothing there, somebody else's, and too long."""
    sent = await ptb.send_message(sam.id, "one", reply_markup=OK)
    with pytest.raises(telegram.error.BadRequest, match="Message is not modified: specified new message content and"):
        await ptb.edit_message_text("one", sam.id, sent.message_id, reply_markup=OK)
    with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
        await ptb.edit_message_reply_markup(sam.id, sent.message_id, reply_markup=OK)
    with pytest.raises(telegram.error.BadRequest, match="Message to edit not found"):
        await ptb.edit_message_text("two", sam.id, 999)
    own = await sam.says("mine")
    with pytest.raises(telegram.error.BadRequest, match="Message can't be edited"):
        await ptb.edit_message_text("two", sam.id, own.id)
    with pytest.raises(telegram.error.BadRequest, match="Message is too long"):
        await ptb.edit_message_text("x" * 4097, sam.id, sent.message_id)
    with pytest.raises(telegram.error.BadRequest, match="There is no caption in the message to edit"):
        await ptb.edit_message_caption(sam.id, sent.message_id, caption="two")
    assert sam.screen()[0].text == "one"


async def test_a_press_becomes_a_callback_query_and_its_answer_a_toast(ptb: telegram.Bot, sam: Handset) -> None:
    """Answerable once; the query carries the message, the data and the chat's instance."""
    await ptb.send_message(sam.id, "Well?", reply_markup=OK)
    await sam.presses("OK")
    (update,) = await ptb.get_updates()
    query = update.callback_query
    assert query is not None
    assert query.data == "ok"
    assert query.chat_instance
    assert isinstance(query.message, telegram.Message)
    assert query.message.text == "Well?"
    assert query.from_user.id == sam.id
    await query.answer("Noted", show_alert=True)
    assert sam.phone.toasts == [{"text": "Noted", "alert": True, "url": ""}]
    with pytest.raises(telegram.error.BadRequest, match="Query is too old and response timeout expired"):
        await query.answer("again")


async def test_a_late_answer_is_refused(gram: aiogram.Bot, ptb: telegram.Bot, sam: Handset, clock: HeldClock) -> None:
    """And so is one to a query that never was."""
    await ptb.send_message(sam.id, "Well?", reply_markup=OK)
    query_id = await sam.presses("OK")
    clock.turn(timedelta(minutes=10))
    with pytest.raises(TelegramBadRequest, match="query ID is invalid"):
        await gram.answer_callback_query(query_id)
    with pytest.raises(TelegramBadRequest, match="query ID is invalid"):
        await gram.answer_callback_query("1")


async def test_only_a_button_on_the_screen_can_be_pressed(ptb: telegram.Bot, sam: Handset) -> None:
    """Not one that was edited away, nor one on a deleted message."""
    sent = await ptb.send_message(sam.id, "Well?", reply_markup=OK)
    await ptb.edit_message_reply_markup(sam.id, sent.message_id)
    with pytest.raises(PersonRefusal):
        await sam.presses_data(sent.message_id, "ok")
    with pytest.raises(PersonRefusal, match="no button 'OK'"):
        await sam.presses("OK")
    assert await ptb.get_updates() == ()


async def test_people_edit_too(ptb: telegram.Bot, gram: aiogram.Bot, sam: Handset, clock: HeldClock) -> None:
    """edited_message with its edit_date, under the old message id."""
    said = await sam.says("Im ok")
    clock.turn(timedelta(seconds=30))
    await sam.edits(said.id, "I'm not ok")
    update = (await ptb.get_updates())[-1]
    assert update.message is None
    assert update.edited_message is not None
    assert update.edited_message.message_id == said.id
    assert update.edited_message.edit_date == clock.now()
    assert (await gram.get_updates())[-1].event_type == "edited_message"


async def test_reactions(ptb: telegram.Bot, sam: Handset, api: BotApi) -> None:
    """Shown on the person's message, and taken away."""
    said = await sam.says("passed!")
    await ptb.set_message_reaction(sam.id, said.id, "👍")
    assert sam.last().reactions == ["👍"]
    await ptb.set_message_reaction(sam.id, said.id)
    assert sam.last().reactions == []
