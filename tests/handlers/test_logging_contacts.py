"""Logging a contact from the chat: two taps or one line, and taken back as easily."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from rules.access import Role
from rules.clocks import Channel
from sandbox.handset import Handset
from storage.sealing import Place
from storage.tables import Contact, Person
from storage.unit import Unit
from tests.living import Living, living

LINE = "rang sam, all good, starts college monday, no credit til fri"


async def _jo(town: Living, *others: str) -> Handset:
    """Jo, who looks after Sam and these others."""
    await town.join_all(Role.CARE_LEAVER)
    for name in others:
        await town.invite(Role.CARE_LEAVER, name, by="Jo Marsh")
    return town.phone("Jo")


def _logged(unit: Unit) -> list[tuple[str, str, str]]:
    return [
        (one.channel, one.outcome, "" if one.note_sealed is None else _note(unit, one))
        for one in unit.session.exec(select(Contact))
        if one.undone_utc is None
    ]


def _note(unit: Unit, contact: Contact) -> str:
    assert contact.note_sealed is not None
    return unit.open(contact.person_id, Place("contact", "note", contact.id), contact.note_sealed)


async def test_one_line_and_a_tap_is_a_contact(tmp_path: Path) -> None:
    """A line in one's own words is shown as it will stand, and saved with the next tap, words and all."""
    async with living(tmp_path) as town:
        jo = await _jo(town)
        await jo.says(LINE)
        draft = await jo.waits_for("Log for Sam Tate: call, just now, spoke")
        assert LINE in draft.text
        assert draft.labels == ["Save", "Change", "Not Sam"]
        await jo.presses("Save")
        saved = await jo.waits_for("Saved for Sam Tate: call, just now, spoke")
        assert "Next contact due by" in saved.text
        assert await town.service.store.read(_logged) == [("call", "spoke", LINE)]


async def test_a_draft_that_is_not_saved_is_no_contact(tmp_path: Path) -> None:
    """Until it is saved nothing is on record; a second tap on Save does not make a second one."""
    async with living(tmp_path) as town:
        jo = await _jo(town)
        await jo.says(LINE)
        await jo.waits_for("Log for Sam")
        assert await town.service.store.read(_logged) == []
        draft = await jo.waits_for("Log for Sam")
        save = draft.inline_keyboard[0][0]["callback_data"]
        for _ in range(2):
            await jo.presses_data(draft.id, save)
        await jo.waits_for("That draft has gone")
        assert len(await town.service.store.read(_logged)) == 1


async def test_which_of_two_is_asked(tmp_path: Path) -> None:
    """When the name fits two people the line waits until one is picked."""
    async with living(tmp_path) as town:
        jo = await _jo(town, "Sam Gale")
        await jo.says("saw sam, fine")
        await jo.waits_for("Which one do you mean?")
        await jo.presses("Sam Gale")
        await jo.waits_for("Log for Sam Gale: visit")
        await jo.presses("Save")
        await jo.waits_for("Saved for Sam Gale")
        assert await town.service.store.read(_logged) == [("visit", "spoke", "saw sam, fine")]


async def test_a_name_that_is_nobodys_is_said(tmp_path: Path) -> None:
    """A line about someone not on the caseload logs nothing and offers those who are."""
    async with living(tmp_path) as town:
        jo = await _jo(town)
        await jo.says("rang alfie about the flat")
        assert "Sam Tate" in (await jo.waits_for("can't find that name")).labels
        assert await town.service.store.read(_logged) == []


async def test_a_try_does_not_move_the_date(tmp_path: Path) -> None:
    """No answer is on record as a try, and the contact is as due as before."""
    async with living(tmp_path) as town:
        jo = await _jo(town)
        before = await town.service.store.read(lambda unit: _contact_clock(unit, town.people["Sam Tate"]))
        await jo.says("tried sam, no answer")
        await jo.waits_for("tried, no answer")
        await jo.presses("Save")
        await jo.waits_for("A try doesn't move the date")
        assert await town.service.store.read(lambda unit: _contact_clock(unit, town.people["Sam Tate"])) == before


def _contact_clock(unit: Unit, person_id: int) -> tuple[object, object]:
    person = unit.session.get_one(Person, person_id)
    return person.last_contact_utc, person.contact_due_utc


async def test_a_mis_tap_is_undone(tmp_path: Path) -> None:
    """Undo, within the quarter of an hour, takes the contact back and the clock with it; later it says so."""
    async with living(tmp_path) as town:
        jo, sam_id = await _jo(town), town.people["Sam Tate"]
        before = await town.service.store.read(lambda unit: _contact_clock(unit, sam_id))
        for minutes, answer in ((10, "Undone. Nothing is logged for Sam Tate"), (16, "saved over 15 minutes ago")):
            mark = jo.mark()
            await jo.says("/log")
            await jo.waits_for("Who did you have contact with", after=mark)
            await jo.presses("Sam Tate")
            await jo.waits_for("How was the contact with Sam Tate", after=mark)
            await jo.presses("Visit, we met")
            await jo.waits_for("Saved for Sam Tate: visit", after=mark)
            await town.turn(minutes=minutes)
            mark = jo.mark()
            await jo.presses("Undo")
            await jo.waits_for(answer, after=mark)
            if minutes == 10:
                assert await town.service.store.read(lambda unit: _contact_clock(unit, sam_id)) == before
        assert await town.service.store.read(_logged) == [("visit", "spoke", "")]


async def test_a_line_can_be_added_after_the_tap(tmp_path: Path) -> None:
    """After two taps the next message is the record's line."""
    async with living(tmp_path) as town:
        jo = await _jo(town)
        await jo.says("/log sam")
        await jo.waits_for("Log for Sam")
        await jo.presses("Change")
        await jo.waits_for("How was the contact")
        await jo.presses("Call, we spoke")
        await jo.waits_for("Saved for Sam")
        await jo.presses("Add a line")
        mark = jo.mark()
        await jo.waits_for("", after=mark)
        await jo.says("moved in with his brother")
        await jo.waits_for("Sam Tate", after=mark + 2)
        assert await town.service.store.read(_logged) == [("call", "spoke", "moved in with his brother")]


@pytest.mark.parametrize("channel", list(Channel))
async def test_every_way_to_log_has_words(tmp_path: Path, channel: Channel) -> None:
    """Whatever verb the line has, the draft can be said and saved."""
    verbs = {"call": "rang", "visit": "visited", "text": "texted", "email": "emailed", "letter": "posted", "chat": "x"}
    async with living(tmp_path) as town:
        jo = await _jo(town)
        await jo.says(f"{verbs.get(channel, 'saw')} sam today")
        await jo.waits_for("Log for Sam")
        await jo.presses("Save")
        await jo.waits_for("Saved for Sam")


async def test_nobody_elses_person_can_be_logged(tmp_path: Path) -> None:
    """Another adviser cannot log for Sam by name, nor by a button made by hand; nor can Sam."""
    async with living(tmp_path) as town:
        await _jo(town)
        lee = await town.join(Role.ADVISER, "Lee Ford")
        await lee.says(LINE)
        await lee.waits_for("can't find that name")
        for name, answer in (("Lee", "isn't on your caseload"), ("Sam", "for advisers and managers")):
            phone = town.phone(name)
            person = {"id": phone.id, "is_bot": False, "first_name": name}
            message = {"message_id": 1, "chat": {"id": phone.id, "type": "private"}, "date": 1, "text": "x"}
            data = f"logged:{town.people['Sam Tate']}:call:spoke"
            query = {"id": name, "from": person, "chat_instance": "1", "message": message, "data": data}
            town.api.world.updates.inject({"callback_query": query})
            await phone.waits_for(answer)
        assert await town.service.store.read(_logged) == []
