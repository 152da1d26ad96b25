"""Taking an incident on, and closing it with how it ended."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from casework import clicks
from dashboard.guard import Staff
from dashboard.problems import NotFoundError
from dashboard.routes.answers import RowId, form_of, page, see_other
from dashboard.routes.person import draw_person
from dashboard.said import is_our_list, with_code
from dashboard.services import Services
from dashboard.view import Problem
from rules.incidents import CloseOutcome
from storage.queries import Unit
from storage.queries.scope import person_of_incident

router = APIRouter(prefix="/incidents/{incident_id}")

ENDED_HOW = "Say how it ended"


@router.post("/acknowledge")
async def acknowledge(incident_id: RowId, request: Request, staff: Staff, services: Services) -> Response:
    """Take it on, then go back to where the button was."""
    back = (await form_of(request)).get("back", "")
    did = await services.store.write(lambda unit: clicks.acknowledge(services.desk(unit), staff.viewer, incident_id))
    if did is None:
        raise NotFoundError
    code = "acknowledged" if did.changed else "already"
    return see_other(with_code(back if is_our_list(back) else f"/people/{did.person_id}", code))


@router.post("/close")
async def close(incident_id: RowId, request: Request, staff: Staff, services: Services) -> Response:
    """Close it, or show the person's page again when no outcome was chosen."""
    chosen = (await form_of(request)).get("outcome", "")
    outcome = next((each for each in CloseOutcome if each.value == chosen), None)

    def shut(unit: Unit) -> clicks.Did | int | None:
        whose = person_of_incident(staff.viewer, unit, incident_id)
        if whose is None or outcome is None:
            return whose
        try:
            return clicks.close_incident(services.desk(unit), staff.viewer, incident_id, outcome)
        except ValueError:
            return whose

    did = await services.store.write(shut)
    if did is None:
        raise NotFoundError
    if isinstance(did, int):
        problem = Problem(f"outcome--{incident_id}", ENDED_HOW)
        return page("person", await draw_person(staff, services, did, problems=(problem,)), 400)
    return see_other(with_code(f"/people/{did.person_id}", "closed" if did.changed else "already"))
