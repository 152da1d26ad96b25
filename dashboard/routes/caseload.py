"""The caseload table."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Response

from dashboard.caseload_view import LIST_PATH, caseload_page
from dashboard.guard import Staff
from dashboard.routes.answers import frame_for, page, see_other
from dashboard.said import words_for
from dashboard.services import Services
from dashboard.view import CaseloadPage
from storage.queries import Unit
from storage.queries.caseload import Order, Show, Wanted, caseload
from storage.queries.health import telegram_health
from storage.queries.staff import advisers_in_team

router = APIRouter()

Word = TypeVar("Word", bound=StrEnum)


@router.get("/")
async def home(_: Staff) -> Response:
    """The first page is the list."""
    return see_other(LIST_PATH)


@router.get(LIST_PATH)
async def show_caseload(
    staff: Staff,
    services: Services,
    state: str = "",
    order: str = "",
    adviser: str = "",
    page_number: Annotated[str, Query(alias="page")] = "",
    said: str = "",
) -> Response:
    """The people this member of staff may see, filtered and ordered. What makes no sense in the address is left out."""
    wanted = Wanted(
        _word(Show, state, Show.EVERYONE), _word(Order, order, Order.OVER), _number(adviser), _number(page_number) or 1
    )

    def draw(unit: Unit) -> CaseloadPage:
        viewer = staff.viewer
        return caseload_page(
            frame_for(services, staff, "people"),
            wanted,
            caseload(viewer, unit, wanted),
            advisers_in_team(viewer, unit),
            telegram_health(viewer, unit),
            unit.now,
            words_for(said),
        )

    return page("caseload", await services.store.read(draw))


def _word(words: type[Word], asked: str, otherwise: Word) -> Word:
    return next((each for each in words if each.value == asked), otherwise)


def _number(asked: str) -> int | None:
    """A row id or a page number as somebody may have typed it; None when it is not one."""
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None
