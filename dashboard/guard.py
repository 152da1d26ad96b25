"""Who may open a route. Each depends on `signed_in` or, said out loud, on `anyone`; `refuse_unguarded` sees to it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import Mount

from casework import sign_in
from casework.sign_in import SignedIn
from dashboard.cookies import SESSION, read_cookie
from dashboard.services import Services

STATIC_PATH = "/static"


class NotSignedInError(Exception):
    """Nobody is signed in here: the answer is the way to sign in, whatever was asked for."""


async def signed_in(request: Request, services: Services) -> SignedIn:
    """The member of staff whose session the browser holds, looked up now. Raises NotSignedInError."""
    session_id = read_cookie(services, request, SESSION)
    if not session_id:
        raise NotSignedInError
    found = await services.store.read(lambda unit: sign_in.signed_in(unit, session_id, services.lasting))
    if found is None:
        raise NotSignedInError
    if found.due_a_touch:
        await services.store.write(lambda unit: sign_in.touch_session(unit, found.session_hash))
    return found


async def anyone() -> None:
    """This page is for people who are not signed in: it shows nothing about anybody."""


Staff = Annotated[SignedIn, Depends(signed_in)]
Anyone = Annotated[None, Depends(anyone)]


def all_routes(app: FastAPI) -> list[RouteContext]:
    """Every route of the app, those of included routers too, but for the folder of static files."""
    found = iter_route_contexts(app.routes)
    return [each for each in found if not (isinstance(each.route, Mount) and each.path == STATIC_PATH)]


def refuse_unguarded(app: FastAPI) -> None:
    """Raises RuntimeError naming the routes that no guard stands before, so that such an app is never served."""
    open_routes = [str(each.path) for each in all_routes(app) if not _is_guarded(each)]
    if open_routes:
        raise RuntimeError(f"no guard stands before {', '.join(open_routes)}")


def _is_guarded(route: RouteContext) -> bool:
    return isinstance(route.original_route, APIRoute) and bool(_calls(route.dependant) & {signed_in, anyone})


def _calls(dependant: Dependant) -> set[object]:
    found: set[object] = {dependant.call}
    for each in dependant.dependencies:
        found |= _calls(each)
    return found
