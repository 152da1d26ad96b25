"""What the Bot API says no with: the codes and sentences Telegram really sends.

Sentences were read in tdlib/telegram-bot-api (Client.cpp, September 2026) and in TDLib.
"""

from typing import Any

Json = dict[str, Any]


class Refusal(Exception):
    """A call that is answered with `ok: false`. `description` carries Telegram's own prefix."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    def body(self) -> Json:
        """The JSON object Telegram answers with."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class PersonRefusal(Exception):
    """Something a real phone would not let its owner do, such as pressing a button that is not there."""


def bad_request(sentence: str) -> Refusal:
    """400, with the prefix Telegram puts before every such sentence."""
    return Refusal(400, f"Bad Request: {sentence}")


def forbidden(sentence: str) -> Refusal:
    """403: this person cannot be written to."""
    return Refusal(403, f"Forbidden: {sentence}")


def conflict(sentence: str) -> Refusal:
    """409: two takers of the same updates."""
    return Refusal(409, f"Conflict: {sentence}")


def too_many_requests(retry_after_s: int | None) -> Refusal:
    """429; without a wait it is the bare form that proxies in front of Telegram give."""
    if retry_after_s is None:
        return Refusal(429, "Too Many Requests")
    return Refusal(429, f"Too Many Requests: retry after {retry_after_s}", {"retry_after": retry_after_s})


def not_found() -> Refusal:
    """404: Telegram's answer to a method it does not have."""
    return Refusal(404, "Not Found")


def blocked() -> Refusal:
    return forbidden("bot was blocked by the user")


def deactivated() -> Refusal:
    return forbidden("user is deactivated")


def never_started() -> Refusal:
    return forbidden("bot can't initiate conversation with a user")
