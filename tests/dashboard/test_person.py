"""One person's page: what happened, in order and whole, and what will happen next."""

from __future__ import annotations

import re
from datetime import timedelta

from casework import contacts, resting
from rules.access import Role, Viewer
from rules.clocks import Channel, Heard
from storage.queries.person_page import person_page
from storage.queries.timeline import SHOWN, Sort
from storage.sealing import Place
from storage.tables import Person, PersonMessage
from storage.unit import Unit
from tests.dashboard.lives import give_lives
from tests.dashboard.town import Town


def jo(town: Town) -> Viewer:
    """Jo, as the queries see her."""
    return Viewer(town.ids["Jo Marsh"], Role.ADVISER, None)


def talk(unit: Unit, town: Town, number: int) -> None:
    """One more logged call with Sam, under its number."""
    worker = unit.session.get_one(Person, town.ids["Jo Marsh"])
    sam = unit.session.get_one(Person, town.ids["Sam T."])
    at_utc, note = unit.now - timedelta(hours=number, microseconds=number), f"call no {number}."
    contacts.log_contact(
        town.desk(unit),
        worker,
        sam,
        Channel.CALL,
        Heard.TRIED,
        at_utc=at_utc,
        note=note,
        logged_in="chat",
    )


async def test_the_timeline_is_whole_across_its_pages(either_town: Town) -> None:
    """Following "Show older" to the end shows every contact exactly once, newest first."""
    town = either_town
    count = 2 * SHOWN + 7
    for number in range(count):
        town.write(lambda unit, number=number: talk(unit, town, number))  # type: ignore[misc]
    browser = await town.signed_in("Jo Marsh")
    address, seen = f"/people/{town.ids['Sam T.']}", []
    for _ in range(4):
        html = (await browser.get(address)).text
        seen += [int(each) for each in re.findall(r"call no (\d+)\.", html)]
        older = re.search(r'href="([^"]+)#timeline"', html)
        if older is None:
            break
        address = older[1].replace("&amp;", "&")
    assert seen == list(range(count))


async def test_an_undone_contact_is_not_shown(town: Town) -> None:
    """What was logged by mistake and taken back is not on the timeline."""
    town.write(lambda unit: talk(unit, town, 1))
    shown = town.read(lambda unit: person_page(jo(town), unit, town.ids["Sam T."]))
    assert shown is not None
    assert [each.sort for each in shown.timeline] == [Sort.CONTACT]

    def undo(unit: Unit) -> None:
        worker = unit.session.get_one(Person, town.ids["Jo Marsh"])
        logged = contacts.log_contact(
            town.desk(unit),
            worker,
            unit.session.get_one(Person, town.ids["Sam T."]),
            Channel.VISIT,
            Heard.SPOKE,
            at_utc=unit.now,
            note="not this one",
            logged_in="chat",
        )
        assert contacts.undo_contact(town.desk(unit), worker, logged.id) is not None

    town.write(undo)
    browser = await town.signed_in("Jo Marsh")
    assert "not this one" not in (await browser.get(f"/people/{town.ids['Sam T.']}")).text


async def test_what_they_wrote_and_chose_is_on_the_page(either_town: Town) -> None:
    """A message to the adviser, an answer with its line, a pause: each is told, in words, as they wrote it."""
    town = either_town
    give_lives(town)

    def write(unit: Unit) -> None:
        sam = town.ids["Sam T."]
        row = PersonMessage(id=unit.new_id(), person_id=sam, written_utc=unit.now)
        row.text_sealed = unit.seal(sam, Place("person_message", "text", row.id), "can you <ring> me\nafter 5")
        unit.session.add(row)
        resting.pause(town.desk(unit), unit.session.get_one(Person, sam), 2)

    town.write(write)
    browser = await town.signed_in("Jo Marsh")
    sam = (await browser.get(f"/people/{town.ids['Sam T.']}")).text
    for words in (
        "can you &lt;ring&gt; me\nafter 5",
        "Wrote to their adviser",
        "Paused check-ins",
        "Every 2 weeks, Wednesday at 6pm",
    ):
        assert words in sam
    robin = (await browser.get(f"/people/{town.ids['Robin A.']}")).text
    assert "Answered: Up and down" in robin
    assert "bit rubbish tbh but &lt;i&gt;ok&lt;/i&gt;" in robin


async def test_the_ladder_is_dated_on_the_page(town: Town) -> None:
    """Every step stands there with its day before it happens, and those done say so."""
    give_lives(town)
    browser = await town.signed_in("Jo Marsh")
    sam = (await browser.get(f"/people/{town.ids['Sam T.']}")).text
    steps = re.findall(r'kit-ladder__words">([^<]+)</span><strong class="[^"]*">([^<]+)<', sam)
    assert [state for _, state in steps] == ["Done", "Done", "Done", "Next"]
    assert steps[0][0] == "Check-in sent"
    noor = (await browser.get(f"/people/{town.ids['Noor']}")).text
    assert "Nothing is running." in noor


async def test_strange_addresses_show_the_page(town: Town) -> None:
    """A time in the address that is none is left out."""
    browser = await town.signed_in("Jo Marsh")
    for before in ("x", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", "2026-11-21T09:00:00", "%00"):
        assert (await browser.get(f"/people/{town.ids['Sam T.']}", params={"before": before})).status_code == 200
