"""S1: another process holds the database. The webhook says 503 within 5 s or keeps; nothing is lost; it recovers."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from pathlib import Path

from tests.hooked import Hooked, hooked, said
from tests.locks import Holder, other_process
from tests.promises.counts import count

POINTS = count(commit=30, night=500)
LONG_ONES_S = (5.0, 8.0, 12.0, 20.0)
ANSWER_WITHIN_S = 5.0
AT_ONCE = 4
TEXT = "/nonsense"


class Posts:
    """What was posted, what was said to each try, and how long the slowest answer took."""

    def __init__(self, hook: Hooked) -> None:
        self._hook = hook
        self.slowest_s = 0.0
        self.refused = 0
        self.kept: list[int] = []

    async def until_taken(self, update_id: int, chat_id: int) -> None:
        """Post one update as Telegram does: again after every 503."""
        while True:
            began = time.monotonic()
            answer = await self._hook.post(said(update_id, TEXT, chat_id))
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
            if answer.status_code == 200:
                self.kept.append(update_id)
                return
            assert answer.status_code == 503
            self.refused += 1
            await asyncio.sleep(0.05)


def _hold(other: Holder, after_s: float, for_s: float) -> None:
    if after_s:
        time.sleep(after_s)
        other.hold()
    time.sleep(for_s)
    other.let_go()


async def test_nothing_is_lost_while_another_process_holds_the_lock(tmp_path: Path) -> None:
    """30 locks, of 0.1 s to many seconds, while people write: each message is answered once, each 503 comes in time."""
    lots = random.Random(1)
    lengths = [*LONG_ONES_S, *(lots.uniform(0.1, 0.6) for _ in range(POINTS - len(LONG_ONES_S)))]
    async with hooked(tmp_path) as hook:
        posts = Posts(hook)
        phones = [hook.town.phone(f"Guest {number}") for number in range(AT_ONCE)]
        for phone in phones:
            phone.phone.started = True
        with other_process(tmp_path / "keepintouch.db") as other:
            for point, length_s in enumerate(lengths):
                # Half of them are there first, half come in the middle.
                after_s = max(0.0, lots.uniform(-0.02, 0.02)) if length_s < min(LONG_ONES_S) else 0.0
                if not after_s:
                    other.hold()
                holding = threading.Thread(target=_hold, args=(other, after_s, length_s))
                holding.start()
                first = 1 + point * AT_ONCE
                await asyncio.gather(*(posts.until_taken(first + n, phone.id) for n, phone in enumerate(phones)))
                await asyncio.to_thread(holding.join)
        for phone in phones:
            await phone.waits_for_count(len(lengths), within_s=20)
        await hook.town.settle()
        assert [len(phone.from_bot()) for phone in phones] == [len(lengths)] * AT_ONCE
        health = (await hook.door.get("/health")).json()
    assert health["ready"] is True
    assert health["inbox"] == {"pending": 0, "oldest_s": 0, "quarantined": 0}
    assert posts.refused >= AT_ONCE * len(LONG_ONES_S)
    assert posts.slowest_s <= ANSWER_WITHIN_S
