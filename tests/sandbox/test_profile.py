"""The bot's own account: who it is, its commands, names and menu, and what it does not have."""

import aiogram
import aiohttp
import pytest
import telegram
from aiogram.exceptions import TelegramNotFound

from sandbox.bot_api import BotApi
from sandbox.handset import Handset


async def test_both_libraries_learn_the_same_bot(api: BotApi, ptb: telegram.Bot, gram: aiogram.Bot) -> None:
    """getMe names a bot for private chats."""
    mine, theirs = await ptb.get_me(), await gram.get_me()
    assert mine.id == theirs.id == int(api.token.split(":")[0])
    assert mine.is_bot
    assert mine.username == theirs.username == api.world.bot.username
    assert mine.can_join_groups is False


async def test_commands_are_kept_per_scope_and_language(ptb: telegram.Bot, gram: aiogram.Bot, sam: Handset) -> None:
    """Set by one library, read by the other, deleted again; the person's menu shows the narrowest scope."""
    await ptb.set_my_commands([("start", "Begin"), ("help", "Get help")])
    await ptb.set_my_commands([("log", "Log a call")], scope=telegram.BotCommandScopeChat(sam.id))
    listed = await gram.get_my_commands()
    assert [(each.command, each.description) for each in listed] == [("start", "Begin"), ("help", "Get help")]
    own = await gram.get_my_commands(scope=aiogram.types.BotCommandScopeChat(chat_id=sam.id))
    assert [each.command for each in own] == ["log"]
    assert await ptb.get_my_commands(language_code="cy") == ()
    await gram.delete_my_commands()
    assert await ptb.get_my_commands() == ()


@pytest.mark.parametrize(
    ("name", "words", "sentence"), [("Start", "x", "BOT_COMMAND_INVALID"), ("a", " ", "DESCRIPTION")]
)
async def test_commands_telegram_would_refuse(ptb: telegram.Bot, name: str, words: str, sentence: str) -> None:
    """Capitals and empty descriptions."""
    with pytest.raises(telegram.error.BadRequest, match=f"(?i){sentence}"):
        await ptb.set_my_commands([(name, words)])


async def test_names_descriptions_and_the_menu_button(ptb: telegram.Bot, gram: aiogram.Bot) -> None:
    """What is set is what is read, by language with the general one behind it."""
    await ptb.set_my_name("Keep in Touch (test)")
    await ptb.set_my_description("Long words.")
    await ptb.set_my_short_description("Short words.", language_code="cy")
    assert (await gram.get_my_name(language_code="cy")).name == "Keep in Touch (test)"
    assert (await gram.get_my_description()).description == "Long words."
    assert (await gram.get_my_short_description()).short_description == ""
    assert (await gram.get_my_short_description(language_code="cy")).short_description == "Short words."
    await ptb.set_chat_menu_button(menu_button=telegram.MenuButtonCommands())
    assert (await ptb.get_chat_menu_button()).type == "commands"


async def test_an_unknown_method_is_404_and_is_listed(
    api: BotApi, ptb: telegram.Bot, gram: aiogram.Bot, sam: Handset, web: aiohttp.ClientSession
) -> None:
    """Nothing is answered `true` out of politeness: what is missing is seen."""
    with pytest.raises(TelegramNotFound):
        await gram.send_dice(sam.id)
    with pytest.raises(telegram.error.TelegramError):
        await ptb.send_poll(sam.id, "?", ["a", "b"])
    async with web.get("/sandbox/unknown") as answer:
        assert (await answer.json())["unknown_methods"] == ["senddice", "sendpoll"]
    async with web.post(f"/bot{api.token}/sendDice") as answer:
        assert answer.status == 404
        assert await answer.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_a_wrong_token_is_401(api: BotApi, web: aiohttp.ClientSession) -> None:
    """For calls and for downloads."""
    async with web.get("/bot123:wrong/getMe") as answer:
        assert answer.status == 401
        assert await answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    async with web.get("/file/bot123:wrong/photos/file_0.png") as answer:
        assert answer.status == 401
    wrong = telegram.Bot("123:wrong", base_url=api.base_url)
    with pytest.raises(telegram.error.InvalidToken):
        await wrong.initialize()
    await wrong.shutdown()


async def test_get_chat_tells_what_telegram_would(ptb: telegram.Bot, gram: aiogram.Bot, api: BotApi) -> None:
    """The person's name, and none of the sandbox's own labels; nobody there is 400."""
    ada = api.person("Ada", role="adviser", about="works on Fridays")
    assert (await ptb.get_chat(ada.id)).first_name == "Ada"
    found = await gram.get_chat(ada.id)
    assert found.type == "private"
    assert "Friday" not in found.model_dump_json()
    assert (await ptb.get_user_profile_photos(ada.id)).total_count == 0
    with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
        await ptb.get_chat(1)
