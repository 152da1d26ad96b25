"""What someone writes that is not an answer: a question for the adviser, and words that may mean danger."""

from __future__ import annotations

from casework import alerts, hearing, incidents, wordings
from casework.conversations import Waiting, done, wait_for, waiting_for
from casework.desk import Desk
from content.help_now import Told
from content.words import plain, words
from rules.clocks import Event
from rules.incidents import Cause
from storage import audit, people
from storage.sealing import Place
from storage.tables import Person, PersonMessage


def keep_question(desk: Desk, person: Person, text: str) -> None:
    """Hold what they asked, sealed, in case they want it sent to their adviser."""
    wait_for(desk, person, Waiting.QUESTION, text)


def heard_text(desk: Desk, person: Person) -> None:
    """They wrote something: that is a reply, and they are there."""
    hearing.heard(desk, person, Event.MESSAGE_TO_BOT, desk.now, how=plain("adviser.phrase.wrote"))


def send_question(desk: Desk, person: Person) -> bool:
    """Give the question they asked to their adviser, who is told now. False when there is none held any more."""
    waiting, text = waiting_for(desk, person)
    if waiting is not Waiting.QUESTION or not text:
        return False
    message = _keep(desk, person, text)
    done(desk, person)
    told = words(
        "adviser.alert_question",
        person=desk.name(person),
        time=wordings.time_of(desk.now),
        day=wordings.day_of(desk.now),
        text=text,
    )
    alerts.note(desk, person, f"question:{message.id}", told)
    hearing.heard(desk, person, Event.MESSAGE_TO_ADVISER, desk.now, how=plain("adviser.phrase.wrote"))
    return True


def may_be_in_danger(desk: Desk, person: Person, text: str) -> Told:
    """Keep the words for the adviser to read and open an incident. Returns who this commit really tells."""
    _keep(desk, person, text)
    adviser = people.adviser_of(desk.unit, person.id)
    incidents.raise_incident(desk, person, Cause.POSSIBLE_RISK)
    if adviser is None or adviser.telegram_key is None or adviser.unreachable is not None:
        managers = people.managers_of(desk.unit, person.team_id)
        return Told.DUTY if managers else Told.UNSURE
    return Told.ADVISER


def _keep(desk: Desk, person: Person, text: str) -> PersonMessage:
    message = PersonMessage(id=desk.unit.new_id(), person_id=person.id, written_utc=desk.now)
    message.text_sealed = desk.unit.seal(person.id, Place("person_message", "text", message.id), text)
    desk.unit.session.add(message)
    desk.unit.session.flush()
    audit.record(desk.unit, "message.kept", actor_id=person.id, person_id=person.id)
    return message
