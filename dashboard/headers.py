"""The outermost layer: what every answer carries, which requests are not even looked at, and what an error may say.

Must stay true: no answer leaves without the headers, not even one about an error nobody foresaw; a request that would
change something is refused unless the browser says that one of our own pages sent it; a log line carries the route's
name and never its path, because a path may hold a sign-in link.
"""

from __future__ import annotations

import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.guard import STATIC_PATH
from dashboard.pages import INLINE_SCRIPT_HASH
from dashboard.problems import problem_page
from dashboard.services import DashboardServices

# The service's own log takes events as a code word with facts, and lets nothing else through (bot/events.py).
LOG = logging.getLogger("keepintouch")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_FORM_BYTES = 64 * 1024

CONTENT_POLICY = (
    f"default-src 'none'; script-src 'self' '{INLINE_SCRIPT_HASH}'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
NOT_KEPT = "no-store"
KEPT_A_YEAR = "public, max-age=31536000, immutable"
SECURE_ONLY = "max-age=31536000; includeSubDomains"


def comes_from_our_page(method: str, headers: Headers, origin: str) -> bool:
    """Whether a browser vouches that one of our own pages sent this. Safe methods change nothing and always may.

    Our pages send no referrer, and then a browser writes `Origin: null` even to the same site. So Sec-Fetch-Site
    decides where it is sent, and Origin only where it is not.
    """
    if method in SAFE_METHODS:
        return True
    fetched_from = headers.get("sec-fetch-site")
    sent_origin = headers.get("origin")
    if fetched_from is not None:
        return fetched_from == "same-origin" and sent_origin in (None, "null", origin)
    return sent_origin == origin


class Outermost:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, services: DashboardServices) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answered: list[int] = []

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered.append(message["status"])
                self._add_headers(scope, message)
            await send(message)

        try:
            await self._answer(scope, receive, send_with_headers)
        except Exception as error:
            # The words of an error may hold what a person wrote, so only its kind is told.
            LOG.error("page.failed", extra={"facts": {"route": _route(scope), "error": type(error).__name__}})
            if not answered:
                await problem_page(self._services, 500)(scope, receive, send_with_headers)
        facts = {"method": scope["method"], "route": _route(scope), "status": (answered or [0])[0]}
        LOG.info("page.answered", extra={"facts": facts})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> HTMLResponse | None:
        headers = Headers(scope=scope)
        if not comes_from_our_page(scope["method"], headers, self._services.origin):
            return problem_page(self._services, 403)
        if scope["method"] not in SAFE_METHODS:
            length = headers.get("content-length", "")
            # Our forms always say how long they are; without a length there is nothing to hold a sender to.
            if not length.isdecimal() or int(length) > LARGEST_FORM_BYTES:
                return problem_page(self._services, 413)
        return None

    def _add_headers(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in ALWAYS.items():
            headers[name] = value
        if self._services.origin.startswith("https://"):
            headers["Strict-Transport-Security"] = SECURE_ONLY
        is_static = scope["path"].startswith(f"{STATIC_PATH}/") and message["status"] in (200, 304)
        headers["Cache-Control"] = KEPT_A_YEAR if is_static and scope["query_string"] else NOT_KEPT


def _route(scope: Scope) -> str:
    """The name of the function that answers: a code word, whatever the path holds."""
    return str(getattr(scope.get("route"), "name", "") or "none")
