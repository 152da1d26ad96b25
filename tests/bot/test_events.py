"""The log: our events with numbers and code words, of libraries only who spoke, and never what anyone wrote."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest

from bot.events import OURS, EventFormatter, event, set_up_logging, trouble

CANARY = "Sam Canary's words, 07700 900123"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What goes to the log, with everything put back afterwards."""
    root, written = logging.getLogger(), io.StringIO()
    before, level, hook, ours = root.handlers[:], root.level, sys.excepthook, OURS.level
    handler = logging.StreamHandler(written)
    handler.setFormatter(EventFormatter())
    set_up_logging("DEBUG")
    root.handlers[:] = [handler]
    yield written
    root.handlers[:] = before
    root.setLevel(level)
    OURS.setLevel(ours)
    sys.excepthook = hook


def test_an_event_is_one_line_of_json_with_its_facts(lines: io.StringIO) -> None:
    """Numbers, flags, None and code words arrive as they are."""
    event("sender.recovered", rows=3, late=False, share=0.5, reason="no_answer", person=None)
    said = json.loads(lines.getvalue())
    assert said["event"] == "sender.recovered"
    assert (said["rows"], said["late"], said["share"], said["reason"], said["person"]) == (
        3,
        False,
        0.5,
        "no_answer",
        None,
    )
    assert said["level"] == "info"


@pytest.mark.parametrize("value", [CANARY, "", "two words", "a" * 65, "line\nbreak", "Zoë", "https://x/y?z=1"])
def test_what_is_no_code_word_is_withheld(value: str, lines: io.StringIO) -> None:
    """A value with spaces, links, letters of a name or too many of them does not pass."""
    event("test.happened", what=value)
    assert json.loads(lines.getvalue())["what"] == "withheld"


def test_of_an_error_only_its_kind_is_kept(lines: io.StringIO) -> None:
    """An error's own text may carry anything, so it stays out."""
    trouble("test.failed", ValueError(CANARY), row=7)
    said = json.loads(lines.getvalue())
    assert (said["error"], said["row"], said["level"]) == ("ValueError", 7, "warning")
    assert CANARY not in lines.getvalue()


def test_a_library_may_say_that_it_spoke_and_nothing_else(lines: io.StringIO) -> None:
    """Message, arguments, extra fields and tracebacks of any library stay out; its name and the error's kind remain."""
    try:
        raise OSError(CANARY)
    except OSError:
        logging.getLogger("library.part").exception("sent %s", CANARY, extra={"body": CANARY}, stack_info=True)
    said = json.loads(lines.getvalue())
    assert (said["library"], said["error"], said["event"]) == ("library.part", "OSError", "library")
    assert CANARY not in lines.getvalue()


def test_a_crash_shows_its_kind_and_no_traceback(lines: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    """The last resort prints no values of local variables."""
    error = RuntimeError(CANARY)
    sys.excepthook(RuntimeError, error, None)
    assert json.loads(lines.getvalue())["error"] == "RuntimeError"
    assert CANARY not in lines.getvalue() + capfd.readouterr().err
