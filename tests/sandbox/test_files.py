"""Pictures, documents and voice notes, both ways."""

import io
from datetime import timedelta

import aiogram
import aiohttp
import pytest
import telegram
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile

from sandbox.bot_api import BotApi
from sandbox.handset import Handset

from .pictures import png


async def test_a_picture_goes_to_the_phone_and_back(ptb: telegram.Bot, gram: aiogram.Bot, sam: Handset) -> None:
    """Two sizes, a caption with entities, the same bytes on download, and again by its file id."""
    content = png(400, 300)
    sent = await ptb.send_photo(sam.id, content, caption="<b>Scan me</b>", parse_mode="HTML", protect_content=True)
    assert [(size.width, size.height) for size in sent.photo] == [(90, 67), (400, 300)]
    assert len({size.file_unique_id for size in sent.photo}) == 2
    assert sent.caption == "Scan me"
    assert [entity.type for entity in sent.caption_entities] == ["bold"]
    file = await ptb.get_file(sent.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == content
    again = await gram.send_photo(sam.id, sent.photo[-1].file_id)
    assert again.photo is not None
    assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
    assert [message.kind for message in sam.screen()] == ["photo", "photo"]


async def test_a_document_by_each_library(ptb: telegram.Bot, gram: aiogram.Bot, sam: Handset) -> None:
    """Name and bytes survive multipart and attach://."""
    sent = await ptb.send_document(sam.id, io.BytesIO(b"a,b\n1,2\n"), filename="export.csv", caption="Yours")
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size) == ("export.csv", 8)
    theirs = await gram.send_document(sam.id, BufferedInputFile(b"%PDF-", "plan.pdf"))
    assert theirs.document is not None
    loaded = await gram.download(theirs.document.file_id)
    assert loaded is not None
    assert loaded.read() == b"%PDF-"
    assert [message.file_name for message in sam.screen()] == ["export.csv", "plan.pdf"]
    edited = await ptb.edit_message_caption(sam.id, sent.message_id, caption="Still yours")
    assert isinstance(edited, telegram.Message)
    assert edited.caption == "Still yours"


async def test_people_send_pictures_documents_voice_and_their_number(ptb: telegram.Bot, sam: Handset) -> None:
    """Each becomes the update Telegram would make, and the bot can download it."""
    picture = png(20, 10)
    await sam.sends_photo(picture, caption="my room")
    await sam.sends_document(b"letter", "letter.txt")
    await sam.sends_voice(b"OggS" + b"\0" * 9000)
    await sam.shares_contact()
    photo, document, voice, contact = [update.message for update in await ptb.get_updates()]
    assert photo is not None
    assert photo.caption == "my room"
    assert bytes(await (await photo.photo[-1].get_file()).download_as_bytearray()) == picture
    assert document is not None
    assert document.document is not None
    assert document.document.file_name == "letter.txt"
    assert voice is not None
    assert voice.voice is not None
    assert voice.voice.duration == timedelta(seconds=2)
    assert contact is not None
    assert contact.contact is not None
    assert contact.contact.user_id == sam.id


async def test_files_telegram_would_not_take(ptb: telegram.Bot, gram: aiogram.Bot, sam: Handset) -> None:
    """No picture, nothing, a wrong id, the wrong kind, an address, a caption too long."""
    with pytest.raises(telegram.error.BadRequest, match=r"(?i)image_process_failed"):
        await ptb.send_photo(sam.id, b"not a picture")
    with pytest.raises(TelegramBadRequest, match="wrong file identifier/HTTP URL specified"):
        await gram.send_photo(sam.id, "AgACnothing")
    with pytest.raises(TelegramBadRequest, match="failed to get HTTP URL content"):
        await gram.send_photo(sam.id, "https://example.org/picture.png")
    with pytest.raises(telegram.error.BadRequest, match="caption is too long"):
        await ptb.send_photo(sam.id, png(1, 1), caption="x" * 1025)
    sent = await ptb.send_document(sam.id, b"x", filename="x.txt")
    assert sent.document is not None
    with pytest.raises(TelegramBadRequest, match="can't use file of type Document as Photo"):
        await gram.send_photo(sam.id, sent.document.file_id)
    with pytest.raises(telegram.error.BadRequest, match="Invalid file_id"):
        await ptb.get_file("nothing")
    assert [message.kind for message in sam.screen()] == ["document"]


async def test_nothing_under_a_wrong_path(api: BotApi, web: aiohttp.ClientSession) -> None:
    """404 with Telegram's body."""
    async with web.get(f"/file/bot{api.token}/photos/../secret") as answer:
        assert answer.status == 404
