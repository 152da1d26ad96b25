"""How the person side answers over HTTP."""

from collections.abc import Awaitable, Callable

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.refusals import Json, PersonRefusal, Refusal

Endpoint = Callable[[Request], Awaitable[Response]]


def answering(endpoint: Endpoint) -> Endpoint:
    """Turns refusals into 409 and unreadable bodies into 400."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (PersonRefusal, Refusal) as refused:
            return JSONResponse({"ok": False, "error": str(refused)}, status_code=409)
        except (KeyError, TypeError, ValueError) as unreadable:
            return JSONResponse({"ok": False, "error": f"cannot read that: {unreadable}"}, status_code=400)

    return answered


async def body_of(request: Request) -> Json:
    """The JSON object that came; no body is an empty one."""
    raw = await request.body()
    body = orjson.loads(raw) if raw else {}
    if not isinstance(body, dict):
        raise TypeError("a JSON object is expected")
    return body
