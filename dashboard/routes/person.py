"""One person: their page, and logging a contact. Every look is written down before it is shown."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from casework import clicks
from dashboard.guard import Staff
from dashboard.log_form import LoggedContact, log_page, read_form
from dashboard.person_view import person_view
from dashboard.problems import NotFoundError
from dashboard.routes.answers import RowId, form_of, frame_for, page, see_other
from dashboard.said import with_code, words_for
from dashboard.services import DashboardServices, Services
from dashboard.view import PersonPage, Problem
from rules.access import Viewer
from rules.clocks import event_of, is_contact
from storage.queries import Unit
from storage.queries.person_page import person_name, person_page

router = APIRouter(prefix="/people/{person_id}")


@router.get("")
async def show_person(person_id: RowId, staff: Staff, services: Services, before: str = "", said: str = "") -> Response:
    """The person's page."""
    view = await draw_person(staff, services, person_id, _instant(before), words_for(said))
    return page("person", view)


async def draw_person(
    staff: Staff,
    services: DashboardServices,
    person_id: int,
    before: datetime | None = None,
    said: str = "",
    problems: tuple[Problem, ...] = (),
) -> PersonPage:
    """The view of a person, once the look is in the audit. Raises NotFoundError when there is nobody in sight."""

    def draw(unit: Unit) -> PersonPage | None:
        found = person_page(staff.viewer, unit, person_id, before)
        if found is None:
            return None
        office = services.office
        frame = frame_for(services, staff, "people")
        return person_view(frame, found, office.ladder, office.holidays, unit.now, said, problems)

    view = await services.store.read(draw)
    if view is None:
        raise NotFoundError
    await _note_view(services, staff.viewer, person_id, "person")
    return view


@router.get("/contact")
async def show_log_form(person_id: RowId, staff: Staff, services: Services) -> Response:
    """The empty form."""
    name = await _name(services, staff.viewer, person_id)
    await _note_view(services, staff.viewer, person_id, "log_contact")
    return page("log_contact", log_page(frame_for(services, staff, "people"), person_id, name, {}))


@router.post("/contact")
async def log_contact(person_id: RowId, request: Request, staff: Staff, services: Services) -> Response:
    """Log the contact, or show the form again with what is wrong."""
    sent = await form_of(request)
    name = await _name(services, staff.viewer, person_id)
    read = read_form(sent, services.clock.now())
    if not isinstance(read, LoggedContact):
        await _note_view(services, staff.viewer, person_id, "log_contact")
        return page("log_contact", log_page(frame_for(services, staff, "people"), person_id, name, sent, read), 400)

    def log(unit: Unit) -> clicks.Did | None:
        # Read under one clock and saved under another, "today" may lie a moment ahead.
        at_utc = min(read.at_utc, unit.now)
        desk = services.desk(unit)
        return clicks.log_contact(desk, staff.viewer, person_id, read.channel, read.outcome, at_utc, read.note)

    if await services.store.write(log) is None:
        raise NotFoundError
    code = "contact_logged" if is_contact(event_of(read.channel, read.outcome)) else "try_logged"
    return see_other(with_code(f"/people/{person_id}", code))


async def _name(services: DashboardServices, viewer: Viewer, person_id: int) -> str:
    name = await services.store.read(lambda unit: person_name(viewer, unit, person_id))
    if name is None:
        raise NotFoundError
    return name


async def _note_view(services: DashboardServices, viewer: Viewer, person_id: int, which: str) -> None:
    await services.store.write(lambda unit: clicks.viewed(services.desk(unit), viewer, person_id, which))


def _instant(asked: str) -> datetime | None:
    """An instant as our own link for older lines writes it; None for anything else."""
    try:
        instant = datetime.fromisoformat(asked)
    except ValueError:
        return None
    # A far-off year overflows when it is moved to UTC, and no line is that old or that new.
    return instant.astimezone(UTC) if instant.tzinfo is not None and 2000 < instant.year < 3000 else None
