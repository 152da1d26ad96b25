"""The pages for when something is not as it should be. Each says what is true and what to do, and nothing else."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from dashboard.guard import NotSignedInError
from dashboard.pages import render
from dashboard.services import DashboardServices
from dashboard.view import Frame, MessagePage
from storage.queries import StoreBusyError

SIGN_IN_PATH = "/sign-in"

WORDS: dict[int, tuple[str, tuple[str, ...]]] = {
    403: (
        "That did not come from our page",
        ("Nothing was changed. Go to your people and try again from there.",),
    ),
    # One body for "there is no such page", "there is no such person" and "not yours to see".
    404: (
        "Page not found",
        ("There is nothing at this address that you can see.", "If you followed a link, it may be out of date."),
    ),
    405: ("Page not found", ("This address cannot be opened like that.",)),
    413: ("That was too long", ("Nothing was saved. Go back and make it shorter.",)),
    429: ("Too many tries", ("Wait 15 minutes and try again, or type /dashboard to Keep in Touch in Telegram.",)),
    500: (
        "Sorry, something went wrong",
        ("The fault is ours. What you sent may not have been saved: look before you send it again.",),
    ),
    503: (
        "Sorry, we cannot reach our records",
        ("Nothing was saved. Messages from people are safe. Try again in a minute.",),
    ),
}


def problem_page(services: DashboardServices, status: int) -> HTMLResponse:
    """The page for a status; one we have no words for is shown as a fault of ours."""
    title, sentences = WORDS.get(status, WORDS[500])
    frame = Frame(council=services.office.council)
    page = MessagePage(frame, title, sentences, "Go to your people", "/people")
    return HTMLResponse(render("message", page), status)


class NotFoundError(Exception):
    """There is nothing here that this viewer can see."""


def answer_problems(app: FastAPI, services: DashboardServices) -> None:
    """Have the app answer everything it raises with one of these pages."""

    async def status_page(_: Request, error: Exception) -> Response:
        return problem_page(services, error.status_code if isinstance(error, HTTPException) else 500)

    async def not_found(_: Request, __: Exception) -> Response:
        return problem_page(services, 404)

    async def busy(_: Request, __: Exception) -> Response:
        return problem_page(services, 503)

    async def sign_in_first(_: Request, __: Exception) -> Response:
        return RedirectResponse(SIGN_IN_PATH, 303)

    app.add_exception_handler(HTTPException, status_page)
    app.add_exception_handler(NotFoundError, not_found)
    app.add_exception_handler(RequestValidationError, not_found)
    app.add_exception_handler(StoreBusyError, busy)
    app.add_exception_handler(NotSignedInError, sign_in_first)
