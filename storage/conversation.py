"""Where someone who joined is in a conversation of more than one message."""

from __future__ import annotations

from storage.sealing import Place
from storage.tables import Conversation
from storage.unit import Unit


def state_of(unit: Unit, person_id: int) -> tuple[str, str]:
    """The state and what goes with it ("", "") when nothing is under way."""
    row = unit.session.get(Conversation, person_id)
    if row is None:
        return "", ""
    data = "" if row.data_sealed is None else unit.open(person_id, _place(person_id), row.data_sealed)
    return row.state, data


def wait_for(unit: Unit, person_id: int, state: str, data: str = "") -> None:
    """Remember what their next message will be about; it replaces whatever was waited for before."""
    row = unit.session.get(Conversation, person_id)
    if row is None:
        row = Conversation(person_id=person_id, state=state, since_utc=unit.now)
        unit.session.add(row)
    row.state, row.since_utc = state, unit.now
    row.data_sealed = unit.seal(person_id, _place(person_id), data) if data else None


def end(unit: Unit, person_id: int) -> None:
    """Nothing is waited for any more."""
    row = unit.session.get(Conversation, person_id)
    if row is not None:
        unit.session.delete(row)


def _place(person_id: int) -> Place:
    return Place("conversation", "data", person_id)
