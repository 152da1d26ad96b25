"""What an adviser does in a morning, by raw requests."""

from __future__ import annotations

from tests.dashboard.town import Town


async def test_an_adviser_sees_their_people_and_nobody_elses(town: Town) -> None:
    """After signing in, the list holds the adviser's own people and not their colleague's."""
    jo = await town.signed_in("Jo Marsh")
    shown = await jo.get("/people")
    assert shown.status_code == 200
    assert "Sam T." in shown.text
    assert "Kit R." not in shown.text


async def test_a_manager_sees_the_team_and_filters_by_adviser(town: Town) -> None:
    """A manager's list is the whole team's, with each adviser beside their people, and can be cut to one adviser."""
    asha = await town.signed_in("Asha Bell")
    everyone = (await asha.get("/people")).text
    assert "Sam T." in everyone
    assert "Kit R." in everyone
    assert "Dee W." not in everyone
    only_lee = (await asha.get("/people", params={"adviser": town.ids["Lee Amari"]})).text
    assert "Kit R." in only_lee
    assert "Sam T." not in only_lee


async def test_logging_a_contact_from_the_page(town: Town) -> None:
    """A contact logged from the page is on the timeline, moves the contact clock, and closes what it ends."""
    incident = town.open_incident("Sam T.")
    jo = await town.signed_in("Jo Marsh")
    sam = f"/people/{town.ids['Sam T.']}"
    assert "Missing contact" in (await jo.get(sam)).text
    sent = {"channel": "call", "outcome": "spoke", "day-chosen": "today", "note": "all good <b>really</b>"}
    saved = await jo.post(f"{sam}/contact", data=sent)
    assert saved.headers["location"] == f"{sam}?said=contact_logged"
    page = (await jo.get(saved.headers["location"])).text
    assert "The contact is saved." in page
    assert "Call, spoke" in page
    assert "all good &lt;b&gt;really&lt;/b&gt;" in page
    assert f"/incidents/{incident}/acknowledge" not in page
    assert "Missing contact: closed" in page


async def test_a_form_with_mistakes_comes_back_with_an_error_for_each(town: Town) -> None:
    """Nothing is saved from a form with mistakes; each is listed, and what was typed is kept."""
    jo = await town.signed_in("Jo Marsh")
    path = f"/people/{town.ids['Sam T.']}/contact"
    sent = {"day-chosen": "other", "on-day": "31", "on-month": "2", "on-year": "2026", "note": "kept words"}
    again = await jo.post(path, data=sent)
    assert again.status_code == 400
    for words in ("There is a problem", "Say how you were in touch", "Say what happened", "Enter a real day"):
        assert words in again.text
    assert "kept words" in again.text
    assert town.acts("contact.logged") == []
    future = await jo.post(path, data=sent | {"channel": "call", "outcome": "spoke", "on-month": "12"})
    assert "The day cannot be in the future" in future.text


async def test_acknowledging_from_the_list_comes_back_to_the_same_list(town: Town) -> None:
    """The button in the table takes the incident on and returns to the list as it was filtered; twice is said so."""
    incident = town.open_incident("Sam T.")
    jo = await town.signed_in("Jo Marsh")
    path = f"/incidents/{incident}/acknowledge"
    assert path in (await jo.get("/people?state=incident")).text
    done = await jo.post(path, data={"back": "/people?state=incident"})
    assert done.headers["location"] == "/people?state=incident&said=acknowledged"
    assert "You have it now." in (await jo.get(done.headers["location"])).text
    assert (await jo.post(path)).headers["location"].endswith("said=already")
    elsewhere = await jo.post(path, data={"back": "//elsewhere.test/people"})
    assert elsewhere.headers["location"].startswith(f"/people/{town.ids['Sam T.']}?")


async def test_closing_an_incident_needs_an_outcome(town: Town) -> None:
    """Without an outcome of its own the incident stays open and the page says why; with one it is closed."""
    incident = town.open_incident("Sam T.")
    jo = await town.signed_in("Jo Marsh")
    for wrong in ({}, {"outcome": "nonsense"}, {"outcome": "it_arrived"}):
        again = await jo.post(f"/incidents/{incident}/close", data=wrong)
        assert again.status_code == 400
        assert "Say how it ended" in again.text
    closed = await jo.post(f"/incidents/{incident}/close", data={"outcome": "spoke"})
    page = (await jo.get(closed.headers["location"])).text
    assert "Missing contact: closed. We spoke" in page
    assert f"/incidents/{incident}/close" not in page


async def test_every_look_at_a_person_is_written_down(town: Town) -> None:
    """Opening a person's page and their form each leave an entry that says who looked; the list leaves none."""
    jo = await town.signed_in("Jo Marsh")
    await jo.get("/people")
    assert town.acts("person.viewed") == []
    await jo.get(f"/people/{town.ids['Sam T.']}")
    await jo.get(f"/people/{town.ids['Sam T.']}/contact")
    looks = town.acts("person.viewed")
    assert [(each.actor_id, each.person_id, each.detail) for each in looks] == [
        (town.ids["Jo Marsh"], town.ids["Sam T."], "person"),
        (town.ids["Jo Marsh"], town.ids["Sam T."], "log_contact"),
    ]
