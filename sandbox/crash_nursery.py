"""A warm process that has imported the whole service but started no thread and no loop, and forks a life on demand.

`python -m sandbox.crash_nursery SOCKET` listens on a Unix socket; each connection is one life (sandbox/crash_life.py).
It ends when its standard input is closed, and takes every life with it: none outlives whoever started it.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn.lifespan.on
import uvicorn.protocols.http.auto
import uvicorn.protocols.websockets.auto  # noqa: F401  # uvicorn would import these as it starts
from sqlalchemy.orm import configure_mappers

from content import council, guidance, ladder
from content.words import plain
from sandbox.crash_life import live


class Nursery:
    """`with Nursery() as nursery`: lives can be had at `nursery.address` until the block ends."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="nursery-")
        self.address = str(Path(self._folder.name) / "lives")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603  # ourselves
            [sys.executable, "-m", "sandbox.crash_nursery", self.address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
        )
        if self._process.stdout is None or self._process.stdout.readline() != b"warm\n":
            raise RuntimeError("the nursery did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.communicate(timeout=10)
        self._folder.cleanup()


def main(address: str) -> None:
    """Fork a life for each connection until standard input ends."""
    os.setpgid(0, 0)
    _warm_up()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the dead
    gc.collect()
    gc.freeze()
    sys.stdout.write("warm\n")
    sys.stdout.flush()
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            os.killpg(0, signal.SIGKILL)  # the lives that are left, and this process
        connection, _ = listener.accept()
        if os.fork() == 0:
            _be_born(listener)
            try:
                live(connection)
            finally:
                os._exit(0)
        connection.close()


def _warm_up() -> None:
    """Load what a service loads as it starts, so that a life begins in a few hundredths of a second."""
    configure_mappers()
    pack = council.built_in("brackwater")
    council.load(pack)
    ladder.load(pack)
    guidance.pages(guidance.Audience.CARE_LEAVER)
    plain("commands.start")


def _be_born(listener: socket.socket) -> None:
    listener.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)


if __name__ == "__main__":
    main(sys.argv[1])
