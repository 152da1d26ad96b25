"""Starting the real service as a child process, speaking with it, and starting it again when it dies."""

import asyncio
import contextlib
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.child import CLOCK_FILE

READY_WITHIN_S = 30.0
STOP_WITHIN_S = 15.0


class ServiceDownError(Exception):
    """The service went away before it answered."""


@dataclass
class ServiceProcess:
    """One child at a time. `folder` holds its database, key, clock and log; `settings` are its environment."""

    folder: Path
    settings: dict[str, str]
    child: asyncio.subprocess.Process | None = None
    speaking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def start(self) -> None:
        """Start the child and wait until it says that it is ready. Raises ServiceDownError with where its log is."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KEEPINTOUCH_")}
        environment |= self.settings | {CLOCK_FILE: str(self.folder / "clock")}
        with (self.folder / "service.log").open("ab") as log:
            self.child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "sandbox.child",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=environment,
                cwd=Path(__file__).parent.parent,
            )
        await self._hear(READY_WITHIN_S)

    async def ask(self, **what: Any) -> dict[str, Any]:
        """Tell the child to do something and return its answer. Raises ServiceDownError."""
        async with self.speaking:
            child = self.child
            if child is None or child.stdin is None:
                raise ServiceDownError("the service is not running")
            child.stdin.write(json.dumps(what).encode() + b"\n")
            with contextlib.suppress(ConnectionError):
                await child.stdin.drain()
            return await self._hear(READY_WITHIN_S)

    async def _hear(self, within_s: float) -> dict[str, Any]:
        child = self.child
        if child is None or child.stdout is None:
            raise ServiceDownError("the service is not running")
        line = await asyncio.wait_for(child.stdout.readline(), within_s)
        if not line:
            raise ServiceDownError(f"the service stopped; its log is {self.folder / 'service.log'}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def keep_running(self) -> None:
        """Start the child again whenever it dies, as a service manager would, until cancelled."""
        while self.child is not None:
            await self.child.wait()
            async with self.speaking:
                await self.start()

    async def stop(self) -> None:
        """Ask it to stop, and wait until what it has in hand is done."""
        child, self.child = self.child, None
        if child is None or child.returncode is not None:
            return
        child.terminate()
        try:
            await asyncio.wait_for(child.wait(), STOP_WITHIN_S)
        except TimeoutError:
            child.kill()
            await child.wait()
