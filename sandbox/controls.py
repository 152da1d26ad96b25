"""Controls for tests and for showing what can go wrong: `/sandbox/faults`, `/updates`, `/limits`, `/journal`, ...

GET    /sandbox/faults            the rules in force
POST   /sandbox/faults            {kind, method?, chat_id?, times? (null: until cleared), retry_after_s?, code?,
                                   description?, body?, delay_ms?}
DELETE /sandbox/faults[/{id}]     clears all, or one
POST   /sandbox/updates           a raw update, given to the bot as it is; `update_id` is added if missing
POST   /sandbox/updates?raw={id}  any bytes, JSON or not, given out as they are until an offset passes that id
    POST   /sandbox/update-ids        {next}: start counting from here
POST   /sandbox/limits            {on, per_chat?, overall?}
GET    /sandbox/journal           every accepted send and edit
GET    /sandbox/calls             every call of the bot, newest last: [method, chat, monotonic seconds]
GET    /sandbox/unknown           methods the bot called that this server does not have
GET    /sandbox/pending           what the bot has not confirmed
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.answers import Endpoint, answering, body_of
from sandbox.webhook import Webhook
from sandbox.world import World

_FAULT_FIELDS = ("method", "chat_id", "times", "retry_after_s", "code", "description", "body", "delay_ms")


def control_routes(world: World, webhook: Webhook) -> list[BaseRoute]:
    """Every control route."""
    return [
        Route("/sandbox/faults", answering(_faults(world)), methods=["GET", "POST", "DELETE"]),
        Route("/sandbox/faults/{id:int}", answering(_faults(world)), methods=["DELETE"]),
        Route("/sandbox/updates", answering(_inject(world)), methods=["POST"]),
        Route("/sandbox/update-ids", answering(_restart_ids(world)), methods=["POST"]),
        Route("/sandbox/limits", answering(_limits(world)), methods=["POST"]),
        Route("/sandbox/journal", _journal(world), methods=["GET"]),
        Route("/sandbox/calls", _showing(lambda: {"calls": list(world.calls)}), methods=["GET"]),
        Route("/sandbox/unknown", _showing(lambda: {"unknown_methods": world.unknown_methods}), methods=["GET"]),
        Route("/sandbox/pending", _showing(lambda: _pending(world, webhook)), methods=["GET"]),
    ]


def _faults(world: World) -> Endpoint:
    async def faults(request: Request) -> Response:
        if request.method == "DELETE":
            world.faults.clear(request.path_params.get("id"))
            world.events.tell("faults")
        elif request.method == "POST":
            body = await body_of(request)
            wanted: dict[str, Any] = {key: body[key] for key in _FAULT_FIELDS if key in body}
            added = world.faults.add(body["kind"], **wanted)
            world.events.tell("faults")
            return JSONResponse(asdict(added))
        return JSONResponse([asdict(rule) for rule in world.faults.rules if rule.left != 0])

    return faults


def _inject(world: World) -> Endpoint:
    async def inject(request: Request) -> Response:
        raw_id = request.query_params.get("raw")
        if raw_id is None:
            return JSONResponse({"ok": True, "update_id": world.updates.inject(await body_of(request))})
        world.updates.inject_raw(int(raw_id), await request.body())
        return JSONResponse({"ok": True, "update_id": int(raw_id)})

    return inject


def _restart_ids(world: World) -> Endpoint:
    async def restart(request: Request) -> Response:
        world.updates.restart_ids(int((await body_of(request))["next"]))
        return JSONResponse({"ok": True})

    return restart


def _limits(world: World) -> Endpoint:
    async def limits(request: Request) -> Response:
        body = await body_of(request)
        world.limits.switch(
            on=bool(body["on"]), per_chat=int(body.get("per_chat", 1)), overall=int(body.get("overall", 30))
        )
        return JSONResponse({"ok": True})

    return limits


def _journal(world: World) -> Endpoint:
    async def journal(request: Request) -> Response:
        rows = [asdict(accepted) | {"at": accepted.at.isoformat()} for accepted in world.journal]
        return JSONResponse({"accepted": rows})

    return journal


def _pending(world: World, webhook: Webhook) -> dict[str, Any]:
    return {
        "pending": [update.raw.decode("utf-8", "replace") for update in world.updates.pending()],
        "webhook": webhook.info(),
    }


def _showing(look: Callable[[], dict[str, Any]]) -> Endpoint:
    async def shown(request: Request) -> Response:
        return JSONResponse(look())

    return shown
