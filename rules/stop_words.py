"""STOP in any wording, and asking to come back. The whole message must say so: "I can't stop crying" is not a stop."""

from __future__ import annotations

import re
import unicodedata

_STOP = frozenset(
    """
stop|stopp|stop it|stop this|stop now|stop all|stopall|stop messages|stop the messages|stop these messages
stop check ins|stop the check ins|stop checking in|stop checking in on me|stop checking up on me|no more check ins
stop messaging|stop messaging me|stop texting|stop texting me|stop msging me|stop contacting me|stop writing to me
stop sending me messages|stop sending messages|stop sending me stuff|stop bothering me|stop asking|stop asking me
dont message me|dont message me again|dont message me anymore|dont message me any more|dont text me|dont contact me
do not message me|do not contact me|do not text me|dont contact me again|dont text me again|dont write to me
i dont want messages|i dont want these messages|i dont want any more messages|i dont want this anymore
i dont want to be messaged|i dont want contact|i dont want to be contacted|no more messages|no more texts
unsubscribe|unsub|unsubscribe me|opt out|optout|i want to opt out|cancel|quit|end|remove me|take me off
take me off this|take me off the list|take me off your list|leave me alone|just leave me alone|go away|get lost
piss off|fuck off|f off|bugger off|block|i want to stop|i want out|i want this to stop|i want to leave|let me leave
""".strip()
    .replace("\n", "|")
    .split("|")
)

_BACK = frozenset(
    """
start|start again|start it again|restart|unstop|resume|subscribe|opt in|optin|come back|im back|i am back
i want to come back|can i come back|let me back|let me back in|i want back|i want back in|carry on|turn it back on
message me again|start messaging me|start messaging me again|text me again|i want messages again|i want check ins
start check ins|start the check ins|start the check ins again|start checking in|start checking in again|join again
rejoin|i want to rejoin|i want to join again|i want to start again|can we start again
""".strip()
    .replace("\n", "|")
    .split("|")
)

_AROUND = frozenset(
    {"please", "pls", "plz", "ok", "okay", "just", "now", "hi", "hello", "thanks", "thank", "you", "ta"}
)
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_NOT_WORDS = re.compile(r"[^a-z]+")
_LONGEST = 80


def wants_to_stop(text: str) -> bool:
    """Whether the whole message asks us to stop writing. Manners around it do not matter; more words do."""
    return _says(text, _STOP)


def wants_back(text: str) -> bool:
    """Whether the whole message asks us to start writing again."""
    return _says(text, _BACK)


def _says(text: str, wanted: frozenset[str]) -> bool:
    if len(text) > _LONGEST:
        return False
    tidy = _tidy(text)
    return tidy in wanted or _without_manners(tidy) in wanted


def _tidy(text: str) -> str:
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold())
    return _NOT_WORDS.sub(" ", plain).strip()


def _without_manners(tidy: str) -> str:
    words = tidy.split()
    while words and words[0] in _AROUND:
        words.pop(0)
    while words and words[-1] in _AROUND:
        words.pop()
    return " ".join(words)
