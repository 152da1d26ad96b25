"""Methods that send and fetch pictures, documents and voice notes."""

from sandbox.calls import Call
from sandbox.files import DOWNLOAD_LIMIT_BYTES, StoredFile
from sandbox.method_messages import deliver, draft
from sandbox.refusals import Json, PersonRefusal, bad_request
from sandbox.shapes import Kind
from sandbox.texts import read_caption
from sandbox.world import World


def send_photo(world: World, call: Call) -> Json:
    return _send(world, call, "photo")


def send_document(world: World, call: Call) -> Json:
    return _send(world, call, "document")


def send_voice(world: World, call: Call) -> Json:
    return _send(world, call, "voice")


def get_file(world: World, call: Call) -> Json:
    """Where to download it from, up to 20 MB as at Telegram."""
    file = world.files.by_id(call.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id" if call.text("file_id") else "file_id not specified")
    if len(file.content) > DOWNLOAD_LIMIT_BYTES:
        raise bad_request("file is too big")
    return file.as_file()


def _send(world: World, call: Call, kind: Kind) -> Json:
    caption, entities = read_caption(call)
    message = draft(world, call, world.open_chat(call.chat_id()))
    file = _file(world, call, kind)
    message.text, message.entities = caption, entities
    message.kind, message.media = kind, file.as_media(max(0, call.number("duration")))
    message.file_id, message.file_name = file.file_id, file.name
    return deliver(world, call, message)


def _file(world: World, call: Call, kind: Kind) -> StoredFile:
    """An upload, or the id of a file already kept. Addresses are refused: there is no network here."""
    upload = call.upload(kind)
    if upload is not None:
        if not upload.content:
            raise bad_request("file must be non-empty")
        try:
            return world.files.keep(kind, upload.name, upload.mime, upload.content)
        except PersonRefusal as refused:
            raise bad_request(str(refused)) from refused
    given = call.text(kind)
    if not given or given.startswith("attach://"):
        raise bad_request(f"there is no {kind} in the request")
    if "://" in given:
        raise bad_request("failed to get HTTP URL content")
    file = world.files.by_id(given)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {file.kind.title()} as {kind.title()}")
    return file


METHODS = {
    "sendphoto": send_photo,
    "senddocument": send_document,
    "sendvoice": send_voice,
    "getfile": get_file,
}
