"""How the road to and from Telegram is, in numbers that name nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from rules.access import Viewer
from storage.tables import InboxRow, OutboxRow
from storage.unit import Unit

INBOX = InboxRow.__table__  # type: ignore[attr-defined]
OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class TelegramHealth:
    """Updates set aside, sends whose outcome nobody knows, and since when the oldest thing due has waited."""

    quarantined: int
    unknown_sends: int
    oldest_waiting_utc: datetime | None


def telegram_health(viewer: Viewer, unit: Unit) -> TelegramHealth:
    """The whole service's numbers, for any member of staff."""
    if not viewer.role.is_staff:
        raise PermissionError("only staff see the service's health")
    connection = unit.connection
    quarantined = connection.execute(select(func.count()).where(INBOX.c.state == "quarantined")).scalar_one()
    unknown = connection.execute(select(func.count()).where(OUTBOX.c.state == "unknown")).scalar_one()
    arrived = connection.execute(select(func.min(INBOX.c.kept_utc)).where(INBOX.c.state == "pending")).scalar_one()
    leaving = connection.execute(
        select(func.min(OUTBOX.c.due_utc)).where(OUTBOX.c.state == "pending", OUTBOX.c.due_utc <= unit.now)
    ).scalar_one()
    waiting = [each for each in (arrived, leaving) if each is not None]
    return TelegramHealth(int(quarantined), int(unknown), min(waiting, default=None))
