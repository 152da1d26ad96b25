"""The processes that are measured, and the server they talk to. Each is stopped when its block ends."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

CHECKOUT = Path(__file__).parent.parent
TOKEN = "42:BENCH"
SUBJECT_CORE, STUB_CORE = 0, 1
STOPS_WITHIN_S = 20
READY_WITHIN_S = 60


@dataclass(frozen=True, slots=True)
class Running:
    """One running process and the address it serves, if it serves one."""

    process: subprocess.Popen[bytes]
    address: str = ""

    def rss_mb(self) -> float:
        """Memory held now, in MB (1,000,000 bytes)."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 1e6

    def cpu_s(self) -> float:
        """Processor seconds used so far, by all its threads."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)


@dataclass(frozen=True, slots=True)
class StubServer:
    """The Bot API server of stub.py, running."""

    address: str

    def start(self, file: Path | None = None, *, per_second: float = 0, answer_ms: float = 0) -> None:
        """Begin a load; see Stub.start."""
        asked = {"file": "" if file is None else str(file), "per_second": per_second, "answer_ms": answer_ms}
        self._ask(f"/bench/start?{urllib.parse.urlencode(asked)}")

    def stats(self) -> dict[str, Any]:
        """What became of the load so far."""
        return self._ask("/bench/stats")

    def wait(self, what: str, count: int, *, within_s: float, still_s: float = 5.0) -> dict[str, Any]:
        """The stats once `what` has reached `count`, the time is over, or nothing has moved for `still_s`."""
        ends = time.monotonic() + within_s
        before, moved = -1, time.monotonic()
        while True:
            stats = self.stats()
            if stats[what] >= count or time.monotonic() > ends or time.monotonic() - moved > still_s:
                return stats
            if stats[what] != before:
                before, moved = stats[what], time.monotonic()
            time.sleep(0.1)

    def _ask(self, path: str) -> dict[str, Any]:
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            said: dict[str, Any] = json.load(answer)
        return said


@contextlib.contextmanager
def stub_server() -> Iterator[StubServer]:
    """The server, until the block ends."""
    with _run([sys.executable, "-m", "bench.stub"], dict(os.environ), STUB_CORE, read=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        yield StubServer(f"http://127.0.0.1:{port}")


@contextlib.contextmanager
def echo_bot(stub: StubServer) -> Iterator[Running]:
    """The stock echo bot, once it polls."""
    polls = stub.stats()["polls"]
    command = [sys.executable, "-m", "bench.echo_bot", stub.address]
    with _run(command, dict(os.environ), SUBJECT_CORE) as process:
        stub.wait("polls", polls + 1, within_s=READY_WITHIN_S, still_s=READY_WITHIN_S)
        yield Running(process)


@contextlib.contextmanager
def service(stub: StubServer, folder: Path, *, per_second: float = 5_000, chat_rest_s: float = 1) -> Iterator[Running]:
    """The whole service as in life, on the database in `folder` (a new one when there is none), once ready."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    set_to = {
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API": stub.address,
        "DATABASE_URL": database_url(folder),
        "MASTER_KEY_FILE": str(folder / "master.key"),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_URL": address,
        "SENDS_PER_SECOND": str(per_second),
        "CHAT_REST_SECONDS": str(chat_rest_s),
        "LOG_LEVEL": "WARNING",
    }
    env = {name: value for name, value in os.environ.items() if not name.startswith("KEEPINTOUCH_")}
    env |= {f"KEEPINTOUCH_{name}": value for name, value in set_to.items()}
    command = [str(Path(sys.executable).parent / "keepintouch"), "run"]
    folder.mkdir(parents=True, exist_ok=True)
    with _run(command, env, SUBJECT_CORE, folder=folder) as process:
        wait_for_health(address, process)
        yield Running(process, address)


def wait_for_health(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return when /health says 200. RuntimeError when the process ends or it takes too long."""
    ends = time.monotonic() + READY_WITHIN_S
    while process.poll() is None and time.monotonic() < ends:
        with contextlib.suppress(OSError, urllib.error.URLError):
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return
        time.sleep(0.01)
    raise RuntimeError("the service did not get ready")


def database_url(folder: Path) -> str:
    """Where a folder's database is."""
    return f"sqlite:///{folder}/keepintouch.db"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def _run(
    command: list[str], env: dict[str, str], core: int, *, read: bool = False, folder: Path = CHECKOUT
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.PIPE if read else subprocess.DEVNULL)
    _keep_on_core(process.pid, core)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _keep_on_core(pid: int, core: int) -> None:
    """Who is measured and who measures do not share a core, where the system lets us say so."""
    if (os.cpu_count() or 1) > max(SUBJECT_CORE, STUB_CORE) and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, {core})
