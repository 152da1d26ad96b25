"""Logging a contact from the chat: two taps, or one line of words and a tap."""

from __future__ import annotations

from casework import caseload, contacts, drafts, wordings
from casework.caller import Person
from casework.conversations import Waiting, done, wait_for, waiting_for
from content.message import Button, Message
from content.words import label, plain, words
from handlers import first
from handlers.turn import Turn
from rules.access import Act
from rules.choice import chosen
from rules.clocks import Channel, Heard
from rules.contact_status import contact_status

OFFERED = (("call", Channel.CALL), ("visit", Channel.VISIT), ("text", Channel.TEXT), ("letter", Channel.LETTER))
MOST_SHOWN = 30


def log(turn: Turn) -> None:
    """/log: which person. With words after it, as if the words had been typed alone."""
    worker = turn.person
    if worker is None or not turn.caller.is_staff:
        turn.say(Message(words("adviser.not_staff")))
    elif turn.data:
        which_channel(turn)
    elif turn.text:
        typed_line(turn, worker)
    else:
        turn.say(Message(words("adviser.log.prompt"), _people(turn, worker)))


def _people(turn: Turn, worker: Person) -> tuple[tuple[Button, ...], ...]:
    lines = caseload.caseload(turn.desk, worker)[:MOST_SHOWN]
    return tuple((Button(line.name or "?", f"log:{line.person.id}"),) for line in lines)


def which_channel(turn: Turn) -> None:
    """How it was: one tap more and it is saved."""
    person = _theirs(turn, turn.number(0))
    if person is None:
        return
    spoke = [
        Button(label(f"adviser.log.button.{name}"), f"logged:{person.id}:{channel}:{Heard.SPOKE}")
        for name, channel in OFFERED
    ]
    tried = Button(label("adviser.log.button.tried"), f"logged:{person.id}:{Channel.CALL}:{Heard.TRIED}")
    rows = ((spoke[0],), (spoke[1],), (spoke[2],), (spoke[3],), (tried,))
    turn.say(Message(words("adviser.log.which_channel", person=turn.desk.name(person)), rows))


def logged(turn: Turn) -> None:
    """The second tap: it is on record."""
    channel = chosen(Channel, turn.data[1]) if len(turn.data) == 3 else None
    outcome = chosen(Heard, turn.data[2]) if len(turn.data) == 3 else None
    person = _theirs(turn, turn.number(0))
    if person is None or channel is None or outcome is None or turn.person is None:
        return
    turn.clear_buttons()
    _save(turn, turn.person, person, channel, outcome, "")


def _save(turn: Turn, worker: Person, person: Person, channel: Channel, outcome: Heard, note: str) -> None:
    contact = contacts.log_contact(
        turn.desk, worker, person, channel, outcome, at_utc=turn.desk.now, note=note, logged_in="chat"
    )
    status = contact_status(person.last_contact_utc, turn.desk.now, joined_utc=person.joined_utc)
    due = "" if status.next_due_utc is None else wordings.day_of(status.next_due_utc)
    which = "adviser.log.saved" if outcome is Heard.SPOKE else "adviser.log.saved_attempt"
    facts = _facts(turn, person, channel, outcome)
    undo = Button(label("adviser.log.button.undo"), f"undo:{contact.id}")
    add = Button(label("adviser.log.button.add_note"), f"note:{contact.id}")
    turn.say(Message(words(which, next_due=due, **facts), ((undo,) if note else (add, undo),)))


def _facts(turn: Turn, person: Person, channel: Channel, outcome: Heard) -> dict[str, str]:
    return {
        "person": turn.desk.name(person),
        "channel": plain(f"adviser.log.channel.{channel}"),
        "when": plain("adviser.log.when.just_now"),
        "outcome": plain(f"adviser.log.outcome.{outcome}"),
    }


def undo(turn: Turn) -> None:
    """A mis-tap taken back."""
    worker = turn.person
    person = None if worker is None else contacts.undo_contact(turn.desk, worker, turn.number(0))
    turn.clear_buttons()
    if person is None:
        text = words("adviser.log.undo_too_late", minutes=contacts.UNDO_MINUTES, person=plain("adviser.phrase.their"))
    else:
        text = words("adviser.log.undone", person=turn.desk.name(person))
    turn.say(Message(text))


def add_note(turn: Turn) -> None:
    """The next message is the line for the record."""
    if turn.person is None or not turn.caller.is_staff:
        turn.say(Message(words("adviser.not_staff")))
        return
    wait_for(turn.desk, turn.person, Waiting.NOTE, str(turn.number(0)))
    turn.clear_buttons()
    turn.say(Message(words("adviser.log.write_note")))


def typed_note(turn: Turn, worker: Person, contact_id: int) -> None:
    """The line for the record of the contact just logged."""
    done(turn.desk, worker)
    person = contacts.add_note(turn.desk, worker, contact_id, turn.text)
    if person is None:
        turn.say(Message(words("adviser.log.draft_gone")))
        return
    turn.say(Message(words("adviser.log.note_saved", person=turn.desk.name(person))))


def typed_line(turn: Turn, worker: Person) -> None:
    """One line of words, like "rang sam, all good": a draft to be saved with one tap."""
    named = caseload.named_in(turn.desk, worker, turn.text)
    if not named:
        turn.say(Message(words("adviser.log.no_match"), _people(turn, worker)))
        return
    draft = drafts.read(turn.text)
    if len(named) > 1:
        rows = tuple((Button(turn.desk.name(person), f"draft:{person.id}"),) for person in named[:MOST_SHOWN])
        wait_for(turn.desk, worker, Waiting.DRAFT, turn.text)
        turn.say(Message(words("adviser.log.which_person"), rows))
        return
    wait_for(turn.desk, worker, Waiting.DRAFT, turn.text)
    _show_draft(turn, named[0], draft)


def _show_draft(turn: Turn, person: Person, draft: drafts.Draft) -> None:
    text = words("adviser.log.draft_with_note", note=draft.note, **_facts(turn, person, draft.channel, draft.outcome))
    save = Button(label("adviser.log.button.save"), f"save_log:{person.id}")
    change = Button(label("adviser.log.button.change"), f"log:{person.id}")
    other = Button(label("adviser.log.button.not_them", person=turn.desk.called(person)), "log")
    turn.say(Message(text, ((save, change), (other,))))


def draft_for(turn: Turn) -> None:
    """They said which of several people the line is about."""
    _with_draft(turn, save=False)


def save_draft(turn: Turn) -> None:
    """The draft is right."""
    _with_draft(turn, save=True)


def _with_draft(turn: Turn, *, save: bool) -> None:
    worker, person = turn.person, _theirs(turn, turn.number(0))
    if worker is None or person is None:
        return
    waiting, text = waiting_for(turn.desk, worker)
    if waiting is not Waiting.DRAFT:
        turn.say(Message(words("adviser.log.draft_gone")))
        return
    draft = drafts.read(text)
    turn.clear_buttons()
    if not save:
        _show_draft(turn, person, draft)
        return
    done(turn.desk, worker)
    _save(turn, worker, person, draft.channel, draft.outcome, draft.note)


def _theirs(turn: Turn, person_id: int) -> Person | None:
    """The person, if this worker may log a contact for them; if not, that is said."""
    if turn.person is None or not turn.caller.is_staff:
        turn.say(Message(words("adviser.not_staff"), first.greeting(turn).rows))
        return None
    person = caseload.theirs(turn.desk, turn.person, person_id, Act.LOG_CONTACT)
    if person is None:
        turn.say(Message(words("adviser.not_yours")))
    return person
