"""D8: every answer, errors too, carries the headers, and no page asks anything of another site."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from httpx2 import Response

from dashboard.app import create_app
from dashboard.headers import ALWAYS, KEPT_A_YEAR, NOT_KEPT
from dashboard.pages import STATIC, static_version
from storage.queries import StoreBusyError
from tests.dashboard.routes import addresses
from tests.dashboard.town import Town


class BrokenStore:
    """A store where everything fails in one way."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def write(self, work: Callable[[Any], Any]) -> Any:
        raise self._error

    async def read(self, work: Callable[[Any], Any]) -> Any:
        raise self._error


def check(answer: Response) -> None:
    """All the headers, and nothing kept by the browser."""
    for name, value in ALWAYS.items():
        assert answer.headers[name] == value, name
    assert answer.headers["Cache-Control"] == NOT_KEPT
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "server" not in answer.headers


async def test_every_route_in_every_way_it_ends(town: Town) -> None:
    """Each route, signed in and not, with a right form and a wrong one, from our page and not, has the headers."""
    jo, stranger = await town.signed_in("Jo Marsh"), town.browser()
    seen = set()
    for name in ("Sam T.", "Dee W."):
        incident = town.open_incident(name)
        for address in addresses(town.app):
            if address.path == "/sign-out":
                continue
            for browser in (jo, stranger):
                for headers in ({}, {"Sec-Fetch-Site": "cross-site"}):
                    path = address.fill(town.ids[name], incident)
                    data = None if address.is_safe else {"outcome": "x" * (70_000 if browser is stranger else 1)}
                    answer = await browser.request(address.method, path, data=data, headers=headers)
                    check(answer)
                    seen.add(answer.status_code)
    check(await jo.delete("/people"))
    check(await jo.get("/people/x/y/z"))
    check(await jo.post("/sign-out"))
    assert seen >= {200, 303, 400, 403, 404, 413}


@pytest.mark.parametrize(
    ("error", "status"), [(StoreBusyError("database is locked"), 503), (ZeroDivisionError("canary-words"), 500)]
)
async def test_errors_have_the_headers_and_say_nothing_of_themselves(
    town: Town, error: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """A database that cannot be reached, or a fault nobody foresaw, gives a page of ours; its words go nowhere."""
    caplog.set_level(logging.DEBUG)
    town.app = create_app(replace(town.services, store=BrokenStore(error)))
    browser = town.browser()
    browser.cookies.set("__Host-session", "some", domain="pages.brackwater.test")
    answer = await browser.get("/people")
    assert answer.status_code == status
    check(answer)
    assert "Sorry" in answer.text
    assert str(error) not in answer.text + caplog.text


async def test_files_are_kept_and_pages_are_not(town: Town) -> None:
    """A static file under its versioned address is kept for a year; without the version, or missing, it is not."""
    browser = town.browser()
    kept = await browser.get(f"/static/keepintouch.css?v={static_version()}")
    assert kept.status_code == 200
    assert kept.headers["Cache-Control"] == KEPT_A_YEAR
    check(await browser.get("/static/keepintouch.css"))
    check(await browser.get("/static/no-such-file?v=1"))
    check(await browser.get("/static/../app.py?v=1"))


async def test_no_page_asks_anything_of_another_site(town: Town) -> None:
    """Every address in every page is our own, and every file it names is there."""
    town.open_incident("Sam T.")
    jo = await town.signed_in("Jo Marsh")
    checked = 0
    for address in addresses(town.app):
        if not address.is_safe:
            continue
        html = (await jo.get(address.fill(town.ids["Sam T."]))).text
        for found in re.findall(r'(?:href|src|action)="([^"]*)"', html):
            assert found.startswith(("/", "#")), found
            assert not found.startswith("//"), found
            if found.startswith("/static/"):
                assert (STATIC / found.removeprefix("/static/").split("?")[0]).is_file()
                checked += 1
    assert checked > 10


async def test_a_link_never_reaches_a_log(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Asking for, opening, spending and missing a link write the route's name to the log, and never the token."""
    caplog.set_level(logging.DEBUG)
    jo = await town.signed_in("Jo Marsh")
    await jo.get(f"/sign-in/link/{'f' * 64}")
    token = town.link_sent_to("Jo Marsh").rsplit("/", 1)[1]
    told = "\n".join(
        f"{each.getMessage()} {each.__dict__}" for each in caplog.records if each.name.startswith("keepintouch")
    )
    assert "show_link" in told
    for secret in (token, "f" * 64, jo.cookies["__Host-session"], "Sam T.", "Jo Marsh"):
        assert secret not in told


async def test_without_https_there_is_no_promise_of_it(town: Town) -> None:
    """On plain http nothing tells the browser to insist on https."""
    office = replace(town.services.office, web_url="http://127.0.0.1:8000")
    town.app = create_app(replace(town.services, office=office))
    answer = await town.browser().get("/sign-in")
    assert "Strict-Transport-Security" not in answer.headers
