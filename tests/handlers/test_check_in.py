"""Answering a check-in: once, in one tap, and what the adviser hears of it."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from sqlmodel import select

from rules.access import Role
from sandbox.handset import Handset
from storage import casebook
from storage.sealing import Place
from storage.tables import CheckIn
from storage.unit import Unit
from tests.living import Living, living

ASKED = "how your week's been"


async def _asked(town: Living) -> tuple[Handset, Handset]:
    """Sam, whose first check-in is on the screen, and Jo."""
    sam = await town.join_all(Role.CARE_LEAVER)
    await town.turn(days=2, hours=8)
    await sam.waits_for(ASKED)
    return sam, town.phone("Jo")


def _answers(unit: Unit) -> list[tuple[str, str | None]]:
    return [(one.state, casebook.mood_of(unit, one)) for one in unit.session.exec(select(CheckIn))]


@pytest.mark.parametrize(
    ("button", "thanks", "state", "mood"),
    [
        ("Good", "Good to hear", "answered", "good"),
        ("OK", "Thanks. Jo will see that", "answered", "ok"),
        ("Up and down", "Thanks for telling us", "answered", "up_and_down"),
        ("Hard", "Thanks for saying so", "answered", "hard"),
        ("Skip", "That's fine. Next one is Wednesday 9 December", "skipped", None),
    ],
)
async def test_one_tap_answers(tmp_path: Path, button: str, thanks: str, state: str, mood: str | None) -> None:
    """Each of the five buttons is saved, thanked for, and ends the question: nobody is nudged or told of silence."""
    async with living(tmp_path) as town:
        sam, jo = await _asked(town)
        await sam.presses(button)
        await sam.waits_for(thanks)
        assert await town.service.store.read(_answers) == [(state, mood)]
        mark = sam.mark()
        await town.turn(days=9)
        assert sam.mark() == mark
        assert not [one for one in jo.from_bot() if "no answer to the check-in" in one.text]


async def test_the_first_answer_stays(tmp_path: Path) -> None:
    """A second tap, on another answer of the same check-in, changes nothing and says what was answered."""
    async with living(tmp_path) as town:
        sam, _ = await _asked(town)
        question = await sam.waits_for(ASKED)
        buttons = {button["text"]: button["callback_data"] for row in question.inline_keyboard for button in row}
        await sam.presses_data(question.id, buttons["OK"])
        await sam.waits_for("Thanks. Jo will see that")
        await _press_again(town, sam, buttons["Hard"])
        await sam.waits_for("already answered that one: OK")
        assert await town.service.store.read(_answers) == [("answered", "ok")]


async def _press_again(town: Living, sam: Handset, data: str) -> None:
    """A press from a phone whose screen still shows the button, because it was slow to hear that it is gone."""
    question = next(one for one in sam.from_bot() if ASKED in one.text)
    chat = {"id": sam.id, "type": "private", "first_name": "Sam"}
    person = {"id": sam.id, "is_bot": False, "first_name": "Sam"}
    message = {"message_id": question.id, "chat": chat, "date": 1, "text": question.text}
    query = {"id": "1", "from": person, "chat_instance": "1", "message": message, "data": data}
    town.api.world.updates.inject({"callback_query": query})


async def test_two_copies_of_a_check_in_give_one_answer(tmp_path: Path) -> None:
    """If the same question is on the screen twice, an answer to either is the answer, and the other says so."""
    async with living(tmp_path) as town:
        sam, _ = await _asked(town)
        question = await sam.waits_for(ASKED)
        copy = {"chat_id": sam.id, "text": question.text, "reply_markup": {"inline_keyboard": question.inline_keyboard}}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{town.api.base_url}{town.api.token}/sendMessage", json=copy),
        ):
            pass
        second = await sam.waits_for(ASKED, after=question.id)
        for message in (second, question):
            await sam.presses_data(message.id, message.inline_keyboard[0][0]["callback_data"])
            await town.settle()
        await sam.waits_for("already answered that one: Good")
        assert await town.service.store.read(_answers) == [("answered", "good")]


async def test_hard_brings_a_ring_when_they_want_one(tmp_path: Path) -> None:
    """Hard, then yes: the adviser is asked to ring, with what was answered; out of hours nobody is promised tonight."""
    async with living(tmp_path) as town:
        sam, jo = await _asked(town)
        await sam.presses("Hard")
        await sam.waits_for("Would you like Jo to ring?")
        await sam.presses("Yes, today or tomorrow")
        said = await sam.waits_for("message to ring you")
        assert "Nobody reads this before 9:00 tomorrow" in said.text
        await town.turn(hours=16)
        alert = await jo.waits_for("asked for a ring")
        assert "Sam" in alert.text
        assert "Last answer: Hard" in alert.text


async def test_hard_without_a_ring_is_up_to_them(tmp_path: Path) -> None:
    """Just text me, and no thanks, are taken as said."""
    async with living(tmp_path) as town:
        sam, jo = await _asked(town)
        await sam.presses("Hard")
        await sam.waits_for("Would you like Jo to ring?")
        await sam.presses("Just text me")
        await sam.waits_for("message to text you")
        await town.turn(hours=16)
        await jo.waits_for("asked for a text, not a ring")


async def test_a_line_is_kept_for_the_adviser(tmp_path: Path) -> None:
    """The message after *Add a line* is kept sealed with the answer; the one after that is a question again."""
    async with living(tmp_path) as town:
        sam, _ = await _asked(town)
        await sam.presses("Good")
        await sam.waits_for("Want to add a line?")
        await sam.presses("Add a line")
        await sam.waits_for("One message is enough")
        await sam.says("college starts monday 🎉")
        await sam.waits_for("Saved. Jo can read it")
        await sam.says("what is a pathway plan")
        await sam.waits_for("not sure about that")
        assert await town.service.store.read(_line) == "college starts monday 🎉"


def _line(unit: Unit) -> str:
    one = unit.session.exec(select(CheckIn)).one()
    assert one.line_sealed is not None
    return unit.open(one.person_id, Place("check_in", "line", one.id), one.line_sealed)


async def test_a_button_of_somebody_elses_check_in_does_nothing(tmp_path: Path) -> None:
    """A press that carries another person's slot, or rubbish, is refused and changes nothing."""
    async with living(tmp_path) as town:
        sam, _ = await _asked(town)
        ali = await town.join(Role.CARE_LEAVER, "Ali Green", by="Jo Marsh")
        question = await sam.waits_for(ASKED)
        theirs = question.inline_keyboard[0][0]["callback_data"]
        for data in (theirs, "mood:1:good", "mood::", "mood:99999999999999999999:good", f"{theirs}:x"):
            mark = ali.mark()
            await _press_from(town, ali, data)
            await ali.waits_for("isn't for this chat", after=mark)
        assert await town.service.store.read(_answers) == [("asked", None)]


async def _press_from(town: Living, phone: Handset, data: str) -> None:
    person = {"id": phone.id, "is_bot": False, "first_name": "Ali"}
    message = {"message_id": 1, "chat": {"id": phone.id, "type": "private"}, "date": 1, "text": "x"}
    query = {"id": "1", "from": person, "chat_instance": "1", "message": message, "data": data}
    town.api.world.updates.inject({"callback_query": query})


async def test_they_can_check_in_themselves(tmp_path: Path) -> None:
    """/checkin asks at once, apart from the rhythm, and the same day only once."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await sam.says("/checkin")
        await sam.waits_for("How are things today, Sam?")
        await sam.presses("OK")
        await sam.waits_for("Jo will see that")
        await town.turn(days=2, hours=8)
        await sam.waits_for(ASKED)
        assert sorted(await town.service.store.read(_answers)) == [("answered", "ok"), ("asked", None)]
