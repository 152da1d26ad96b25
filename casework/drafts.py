"""Reading an adviser's one line, like "rang sam, all good, starts college monday", as a contact to confirm."""

from __future__ import annotations

from dataclasses import dataclass

from rules.clocks import Channel, Heard

VERBS = {
    Channel.CALL: ("rang", "called", "phoned", "spoke", "rung", "call"),
    Channel.VISIT: ("visited", "visit", "saw", "met", "popped"),
    Channel.TEXT: ("texted", "text", "whatsapp", "messaged"),
    Channel.EMAIL: ("emailed", "e-mailed", "email"),
    Channel.LETTER: ("wrote", "letter", "posted"),
}
TRIED = ("no answer", "no reply", "voicemail", "left a message", "tried", "didn't pick up", "didnt pick up", "not in")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the line seems to say. The adviser confirms it before anything is saved."""

    channel: Channel
    outcome: Heard
    note: str


def read(text: str) -> Draft:
    """The contact in a line: a call that happened, unless its words say otherwise. The whole line is the note."""
    lowered = text.casefold()
    said = {word.strip(".,:;!?()") for word in lowered.split()}
    channel = next((found for found, verbs in VERBS.items() if said & set(verbs)), Channel.CALL)
    outcome = Heard.TRIED if any(phrase in lowered for phrase in TRIED) else Heard.SPOKE
    return Draft(channel, outcome, text)
