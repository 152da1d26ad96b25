"""A link as a picture that a phone's camera opens."""

from __future__ import annotations

import io

import segno

DOT_PIXELS = 8
EDGE_DOTS = 4


def picture(link: str) -> bytes:
    """A PNG of the QR code for `link`, with the quiet edge that scanners need."""
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="png", scale=DOT_PIXELS, border=EDGE_DOTS)
    return drawn.getvalue()
