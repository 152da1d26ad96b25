"""Pictures, documents and voice notes the sandbox keeps, in memory, under ids like Telegram's."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from struct import unpack

from sandbox.refusals import Json, PersonRefusal
from sandbox.shapes import Kind

DOWNLOAD_LIMIT_BYTES = 20 * 1024 * 1024
_PREFIX = {"photo": "AgAC", "document": "BQAC", "voice": "AwAC"}
_FOLDER = {"photo": "photos", "document": "documents", "voice": "voice"}


@dataclass(frozen=True)
class StoredFile:
    """One upload. `path` is what getFile answers and the download address ends with."""

    file_id: str
    unique_id: str
    kind: Kind
    name: str
    mime: str
    content: bytes
    path: str

    def as_file(self) -> Json:
        """As getFile answers."""
        return self._ids() | {"file_path": self.path}

    def as_media(self, duration_s: int = 0) -> Json:
        """The part of a Message that names the medium."""
        if self.kind == "photo":
            return {"photo": self._sizes()}
        if self.kind == "voice":
            return {"voice": self._ids() | {"duration": duration_s, "mime_type": self.mime}}
        return {"document": self._ids() | {"file_name": self.name, "mime_type": self.mime}}

    def _ids(self) -> Json:
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.content)}

    def _sizes(self) -> list[Json]:
        width, height = picture_size(self.content) or (1, 1)
        longest = max(width, height)
        small = 90 / longest if longest > 90 else 0
        whole = self._ids() | {"width": width, "height": height}
        if not small:
            return [whole]
        thumb = whole | {"width": max(1, int(width * small)), "height": max(1, int(height * small))}
        thumb |= {"file_id": self.file_id + "-s", "file_unique_id": self.unique_id[:-1] + "s"}
        return [thumb, whole]


class Files:
    """Everything uploaded since the start, by id and by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def keep(self, kind: Kind, name: str, mime: str, content: bytes) -> StoredFile:
        """Stores it; a picture must really be one (PNG, JPEG, GIF or WebP)."""
        if kind == "photo" and picture_size(content) is None:
            raise PersonRefusal("IMAGE_PROCESS_FAILED")
        number = len(self._by_id)
        digest = urlsafe_b64encode(sha256(b"%d:%b" % (number, content)).digest()).decode().rstrip("=")
        tail = name.rpartition(".")[2].lower() if "." in name else {"photo": "jpg", "voice": "oga"}.get(kind, "bin")
        path = f"{_FOLDER[kind]}/file_{number}.{tail}"
        file = StoredFile(_PREFIX[kind] + "AgQAAx" + digest, "AQAD" + digest[:11], kind, name, mime, content, path)
        self._by_id[file.file_id] = self._by_path[path] = file
        return file

    def by_id(self, file_id: str) -> StoredFile | None:
        """Also finds a picture by the id of its small size."""
        return self._by_id.get(file_id.removesuffix("-s"))

    def by_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, or None when it is not a picture Telegram would take."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        width, height = unpack(">II", content[16:24])
        return width, height
    if content[:3] == b"GIF" and len(content) >= 10:
        width, height = unpack("<HH", content[6:10])
        return width, height
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return 512, 512
    return _jpeg_size(content) if content[:3] == b"\xff\xd8\xff" else None


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 320, 240
