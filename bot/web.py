"""The web side of the process: the dashboard, the webhook and the health page on one port."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

STOP_WITHIN_S = 5


class WebServer(uvicorn.Server):
    """Uvicorn inside our own loop: the service, not the web server, decides what a signal means."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def web_app(dashboard: ASGIApp, routes: list[BaseRoute]) -> Starlette:
    """Our own few routes first, the dashboard under everything else."""
    return Starlette(routes=[*routes, Mount("/", dashboard)])


def web_server(app: ASGIApp, host: str, port: int) -> WebServer:
    """A server to be run by `serve`. It logs no addresses: a sign-in link is an address."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=STOP_WITHIN_S,
        h11_max_incomplete_event_size=65_536,
    )
    return WebServer(config)
