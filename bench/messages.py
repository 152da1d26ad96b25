"""Updates to give out, written to files: one JSON object a line, without its id."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

DATE = 1_790_000_000


def texts(file: Path, count: int, first_chat: int) -> Path:
    """`count` strangers write "u0", "u1" and so on, each in a chat of their own."""
    lines = [orjson.dumps({"message": _message(first_chat + index, f"u{index}")}) for index in range(count)]
    file.write_bytes(b"\n".join(lines))
    return file


def presses(file: Path, asked: Sequence[tuple[int, int]]) -> Path:
    """People (their chat and their check-in) press "Good"."""
    file.write_bytes(b"\n".join(orjson.dumps({"callback_query": _press(chat, check_in)}) for chat, check_in in asked))
    return file


def _message(chat: int, text: str) -> dict[str, Any]:
    return {
        "message_id": 1,
        "from": {"id": chat, "is_bot": False, "first_name": "Sam", "language_code": "en"},
        "chat": {"id": chat, "first_name": "Sam", "type": "private"},
        "date": DATE,
        "text": text,
    }


def _press(chat: int, check_in: int) -> dict[str, Any]:
    shown = _message(chat, "How has your week been?")
    asked_by = {"id": 42, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
    return {
        "id": str(check_in),
        "from": shown["from"],
        "chat_instance": str(chat),
        "message": shown | {"from": asked_by},
        "data": f"mood:{check_in}:good",
    }
