"""Updates handled per second, and how long an answer takes: the whole service beside the stock echo bot.

Both poll the same server, in turn, several times; the ratio is taken within each turn, because the machine's speed
swings by more than the difference between many runs.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bench import messages
from bench.figures import median, spread
from bench.processes import Running, StubServer, echo_bot, service
from bench.table import Row
from bench.town import Settler, ask_everyone, open_town
from bot.clock import SystemClock

WARM, BURST, RATE, OPEN = 100, 2_000, 300, 3_000
ROUND_TRIP_MS = 50
P99_AIM_MS, RSS_AIM_MB = 50, 120


@dataclass(slots=True)
class Took:
    """The figures of one kind of bot, a value for each turn."""

    burst_per_s: list[float] = field(default_factory=list)
    open_per_s: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    idle_mb: list[float] = field(default_factory=list)
    after_mb: list[float] = field(default_factory=list)
    busy_us: list[float] = field(default_factory=list)
    stub_busy: list[float] = field(default_factory=list)
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class Files:
    """The loads: to warm up, all at once, and open loop."""

    warm: Path
    burst: Path
    open: Path


def measure(folder: Path, stub: StubServer, turns: int) -> list[Row]:
    """The rows of this measure."""
    texts, ours, theirs, pressed = _texts(folder), Took(), Took(), Took()
    for turn in range(turns):
        home = folder / f"strangers{turn}"
        open_town(home, SystemClock())[0].close()  # the first start of all also loads what makes the tables
        _turn(stub, partial(service, stub, home), texts, ours)
        _turn(stub, partial(echo_bot, stub), texts, theirs)
        files, home = _presses(folder, turn)
        _turn(stub, partial(service, stub, home), files, pressed)
    return [*_compared(ours, theirs), *_of_presses(pressed), *_memory(ours, theirs), _stub_row(ours, theirs, pressed)]


def _texts(folder: Path) -> Files:
    return Files(
        messages.texts(folder / "warm.jsonl", WARM, 100_000),
        messages.texts(folder / "burst.jsonl", BURST, 200_000),
        messages.texts(folder / "open.jsonl", OPEN, 300_000),
    )


def _presses(folder: Path, turn: int) -> tuple[Files, Path]:
    """A database with joined people who have been asked, and their answers."""
    home = folder / f"asked{turn}"
    clock = SystemClock()
    settler = Settler(home, clock)
    team = settler.team("Leaving Care", WARM + BURST + OPEN, clock.now().replace(year=clock.now().year + 1))
    asked = ask_everyone(settler.store, team)
    settler.store.close()
    return Files(
        messages.presses(home / "warm.jsonl", asked[:WARM]),
        messages.presses(home / "burst.jsonl", asked[WARM : WARM + BURST]),
        messages.presses(home / "open.jsonl", asked[WARM + BURST :]),
    ), home


def _turn(stub: StubServer, start: Callable[[], AbstractContextManager[Running]], files: Files, took: Took) -> None:
    """One bot: warm up, a burst with answers at once, then an open loop with Telegram's round trip."""
    with start() as bot:
        took.idle_mb.append(bot.rss_mb())
        stub.start(files.warm)
        stub.wait("answered", WARM, within_s=60)
        cpu_s = bot.cpu_s()
        stub.start(files.burst)
        burst = stub.wait("answered", BURST, within_s=120)
        took.burst_per_s.append(burst["answered_per_s"])
        took.unanswered += BURST - burst["answered"]
        took.after_mb.append(bot.rss_mb())
        took.busy_us.append((bot.cpu_s() - cpu_s) * 1e6 / BURST)
        took.stub_busy.append(burst["stub_busy"])
        stub.start(files.open, per_second=RATE, answer_ms=ROUND_TRIP_MS)
        # A bot that cannot keep up is not waited for: what it managed in this time is its figure.
        opened = stub.wait("answered", OPEN, within_s=OPEN / RATE + 3)
        took.open_per_s.append(opened["answered_per_s"])
        took.p50_ms.append(opened["p50_ms"])
        took.p99_ms.append(opened["p99_ms"])


def _compared(ours: Took, theirs: Took) -> list[Row]:
    ratio = [mine / yours for mine, yours in zip(ours.burst_per_s, theirs.burst_per_s, strict=True)]
    kept_up = median(ours.open_per_s) > RATE * 0.98
    return [
        Row("burst: whole service ÷ stock echo bot", f"{spread(ratio, 2)} ×", "over 1 ×", median(ratio) > 1),
        Row("burst: whole service, updates/s", spread(ours.burst_per_s)),
        Row("burst: stock echo bot, updates/s", spread(theirs.burst_per_s)),
        Row("burst: whole service, left unanswered", str(ours.unanswered), "0", ours.unanswered == 0),
        Row("burst: whole service, processor µs an update", spread(ours.busy_us)),
        Row("burst: stock echo bot, processor µs an update", spread(theirs.busy_us)),
        Row(f"{RATE}/s, 50 ms round trip: whole service keeps up, /s", spread(ours.open_per_s), f"{RATE}", kept_up),
        Row(
            f"{RATE}/s, 50 ms round trip: whole service p99 ms",
            spread(ours.p99_ms, 1),
            f"under {P99_AIM_MS}",
            kept_up and median(ours.p99_ms) < P99_AIM_MS,
        ),
        Row(f"{RATE}/s, 50 ms round trip: whole service p50 ms", spread(ours.p50_ms, 1)),
        Row(f"{RATE}/s, 50 ms round trip: stock echo bot manages, /s", spread(theirs.open_per_s)),
        Row(f"{RATE}/s, 50 ms round trip: stock echo bot p50 ms of those", spread(theirs.p50_ms)),
    ]


def _of_presses(pressed: Took) -> list[Row]:
    kept_up = median(pressed.open_per_s) > RATE * 0.98
    return [
        Row("answers to a check-in, burst: whole service, updates/s", spread(pressed.burst_per_s)),
        Row("answers to a check-in, burst: processor µs an update", spread(pressed.busy_us)),
        Row("answers to a check-in, burst: left unanswered", str(pressed.unanswered), "0", pressed.unanswered == 0),
        Row(f"answers to a check-in, {RATE}/s: keeps up, /s", spread(pressed.open_per_s), f"{RATE}", kept_up),
        Row(f"answers to a check-in, {RATE}/s: p50 ms", spread(pressed.p50_ms, 1)),
        Row(f"answers to a check-in, {RATE}/s: p99 ms", spread(pressed.p99_ms, 1)),
    ]


def _memory(ours: Took, theirs: Took) -> list[Row]:
    return [
        Row("memory: whole service when ready, MB", spread(ours.idle_mb)),
        Row(
            "memory: whole service after 2,000 updates, MB",
            spread(ours.after_mb),
            f"under {RSS_AIM_MB}",
            max(ours.after_mb) < RSS_AIM_MB,
        ),
        Row("memory: stock echo bot after 2,000 updates, MB", spread(theirs.after_mb)),
    ]


def _stub_row(*all_of_them: Took) -> Row:
    busiest = max(share for took in all_of_them for share in took.stub_busy)
    return Row(
        "the server all this ran against: busiest, share of its core", f"{busiest:.0%}", "under 70%", busiest < 0.7
    )
