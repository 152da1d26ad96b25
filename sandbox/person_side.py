"""The side people use: `/sandbox/...`, JSON over HTTP, for the chat page, tests and scripted people.

    GET  /sandbox/people                     the list; POST {name, about?, role?, last_name?, username?, id?} adds one
    GET  /sandbox/people/{id}                one line of that list
    GET  /sandbox/people/{id}/screen         what the phone shows, and the bot's commands (?deleted=1: all)
    POST /sandbox/people/{id}/text           {text, reply_to?}
    POST /sandbox/people/{id}/press          {message_id, data}: `data` is callback_data, or a link button's label
    POST /sandbox/people/{id}/start          {payload?}
    POST /sandbox/people/{id}/edit           {message_id, text}
    POST /sandbox/people/{id}/photo|document|voice   multipart: file, caption?
    POST /sandbox/people/{id}/contact        {phone_number?}
    POST /sandbox/people/{id}/block|unblock|deactivate|read
    GET  /sandbox/transcript/{id}            plain text
    GET  /sandbox/files/{file_id}            the bytes
    GET  /sandbox/events                     Server-Sent Events, one per change of any phone
    GET  /sandbox/bot?person={id}            the bot's name, description, commands for that person, link

Acts answer {"ok": true, ...}; what a real phone would not do is 409 {"ok": false, "error": "..."}.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from sandbox import people_acts
from sandbox.answers import Endpoint, answering, body_of
from sandbox.calls import Upload
from sandbox.controls import control_routes
from sandbox.method_profile import commands_shown
from sandbox.phones import Phone, as_bubble, as_listing, as_screen, as_transcript
from sandbox.refusals import Json
from sandbox.shapes import ShownMessage
from sandbox.webhook import Webhook
from sandbox.world import World

Act = Callable[[World, Phone, Json], Json]


def person_routes(world: World, webhook: Webhook) -> list[BaseRoute]:
    """Every route of the person side and of the controls for tests."""
    routes: list[BaseRoute] = [
        Route("/sandbox/people", _people(world), methods=["GET"]),
        Route("/sandbox/people", answering(_add(world)), methods=["POST"]),
        Route("/sandbox/people/{id:int}", answering(_one(world)), methods=["GET"]),
        Route("/sandbox/people/{id:int}/screen", answering(_screen(world)), methods=["GET"]),
        Route("/sandbox/transcript/{id:int}", answering(_transcript(world)), methods=["GET"]),
        Route("/sandbox/files/{file_id}", _file(world), methods=["GET"]),
        Route("/sandbox/events", _events(world), methods=["GET"]),
        Route("/sandbox/bot", _bot(world), methods=["GET"]),
    ]
    for name, act in _ACTS.items():
        routes.append(Route(f"/sandbox/people/{{id:int}}/{name}", answering(_acting(world, act)), methods=["POST"]))
    for kind in ("photo", "document", "voice"):
        path = f"/sandbox/people/{{id:int}}/{kind}"
        routes.append(Route(path, answering(_uploading(world, kind)), methods=["POST"]))
    return routes + control_routes(world, webhook)


def _bubble(message: ShownMessage) -> Json:
    return {"message": as_bubble(message)}


def _text(world: World, phone: Phone, body: Json) -> Json:
    return _bubble(people_acts.says(world, phone, str(body["text"]), body.get("reply_to")))


def _press(world: World, phone: Phone, body: Json) -> Json:
    return people_acts.presses(world, phone, int(body["message_id"]), str(body["data"]))


def _start(world: World, phone: Phone, body: Json) -> Json:
    return _bubble(people_acts.opens(world, phone, str(body.get("payload") or "")))


def _edit(world: World, phone: Phone, body: Json) -> Json:
    return _bubble(people_acts.edits(world, phone, int(body["message_id"]), str(body["text"])))


def _contact(world: World, phone: Phone, body: Json) -> Json:
    number = str(body.get("phone_number") or "+447700900123")  # Ofcom keeps 07700 900000 to 900999 for drama
    return _bubble(people_acts.shares_contact(world, phone, number))


def _quietly(act: Callable[[World, Phone], None]) -> Act:
    def acted(world: World, phone: Phone, body: Json) -> Json:
        act(world, phone)
        return {"person": as_listing(phone)}

    return acted


_ACTS: dict[str, Act] = {
    "text": _text,
    "press": _press,
    "start": _start,
    "edit": _edit,
    "contact": _contact,
    "block": _quietly(people_acts.blocks),
    "unblock": _quietly(people_acts.unblocks),
    "deactivate": _quietly(people_acts.deactivates),
    "read": _quietly(people_acts.reads),
}


def _acting(world: World, act: Act) -> Endpoint:
    async def acted(request: Request) -> Response:
        phone = world.phone(request.path_params["id"])
        return JSONResponse({"ok": True} | act(world, phone, await body_of(request)))

    return acted


def _uploading(world: World, kind: Any) -> Endpoint:
    async def uploaded(request: Request) -> Response:
        phone = world.phone(request.path_params["id"])
        async with request.form() as form:
            file = form.get("file") or form.get(str(kind))
            if not isinstance(file, UploadFile):
                raise KeyError("file")
            mime = file.content_type or "application/octet-stream"
            upload = Upload(file.filename or str(kind), mime, await file.read())
            caption = str(form.get("caption") or "")
        return JSONResponse({"ok": True} | _bubble(people_acts.sends_file(world, phone, kind, upload, caption)))

    return uploaded


def _people(world: World) -> Endpoint:
    async def people(request: Request) -> Response:
        return JSONResponse([as_listing(phone) for phone in world.phones.values()])

    return people


def _add(world: World) -> Endpoint:
    async def add(request: Request) -> Response:
        body = await body_of(request)
        given = body.get("id")
        phone = world.add_person(
            str(body["name"]),
            person_id=int(given) if given is not None else None,
            last_name=str(body.get("last_name", "")),
            username=str(body.get("username", "")),
            about=str(body.get("about", "")),
            role=str(body.get("role", "")),
        )
        return JSONResponse({"ok": True, "person": as_listing(phone)}, status_code=201)

    return add


def _one(world: World) -> Endpoint:
    async def one(request: Request) -> Response:
        return JSONResponse(as_listing(world.phone(request.path_params["id"])))

    return one


def _screen(world: World) -> Endpoint:
    async def screen(request: Request) -> Response:
        phone = world.phone(request.path_params["id"])
        deleted_too = request.query_params.get("deleted") == "1"
        shown = as_screen(phone, world.clock.now(), deleted_too=deleted_too)
        shown["commands"] = commands_shown(world, phone.person.id)
        shown["description"] = world.bot.descriptions.get("", "")
        return JSONResponse(shown)

    return screen


def _transcript(world: World) -> Endpoint:
    async def transcript(request: Request) -> Response:
        return PlainTextResponse(as_transcript(world.phone(request.path_params["id"]), world.bot.name))

    return transcript


def _file(world: World) -> Endpoint:
    async def file(request: Request) -> Response:
        found = world.files.by_id(request.path_params["file_id"])
        return Response(found.content, media_type=found.mime) if found else Response(status_code=404)

    return file


def _bot(world: World) -> Endpoint:
    async def bot(request: Request) -> Response:
        person_id = int(request.query_params.get("person") or 0)
        about = world.bot
        shown = {
            "id": about.id,
            "name": about.names.get("") or about.name,
            "username": about.username,
            "link": f"https://t.me/{about.username}",
            "description": about.descriptions.get("", ""),
            "short_description": about.short_descriptions.get("", ""),
            "commands": commands_shown(world, person_id),
            "menu_button": about.menu_buttons.get(person_id) or about.menu_buttons.get(0) or {"type": "commands"},
        }
        return JSONResponse(shown)

    return bot


def _events(world: World) -> Endpoint:
    async def stream() -> AsyncIterator[bytes]:
        yield b": watching\n\n"
        async for event in world.events.watch():
            yield b"data: " + orjson.dumps(event) + b"\n\n" if event else b": still here\n\n"

    async def events(request: Request) -> Response:
        return StreamingResponse(stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    return events
