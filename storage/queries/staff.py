"""The staff a viewer may know about."""

from __future__ import annotations

from sqlalchemy import select

from rules.access import Role, Viewer
from storage.queries.scope import PERSON, open_names
from storage.unit import Unit


def advisers_in_team(viewer: Viewer, unit: Unit) -> tuple[tuple[int, str], ...]:
    """The advisers a manager may filter by (id, name), A to Z; nothing for anyone else."""
    if viewer.role is not Role.MANAGER or viewer.team_id is None:
        return ()
    found = unit.connection.execute(
        select(PERSON.c.id, PERSON.c.name_sealed).where(
            PERSON.c.team_id == viewer.team_id, PERSON.c.role == Role.ADVISER.value, PERSON.c.state != "erased"
        )
    ).all()
    names = open_names(unit, {row.id: row.name_sealed for row in found})
    return tuple(sorted(names.items(), key=lambda each: each[1].casefold()))
