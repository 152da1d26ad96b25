"""One call of a Bot API method: its parameters however they were sent, read by type."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request

from sandbox.refusals import Json, Refusal, bad_request

UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file that came with the call."""

    name: str
    mime: str
    content: bytes


@dataclass
class Call:
    """A method (lower case, as Telegram compares) and what came with it."""

    method: str
    parameters: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """The parameter as text; JSON bodies may bring numbers."""
        value = self.parameters.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else orjson.dumps(value).decode()

    def number(self, name: str, default: int = 0) -> int:
        """The parameter as a whole number, or the default when it is none: Telegram does not complain."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Whether the parameter says true."""
        return self.text(name).lower() in ("true", "1", "yes")

    def json(self, name: str) -> Any:
        """The parameter as JSON, whether it came as an object or as text; None when absent."""
        value = self.parameters.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError as unreadable:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from unreadable

    def chat_id(self, name: str = "chat_id") -> int:
        """The chat it is about; only private chats exist here, so a name is never found."""
        given = self.text(name)
        if not given:
            raise bad_request(f"{name} is empty")
        try:
            return int(given)
        except ValueError as unknown:
            raise bad_request("chat not found") from unknown

    def chat_or_none(self) -> int | None:
        """The same for those who only want to look."""
        try:
            return int(self.text("chat_id") or self.text("user_id"))
        except ValueError:
            return None

    def upload(self, name: str) -> Upload | None:
        """The file sent under this name or pointed at by `attach://`."""
        given = self.parameters.get(name)
        if isinstance(given, str) and given.startswith("attach://"):
            return self.uploads.get(given.removeprefix("attach://"))
        return self.uploads.get(name)


def whole_number(value: object) -> int | None:
    """A number inside a JSON parameter, given as one or as digits; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


async def read_call(request: Request, method: str) -> Call:
    """Reads the query and the body: urlencoded, multipart or JSON."""
    call = Call(method.lower(), dict(parse_qsl(request.url.query, keep_blank_values=True)))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if int(request.headers.get("content-length") or 0) > UPLOAD_LIMIT_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    if kind == "multipart/form-data":
        await _read_form(request, call)
        return call
    body = await request.body()
    if kind == "application/json" and body:
        call.parameters |= _object(body)
    elif body:
        call.parameters.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return call


async def _read_form(request: Request, call: Call) -> None:
    async with request.form(max_part_size=UPLOAD_LIMIT_BYTES) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                mime = value.content_type or "application/octet-stream"
                call.uploads[name] = Upload(value.filename or name, mime, await value.read())
            else:
                call.parameters[name] = value


def _object(body: bytes) -> Json:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as unreadable:
        raise bad_request("can't parse JSON body") from unreadable
    if not isinstance(found, dict):
        raise bad_request("object expected as JSON body")
    return found
