"""The app's own list of its routes, so that a new one is tested without anyone remembering to."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI

from dashboard.guard import all_routes

SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Address:
    """One method of one route."""

    method: str
    path: str

    @property
    def is_safe(self) -> bool:
        """Whether it may change nothing."""
        return self.method in SAFE

    @property
    def is_about_someone(self) -> bool:
        """Whether it names a person, or an incident of theirs."""
        return "{person_id}" in self.path or "{incident_id}" in self.path

    def fill(self, person: int = 1, incident: int = 1, token: str = "0" * 64) -> str:
        """The path with its gaps filled."""
        return self.path.format(person_id=person, incident_id=incident, token=token)


def addresses(app: FastAPI) -> list[Address]:
    """Every method of every route."""
    return [
        Address(method, str(route.path)) for route in all_routes(app) for method in sorted(route.methods or {"GET"})
    ]
