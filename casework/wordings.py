"""Turning what we know into the small facts that messages are made of: days, hours, people's words for things."""

from __future__ import annotations

from datetime import datetime

from casework import rhythms
from casework.desk import Desk
from content import dates
from content.words import plain
from rules.contact_status import contact_status
from rules.quiet import WORK_ENDS, is_working, next_working
from rules.wallclock import local, local_date
from storage import outbox, people
from storage.tables import CheckIn, Contact, Person


def day_of(utc: datetime) -> str:
    """`Thursday 3 December`, in England."""
    return dates.day_and_month(local_date(utc))


def time_of(utc: datetime) -> str:
    """`17:30`, in England."""
    return dates.clock(local(utc).time())


def short_day_of(utc: datetime) -> str:
    """`9 Sep`, in England."""
    return dates.short_day(local_date(utc))


def adviser_name(desk: Desk, person: Person) -> str:
    """The first name of this person's adviser, or plain words when nobody is named."""
    adviser = people.adviser_of(desk.unit, person.id)
    return desk.called(adviser) if adviser is not None else "your adviser"


def last_contact(desk: Desk, person: Person) -> str:
    """`9 Sep, call`, or that there is none."""
    if person.last_contact_id is None or person.last_contact_utc is None:
        return plain("adviser.phrase.no_contact")
    contact = desk.unit.session.get_one(Contact, person.last_contact_id)
    channel = plain(f"adviser.log.channel.{contact.channel}")
    return plain("adviser.phrase.contact", date=short_day_of(person.last_contact_utc), channel=channel)


def why_missing(desk: Desk, person: Person, check_in: CheckIn | None) -> str:
    """The one reason on an alert: days past the floor, or the check-in that had no answer."""
    status = contact_status(person.last_contact_utc, desk.now, joined_utc=person.joined_utc)
    if status.days_over == 1:
        return plain("adviser.phrase.one_day_over", rhythm="8 weeks")
    if status.days_over:
        return plain("adviser.phrase.days_over", days=status.days_over, rhythm="8 weeks")
    asked = check_in.due_utc if check_in is not None else desk.now
    return plain("adviser.phrase.no_answer", date=short_day_of(asked))


def nudges(count: int) -> str:
    """How many nudges had no answer."""
    if count == 0:
        return plain("adviser.phrase.nudges_none")
    return plain("adviser.phrase.nudges_one") if count == 1 else plain("adviser.phrase.nudges_many", count=count)


def delivery(desk: Desk, person: Person) -> str:
    """Whether Telegram gets through to them, as far as anyone can know."""
    if person.unreachable is not None:
        return plain("adviser.phrase.refused")
    unknown = outbox.unknown_started(desk.unit, person.id)
    return plain("adviser.phrase.unknown") if unknown else plain("adviser.phrase.delivered")


def at_work(desk: Desk) -> bool:
    """Whether advisers are at work at this instant."""
    return is_working(desk.now, holidays=desk.office.holidays)


def work_ends() -> str:
    """When advisers go home today."""
    return dates.clock(WORK_ENDS)


def back_at(desk: Desk) -> str:
    """`9:00 tomorrow` or `9:00 on Monday`: when advisers are next at work."""
    start = local(next_working(desk.now, holidays=desk.office.holidays))
    days = _days_away(desk)
    clock = f"{start.hour}:{start.minute:02d}"
    if days == 0:
        return clock
    return f"{clock} tomorrow" if days == 1 else f"{clock} on {dates.weekday(start.date())}"


def back_soon(desk: Desk) -> bool:
    """Whether an adviser is at work today or tomorrow."""
    return _days_away(desk) <= 1


def _days_away(desk: Desk) -> int:
    start = next_working(desk.now, holidays=desk.office.holidays)
    return (local_date(start) - local_date(desk.now)).days


def every(days: int) -> str:
    """`every 2 weeks`, or `every 10 days`."""
    if days in (7, 14, 28):
        weeks = days // 7
        return plain("cadence.every_week") if weeks == 1 else plain(f"cadence.every_{weeks}_weeks")
    return plain("cadence.every_days", days=days)


def next_date(desk: Desk, person: Person) -> str:
    """The day of the next check-in, or plain words when there is none."""
    slots = rhythms.next_slots(desk, person, 1)
    return dates.day_and_month(slots[0].local_date) if slots else plain("cadence.none_planned")


def rhythm_facts(desk: Desk, person: Person) -> dict[str, str]:
    """`every` and `first_date` for the messages that tell someone's rhythm."""
    agreed = rhythms.agreed_with(desk, person)
    return {"every": every(agreed.every_days if agreed else 0), "first_date": next_date(desk, person)}


def rhythm_day_and_time(desk: Desk, person: Person) -> dict[str, str]:
    """`day` and `time` of someone's check-ins."""
    slots = rhythms.next_slots(desk, person, 1)
    agreed = rhythms.agreed_with(desk, person)
    if agreed is None or not slots:
        return {"day": "", "time": ""}
    return {"day": dates.weekday(slots[0].local_date), "time": dates.clock(agreed.at)}


def worker_name(desk: Desk, worker_id: int | None) -> str:
    """The first name of a member of staff, or the council's when there is none."""
    worker = None if worker_id is None else people.get(desk.unit, worker_id)
    return desk.office.council if worker is None or worker.state == "erased" else desk.called(worker)
