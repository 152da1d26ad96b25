"""D5: no other site can make a signed-in browser change anything, and no route is without a guard."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from dashboard.guard import refuse_unguarded
from tests.dashboard.routes import addresses
from tests.dashboard.town import ORIGIN, Town

FOREIGN: dict[str, dict[str, str]] = {
    "another site": {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.test"},
    "a neighbour under the same domain": {"Sec-Fetch-Site": "same-site", "Origin": "https://other.brackwater.test"},
    "typed or opened from a file": {"Sec-Fetch-Site": "none", "Origin": "null"},
    "an old browser on another site": {"Origin": "https://elsewhere.test"},
    "an old browser that hides where it is": {"Origin": "null"},
    "no word about where it comes from": {},
    "two stories at once": {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.test"},
    "our name under another scheme": {"Origin": ORIGIN.replace("https", "http")},
}
OURS: dict[str, dict[str, str]] = {
    "a browser of today": {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    "with its origin": {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN},
    "an old browser": {"Origin": ORIGIN},
}


def rows(town: Town) -> dict[str, int]:
    """How many rows each table has."""

    def count(unit: object) -> dict[str, int]:
        connection = unit.connection  # type: ignore[attr-defined]
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        return {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}

    return town.read(count)


@pytest.mark.parametrize("story", FOREIGN)
async def test_a_request_from_elsewhere_changes_nothing(town: Town, story: str) -> None:
    """Every route that could change something answers 403 to a request another site had the browser send."""
    jo = await town.signed_in("Jo Marsh")
    incident = town.open_incident("Sam T.")
    for name in ("Sec-Fetch-Site", "Origin"):
        del jo.headers[name]
    unsafe = [each for each in addresses(town.app) if not each.is_safe]
    assert len(unsafe) >= 6
    before = rows(town)
    for address in unsafe:
        path = address.fill(town.ids["Sam T."], incident)
        answer = await jo.request(address.method, path, data={"outcome": "spoke"}, headers=FOREIGN[story])
        assert answer.status_code == 403, f"{address} from {story}"
        assert "set-cookie" not in answer.headers
    assert rows(town) == before


@pytest.mark.parametrize("story", OURS)
async def test_a_request_from_our_own_page_is_taken(town: Town, story: str) -> None:
    """The same request, sent by one of our pages, is carried out: so the refusals above are not refusals of all."""
    jo = await town.signed_in("Jo Marsh")
    incident = town.open_incident("Sam T.")
    for name in ("Sec-Fetch-Site", "Origin"):
        del jo.headers[name]
    answer = await jo.post(f"/incidents/{incident}/acknowledge", headers=OURS[story])
    assert answer.status_code == 303
    assert len(town.acts("incident.acknowledged")) == 1


async def test_looking_changes_nothing_but_the_record_of_looking(town: Town) -> None:
    """A GET of any route adds no row anywhere but the audit's entry of a view."""
    jo = await town.signed_in("Jo Marsh")
    incident = town.open_incident("Sam T.")
    before, looks = rows(town), 0
    for address in addresses(town.app):
        if address.is_safe:
            answer = await jo.get(address.fill(town.ids["Sam T."], incident))
            looks += answer.status_code == 200 and address.is_about_someone
    assert looks == 2
    after = rows(town)
    assert after.pop("audit") == before.pop("audit") + looks
    assert after == before


async def test_a_route_without_a_guard_stops_the_app(town: Town) -> None:
    """Someone who adds a route and forgets its guard has no app to serve."""
    refuse_unguarded(town.app)

    @town.app.get("/forgotten")
    async def forgotten() -> str:
        return "hello"

    with pytest.raises(RuntimeError, match="/forgotten"):
        refuse_unguarded(town.app)


async def test_a_form_that_is_too_long_is_not_read(town: Town) -> None:
    """More than 64 kB, or a body that does not say how long it is, is refused before it is looked at."""
    jo = await town.signed_in("Jo Marsh")
    path = f"/people/{town.ids['Sam T.']}/contact"
    assert (await jo.post(path, data={"note": "x" * 70_000})).status_code == 413

    async def endless() -> object:
        yield b"note=x"

    assert (await jo.post(path, content=endless())).status_code == 413  # type: ignore[arg-type]
