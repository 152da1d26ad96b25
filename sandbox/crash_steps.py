"""Counting a life's steps at seams that the product has anyway, and ending it with SIGKILL at one of them.

A step is: a statement about to run in a unit that writes, a commit about to happen, a commit just made, a call to
Telegram about to leave, and its answer just come. Reads change nothing and are not counted.
"""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlmodel import Session

from bot.gateway import Answer, Gateway

STATEMENT = "statement"
COMMIT = "commit"
COMMITTED = "committed"


class Steps:
    """What this life has done so far; its process is gone the moment it begins step `kill_at` (0: never)."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at = kill_at
        self.taken: list[str] = []
        self._lock = threading.Lock()

    def take(self, what: str) -> None:
        """The next step is about to happen."""
        with self._lock:
            self.taken.append(what)
            if len(self.taken) == self.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)


def count_steps(steps: Steps) -> None:
    """Listen, in this process and from now on, wherever a step can happen."""
    writing = "crash.writing"

    def statement(connection: Connection, _cursor: Any, sql: str, _values: Any, _context: Any, _many: bool) -> None:
        if sql.startswith("BEGIN"):
            connection.info[writing] = sql == "BEGIN IMMEDIATE"
        if connection.info.get(writing):
            steps.take(STATEMENT)

    def commit(connection: Connection) -> None:
        if connection.info.get(writing):
            steps.take(COMMIT)

    def committed(_session: Session) -> None:
        steps.take(COMMITTED)

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", commit)
    event.listen(Session, "after_commit", committed)
    _count_calls(steps)


def _count_calls(steps: Steps) -> None:
    call = Gateway.call

    async def counted(gateway: Gateway, method: str, body: dict[str, Any], *, wait_s: float) -> Answer:
        steps.take(f"call {method}")
        answer = await call(gateway, method, body, wait_s=wait_s)
        steps.take(f"answer {method}")
        return answer

    Gateway.call = counted  # type: ignore[method-assign, assignment]  # this process lives for one test and is never reused
