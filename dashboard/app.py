"""The advisers' pages as one ASGI app. `bot/` makes it and serves it, with the server's own access log off."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from dashboard.guard import STATIC_PATH, refuse_unguarded
from dashboard.headers import Outermost
from dashboard.pages import STATIC
from dashboard.problems import answer_problems
from dashboard.routes import caseload, incidents, person, sign_in
from dashboard.services import DashboardServices


def create_app(services: DashboardServices) -> FastAPI:
    """The app. Raises RuntimeError when a route has been written without a guard."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.services = services
    for part in (sign_in, caseload, person, incidents):
        app.include_router(part.router)
    app.mount(STATIC_PATH, StaticFiles(directory=STATIC), name="static")
    answer_problems(app, services)
    app.add_middleware(Outermost, services=services)
    refuse_unguarded(app)
    return app
