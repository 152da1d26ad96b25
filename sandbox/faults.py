"""Failures on demand: which call or update they strike, how often, and what happens then."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Literal, get_args

from sandbox.refusals import PersonRefusal, Refusal, blocked, deactivated, too_many_requests

FaultKind = Literal[
    "too_many",  # 429 with retry_after_s, or bare when that is None
    "error",  # `code` with `description`, or with `body` just as it is
    "bad_json",  # 200 with a body that is not JSON
    "hang_before",  # nothing on the phone, and no answer ever comes
    "hang_after",  # it is on the phone, but no answer ever comes
    "reset_before",  # connection reset, nothing on the phone
    "reset_after",  # it is on the phone, then the connection is reset
    "slow",  # answered properly, `delay_ms` late
    "blocked",  # 403 as if the person had blocked the bot
    "deactivated",  # 403 as if the account were gone
    "duplicate_update",  # the update is handed out twice
    "out_of_order",  # two or more updates are handed out newest first
]
UPDATE_FAULTS = frozenset({"duplicate_update", "out_of_order"})
MOVES_NOTHING = frozenset({"getupdates", "getme", "setwebhook", "deletewebhook", "getwebhookinfo"})


@dataclass
class Fault:
    """One rule. None for `method` or `chat_id` means any; `left` None means until cleared.

    A rule that names neither a method nor a chat leaves polling and the webhook calls alone.
    """

    id: int
    kind: FaultKind
    method: str | None = None
    chat_id: int | None = None
    left: int | None = 1
    retry_after_s: int | None = None
    code: int = 500
    description: str = "Internal Server Error"
    body: str | None = None
    delay_ms: int = 0
    struck: int = 0

    def strikes(self, method: str, chat_id: int | None) -> bool:
        """Whether this call is one it is meant for."""
        if self.left == 0:
            return False
        if self.chat_id is not None and self.chat_id != chat_id:
            return False
        if self.method is not None:
            return self.method.lower() == method
        return self.chat_id is not None or method not in MOVES_NOTHING

    def spend(self) -> None:
        self.struck += 1
        if self.left is not None:
            self.left -= 1

    def refusal(self) -> Refusal | None:
        """What it answers instead, when it is one of the kinds that do."""
        if self.kind == "too_many":
            return too_many_requests(self.retry_after_s)
        if self.kind == "blocked":
            return blocked()
        if self.kind == "deactivated":
            return deactivated()
        return Refusal(self.code, self.description) if self.kind == "error" else None


class Faults:
    """The rules now in force, oldest first; the oldest that fits a call is the one that strikes."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []
        self._ids = count(1)

    def add(
        self,
        kind: FaultKind,
        *,
        method: str | None = None,
        chat_id: int | None = None,
        times: int | None = 1,
        retry_after_s: int | None = None,
        code: int = 500,
        description: str = "Internal Server Error",
        body: str | None = None,
        delay_ms: int = 0,
    ) -> Fault:
        """Switches a fault on for the next `times` fitting calls, or until cleared when None."""
        if kind not in get_args(FaultKind):
            raise PersonRefusal(f"no such fault: {kind}")
        fault = Fault(next(self._ids), kind, method, chat_id, times, retry_after_s, code, description, body, delay_ms)
        self.rules.append(fault)
        return fault

    def clear(self, fault_id: int | None = None) -> None:
        """Switches one off, or all."""
        self.rules = [rule for rule in self.rules if fault_id is not None and rule.id != fault_id]

    def on_call(self, method: str, chat_id: int | None) -> Fault | None:
        """Takes one strike of the oldest rule that fits."""
        return self._first(lambda rule: rule.kind not in UPDATE_FAULTS and rule.strikes(method, chat_id))

    def on_update(self, kind: FaultKind, chat_id: int | None) -> Fault | None:
        """Takes one strike of a rule about updates."""
        return self._first(lambda rule: rule.kind == kind and rule.strikes("update", chat_id))

    def waits(self, kind: FaultKind, chat_id: int | None) -> bool:
        """Whether a rule about updates would strike, without spending it."""
        return any(rule.kind == kind and rule.strikes("update", chat_id) for rule in self.rules)

    def _first(self, fits: Callable[[Fault], bool]) -> Fault | None:
        for rule in self.rules:
            if fits(rule):
                rule.spend()
                return rule
        return None
