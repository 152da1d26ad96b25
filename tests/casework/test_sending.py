"""What is written down after a send, as the next look at the row will find it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from casework import sending
from casework.desk import Desk
from rules.sending import HELP_TRIES, Kind, Unknown
from storage import outbox, sends
from storage.outbox import ToSend
from storage.unit import Unit
from tests.living import Living, living

GUEST = 7_000_001


async def _try_until_over(town: Living, kind: Kind) -> int:
    """How often a message of this kind leaves when no answer ever comes; at most ten times are tried."""
    store, office = town.service.store, town.service.office
    one = ToSend("said", kind.value, kind.priority, "said", "sendMessage", {"text": "x"}, chat_id=GUEST)
    await store.write(lambda unit: outbox.add(unit, [one]))

    def leave(unit: Unit) -> bool:
        ids = [each.id for each in sends.candidates(unit, 1, [])]
        claimed = sending.claim_due(Desk(unit, office), ids)
        sending.record(Desk(unit, office), [(each, Unknown()) for each in claimed])
        return bool(claimed)

    tries = 0
    while tries < 10 and await store.write(leave):
        tries += 1
        town.clock.turn(timedelta(minutes=1))
    return tries


@pytest.mark.parametrize(("kind", "times"), [(Kind.REPLY, 2), (Kind.HELP, HELP_TRIES)])
async def test_an_unconfirmed_message_is_repeated_as_its_kind_says_and_no_oftener(
    tmp_path: Path, kind: Kind, times: int
) -> None:
    """A reply nobody confirmed leaves twice in all, help five times: the count outlives the claim."""
    async with living(tmp_path) as town:
        await town.service.sender.stop(2)
        assert await _try_until_over(town, kind) == times
