"""What one message to a person is made of, before anyone knows how it travels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message: exactly one of `data` (comes back to us, at most 64 bytes) and `url` (opens)."""

    text: str
    data: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if bool(self.data) == bool(self.url):
            raise ValueError("a button carries either data or a url")
        if len(self.data.encode()) > 64:
            raise ValueError("button data is over Telegram's 64 bytes")


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the phone will show it.

    `text` is Telegram HTML, already escaped, at most 4,096 UTF-16 units once parsed. `rows` are inline buttons.
    `protect` stops forwarding and saving. `photo_png` sends a picture with `text` as its caption.
    """

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    protect: bool = False
    photo_png: bytes = b""

    def with_rows(self, *rows: tuple[Button, ...]) -> Message:
        """The same words with `rows` added below the buttons already there."""
        return Message(self.text, self.rows + rows, self.protect, self.photo_png)

    def reply_markup(self) -> dict[str, Any] | None:
        """Telegram's InlineKeyboardMarkup, or None when there is no button."""
        if not self.rows:
            return None
        return {"inline_keyboard": [[_telegram_button(button) for button in row] for row in self.rows]}


def _telegram_button(button: Button) -> dict[str, str]:
    if button.url:
        return {"text": button.text, "url": button.url}
    return {"text": button.text, "callback_data": button.data}
