"""Pushes updates to the bot's webhook, as Telegram does.

One delivery at a time for each chat, in order; anything but a 2xx is tried again after a growing wait, and what comes
after it in that chat waits too. Only plain http to this machine: the sandbox talks to nobody else.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.refusals import Json, bad_request
from sandbox.shapes import unix
from sandbox.updates import Update, UpdateQueue

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 the name of a header
_SECRET_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


@dataclass
class Target:
    """Where to push, once setWebhook was called."""

    url: str
    secret: str
    max_connections: int


class Webhook:
    """The pusher. Must be started on the server's loop before it delivers anything."""

    def __init__(self, updates: UpdateQueue, clock: Clock, faults: Faults) -> None:
        self._updates = updates
        self._clock = clock
        self._faults = faults
        self.target: Target | None = None
        self.first_wait_s = 0.5
        self.longest_wait_s = 60.0
        self.answer_within_s = 60.0
        self.last_error: tuple[datetime, str] | None = None
        self.attempts = 0
        self._lines: dict[int | None, asyncio.Task[None]] = {}
        self._free = asyncio.Semaphore(40)
        self._session: aiohttp.ClientSession | None = None
        updates.on_made = self._made

    def set(self, url: str, secret: str, max_connections: int) -> None:
        """Starts pushing there, what is already pending first."""
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.hostname not in LOOPBACK:
            raise bad_request("bad webhook: an HTTP URL on this machine must be provided for webhook")
        if not set(secret) <= _SECRET_CHARACTERS or len(secret) > 256:
            raise bad_request("secret token contains unallowed characters")
        self._stop_lines()
        self.target = Target(url, secret, max_connections)
        self._free = asyncio.Semaphore(max_connections)
        self.last_error = None
        self._updates.polling_ended_by_webhook = True
        self._updates.wake()
        for update in self._updates.pending():
            self._made(update)

    def delete(self) -> bool:
        """Stops pushing; whether there was anything to stop."""
        was_set = self.target is not None
        self.target = None
        self._updates.polling_ended_by_webhook = False
        self._stop_lines()
        return was_set

    def info(self) -> Json:
        """As getWebhookInfo answers."""
        target = self.target
        info: Json = {
            "url": target.url if target else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.pending()),
        }
        if target is not None:
            info |= {"max_connections": target.max_connections, "ip_address": "127.0.0.1"}
            if self.last_error is not None:
                info |= {"last_error_date": unix(self.last_error[0]), "last_error_message": self.last_error[1]}
        if self._updates.allowed:
            info["allowed_updates"] = sorted(self._updates.allowed)
        return info

    async def close(self) -> None:
        """Stops for good."""
        self.delete()
        if self._session is not None:
            await self._session.close()

    def _made(self, update: Update) -> None:
        line = update.chat_id
        if self.target is not None and line not in self._lines:
            self._lines[line] = asyncio.get_running_loop().create_task(self._deliver_line(line, self.target))

    async def _deliver_line(self, line: int | None, target: Target) -> None:
        """Delivers one chat's updates until none is left."""
        wait_s = self.first_wait_s
        while queue := self._updates.waiting_for(line):
            update = await self._second(line) or queue[0]
            if await self._deliver(update, target):
                wait_s = self.first_wait_s
                if self._faults.on_update("duplicate_update", line):
                    await self._deliver(update, target)
                self._updates.remove(update)
            else:
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, self.longest_wait_s)
        del self._lines[line]

    async def _second(self, line: int | None) -> Update | None:
        """The update to deliver before its turn, once there are two, while the fault for disorder is on."""
        while self._faults.waits("out_of_order", line):
            queue = self._updates.waiting_for(line)
            if len(queue) > 1:
                self._faults.on_update("out_of_order", line)
                return queue[1]
            await self._updates.change(0.2)
        return None

    async def _deliver(self, update: Update, target: Target) -> bool:
        """Whether it was answered with a 2xx."""
        headers = {"Content-Type": "application/json"}
        if target.secret:
            headers[SECRET_HEADER] = target.secret
        try:
            async with self._free:
                self.attempts += 1
                async with self._client().post(target.url, data=update.raw, headers=headers) as answer:
                    await answer.read()
                    status, reason = answer.status, answer.reason
        except (aiohttp.ClientError, TimeoutError, OSError) as failed:
            sentence = "Read timeout expired" if isinstance(failed, TimeoutError) else "Connection refused"
            self.last_error = (self._clock.now(), sentence)
            return False
        if 200 <= status < 300:
            return True
        self.last_error = (self._clock.now(), f"Wrong response from the webhook: {status} {reason}")
        return False

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self.answer_within_s)
            self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=100))
        return self._session

    def _stop_lines(self) -> None:
        for task in self._lines.values():
            task.cancel()
        self._lines.clear()
