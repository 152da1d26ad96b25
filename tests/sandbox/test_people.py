"""The person's side over HTTP: what the chat page uses."""

import asyncio
from typing import Any

import aiohttp
import orjson
import pytest
import telegram

from sandbox.bot_api import BotApi
from sandbox.handset import Handset

from .pictures import png


async def posted(web: aiohttp.ClientSession, path: str, body: dict[str, Any] | None = None, status: int = 200) -> Any:
    """The answer to a post that must have this status."""
    async with web.post(f"/sandbox/{path}", json=body or {}) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def got(web: aiohttp.ClientSession, path: str) -> Any:
    """The JSON at a path."""
    async with web.get(f"/sandbox/{path}") as answer:
        assert answer.status == 200
        return await answer.json()


async def test_a_person_is_added_opens_the_link_and_talks(web: aiohttp.ClientSession, ptb: telegram.Bot) -> None:
    """From an empty town to a pressed button, all as the page does it."""
    added = await posted(web, "people", {"name": "Robin", "role": "care leaver", "about": "likes football"}, 201)
    robin = added["person"]["id"]
    assert (await got(web, "people"))[0]["about"] == "likes football"
    await posted(web, f"people/{robin}/start", {"payload": "abc123"})
    (update,) = await ptb.get_updates()
    assert update.message is not None
    assert update.message.text == "/start abc123"
    assert update.message.entities[0].type == "bot_command"
    assert update.message.from_user is not None
    assert not update.message.from_user.is_bot
    button = telegram.InlineKeyboardButton("OK", callback_data="ok")
    keyboard = telegram.InlineKeyboardMarkup([[button]])
    sent = await ptb.send_message(robin, "<b>1 < 2?</b>".replace(" < ", " &lt; "), "HTML", reply_markup=keyboard)
    screen = await got(web, f"people/{robin}/screen")
    assert screen["person"]["unread"] == 1
    assert screen["messages"][1]["html"] == "<strong>1 &lt; 2?</strong>"
    assert screen["messages"][1]["buttons"] == [[{"text": "OK", "callback_data": "ok"}]]
    pressed = await posted(web, f"people/{robin}/press", {"message_id": sent.message_id, "data": "ok"})
    assert pressed["callback_query_id"]
    await posted(web, f"people/{robin}/press", {"message_id": sent.message_id, "data": "no"}, 409)
    await posted(web, f"people/{robin}/read")
    assert (await got(web, f"people/{robin}"))["unread"] == 0


async def test_blocking_and_unblocking_tell_the_bot(
    web: aiohttp.ClientSession, ptb: telegram.Bot, sam: Handset
) -> None:
    """my_chat_member with both states; a blocked phone cannot send; START unblocks."""
    await posted(web, f"people/{sam.id}/block")
    await posted(web, f"people/{sam.id}/text", {"text": "hello"}, 409)
    await posted(web, f"people/{sam.id}/start")
    kicked, back, start = await ptb.get_updates()
    assert kicked.my_chat_member is not None
    assert kicked.my_chat_member.old_chat_member.status == "member"
    assert kicked.my_chat_member.new_chat_member.status == "kicked"
    assert back.my_chat_member is not None
    assert back.my_chat_member.new_chat_member.status == "member"
    assert start.message is not None
    await posted(web, f"people/{sam.id}/deactivate")
    await posted(web, f"people/{sam.id}/text", {"text": "hello"}, 409)


async def test_uploads_edits_and_downloads(web: aiohttp.ClientSession, sam: Handset) -> None:
    """A picture, a document and a voice note from the page, shown with an address that works."""
    for kind, name, content in (("photo", "a.png", png(5, 5)), ("document", "a.txt", b"x"), ("voice", "a.oga", b"Ogg")):
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name)
        form.add_field("caption", "look")
        async with web.post(f"/sandbox/people/{sam.id}/{kind}", data=form) as answer:
            bubble = (await answer.json())["message"]
        assert (bubble["kind"], bubble["text"]) == (kind, "look")
        async with web.get(bubble["file_url"]) as answer:
            assert await answer.read() == content
    said = (await posted(web, f"people/{sam.id}/text", {"text": "helo"}))["message"]
    edited = await posted(web, f"people/{sam.id}/edit", {"message_id": said["id"], "text": "hello"})
    assert edited["message"]["edited"]


async def test_every_change_is_an_event(web: aiohttp.ClientSession, ptb: telegram.Bot, sam: Handset) -> None:
    """One Server-Sent Event each, at once, with what a page needs to know where to look."""
    seen: list[tuple[int, str]] = []
    toasts: list[str] = []
    async with web.get("/sandbox/events") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        await stream.content.readline()
        await sam.says("hello")
        await ptb.send_chat_action(sam.id, "typing")
        button = telegram.InlineKeyboardButton("OK", callback_data="ok")
        sent = await ptb.send_message(sam.id, "hi", reply_markup=telegram.InlineKeyboardMarkup([[button]]))
        await ptb.answer_callback_query(await sam.presses("OK"), "Noted")
        await ptb.edit_message_text("hi again", sam.id, sent.message_id)
        sam.reads()
        await ptb.delete_message(sam.id, sent.message_id)
        while len(seen) < 7:
            line = await asyncio.wait_for(stream.content.readline(), 2)
            if line.startswith(b"data: "):
                event = orjson.loads(line.removeprefix(b"data: "))
                seen.append((event["person"], event["kind"]))
                toasts += [event["text"]] if event["kind"] == "callback_answer" else []
    kinds = ["message", "typing", "message", "callback_answer", "edit", "read", "delete"]
    assert seen == [(sam.id, kind) for kind in kinds]
    assert toasts == ["Noted"]


async def test_a_transcript_reads_like_a_chat(web: aiohttp.ClientSession, ptb: telegram.Bot, sam: Handset) -> None:
    """Times, names, words and buttons."""
    await sam.says("hello")
    button = telegram.InlineKeyboardButton("Yes", callback_data="y")
    await ptb.send_message(sam.id, "Well?", reply_markup=telegram.InlineKeyboardMarkup([[button]]))
    async with web.get(f"/sandbox/transcript/{sam.id}") as answer:
        lines = (await answer.text()).splitlines()
    assert lines == ["2026-11-16 19:30 Sam: hello", "2026-11-16 19:30 Keep in Touch: Well?", "    [Yes]"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("people/1/text", {"text": "x"}, 409),
        ("people/{sam}/text", {}, 400),
        ("people/{sam}/text", {"text": "  "}, 409),
        ("people/{sam}/edit", {"message_id": 99, "text": "x"}, 409),
        ("people", {"name": " "}, 409),
        ("limits", {}, 400),
    ],
)
async def test_what_a_phone_would_not_do(
    web: aiohttp.ClientSession, sam: Handset, path: str, body: dict[str, Any], status: int
) -> None:
    """409 with a sentence; an unreadable request is 400."""
    assert (await posted(web, path.format(sam=sam.id), body, status))["error"]


async def test_the_journal_and_the_calls_count_at_the_receiver(
    api: BotApi, web: aiohttp.ClientSession, ptb: telegram.Bot, sam: Handset
) -> None:
    """Accepted sends with the time they came, and every call that was made at all."""
    await ptb.send_message(sam.id, "one")
    api.faults.add("error")
    with pytest.raises(telegram.error.NetworkError):
        await ptb.send_message(sam.id, "two")
    accepted = (await got(web, "journal"))["accepted"]
    assert [(row["method"], row["chat_id"], row["text"]) for row in accepted] == [("sendmessage", sam.id, "one")]
    assert [call[0] for call in (await got(web, "calls"))["calls"]].count("sendmessage") == 2


async def test_the_bots_profile_for_the_page(web: aiohttp.ClientSession, ptb: telegram.Bot, sam: Handset) -> None:
    """Its link and the commands this person's menu lists."""
    await ptb.set_my_commands([("start", "Begin")])
    await ptb.set_my_commands([("log", "Log a call")], scope=telegram.BotCommandScopeChat(sam.id))
    assert (await got(web, f"bot?person={sam.id}"))["commands"] == [{"command": "log", "description": "Log a call"}]
    shown = await got(web, "bot")
    assert shown["commands"] == [{"command": "start", "description": "Begin"}]
    assert shown["link"] == "https://t.me/keepintouch_sandbox_bot"


async def test_waiting_fails_with_the_transcript(sam: Handset) -> None:
    """So that a failed test shows what was on the phone instead."""
    await sam.says("hello")
    with pytest.raises(AssertionError, match="Sam: hello"):
        await sam.waits_for("anything", within_s=0.05)
