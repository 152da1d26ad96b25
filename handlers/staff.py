"""What advisers and managers ask of the bot: their people, today, an invite, a way to their pages; and alerts."""

from __future__ import annotations

from datetime import datetime

from casework import caseload, incidents, inviting, sign_in, wordings
from casework.caller import Person
from casework.caseload import Line
from casework.conversations import Waiting, done, wait_for
from content import qr
from content.message import Button, Message
from content.words import label, plain, words
from handlers import first
from handlers.turn import Turn
from rules.access import Act, Role
from rules.choice import chosen
from rules.incidents import IncidentState

MOST_SHOWN = 20
NAME_LIMIT = 60
INVITED_BY = {
    Role.ADVISER: (Role.CARE_LEAVER, Role.CARER),
    Role.MANAGER: (Role.ADVISER, Role.MANAGER),
}
ROLE_BUTTONS = {Role.CARE_LEAVER: "care_leaver", Role.CARER: "carer", Role.ADVISER: "adviser", Role.MANAGER: "leader"}


def _worker(turn: Turn) -> Person | None:
    """The member of staff who asks; to anyone else it is said whom this is for."""
    if turn.person is not None and turn.caller.is_staff:
        return turn.person
    turn.say(Message(words("adviser.not_staff"), first.greeting(turn).rows))
    return None


def my_caseload(turn: Turn) -> None:
    """/caseload: everyone, furthest past their date first."""
    worker = _worker(turn)
    if worker is None:
        return
    lines = caseload.caseload(turn.desk, worker)
    if not lines:
        turn.say(Message(words("adviser.caseload_empty")))
        return
    shown = [words("adviser.caseload_heading", count=len(lines)), *(_line(turn, line) for line in lines[:MOST_SHOWN])]
    if len(lines) > MOST_SHOWN:
        shown.append(words("adviser.caseload_more", count=len(lines) - MOST_SHOWN))
    log, pages = (
        Button(label("first.button.log_contact"), "log"),
        Button(label("adviser.button.dashboard"), "dashboard"),
    )
    turn.say(Message("\n".join(shown), ((log, pages),)))


def _line(turn: Turn, line: Line) -> str:
    facts = {
        "person": line.name,
        "last_contact": wordings.last_contact(turn.desk, line.person),
        "next_due": "–" if line.status.next_due_utc is None else wordings.short_day_of(line.status.next_due_utc),
    }
    if not line.status.days_over:
        return words("adviser.caseload_line", **facts)
    days = line.status.days_over
    over = plain("adviser.phrase.day") if days == 1 else plain("adviser.phrase.days", count=days)
    return words("adviser.caseload_line_over", days_over=over, **facts)


def today(turn: Turn) -> None:
    """/today: open alerts first, with why."""
    worker = _worker(turn)
    if worker is None:
        return
    lines = caseload.caseload(turn.desk, worker)
    alerts = [line for line in lines if line.incidents]
    over = sum(1 for line in lines if line.status.days_over)
    due = sum(1 for line in lines if line.status.state == "due_soon")
    day = wordings.day_of(turn.desk.now)
    if not alerts and not over:
        turn.say(Message(words("adviser.today_quiet", day=day)))
        return
    shown = [words("adviser.today", day=day, alerts=len(alerts), due=due, over=over)]
    for line in alerts[:MOST_SHOWN]:
        reason = ", ".join(plain(f"adviser.cause.{incident.cause}") for incident in line.incidents)
        shown.append(words("adviser.today_line", person=line.name, reason=reason))
    turn.say(Message("\n".join(shown), ((Button(label("first.button.log_contact"), "log"),),)))


def acknowledge(turn: Turn) -> None:
    """*I'll ring now* under an alert: it is theirs from here on."""
    worker = _worker(turn)
    found = None if worker is None else incidents.find(turn.desk, turn.number(0))
    if worker is None:
        return
    if found is None or caseload.theirs(turn.desk, worker, found[1].id, Act.ACKNOWLEDGE) is None:
        turn.say(Message(words("adviser.not_yours")))
        return
    incident, person = found
    time, name = wordings.time_of(turn.desk.now), turn.desk.name(person)
    if incidents.acknowledge(turn.desk, incident, worker):
        log = Button(label("adviser.button.log_contact"), f"log:{person.id}")
        turn.say(Message(words("adviser.acknowledged", time=time, person=name), ((log,),)))
    elif incident.state == IncidentState.CLOSED and incident.closed_utc is not None:
        outcome = plain(f"adviser.outcome.{incident.outcome}")
        day, at = wordings.short_day_of(incident.closed_utc), wordings.time_of(incident.closed_utc)
        turn.say(Message(words("adviser.closed_already", outcome=outcome, day=day, time=at)))
    else:
        turn.say(Message(_who_has_it(turn, incident.acknowledged_by_id, incident.acknowledged_utc)))


def _who_has_it(turn: Turn, worker_id: int | None, at_utc: datetime | None) -> str:
    time = "" if at_utc is None else wordings.time_of(at_utc)
    return words("adviser.already_acknowledged", worker=wordings.worker_name(turn.desk, worker_id), time=time)


def invite(turn: Turn) -> None:
    """/invite: for whom."""
    worker = _worker(turn)
    if worker is None:
        return
    roles = INVITED_BY[Role(worker.role)]
    rows = tuple((Button(label(f"adviser.invite.button.{ROLE_BUTTONS[role]}"), f"invite_as:{role}"),) for role in roles)
    cancel = Button(label("adviser.invite.button.cancel"), "invite_no")
    turn.say(Message(words("adviser.invite.which_role"), (*rows, (cancel,))))


def invite_as(turn: Turn) -> None:
    """The role is chosen: what do you call them."""
    worker = _worker(turn)
    role = chosen(Role, turn.data[0]) if turn.data else None
    if worker is None or role is None or role not in INVITED_BY[Role(worker.role)]:
        return
    wait_for(turn.desk, worker, Waiting.INVITED_NAME, role)
    turn.clear_buttons()
    turn.say(Message(words("adviser.invite.ask_name")))


def invite_no(turn: Turn) -> None:
    """No invite after all."""
    worker = _worker(turn)
    if worker is not None:
        done(turn.desk, worker)
        turn.change(Message(words("adviser.invite.cancelled")))


def typed_invited_name(turn: Turn, worker: Person, role_text: str) -> None:
    """The name is typed: the invite, as a link, a code and a picture."""
    role, name = chosen(Role, role_text), " ".join(turn.text.split())
    if role is None or role not in INVITED_BY[Role(worker.role)]:
        done(turn.desk, worker)
        turn.say(Message(words("adviser.invite.cancelled")))
        return
    if not name or len(name) > NAME_LIMIT:
        turn.say(Message(words("join.name_too_long", limit=NAME_LIMIT)))
        return
    done(turn.desk, worker)
    made = inviting.invite(turn.desk, worker, role, name, worker.team_id)
    facts = {
        "person": name,
        "role": plain(f"join.role_{role}"),
        "code": made.code,
        "expires": wordings.day_of(made.expires_utc),
    }
    turn.say(Message(words("adviser.invite.ready", link=made.link, **facts)))
    turn.say(Message(words("adviser.invite.picture", **facts), photo_png=qr.picture(made.link)))


def dashboard(turn: Turn) -> None:
    """/dashboard: a one-use link to their pages."""
    worker = _worker(turn)
    if worker is None:
        return
    link = sign_in.ask_in_chat(turn.desk, worker)
    turn.say(link if link is not None else Message(words("adviser.sign_in_none")))
