"""Whatever is said, in any letters, length or kind, is answered once and kindly, and stops nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from rules.access import Role
from sandbox.handset import Handset
from storage import inbox
from storage.tables import PersonMessage
from storage.unit import Unit
from tests.living import Living, living
from tests.sandbox.pictures import png

PNG = png(4, 4)
# In every script and length a phone can send.
SAYINGS = (
    "👩‍👩‍👧 🏳️‍🌈 👍🏽",
    "هل يمكنني البقاء مع عائلتي الحاضنة؟",
    "האם אני יכול להישאר?",
    "Czy mogę zostać z moją rodziną zastępczą?",
    "我可以留在寄养家庭吗",
    "\u202egnorw si siht\u202c",
    "e\u0301" * 50,
    "<b>not bold</b> & <script>alert(1)</script>",
    "'; DROP TABLE person; --",
    "{name} %s {0} \\n",
    "/nosuchcommand now",
    "?",
    "\u200b\u200b",
    "a" * 3000,
    "word " * 599,
    "line\n" * 200,
    "@everyone #tag https://bad.example t.me/evil",
)


async def _answered(town: Living, phone: Handset, text: str) -> str:
    mark = phone.mark()
    await phone.says(text)
    answer = await phone.waits_for("", after=mark + 1)
    await town.settle()
    return answer.text


@pytest.mark.parametrize("who", ["a guest", "a care leaver", "a carer", "an adviser"])
async def test_anything_typed_is_answered(tmp_path: Path, who: str) -> None:
    """Seventeen sayings in many scripts and lengths each get an answer, and none is set aside as a fault."""
    async with living(tmp_path) as town:
        phone = await _who(town, who)
        for text in SAYINGS:
            assert await _answered(town, phone, text), text
        assert (await town.service.store.read(inbox.counts))[2] == 0


async def _who(town: Living, who: str) -> Handset:
    if who == "a guest":
        return town.phone("Robin")
    sam = await town.join_all(Role.CARER if who == "a carer" else Role.CARE_LEAVER)
    return town.phone("Jo") if who == "an adviser" else sam


@pytest.mark.parametrize(("letters", "answer"), [(3000, "not sure about that"), (3001, "longer than I can keep")])
async def test_a_very_long_message_is_answered_honestly(tmp_path: Path, letters: int, answer: str) -> None:
    """Up to 3,000 letters is a question; more is not cut off in silence but said to be too long."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        assert answer in await _answered(town, sam, "x" * letters)


async def test_four_thousand_characters_with_danger_in_them_bring_help(tmp_path: Path) -> None:
    """However long it is, words of danger anywhere in it bring the help lines first."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await sam.says("so much has happened. " * 180 + "i want to kill myself")
        await sam.waits_for("I'm really glad you told me")
        await sam.waits_for("longer than I can keep")
        await town.settle()
        await town.phone("Jo").waits_for("possible risk")


def _raw(phone: Handset, what: dict[str, Any]) -> dict[str, Any]:
    person = {"id": phone.id, "is_bot": False, "first_name": "Sam"}
    return {"message_id": 900, "date": 1, "from": person, "chat": {"id": phone.id, "type": "private"}, **what}


FILE: dict[str, Any] = {"file_id": "f", "file_unique_id": "f"}
STICKER = FILE | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
KINDS: dict[str, dict[str, Any]] = {
    "can't read stickers": {"sticker": STICKER},
    "only read words and buttons": {"location": {"latitude": 51.5, "longitude": 0.1}},
    "nobody here will hear it": {"video_note": FILE | {"length": 1, "duration": 1}},
}


@pytest.mark.parametrize("answer", KINDS)
async def test_what_we_cannot_read_is_said_to_be_unread(tmp_path: Path, answer: str) -> None:
    """Stickers, places and round films get a plain word that they were not kept."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        mark = sam.mark()
        town.api.world.updates.inject({"message": _raw(sam, KINDS[answer])})
        await sam.waits_for(answer, after=mark)


async def test_photos_files_and_voice_are_not_kept_and_that_is_said(tmp_path: Path) -> None:
    """For someone who joined and for a guest; nothing of the file is fetched."""
    async with living(tmp_path) as town:
        sam, guest = await town.join_all(Role.CARE_LEAVER), town.phone("Robin")
        for phone, hint in ((sam, "Jo"), (guest, "type")):
            for send in (phone.sends_photo(PNG), phone.sends_document(PNG, "form.pdf"), phone.sends_voice(b"OggS")):
                mark = phone.mark()
                await send
                answer = await phone.waits_for("", after=mark + 1)
                assert hint in answer.text
                assert "haven't kept that one" in answer.text or "nobody here will hear it" in answer.text


async def test_a_photo_with_words_of_danger_under_it_brings_help(tmp_path: Path) -> None:
    """The caption is read like any message."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await sam.sends_photo(PNG, "i want to kill myself")
        await sam.waits_for("I'm really glad you told me")


async def test_an_edited_message_is_looked_at_and_changes_nothing(tmp_path: Path) -> None:
    """The first wording stays; we say so; and danger in the new one brings help."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        said = await sam.says("what is a pathway plan")
        await sam.waits_for("not sure about that")
        await sam.edits(said.id, "what is a pathway plan?")
        await sam.waits_for("I saw that you changed a message")
        await sam.edits(said.id, "i want to kill myself")
        await sam.waits_for("I'm really glad you told me")


def _kept(unit: Unit) -> int:
    return len(list(unit.session.exec(select(PersonMessage))))


async def test_a_question_reaches_the_adviser_only_when_they_say_so(tmp_path: Path) -> None:
    """What someone asks is kept and sent on only after *Ask my adviser*."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await sam.says("can i get free rail travel")
        await sam.waits_for("not sure about that")
        assert await town.service.store.read(_kept) == 0
        await sam.presses("Ask my adviser")
        await town.phone("Jo").waits_for("can i get free rail travel")
        assert await town.service.store.read(_kept) == 1


async def test_in_a_group_we_talk_to_nobody_about_anything(tmp_path: Path) -> None:
    """Said in a group, even by someone who joined: one word that we only talk in private, and no name."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        group = {"id": -100_500, "type": "supergroup", "title": "Friends"}
        person = {"id": sam.id, "is_bot": False, "first_name": "Sam"}
        for text in ("/start", "STOP", "hello", "/mydata"):
            message = {"message_id": 1, "date": 1, "from": person, "chat": group, "text": text}
            town.api.world.updates.inject({"message": message})
        await town.settle()
        mark = sam.mark()
        await sam.says("/mydata")
        await sam.waits_for("What we keep about you, Sam", after=mark)
        assert (await town.service.store.read(inbox.counts))[2] == 0
