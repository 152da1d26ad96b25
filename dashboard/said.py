"""What was just done, told once on the page that follows. The address carries a code, never words."""

from __future__ import annotations

from urllib.parse import urlsplit

SAID: dict[str, str] = {
    "contact_logged": "The contact is saved.",
    "try_logged": "Saved. It does not move the date by which to be in touch.",
    "acknowledged": "You have it now. The manager will not be told while you do.",
    "already": "Somebody did that already.",
    "closed": "The incident is closed.",
}


def words_for(code: str) -> str:
    """The sentence for a code, or nothing for one we do not know."""
    return SAID.get(code, "")


def with_code(address: str, code: str) -> str:
    """An address of ours that will tell `code`."""
    return f"{address}{'&' if urlsplit(address).query else '?'}said={code}"


def is_our_list(address: str) -> bool:
    """Whether a form may come back to this address: the caseload list and nothing else, on no other host."""
    parts = urlsplit(address)
    return parts.path == "/people" and not (parts.scheme or parts.netloc) and address.isprintable()
