"""One call of the Bot API, and its one right outcome: Sent, Retry, Refused or Unknown (rules/sending.py).

Only what certainly did not arrive may be tried again. When the request may have left and no answer that we trust came
back (a timeout, a cut connection, a gateway's own error page), the outcome is Unknown.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson

from bot.telegram_http import AiohttpRequest
from rules.sending import Outcome, Refused, RefusedReason, Retry, Sent, Unknown

SEND_WAIT_S = 8.0
CONNECT_WAIT_S = 4.0
TOKEN_WRONG_WAIT_S = 60.0
REFUSED_BY_WORDS = (
    ("blocked", RefusedReason.BLOCKED),
    ("deactivated", RefusedReason.DEACTIVATED),
    ("chat not found", RefusedReason.CHAT_NOT_FOUND),
    ("can't initiate", RefusedReason.BLOCKED),
    ("kicked", RefusedReason.BLOCKED),
)
JSON_HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What Telegram answered: the HTTP status and the JSON, or None when it was not JSON of theirs; and the bytes."""

    status: int
    said: dict[str, Any] | None
    raw: bytes = field(default=b"", repr=False)


class CutOffError(Exception):
    """No answer came. `left` says whether the request may have reached Telegram."""

    def __init__(self, *, left: bool) -> None:
        super().__init__("no answer")
        self.left = left


class Gateway:
    """The bot's calls to Telegram, one session, no retries: the outbox decides about those."""

    def __init__(self, api: str, token: str, request: AiohttpRequest, send_wait_s: float = SEND_WAIT_S) -> None:
        self._base = f"{api}/bot{token}"
        self._request = request
        self._send_wait_s = send_wait_s

    def __repr__(self) -> str:
        return "Gateway(hidden)"

    async def send(self, chat_id: int, method: str, body: dict[str, Any]) -> Outcome:
        """Make one call that reaches a person. Never raises for what the network or Telegram does."""
        try:
            answer = await self.call(method, body | {"chat_id": chat_id}, wait_s=self._send_wait_s)
        except CutOffError as cut:
            return Unknown() if cut.left else Retry()
        return outcome_of(answer)

    async def call(self, method: str, body: dict[str, Any], *, wait_s: float) -> Answer:
        """Make one call. Raises CutOffError when no answer came."""
        url = f"{self._base}/{method}"
        timeout = aiohttp.ClientTimeout(
            total=None, connect=CONNECT_WAIT_S, sock_connect=CONNECT_WAIT_S, sock_read=wait_s
        )
        form = _form(body)
        data, headers = (orjson.dumps(body), JSON_HEADERS) if form is None else (form, None)
        try:
            async with self._request.session.post(url, data=data, headers=headers, timeout=timeout) as answer:
                raw = await answer.read()
                return Answer(answer.status, _json(raw), raw)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise CutOffError(left=False) from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise CutOffError(left=True) from None


def _form(body: dict[str, Any]) -> aiohttp.FormData | None:
    """Multipart for a call that carries a picture; None for all others."""
    if "photo" not in body:
        return None
    form = aiohttp.FormData()
    for name, value in body.items():
        if name == "photo":
            form.add_field("photo", base64.b64decode(value), filename="picture.png", content_type="image/png")
        else:
            form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
    return form


def _json(raw: bytes) -> dict[str, Any] | None:
    try:
        said = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return said if isinstance(said, dict) and isinstance(said.get("ok"), bool) else None


def outcome_of(answer: Answer) -> Outcome:
    """What an answer to a send means."""
    said = answer.said
    if said is not None and said["ok"] and answer.status == 200:
        result = said.get("result")
        return Sent(int(result.get("message_id", 0)) if isinstance(result, dict) else 0)
    if answer.status == 429:
        return Retry(_retry_after(said), slows_all=True)
    if said is None or answer.status in (502, 503, 504):
        return Unknown()
    return _refusal(answer.status, str(said.get("description", "")).casefold())


def _refusal(status: int, description: str) -> Outcome:
    if status in (401, 404):
        return Retry(TOKEN_WRONG_WAIT_S, slows_all=True)
    if status in (409, 500):
        return Retry()
    if "message is not modified" in description:
        return Sent(0)
    for words, reason in REFUSED_BY_WORDS:
        if words in description:
            return Refused(reason)
    return Refused(RefusedReason.BLOCKED if status == 403 else RefusedReason.BAD_REQUEST)


def _retry_after(said: dict[str, Any] | None) -> float | None:
    parameters = (said or {}).get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(wait) if isinstance(wait, int | float) else None
