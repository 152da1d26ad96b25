"""Who may see whom, and who may do what. Every query about people takes a Viewer and comes through here.

The dashboard is for advisers and managers. Care leavers and carers act on themselves in the chat, where nobody else
can be named, so this table gives them nothing. Nobody sees a person who has been erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What someone is to the service. One role a person."""

    CARE_LEAVER = "care_leaver"
    CARER = "carer"
    ADVISER = "adviser"
    MANAGER = "manager"

    @property
    def is_staff(self) -> bool:
        """Whether they may sign in to the dashboard at all."""
        return self in (Role.ADVISER, Role.MANAGER)


class Act(StrEnum):
    """What a worker may want to do. For INVITE the subject is the adviser the invitation is bound to; for SEE_TEAM
    it is anyone in the team."""

    LOG_CONTACT = "log_contact"
    ACKNOWLEDGE = "acknowledge"
    CHANGE_CADENCE = "change_cadence"
    INVITE = "invite"
    SEE_TEAM = "see_team"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking, as the session or the chat has proved. `team_id` None belongs to no team and sees no team."""

    person_id: int
    role: Role
    team_id: int | None


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is asked about. `adviser_ids` are the advisers linked to them now, covering ones included."""

    person_id: int
    role: Role
    team_id: int | None
    adviser_ids: frozenset[int] = frozenset()
    erased: bool = False


def may_see(viewer: Viewer, subject: Subject) -> bool:
    """Whether the viewer may know this person exists in the service: an adviser their own people, a manager their
    team's. Staff are nobody's people; what a manager sees of them is SEE_TEAM."""
    if subject.erased or subject.role.is_staff:
        return False
    if viewer.role is Role.ADVISER:
        return viewer.person_id in subject.adviser_ids
    return _manages(viewer, subject)


def may_do(viewer: Viewer, subject: Subject, act: Act) -> bool:
    """Whether the viewer may do this act to this person."""
    if subject.erased:
        return False
    if act is Act.SEE_TEAM:
        return _manages(viewer, subject)
    if act is Act.INVITE:
        return subject.role is Role.ADVISER and (_is_self(viewer, subject) or _manages(viewer, subject))
    return may_see(viewer, subject)


def _manages(viewer: Viewer, subject: Subject) -> bool:
    return viewer.role is Role.MANAGER and viewer.team_id is not None and viewer.team_id == subject.team_id


def _is_self(viewer: Viewer, subject: Subject) -> bool:
    return viewer.role is subject.role and viewer.person_id == subject.person_id
