"""D3: a sign-in link is 256 bits, kept hashed, good for ten minutes, once, by POST, in the browser that asked."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select

from casework import sign_in
from dashboard.routes.sign_in import CHECK_PATH
from storage.tables import Person, SignInLink
from storage.unit import Unit
from tests.dashboard.town import ORIGIN, Town, open_town, spend

LINKS = 50
RACERS = 16
TIMED_PAIRS = 100


async def ask(town: Town, name: str = "jo") -> AsyncClient:
    """A browser that has asked for a link."""
    browser = town.browser()
    answer = await browser.post("/sign-in", data={"sign_in_name": name})
    assert answer.headers["location"] == CHECK_PATH
    return browser


def ask_in_chat(town: Town, name: str) -> str:
    """The path of a link asked for in the chat."""

    def make(unit: Unit) -> str:
        message = sign_in.ask_in_chat(town.desk(unit), unit.session.get_one(Person, town.ids[name]))
        assert message is not None
        return message.rows[0][0].url.removeprefix(ORIGIN)

    return town.write(make)


async def test_a_link_signs_in_once(either_town: Town) -> None:
    """The link signs in the browser that asked, and a second try with the same link does not."""
    town = either_town
    browser = await ask(town)
    path = town.link_sent_to("Jo Marsh")
    assert (await spend(browser, path)).headers["location"] == "/people"
    again = await spend(browser, path)
    assert again.status_code == 400
    assert "That link does not work here" in again.text


async def test_opening_a_link_spends_nothing(town: Town) -> None:
    """A preview, a scanner or the person may open the page any number of times; only the button spends the link."""
    browser = await ask(town)
    path = town.link_sent_to("Jo Marsh")
    for _ in range(3):
        assert (await town.browser().get(path)).status_code == 200
    assert (await spend(browser, path)).status_code == 303


@pytest.mark.parametrize(("seconds", "status"), [(599, 303), (600, 400), (86_400, 400)])
async def test_a_link_is_good_for_ten_minutes(town: Town, seconds: int, status: int) -> None:
    """A link works until the second before ten minutes are over, and never after."""
    browser = await ask(town)
    town.clock.turn(seconds=seconds)
    assert (await spend(browser, town.link_sent_to("Jo Marsh"))).status_code == status


async def test_another_browser_cannot_spend_a_link(town: Town) -> None:
    """A link asked for on the page is no good in a browser that did not ask, and stays good in the one that did."""
    browser = await ask(town)
    path = town.link_sent_to("Jo Marsh")
    assert (await spend(town.browser(), path)).status_code == 400
    also_asked = await ask(town, "lee")
    assert (await spend(also_asked, path)).status_code == 400
    assert (await spend(browser, path)).status_code == 303


@pytest.mark.parametrize("proof", [{}, {"proof": ""}, {"proof": "0" * 64}, {"proof": "é"}])
async def test_a_link_is_spent_only_from_its_own_page(town: Town, proof: dict[str, str]) -> None:
    """A POST without what the page carried spends nothing."""
    browser = await ask(town)
    path = town.link_sent_to("Jo Marsh")
    assert (await browser.post(path, data=proof)).status_code == 400
    assert (await spend(browser, path)).status_code == 303


async def test_a_link_asked_for_in_the_chat(town: Town) -> None:
    """It works once in whichever browser shows its page, and not in one that has not seen the page."""
    path = ask_in_chat(town, "Jo Marsh")
    assert (await town.browser().post(path, data={"proof": sign_in.page_proof("")})).status_code == 400
    assert (await spend(town.browser(), path)).status_code == 303
    assert (await spend(town.browser(), path)).status_code == 400


async def test_a_made_up_link(town: Town) -> None:
    """A link nobody was sent shows the same page as a real one and does not sign in."""
    made_up = await town.browser().get(f"/sign-in/link/{'0' * 64}")
    await ask(town)
    real = await town.browser().get(town.link_sent_to("Jo Marsh"))
    assert made_up.status_code == real.status_code == 200
    assert (await spend(town.browser(), f"/sign-in/link/{'0' * 64}")).status_code == 400


async def test_an_unknown_name_gets_the_same_answer(town: Town) -> None:
    """A name nobody has is answered just like one somebody has, and sends nothing."""
    known = await town.browser().post("/sign-in", data={"sign_in_name": "jo"})
    unknown = await town.browser().post("/sign-in", data={"sign_in_name": "nobody"})
    assert len(town.messages_to("Jo Marsh", "sign_in")) == 1
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert _but_cookies(known.headers) == _but_cookies(unknown.headers)
    assert [each.split("=")[0] for each in known.headers.get_list("set-cookie")] == [
        each.split("=")[0] for each in unknown.headers.get_list("set-cookie")
    ]


def _but_cookies(headers: object) -> dict[str, str]:
    return {name: value for name, value in dict(headers).items() if name != "set-cookie"}  # type: ignore[call-overload]


async def test_the_time_of_the_answer_says_nothing(tmp_path: Path) -> None:
    """Over 200 tries the typical answer to an unknown name takes as long as to a known one, within a tenth."""
    async with open_town(tmp_path, least_answer_s=0.04) as town:
        took: dict[str, list[float]] = {"jo": [], "nobody": []}
        for _ in range(TIMED_PAIRS):
            for name, times in took.items():
                browser = town.browser()
                began = time.perf_counter()
                await browser.post("/sign-in", data={"sign_in_name": name})
                times.append(time.perf_counter() - began)
                town.clock.turn(minutes=16)
        assert len(town.messages_to("Jo Marsh", "sign_in")) == TIMED_PAIRS
        known, unknown = (statistics.median(times) for times in took.values())
        assert abs(known - unknown) / known < 0.1


@pytest.mark.parametrize("state", ["left", "erased", "invited"])
async def test_someone_who_is_not_here_gets_no_link(town: Town, state: str) -> None:
    """Staff who left, were erased or have not joined are sent nothing, and an earlier link of theirs is no good."""
    browser = await ask(town)
    path = town.link_sent_to("Jo Marsh")
    town.write(lambda unit: setattr(unit.session.get_one(Person, town.ids["Jo Marsh"]), "state", state))
    await ask(town)
    assert len(town.messages_to("Jo Marsh", "sign_in")) == 1
    assert (await spend(browser, path)).status_code == 400


async def test_a_person_who_is_not_staff_gets_no_link(town: Town) -> None:
    """Even with a sign-in name by mistake, a care leaver is sent no link, on the page or in the chat."""

    def give_name(unit: Unit) -> None:
        sam = unit.session.get_one(Person, town.ids["Sam T."])
        sam.sign_in_key = unit.look_up_key("sign_in_name", "sam")
        assert sign_in.ask_in_chat(town.desk(unit), sam) is None

    town.write(give_name)
    await ask(town, "sam")
    assert town.messages_to("Sam T.", "sign_in") == []


async def test_only_the_hash_of_a_link_is_kept(town: Town) -> None:
    """A token is 256 bits, and neither it nor the browser's value stands anywhere in the database file."""
    browser = await ask(town)
    token = town.link_sent_to("Jo Marsh").rsplit("/", 1)[1]
    assert len(bytes.fromhex(token)) == 32
    kept = town.bytes_on_disk()
    hashes = town.read(lambda unit: list(unit.session.scalars(select(SignInLink))))
    assert [each.token_hash for each in hashes] == [sign_in.hash_of(token)]
    assert hashes[0].token_hash.encode() in kept
    assert token.encode() not in kept
    assert browser.cookies["__Host-browser"].encode() not in kept


async def test_one_name_is_not_sent_links_all_evening(town: Town) -> None:
    """The sixth asking for one name in a quarter of an hour sends nothing; later it sends again."""
    for _ in range(7):
        await ask(town, " Jo ")
    assert len(town.messages_to("Jo Marsh", "sign_in")) == sign_in.ASKS_A_NAME
    town.clock.turn(minutes=16)
    await ask(town)
    assert len(town.messages_to("Jo Marsh", "sign_in")) == sign_in.ASKS_A_NAME + 1


async def test_one_address_cannot_try_many_names(town: Town) -> None:
    """After thirty askings in a quarter of an hour an address is asked to wait, whatever names it tries."""
    for number in range(sign_in.ASKS_AN_ADDRESS):
        await ask(town, f"name{number}")
    refused = await town.browser().post("/sign-in", data={"sign_in_name": "jo"})
    assert refused.status_code == 429
    assert "Wait 15 minutes" in refused.text
    town.clock.turn(minutes=16)
    await ask(town)


async def test_an_empty_name_is_an_error_beside_the_field(town: Town) -> None:
    """Sending the form empty says what is missing and asks nobody anything."""
    answer = await town.browser().post("/sign-in", data={"sign_in_name": "  "})
    assert answer.status_code == 400
    assert "Enter your sign-in name" in answer.text


async def test_of_many_racers_one_wins(either_town: Town) -> None:
    """Sixteen tries at once on each of fifty links sign in exactly once a link."""
    town = either_town
    winners = 0
    for _ in range(LINKS):
        path = ask_in_chat(town, "Jo Marsh")
        racers = [town.browser() for _ in range(RACERS)]
        tries = await asyncio.gather(*(spend(racer, path) for racer in racers))
        assert sorted(each.status_code for each in tries) == [303, *[400] * (RACERS - 1)]
        winners += sum(each.status_code == 303 for each in tries)
    assert winners == LINKS
