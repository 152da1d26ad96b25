"""What routes have in common: reading a form, drawing a page."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from casework.sign_in import SignedIn
from dashboard.pages import render
from dashboard.services import DashboardServices
from dashboard.view import Frame
from rules.access import Role

MOST_FIELDS = 20
ROLES = {Role.ADVISER: "Adviser", Role.MANAGER: "Manager"}

# An id of ours fits the database's integers; anything else is an address that does not exist.
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


def frame_for(services: DashboardServices, staff: SignedIn | None = None, current: str = "") -> Frame:
    """What surrounds the page for whoever is looking."""
    council = services.office.council
    return Frame(council) if staff is None else Frame(council, staff.name, ROLES[staff.viewer.role], current)


def page(name: str, view: Any, status: int = 200) -> HTMLResponse:
    """A page drawn from its view."""
    return HTMLResponse(render(name, view), status)


def see_other(address: str) -> RedirectResponse:
    """Go there with a GET: what a form answers when it was taken."""
    return RedirectResponse(address, 303)


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, the last value of each; files are not taken."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str)}
