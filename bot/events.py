"""The log: one JSON line for each event, with our own ids and sizes. Never a name, a text, a token or a link.

Libraries log what they send and receive, so of their records only the logger's name, the level and the kind of error
are kept. Our own events are code words with numbers; a value that is not a number, a flag or a code word is refused.
"""

from __future__ import annotations

import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

import orjson

OURS = logging.getLogger("keepintouch")
CODE_WORD = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def event(name: str, **facts: int | float | bool | str | None) -> None:
    """Log that something happened. `facts` are numbers, flags and code words of ours."""
    OURS.info(name, extra={"facts": facts})


def trouble(name: str, error: BaseException | None = None, **facts: int | float | bool | str | None) -> None:
    """Log that something went wrong; of `error` only its type is kept, because its text may carry anything."""
    kind = None if error is None else type(error).__name__
    OURS.warning(name, extra={"facts": facts | {"error": kind}})


class EventFormatter(logging.Formatter):
    """Writes a record as one line of JSON, leaving out everything that could be about a person."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        if record.name == OURS.name:
            facts = getattr(record, "facts", {})
            line |= {"event": record.msg} | {name: _safe(value) for name, value in facts.items()}
        else:
            line |= {"event": "library", "library": record.name}
            if record.exc_info and record.exc_info[0] is not None:
                line["error"] = record.exc_info[0].__name__
        return orjson.dumps(line).decode()


def _safe(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if CODE_WORD.fullmatch(text) else "withheld"


def set_up_logging(level: str) -> None:
    """Send every record, ours and the libraries', through the one formatter, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(EventFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level if level == "DEBUG" else "WARNING")
    OURS.setLevel(level)
    sys.excepthook = _no_traceback


def _no_traceback(kind: type[BaseException], error: BaseException, _trace: object) -> None:
    """A traceback shows values of local variables' text; the type and the log are enough to find the fault."""
    OURS.error("crashed", extra={"facts": {"error": kind.__name__}})
