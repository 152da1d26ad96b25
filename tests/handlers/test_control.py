"""Pausing, stopping, coming back, and how often: the person is in charge, at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from rules.access import Role
from tests.living import Living, living

ASKED = "how your week's been"


async def test_a_pause_holds_check_ins_and_ends_by_itself(tmp_path: Path) -> None:
    """For the weeks they chose nothing is asked; the adviser knows; afterwards the rhythm goes on as it was."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await sam.says("/pause")
        await sam.waits_for("How long would you like a break")
        await sam.presses("4 weeks")
        await sam.waits_for("No check-ins until Monday 21 December")
        await town.settle()
        assert "paused" in town.phone("Jo").last().text
        await town.turn(days=28)
        assert not [one for one in sam.from_bot() if ASKED in one.text]
        await town.turn(days=14)
        assert len([one for one in sam.from_bot() if ASKED in one.text]) == 1


async def test_a_pause_can_be_ended_sooner(tmp_path: Path) -> None:
    """Asked again while it lasts, it says until when and offers to start now; then the next date is told and kept."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await sam.says("/pause")
        await sam.waits_for("How long")
        await sam.presses("8 weeks")
        await sam.waits_for("No check-ins until")
        await sam.says("/pause")
        await sam.waits_for("You're paused until Monday 18 January")
        await sam.presses("Start again now")
        await sam.waits_for("Your next check-in is Wednesday 25 November")
        await town.turn(days=2, hours=8)
        await sam.waits_for(ASKED)


@pytest.mark.parametrize("words", ["/stop", "STOP", "please stop messaging me", "Unsubscribe", "piss off"])
async def test_stop_in_any_words_stops_at_once(tmp_path: Path, words: str) -> None:
    """Nothing is started again, whatever was planned, until they write; the council's duty is not hidden."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await sam.says(words)
        await sam.waits_for("Stopped. We won't send you anything unless you write first")
        mark = sam.mark()
        await town.turn(days=40)
        assert sam.mark() == mark
        assert [one for one in town.phone("Jo").from_bot() if "asked us to stop" in one.text]


async def test_a_stop_takes_back_a_nudge_that_was_due(tmp_path: Path) -> None:
    """Stopping with a check-in unanswered means no nudge and no alert of silence."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await town.turn(days=2, hours=8)
        await sam.waits_for(ASKED)
        await sam.says("stop")
        await sam.waits_for("Stopped.")
        await town.turn(days=10)
        assert not [one for one in sam.from_bot() if "still here" in one.text]
        assert not [one for one in town.phone("Jo").from_bot() if "no answer to the check-in" in one.text]


async def test_they_can_come_back_after_a_stop(tmp_path: Path) -> None:
    """/start, or the button, brings them back with the date of the next check-in, and it comes."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await sam.says("STOP")
        await sam.waits_for("Stopped.")
        await sam.says("stop")
        await sam.waits_for("already stopped")
        await sam.presses("Start again")
        await sam.waits_for("Welcome back, Sam. Check-ins start again on Wednesday 25 November")
        await town.turn(days=2, hours=8)
        await sam.waits_for(ASKED)


async def test_a_question_is_answered_after_a_stop(tmp_path: Path) -> None:
    """Someone who stopped can still ask, and is answered; it does not bring the check-ins back."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await sam.says("STOP")
        await sam.waits_for("Stopped.")
        await sam.says("can i get free rail travel")
        await sam.waits_for("not sure about that")
        await town.turn(days=20)
        assert not [one for one in sam.from_bot() if ASKED in one.text]


async def test_how_often_is_theirs_to_change(tmp_path: Path) -> None:
    """Week, day and hour are chosen in three taps, the next three dates are shown before saving, and are kept."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await sam.presses("Change how often")
        await sam.waits_for("Now it's every 2 weeks, on Wednesday at 17:00")
        taps = (("Every week", "Which day"), ("Friday", "What time"), ("19:00", "Is that right?"))
        for tap, answer in taps:
            await sam.presses(tap)
            shown = await sam.waits_for(answer)
        dates = ("Friday 27 November", "Friday 4 December", "Friday 11 December")
        assert all(date in shown.text for date in dates)
        await sam.presses("Yes, save it")
        await sam.waits_for("Done. We'll check in every week, on Friday at 19:00")
        for _ in dates:
            mark = sam.mark()
            await _turn_to_friday_evening(town)
            asked = await sam.waits_for(ASKED, after=mark)
            assert f"{asked.at:%a %H:%M}" == "Fri 19:00"


async def _turn_to_friday_evening(town: Living) -> None:
    now = town.clock.now()
    friday = (now + timedelta(days=(4 - now.weekday()) % 7)).replace(hour=19, minute=1)
    await town.turn(seconds=((friday if friday > now else friday + timedelta(days=7)) - now).total_seconds())


async def test_rubbish_in_a_rhythm_button_changes_nothing(tmp_path: Path) -> None:
    """Buttons with weeks, days or hours that we never offered are answered with the first step."""
    async with living(tmp_path) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        person = {"id": sam.id, "is_bot": False, "first_name": "Sam"}
        message = {"message_id": 1, "chat": {"id": sam.id, "type": "private"}, "date": 1, "text": "x"}
        for number, data in enumerate(("save_often:1:2:3", "save_often:7:9:17", "hour:7:2:3", "day:7:x", "save_often")):
            query = {"id": f"{number}", "from": person, "chat_instance": "1", "message": message, "data": data}
            mark = sam.mark()
            town.api.world.updates.inject({"callback_query": query})
            await sam.waits_for("Now it's every 2 weeks, on Wednesday at 17:00", after=mark)


@pytest.mark.parametrize(("role", "words"), [(Role.ADVISER, "staff can't stop them here"), (Role.CARER, "Stopped.")])
async def test_stop_says_what_is_true_for_each(tmp_path: Path, role: Role, words: str) -> None:
    """A carer is stopped; a worker's alerts must reach someone, and that is said."""
    async with living(tmp_path) as town:
        phone = await town.join(Role.ADVISER, "Jo Marsh")
        if role is Role.CARER:
            phone = await town.join(Role.CARER, "Bev Hart", by="Jo Marsh")
        await phone.says("STOP")
        await phone.waits_for(words)
