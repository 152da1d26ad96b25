"""D4: a session lives on the server: a new id at sign-in, half an hour idle, ten hours whole, ended at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select

from casework import sign_in
from dashboard.app import create_app
from rules.access import Role
from storage.tables import Person, Team, WebSession
from storage.unit import Unit
from tests.dashboard.town import Town, spend

COOKIE = "__Host-session"


async def is_in(browser: AsyncClient) -> bool:
    """Whether this browser is shown the list, and not the way to sign in."""
    answer = await browser.get("/people")
    assert answer.status_code in (200, 303)
    assert answer.status_code == 200 or answer.headers["location"] == "/sign-in"
    return answer.status_code == 200


def change(town: Town, name: str, **values: object) -> None:
    """Change a person's row."""

    def write(unit: Unit) -> None:
        person = unit.session.get_one(Person, town.ids[name])
        for column, value in values.items():
            setattr(person, column, value)

    town.write(write)


async def test_a_new_id_at_sign_in(town: Town) -> None:
    """An id that was in the browser before signing in is not the one it is signed in under."""
    browser = town.browser()
    browser.cookies.set(COOKIE, "planted", domain="pages.brackwater.test")
    await browser.post("/sign-in", data={"sign_in_name": "jo"})
    answer = await spend(browser, town.link_sent_to("Jo Marsh"))
    assert "planted" not in answer.headers["set-cookie"]
    planted = town.browser()
    planted.cookies.set(COOKIE, "planted", domain="pages.brackwater.test")
    assert not await is_in(planted)


async def test_only_the_hash_of_a_session_is_kept(town: Town) -> None:
    """What the cookie holds stands nowhere in the database file; its hash does."""
    jo = await town.signed_in("Jo Marsh")
    kept = town.bytes_on_disk()
    assert sign_in.hash_of(jo.cookies[COOKIE]).encode() in kept
    assert jo.cookies[COOKIE].encode() not in kept


async def test_a_session_lasts_just_under_half_an_hour_unused(town: Town) -> None:
    """One second before half an hour of rest it is still good."""
    jo = await town.signed_in("Jo Marsh")
    town.clock.turn(minutes=29, seconds=59)
    assert await is_in(jo)


async def test_a_session_ends_after_half_an_hour_unused(town: Town) -> None:
    """Half an hour of rest ends it."""
    jo = await town.signed_in("Jo Marsh")
    town.clock.turn(minutes=30)
    assert not await is_in(jo)


async def test_use_keeps_a_session_going(town: Town) -> None:
    """A page every twenty minutes keeps it for hours."""
    jo = await town.signed_in("Jo Marsh")
    for _ in range(9):
        town.clock.turn(minutes=20)
        assert await is_in(jo)


async def test_a_session_ends_after_ten_hours_however_much_it_is_used(town: Town) -> None:
    """Ten hours after signing in it is over, in the middle of use."""
    jo = await town.signed_in("Jo Marsh")
    for _ in range(29):
        town.clock.turn(minutes=20)
        assert await is_in(jo)
    town.clock.turn(minutes=20)
    assert not await is_in(jo)


async def test_signing_out_ends_it_on_the_server(town: Town) -> None:
    """The cookie of a session that was signed out opens nothing, wherever it was copied to."""
    jo = await town.signed_in("Jo Marsh")
    copy = town.browser()
    copy.cookies.set(COOKIE, jo.cookies[COOKIE], domain="pages.brackwater.test")
    assert await is_in(copy)
    answer = await jo.post("/sign-out")
    assert answer.headers["location"] == "/signed-out"
    assert COOKIE not in jo.cookies
    assert not await is_in(copy)
    assert len(town.acts("sign_in.ended")) == 1


async def test_signing_out_leaves_other_browsers_alone(town: Town) -> None:
    """Signing out on the phone does not sign out the laptop."""
    phone, laptop = await town.signed_in("Jo Marsh"), await town.signed_in("Jo Marsh")
    await phone.post("/sign-out")
    assert not await is_in(phone)
    assert await is_in(laptop)


async def test_signing_out_twice_and_without_a_session(town: Town) -> None:
    """Signing out always works and says so."""
    jo = await town.signed_in("Jo Marsh")
    for browser in (jo, jo, town.browser()):
        assert (await browser.post("/sign-out")).status_code == 303
    assert "You are signed out" in (await jo.get("/signed-out")).text


@pytest.mark.parametrize("state", ["left", "erased"])
async def test_removal_ends_it_at_the_next_request(town: Town, state: str) -> None:
    """Somebody who is removed is out with the next request."""
    jo = await town.signed_in("Jo Marsh")
    change(town, "Jo Marsh", state=state)
    assert not await is_in(jo)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CARER])
async def test_another_role_ends_it_at_the_next_request(town: Town, role: Role) -> None:
    """Rights never change under a session: with another role one signs in anew."""
    jo = await town.signed_in("Jo Marsh")
    change(town, "Jo Marsh", role=role)
    assert not await is_in(jo)


async def test_another_team_counts_from_the_next_request(town: Town) -> None:
    """A manager who changes team sees the new team's people, and only those, with the next request."""
    asha = await town.signed_in("Asha Bell")
    assert "Sam T." in (await asha.get("/people")).text

    def south(unit: Unit) -> int:
        return next(team.id for team in unit.session.scalars(select(Team)) if team.name == "South")

    change(town, "Asha Bell", team_id=town.read(south))
    now = (await asha.get("/people")).text
    assert "Dee W." in now
    assert "Sam T." not in now


async def test_ending_all_sessions_of_someone_ends_their_links_too(town: Town) -> None:
    """After all sessions are ended no browser of theirs is in, and a link sent before is no good; others stay in."""
    jo, jo_too, lee = [await town.signed_in(name) for name in ("Jo Marsh", "Jo Marsh", "Lee Amari")]
    asking = town.browser()
    await asking.post("/sign-in", data={"sign_in_name": "jo"})
    link = town.link_sent_to("Jo Marsh")
    town.write(lambda unit: sign_in.end_sessions_of(unit, town.ids["Jo Marsh"]))
    assert not await is_in(jo)
    assert not await is_in(jo_too)
    assert await is_in(lee)
    assert (await spend(asking, link)).status_code == 400


async def test_signing_in_again_ends_the_session_before(town: Town) -> None:
    """A browser that signs in again leaves no second session behind."""
    jo = await town.signed_in("Jo Marsh")
    old = town.browser()
    old.cookies.set(COOKIE, jo.cookies[COOKIE], domain="pages.brackwater.test")
    await jo.post("/sign-in", data={"sign_in_name": "jo"})
    await spend(jo, town.link_sent_to("Jo Marsh"))
    assert await is_in(jo)
    assert not await is_in(old)


async def test_the_cookie_is_for_this_host_over_https_and_no_script(town: Town) -> None:
    """The session cookie has the __Host- prefix, Secure, HttpOnly, SameSite, no domain, and goes with the browser."""
    browser = town.browser()
    await browser.post("/sign-in", data={"sign_in_name": "jo"})
    answer = await spend(browser, town.link_sent_to("Jo Marsh"))
    session = next(each for each in answer.headers.get_list("set-cookie") if each.startswith(COOKIE))
    parts = {each.strip().lower() for each in session.split(";")[1:]}
    assert parts == {"path=/", "secure", "httponly", "samesite=lax"}


async def test_on_loopback_only_the_prefix_and_secure_are_dropped(town: Town) -> None:
    """The setting for plain http on this machine leaves HttpOnly and SameSite as they are."""
    town.app = create_app(replace(town.services, insecure_cookies=True))
    browser = town.browser()
    await browser.post("/sign-in", data={"sign_in_name": "jo"})
    answer = await spend(browser, town.link_sent_to("Jo Marsh"))
    session = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("session="))
    assert {each.strip().lower() for each in session.split(";")[1:]} == {"path=/", "httponly", "samesite=lax"}
    assert await is_in(browser)


@pytest.mark.parametrize("name", [COOKIE, "session"])
async def test_a_made_up_or_unprefixed_id_opens_nothing(town: Town, name: str) -> None:
    """Neither a guessed id nor a right one under the unprefixed name lets anyone in."""
    jo = await town.signed_in("Jo Marsh")
    value = "0" * 64 if name == COOKIE else jo.cookies[COOKIE]
    stranger = town.browser()
    stranger.cookies.set(name, value, domain="pages.brackwater.test")
    assert not await is_in(stranger)


async def test_a_session_row_of_someone_who_is_not_staff_opens_nothing(town: Town) -> None:
    """Even a session row for a care leaver does not open the advisers' pages."""

    def forge(unit: Unit) -> None:
        id_hash = sign_in.hash_of("forged")
        unit.session.add(
            WebSession(
                id_hash=id_hash,
                person_id=town.ids["Sam T."],
                role=Role.CARE_LEAVER,
                started_utc=unit.now,
                seen_utc=unit.now,
            )
        )

    town.write(forge)
    sam = town.browser()
    sam.cookies.set(COOKIE, "forged", domain="pages.brackwater.test")
    assert not await is_in(sam)


async def test_a_sandbox_may_let_sessions_last(town: Town) -> None:
    """Where the clock is turned by weeks a session can be given longer, and is still ended by signing out."""
    longer = sign_in.Lasting(timedelta(days=400), timedelta(days=400))
    town.app = create_app(replace(town.services, lasting=longer))
    jo = await town.signed_in("Jo Marsh")
    town.clock.turn(days=56)
    assert await is_in(jo)
    await jo.post("/sign-out")
    assert not await is_in(jo)
