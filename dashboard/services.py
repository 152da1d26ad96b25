"""What the pages are handed when they are made: nothing here is looked up, read from a clock or made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Request

from casework.desk import Desk, Office
from casework.sign_in import IN_FORCE, Lasting
from storage.queries import Unit

T = TypeVar("T")


class Store(Protocol):
    """The way to the database: one Unit, committed once (`write`) or read-only (`read`)."""

    async def write(self, work: Callable[[Unit], T]) -> T:
        """Run `work` and commit it; nothing of it happened when this raises."""
        ...

    async def read(self, work: Callable[[Unit], T]) -> T:
        """Run `work` on a snapshot that cannot be written."""
        ...


class Clock(Protocol):
    """The one clock of the service."""

    def now(self) -> datetime:
        """This instant, aware UTC."""
        ...


@dataclass(frozen=True, slots=True)
class DashboardServices:
    """`new_token` gives 256 random bits as text safe in a URL. `insecure_cookies` is for plain http on loopback only:
    a browser would not send a Secure cookie back there. `least_answer_s` is how long asking for a link takes at least,
    so that its time says nothing; tests make it short.
    """

    store: Store
    clock: Clock
    new_token: Callable[[], str]
    office: Office
    insecure_cookies: bool = False
    least_answer_s: float = 0.25
    lasting: Lasting = IN_FORCE

    @property
    def origin(self) -> str:
        """Where our own pages come from, as a browser writes it in an Origin header."""
        return self.office.web_url

    def desk(self, unit: Unit) -> Desk:
        """What casework decides with."""
        return Desk(unit, self.office)


def services_of(request: Request) -> DashboardServices:
    """The services the app was made with."""
    services: DashboardServices = request.app.state.services
    return services


Services = Annotated[DashboardServices, Depends(services_of)]
