"""Who may see whom and do what: the whole matrix, cell by cell."""

from __future__ import annotations

from itertools import product

import pytest

from rules.access import Act, Role, Subject, Viewer, may_do, may_see

VIEWERS = {
    "own adviser": Viewer(10, Role.ADVISER, 1),
    "adviser in team": Viewer(11, Role.ADVISER, 1),
    "other team's adviser": Viewer(12, Role.ADVISER, 2),
    "own manager": Viewer(20, Role.MANAGER, 1),
    "other team's manager": Viewer(21, Role.MANAGER, 2),
    "manager of no team": Viewer(22, Role.MANAGER, None),
    "themselves": Viewer(1, Role.CARE_LEAVER, 1),
    "another care leaver": Viewer(2, Role.CARE_LEAVER, 1),
    "their carer": Viewer(3, Role.CARER, 1),
}
SUBJECTS = {
    "care leaver": Subject(1, Role.CARE_LEAVER, 1, frozenset({10})),
    "carer": Subject(3, Role.CARER, 1, frozenset({10})),
    "with no adviser": Subject(4, Role.CARE_LEAVER, 1),
    "in no team": Subject(5, Role.CARE_LEAVER, None),
    "erased": Subject(6, Role.CARE_LEAVER, 1, frozenset({10, 11, 12, 1}), erased=True),
    "adviser": Subject(10, Role.ADVISER, 1),
    "manager": Subject(20, Role.MANAGER, 1),
}
MAY_SEE = {
    ("own adviser", "care leaver"),
    ("own adviser", "carer"),
    ("own manager", "care leaver"),
    ("own manager", "carer"),
    ("own manager", "with no adviser"),
}
ACTS_ON_PEOPLE = {Act.LOG_CONTACT, Act.ACKNOWLEDGE, Act.CHANGE_CADENCE}
MAY_INVITE = {("own adviser", "adviser"), ("own manager", "adviser")}
SEES_TEAM = {("own manager", subject) for subject in SUBJECTS if subject not in ("in no team", "erased")}
CELLS = list(product(VIEWERS, SUBJECTS))


@pytest.mark.parametrize(("viewer", "subject"), CELLS)
def test_who_may_see_whom(viewer: str, subject: str) -> None:
    """An adviser sees their own people, a manager their team, nobody an erased person, and the others nobody."""
    assert may_see(VIEWERS[viewer], SUBJECTS[subject]) == ((viewer, subject) in MAY_SEE)


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize(("viewer", "subject"), CELLS)
def test_who_may_do_what(viewer: str, subject: str, act: Act) -> None:
    """Nobody acts on a person they may not see; invitations are an adviser's own or their manager's to make."""
    if act in ACTS_ON_PEOPLE:
        expected = (viewer, subject) in MAY_SEE
    else:
        expected = (viewer, subject) in (MAY_INVITE if act is Act.INVITE else SEES_TEAM)
    assert may_do(VIEWERS[viewer], SUBJECTS[subject], act) == expected


def test_two_nobodies_are_not_one_team() -> None:
    """Having no team is not being in the same team as others who have none."""
    assert not may_see(VIEWERS["manager of no team"], SUBJECTS["in no team"])


def test_only_staff_sign_in() -> None:
    """Only advisers and managers have a dashboard."""
    assert [role for role in Role if role.is_staff] == [Role.ADVISER, Role.MANAGER]
