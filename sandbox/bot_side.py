"""The side a bot talks to: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

import asyncio
import logging
import os
import socket
import struct
from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from sandbox import method_chats, method_edits, method_media, method_messages, method_profile, method_updates
from sandbox.calls import Call, read_call
from sandbox.clock import monotonic
from sandbox.faults import Fault
from sandbox.refusals import Json, Refusal, not_found
from sandbox.webhook import Webhook
from sandbox.world import World

_log = logging.getLogger(__name__)
METHODS: dict[str, Callable[[World, Call], Any]] = {
    **method_profile.METHODS,
    **method_messages.METHODS,
    **method_edits.METHODS,
    **method_media.METHODS,
    **method_chats.METHODS,
}
_BEFORE = frozenset({"hang_before", "reset_before", "too_many", "error", "bad_json", "blocked", "deactivated"})


class BotSide:
    """An ASGI application for one bot."""

    def __init__(self, world: World, webhook: Webhook) -> None:
        self._world = world
        self._webhook = webhook

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wire = Wire(receive, send)
        path: str = scope["path"]
        try:
            if path.startswith("/file/bot"):
                await self._download(wire, path.removeprefix("/file/bot"))
                return
            token, _, method = path.removeprefix("/bot").rpartition("/")
            await self._call(wire, Request(scope, receive), token, method)
        except Refusal as refused:
            await wire.answer(refused.code, refused.body())
        except ClientDisconnect:
            return

    async def _call(self, wire: "Wire", request: Request, token: str, method: str) -> None:
        if token != self._world.token:
            raise Refusal(401, "Unauthorized")
        call = await read_call(request, method)
        self._world.calls.append((call.method, call.chat_or_none(), monotonic()))
        fault = self._world.faults.on_call(call.method, call.chat_or_none())
        if fault is None:
            await wire.raw(200, await self._result(call))
            return
        await self._faulty(wire, call, fault)

    async def _result(self, call: Call) -> bytes:
        world, webhook = self._world, self._webhook
        if call.method == "getupdates":
            return await method_updates.get_updates(world, webhook, call)
        if call.method == "setwebhook":
            return _ok(*method_updates.set_webhook(world, webhook, call))
        if call.method == "deletewebhook":
            return _ok(*method_updates.delete_webhook(world, webhook, call))
        if call.method == "getwebhookinfo":
            return _ok(webhook.info())
        method = METHODS.get(call.method)
        if method is None:
            world.unknown_methods.append(call.method)
            _log.error("the sandbox has no Bot API method %s: answered 404", call.method)
            raise not_found()
        return _ok(method(world, call))

    async def _faulty(self, wire: "Wire", call: Call, fault: Fault) -> None:
        """Carries out the fault: `before` kinds leave the phone alone, `after` kinds do not."""
        if fault.kind in _BEFORE:
            await self._struck(wire, fault)
            return
        if fault.kind == "slow":
            await asyncio.sleep(fault.delay_ms / 1000)
        result = await self._result(call)
        if fault.kind == "hang_after":
            await wire.hang(self._world.closing)
        elif fault.kind == "reset_after":
            await wire.reset()
        else:
            await wire.raw(200, result)

    async def _struck(self, wire: "Wire", fault: Fault) -> None:
        refusal = fault.refusal()
        if fault.kind == "hang_before":
            await wire.hang(self._world.closing)
        elif fault.kind == "reset_before":
            await wire.reset()
        elif fault.kind == "bad_json":
            await wire.raw(200, (fault.body or '{"ok":true,"result":{"message_id":').encode())
        elif fault.body is not None:
            await wire.raw(fault.code, fault.body.encode())
        elif refusal is not None:
            raise refusal

    async def _download(self, wire: "Wire", rest: str) -> None:
        token, _, path = rest.partition("/")
        if token != self._world.token:
            raise Refusal(401, "Unauthorized")
        file = self._world.files.by_path(path)
        if file is None:
            raise not_found()
        await wire.raw(200, file.content, b"application/octet-stream")


class Wire:
    """The connection of one request: answers on it, hangs on it, or cuts it."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send

    async def answer(self, status: int, body: Json) -> None:
        """A JSON answer, with the Retry-After header where the body names a wait."""
        wait: object = body.get("parameters", {}).get("retry_after")
        extra = [(b"retry-after", str(wait).encode())] if wait is not None else []
        await self.raw(status, orjson.dumps(body), extra=extra)

    async def raw(
        self,
        status: int,
        content: bytes,
        kind: bytes = b"application/json",
        extra: list[tuple[bytes, bytes]] | None = None,
    ) -> None:
        """Any bytes at all."""
        headers = [(b"content-type", kind), (b"content-length", str(len(content)).encode()), *(extra or [])]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": content})

    async def hang(self, closing: asyncio.Event) -> None:
        """Never answers: waits until the other side gives up or the server closes, then cuts."""
        gone = asyncio.create_task(self._gone())
        closes = asyncio.create_task(closing.wait())
        await asyncio.wait({gone, closes}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        closes.cancel()
        await self.reset()

    async def reset(self) -> None:
        """Cuts the connection with a TCP reset.

        ASGI has no word for this, so it reaches for uvicorn's transport, whose request cycle owns `send`.
        """
        transport = getattr(getattr(self._send, "__self__", None), "transport", None)
        if transport is None:
            raise RuntimeError("a reset needs uvicorn's own send, unwrapped")
        if transport.is_closing():
            return  # the other side gave up first
        # uvloop's socket object cannot set options, so a real one borrows its descriptor.
        with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as plug:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        await self._gone()

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


def _ok(result: object, description: str = "") -> bytes:
    described = {"description": description} if description else {}
    return orjson.dumps({"ok": True, "result": result} | described)
