"""The chat page in a real browser against the real sandbox server."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
import segno
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect
from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, ReplyKeyboardMarkup
from telegram.constants import ChatAction

from sandbox.page.routes import FILES
from tests.sandbox.page_visit import Scheme, Town, Visit, bubbles, open_town, until, visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PHONE = (390, 844)
SINKS = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", 'src="http', "@import")
HOSTILE = (
    "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>",
    "\u202egnorw si siht\u202c and \u2066\u05e9\u05dc\u05d5\u05dd\u2069 then English",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1ec\U0001f1e7 cafe\u0301 \u200b|",
    "word " * 800,
    "W" * 4000,
)


@pytest_asyncio.fixture(loop_scope="session")
async def town() -> AsyncIterator[Town]:
    async with open_town() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def at_desk(browser: Browser, town: Town) -> AsyncIterator[Visit]:
    async with visit(browser, town) as visiting:
        yield visiting


async def test_enter_sends_and_shift_enter_breaks_the_line(at_desk: Visit, town: Town) -> None:
    """What Sam types reaches the bot as one message, with the line break, and the box is empty again."""
    page = at_desk.page
    box = page.get_by_label("Message", exact=True)
    await box.fill("first")
    await box.press("Shift+Enter")
    await box.press_sequentially("second")
    await box.press("Enter")
    await expect(bubbles(page, "out")).to_have_text(["first\nsecond"])
    await expect(box).to_have_value("")
    assert (await until(town, "message"))["text"] == "first\nsecond"


async def test_a_button_is_pressed_answered_edited_and_gone(at_desk: Visit, town: Town) -> None:
    """A message comes by itself; its press reaches the bot; toast, edit and deletion show without a reload."""
    page, sam = at_desk.page, town.person("Sam")
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Good", callback_data="mood:good")]])
    sent = await town.bot.send_message(sam.id, "How was your week?", reply_markup=keys)
    await expect(bubbles(page)).to_have_text(["How was your week?"])
    await expect(page.locator("#live")).to_have_text("How was your week?")
    await page.get_by_role("button", name="Good").click()
    query = await until(town, "callback_query")
    assert query["data"] == "mood:good"
    await town.bot.answer_callback_query(query["id"], "Saved")
    await expect(page.locator("#toast")).to_have_text("Saved")
    await town.bot.edit_message_text("Thanks, Sam.", sam.id, sent.message_id)
    await expect(bubbles(page)).to_have_text(["Thanks, Sam."])
    await expect(page.locator(".message .meta")).to_contain_text("edited")
    await expect(page.get_by_role("button", name="Good")).to_have_count(0)
    await town.bot.delete_message(sam.id, sent.message_id)
    await expect(page.locator(".message")).to_have_count(0)


async def test_a_link_to_this_bot_opens_in_the_chat_and_may_be_carried_across(at_desk: Visit, town: Town) -> None:
    """Jo's invite link shows Start as Telegram does; carried to Bev's phone, Bev's Start brings the payload."""
    page = at_desk.page
    await at_desk.hold("Jo")
    await page.get_by_role("button", name="Start").click()
    await until(town, "message")
    await town.bot.send_message(town.person("Jo").id, "For Bev: https://t.me/keepintouch_sandbox_bot?start=inv_Bev7")
    await page.get_by_role("link", name="inv_Bev7").click()
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    await page.get_by_label("Open this link on").select_option(label="Bev's phone")
    await expect(page.locator("#owner")).to_have_text("Bev's phone")
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(bubbles(page, "out")).to_have_text(["/start inv_Bev7"])
    last = await until(town, "message")
    assert (last["text"], last["from"]["first_name"]) == ("/start inv_Bev7", "Bev")


@pytest.mark.parametrize("hostile", HOSTILE, ids=["markup", "right-to-left", "emoji", "words", "one word"])
async def test_hostile_text_is_only_text(at_desk: Visit, town: Town, hostile: str) -> None:
    """Shown letter for letter (from a bot: what Telegram leaves of it), makes no element, never widens the phone."""
    page, sam = at_desk.page, town.person("Sam")
    await town.bot.send_message(sam.id, hostile)
    await expect(bubbles(page)).to_have_count(1)
    await at_desk.type(hostile)
    await expect(bubbles(page, "out")).to_have_count(1)
    assert await bubbles(page).all_text_contents() == [hostile.translate({0x202E: None, 0x202C: None}).strip()]
    assert await bubbles(page, "out").all_text_contents() == [hostile.strip()]
    assert await page.title() == "Keep in Touch sandbox"
    assert await page.locator(".text img, .text script").count() == 0
    assert await page.evaluate("[scroller, people, document.body].every((box) => box.scrollWidth <= box.clientWidth)")


async def test_entities_are_drawn_and_a_script_link_is_not_a_link(at_desk: Visit, town: Town) -> None:
    """Bold inside a link, an emoji before it, a quote: real elements; `javascript:` stays words."""
    page, sam = at_desk.page, town.person("Sam")
    entities = [
        MessageEntity("text_link", 3, 9, url="https://example.org/"),
        MessageEntity("bold", 3, 4),
        MessageEntity("text_link", 13, 4, url="javascript:document.title='taken'"),
    ]
    await town.bot.send_message(sam.id, "\U0001f600 boldplain evil", entities=entities)
    await expect(page.locator(".text a strong")).to_have_text("bold")
    await expect(page.locator(".text a")).to_have_text(["boldplain"])
    assert await page.locator(".text a").get_attribute("rel") == "noopener noreferrer"
    assert await bubbles(page).all_text_contents() == ["\U0001f600 boldplain evil"]


async def test_keyboards_typing_and_forced_replies(at_desk: Visit, town: Town) -> None:
    """A reply key sends its words; typing shows; a forced reply quotes what was asked."""
    page, sam = at_desk.page, town.person("Sam")
    await town.bot.send_message(sam.id, "Where?", reply_markup=ReplyKeyboardMarkup([["At home", "I don't know"]]))
    await page.get_by_role("button", name="I don't know").click()
    await expect(bubbles(page, "out")).to_have_text(["I don't know"])
    await town.bot.send_chat_action(sam.id, ChatAction.TYPING)
    await expect(page.locator("#state")).to_have_text("typing…")
    await town.bot.send_message(sam.id, "Say more?", reply_markup=ForceReply(input_field_placeholder="In your words"))
    await expect(page.locator("#note-text")).to_have_text("Say more?")
    await at_desk.type("with Nan")
    await expect(bubbles(page, "out")).to_have_count(2)
    assert (await until(town, "message"))["reply_to_message"]["text"] == "Say more?"


async def test_pictures_and_files_both_ways(at_desk: Visit, town: Town, tmp_path: Path) -> None:
    """A QR picture and a file are shown; what the visitor attaches reaches the bot as what it is."""
    page, sam = at_desk.page, town.person("Sam")
    png = BytesIO()
    segno.make("https://example.org").save(png, kind="png", scale=6)
    await town.bot.send_photo(sam.id, png.getvalue(), caption="Your code", protect_content=True)
    await town.bot.send_document(sam.id, b"a,b", filename="what we keep.csv")
    await expect(page.locator(".photo img")).to_be_visible()
    assert await page.locator(".photo img").evaluate("(image) => image.naturalWidth > 50")
    await expect(page.locator(".file-name")).to_have_text(["what we keep.csv"])
    assert await page.locator(".protected").evaluate("(box) => getComputedStyle(box).userSelect") == "none"
    picture = tmp_path / "room.png"
    picture.write_bytes(png.getvalue())
    await page.locator("#file").set_input_files(picture)
    await expect(page.locator(".message.out .photo img")).to_be_visible()
    assert (await until(town, "message"))["photo"]


async def test_unread_marks_and_the_pill(at_desk: Visit, town: Town) -> None:
    """A badge waits in the list until the phone is picked up; scrolled away, a pill counts what is new."""
    page, jo, sam = at_desk.page, town.person("Jo"), town.person("Sam")
    await jo.opens()
    await town.bot.send_message(jo.id, "One alert")
    await expect(page.locator(".badge")).to_contain_text("1")
    for number in range(30):
        await town.bot.send_message(sam.id, f"line {number}\nand more")
    await expect(bubbles(page)).to_have_count(30)
    await page.locator("#scroller").evaluate("(box) => box.scrollTo(0, 0)")
    await town.bot.send_message(sam.id, "news")
    await expect(page.locator("#pill")).to_contain_text("1 new message")
    await page.locator("#pill").click()
    await expect(page.get_by_text("news", exact=True).first).to_be_in_viewport()
    await at_desk.hold("Jo")
    await expect(page.locator(".unread-line")).to_be_visible()
    await expect(page.locator(".badge")).to_have_count(0)
    assert jo.phone.unread == 0


async def test_block_and_switches(at_desk: Visit, town: Town) -> None:
    """Blocking from the menu tells the bot and closes the box; an outage is two rules until switched back."""
    page = at_desk.page
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("button", name="Block the bot").click()
    assert (await until(town, "my_chat_member"))["new_chat_member"]["status"] == "kicked"
    await expect(page.get_by_role("switch", name="Sam blocks")).to_be_checked()
    await page.get_by_role("button", name="Unblock").click()
    await expect(page.get_by_label("Message", exact=True)).to_be_visible()
    outage = page.get_by_role("switch", name="Telegram is down")
    await outage.click()
    await expect(outage).to_be_checked()
    assert sorted(str(rule.method) for rule in town.api.faults.rules) == ["None", "getUpdates"]
    await outage.click()
    await expect(outage).not_to_be_checked()
    assert town.api.faults.rules == []


async def test_the_clock_turns(at_desk: Visit, town: Town) -> None:
    """It shows London's time, asks for the turn, shows progress, and says what went out."""
    page = at_desk.page
    await expect(page.locator("#time")).to_have_text("09:00")
    await expect(page.locator("#date")).to_have_text("Thursday 3 December")
    await page.get_by_role("button", name="8 weeks").click()
    await expect(page.locator("#turning-words")).to_contain_text("5 messages went out")
    town.clock.tell(turning=False, sent=12)
    await expect(page.locator("#turned")).to_contain_text("12 messages went out.")
    await expect(page.locator("#date")).to_have_text("Thursday 28 January")
    assert town.clock.asked == [{"hours": 1344}]


async def test_nine_tomorrow_is_nine_on_the_wall_when_the_clocks_go_forward(browser: Browser) -> None:
    """On 28 March 2026 at 20:00 GMT, nine tomorrow is 08:00 UTC."""
    async with open_town(datetime(2026, 3, 28, 20, 0, tzinfo=UTC)) as town, visit(browser, town) as visiting:
        await visiting.page.get_by_role("button", name="to 09:00 tomorrow").click()
        await expect(visiting.page.locator("#time")).to_have_text("09:00")
        assert town.clock.asked == [{"to": "2026-03-29T08:00:00.000Z"}]


async def test_the_page_finds_a_restarted_server(browser: Browser) -> None:
    """While the server is away the page says so; when it is back, the page shows the new state by itself."""
    async with open_town() as first, visit(browser, first, quiet=False) as visiting:
        port = first.api.port
        await first.api.__aexit__(None, None, None)
        await expect(visiting.page.locator("#line")).to_be_visible()
        async with open_town(port=port) as second:
            await expect(visiting.page.locator("#line")).to_be_hidden(timeout=15_000)
            await second.bot.send_message(second.person("Sam").id, "Back again")
            await expect(bubbles(visiting.page)).to_have_text(["Back again"])


async def test_the_walk_through_remembers(at_desk: Visit) -> None:
    """A tick outlives a reload."""
    await at_desk.page.get_by_label("Sam joins").check()
    await at_desk.page.reload()
    await expect(at_desk.page.locator("#steps-done")).to_have_text("1 of 8")


async def test_two_screens_and_a_sheet_at_phone_width(browser: Browser, town: Town) -> None:
    """The list, then the chat, then back; the clock is a sheet that Escape closes, giving the focus back."""
    async with visit(browser, town, size=PHONE) as visiting:
        page = visiting.page
        await expect(page.locator("#phone")).to_be_hidden()
        await visiting.hold("Sam")
        await expect(page.locator("#people")).to_be_hidden()
        await page.get_by_role("button", name="Clock and guide").click()
        await expect(page.get_by_role("button", name="1 week")).to_be_in_viewport()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="1 week")).to_be_hidden()
        await expect(page.get_by_role("button", name="Clock and guide")).to_be_focused()
        await page.get_by_role("button", name="Back to the people").click()
        await expect(page.locator("#people")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 860), PHONE], ids=["desk", "phone"])
async def test_axe_finds_nothing_serious(browser: Browser, town: Town, size: tuple[int, int], scheme: Scheme) -> None:
    """Chat, typing, sheet, Start and blocked: no violation that is serious or critical."""
    sam = town.person("Sam")
    await sam.says("hello /mydata")
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Read", url="https://example.org"), _key("Good")]])
    await town.bot.send_message(sam.id, "How was your week? See example.org", reply_markup=keys, protect_content=True)
    await town.bot.send_document(sam.id, b"a", filename="a.csv")
    async with visit(browser, town, size=size, scheme=scheme, bypass_csp=True) as visiting:
        await _check(visiting.page)
        await visiting.hold("Sam")
        await _check(visiting.page)
        if size == PHONE:
            await visiting.page.get_by_role("button", name="Clock and guide").click()
            await _check(visiting.page)
            return
        await visiting.hold("Bev")
        await _check(visiting.page)


def _key(label: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=label)


async def _check(page: Page) -> None:
    results = await Axe().run(page)
    grave = [each for each in results.response["violations"] if each["impact"] in ("serious", "critical")]
    assert grave == [], "\n".join(f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in grave)


async def test_the_page_names_no_other_server_and_never_assigns_markup() -> None:
    """No file of it loads from an address or writes text as markup."""
    for name, path in FILES.items():
        words = path.read_text(encoding="utf-8")
        assert not [
            sink for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write") if sink in words
        ], name
        assert not [line for line in words.splitlines() if 'src="http' in line or "@import" in line], name
