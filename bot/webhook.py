"""Intake by webhook: 200 only when the update is committed, 503 when it could not be, 403 for anyone but Telegram."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.clerk import Clerk
from bot.events import trouble
from bot.last_resort import LastResort
from bot.raw_updates import read_body
from storage import inbox
from storage.store import Store, StoreBusyError

PATH = "/telegram"
LARGEST_BODY_BYTES = 1_000_000
# Many may wait for the one writer, each for as long as the database takes to say that it is busy.
KEEP_WITHIN_S = 4.5
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the header's name, not a secret


def webhook_route(
    store: Store, clerk: Clerk, secrets: tuple[str, ...], beat: Callable[[], None], last_resort: LastResort
) -> Route:
    """The route Telegram posts to. Every secret in `secrets` is taken, so that one can be replaced without loss."""

    async def receive(request: Request) -> Response:
        if not _is_telegram(request, secrets):
            return Response(status_code=403)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        beat()
        arrived = read_body(body)
        try:
            keeping = store.write(lambda unit: inbox.keep(unit, [arrived]))
            # If it is kept all the same a moment later, Telegram's second copy of it has no second effect.
            fresh = await asyncio.wait_for(keeping, KEEP_WITHIN_S)
        except (StoreBusyError, TimeoutError) as error:
            trouble("intake.not_kept", error, updates=1)
            last_resort.consider(body)
            return Response(status_code=503)
        clerk.accept(fresh)
        return Response(status_code=200)

    return Route(PATH, receive, methods=["POST"])


def _is_telegram(request: Request, secrets: tuple[str, ...]) -> bool:
    given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
    # Every secret is compared, whatever the others said, so that the time tells nothing.
    matches = [hmac.compare_digest(given, secret.encode()) for secret in secrets]
    return any(matches)


async def _body(request: Request) -> bytes | None:
    """The whole body, or None when it is larger than any update can be."""
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > LARGEST_BODY_BYTES:
                return None
            parts.append(part)
    except ClientDisconnect:
        return None
    return b"".join(parts)
