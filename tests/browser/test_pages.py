"""The advisers' pages in a real browser: by mouse, by keyboard, without JavaScript, and for everyone."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from tests.browser.conftest import DESK, PHONE, Visit, visit
from tests.dashboard.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROWEST = 320


async def check_page(visiting: Visit, what: str) -> None:
    """No accessibility fault that a machine can find, and nothing that must be scrolled sideways."""
    found = await Axe().run(visiting.page, options={"runOnly": RULES})
    faults = [(each["id"], [node["html"] for node in each["nodes"]]) for each in found.response["violations"]]
    assert faults == [], what
    wide = await visiting.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{what} is {wide} px too wide"


@pytest.mark.parametrize("width", [DESK, PHONE])
async def test_every_page_is_for_everyone(browser: Browser, town: Town, width: int) -> None:
    """Axe finds nothing on any page at desk and phone width, forms with mistakes and error pages too."""
    sam = f"/people/{town.ids['Sam T.']}"
    async with visit(browser, town, width) as visiting:
        for path in ("/sign-in", "/sign-in/check", f"/sign-in/link/{'0' * 64}", "/signed-out"):
            await visiting.go(path)
            await check_page(visiting, path)
        await visiting.page.goto(visiting.origin + "/sign-in")
        await visiting.page.get_by_role("button", name="Send me a link").click()
        await check_page(visiting, "sign-in with a mistake")
        await visiting.sign_in("Asha Bell")
        for path in ("/people", "/people?state=over&order=name", "/people?state=paused", sam, "/people/1"):
            await visiting.go(path)
            await check_page(visiting, path)
        await visiting.go(sam)
        await visiting.page.locator("summary").first.click()
        await visiting.page.get_by_role("button", name="Close incident").first.click()
        await check_page(visiting, "closing with a mistake")
        await visiting.go(f"{sam}/contact")
        await check_page(visiting, "log a contact")
        await visiting.page.get_by_role("button", name="Save contact").click()
        await check_page(visiting, "log a contact with mistakes")


async def test_nothing_is_scrolled_sideways_at_the_narrowest(browser: Browser, town: Town) -> None:
    """At 320 px, which is a desk at 400 per cent, every page fits."""
    async with visit(browser, town, NARROWEST) as visiting:
        await visiting.sign_in("Asha Bell")
        for path in ("/people", f"/people/{town.ids['Sam T.']}", f"/people/{town.ids['Sam T.']}/contact"):
            await visiting.go(path)
            await check_page(visiting, path)


async def test_a_morning_with_the_mouse(browser: Browser, town: Town) -> None:
    """Sign in, look at who is over, take the incident on, log the call: the row leaves the list and the page tells."""
    async with visit(browser, town) as visiting:
        page = visiting.page
        await visiting.sign_in("Jo Marsh")
        await expect(page.get_by_role("row")).to_have_count(8)
        await page.get_by_role("link", name="Past 8 weeks").click()
        row = page.get_by_role("row", name="Sam T.")
        await expect(page.get_by_role("row")).to_have_count(2)
        await expect(row).to_contain_text("nudged, no answer yet")
        await row.get_by_role("button", name="Acknowledge").click()
        await expect(page.get_by_role("alert")).to_contain_text("You have it now.")
        assert "state=over" in page.url
        await row.get_by_role("button", name="Log a contact").click()
        await page.get_by_label("Call").check()
        await page.get_by_label("We were in touch").check()
        await page.get_by_label("Note").fill("rang, all good")
        await page.get_by_role("button", name="Save contact").click()
        await expect(page.get_by_role("alert")).to_contain_text("The contact is saved.")
        newest = page.locator(".kit-timeline__event").filter(has_text="rang, all good")
        await expect(newest).to_contain_text("Call, spoke")
        await expect(page.get_by_role("heading", name="Open incidents")).to_have_count(0)
        await visiting.go("/people?state=over")
        await expect(page.get_by_text("No one is on this list.")).to_be_visible()


async def test_a_morning_by_keyboard(browser: Browser, town: Town) -> None:
    """The same work with Tab, Enter, arrows and typing alone, each step where the focus is expected."""
    async with visit(browser, town) as visiting:
        page, keys = visiting.page, visiting.page.keyboard
        await visiting.go("/sign-in")
        await keys.press("Tab")
        await expect(page.locator(":focus")).to_have_text("Skip to main content")
        await keys.press("Enter")
        await _tab_to(visiting, "Sign-in name")
        await keys.type("jo")
        await keys.press("Enter")
        await page.wait_for_url("**/sign-in/check")
        await visiting.go(town.link_sent_to("Jo Marsh"))
        await _tab_to(visiting, "Sign in")
        await keys.press("Enter")
        await page.wait_for_url("**/people")
        await _tab_to(visiting, "Sam T.")
        await keys.press("Enter")
        await expect(page.get_by_role("heading", name="Sam T.", level=1)).to_be_visible()
        await _tab_to(visiting, "Acknowledge Missing contact")
        await keys.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("You have it now.")
        await _tab_to(visiting, "Log a contact")
        await keys.press("Enter")
        await page.wait_for_url("**/contact")
        await _tab_to(visiting, "Call")
        await keys.press("Space")
        await _tab_to(visiting, "We were in touch")
        await keys.press("ArrowDown")
        await expect(page.get_by_label("I tried, no answer")).to_be_checked()
        await _tab_to(visiting, "Save contact")
        await keys.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("It does not move the date")


async def _tab_to(visiting: Visit, name: str) -> None:
    """Press Tab until the focused thing's label or words are `name`; it must be seen to have the focus."""
    label = """() => { const it = document.activeElement; const of = it.labels && it.labels[0];
        return (of ? of.textContent : it.textContent).replace(/\\s+/g, ' ').trim(); }"""
    for _ in range(80):
        await visiting.page.keyboard.press("Tab")
        if await visiting.page.evaluate(label) == name:
            return
    raise AssertionError(f"Tab never came to {name}")


async def test_everything_works_without_javascript(browser: Browser, town: Town) -> None:
    """With scripts off the same pages sign in, filter, show a mistake, log a contact and close an incident."""
    async with visit(browser, town, java_script_enabled=False) as visiting:
        page = visiting.page
        await visiting.sign_in("Jo Marsh")
        await page.get_by_label("Show").select_option("incident")
        await page.get_by_role("button", name="Show list").click()
        await expect(page.get_by_role("row")).to_have_count(3)
        await page.get_by_role("link", name="Noor").click()
        await page.get_by_text("Close with an outcome").click()
        await page.get_by_label("We spoke").check()
        await page.get_by_role("button", name="Close incident").click()
        await expect(page.get_by_role("alert")).to_contain_text("The incident is closed.")
        await page.get_by_role("button", name="Log a contact").click()
        await expect(page.get_by_label("Month")).to_be_hidden()
        await page.get_by_label("Another day").check()
        await page.get_by_label("Month").fill("13")
        await page.get_by_role("button", name="Save contact").click()
        await expect(page.get_by_role("alert")).to_contain_text("Say how you were in touch")


async def test_another_site_cannot_press_our_buttons(browser: Browser, town: Town) -> None:
    """A form on somebody else's page that posts to ours, in a signed-in browser, is refused and changes nothing."""
    async with visit(browser, town) as visiting:
        await visiting.sign_in("Jo Marsh")
        elsewhere = await visiting.page.context.new_page()
        await elsewhere.goto("data:text/html,<form method=post></form>")
        await elsewhere.evaluate("to => { document.forms[0].action = to; document.forms[0].submit(); }",
                                 f"{visiting.origin}/sign-out")  # fmt: skip
        await expect(elsewhere.get_by_role("heading", level=1)).to_have_text("That did not come from our page")
        await visiting.go("/people")
        await expect(visiting.page.get_by_role("heading", level=1)).to_have_text("Your people")


async def test_the_policy_stops_a_script_that_got_in(browser: Browser, town: Town) -> None:
    """Even a script put into a page does not run."""
    async with visit(browser, town) as visiting:
        await visiting.go("/sign-in")
        await visiting.page.evaluate("""() => { const it = document.createElement('script');
            it.textContent = "document.title = 'taken'"; document.body.append(it); }""")
        await expect(visiting.page).to_have_title("Sign in – Keep in Touch")
        assert any("Content Security Policy" in each for each in visiting.complaints)
        visiting.complaints.clear()
