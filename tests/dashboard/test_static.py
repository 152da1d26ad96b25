"""The files the pages are made with."""

from __future__ import annotations

import re

from dashboard.pages import STATIC

KIT = STATIC / "govuk"


def test_nothing_reserved_for_govuk_is_shipped() -> None:
    """The compiled style sheet names neither the GOV.UK typeface, nor the crown, nor the crest."""
    css = (KIT / "govuk-frontend.min.css").read_text()
    assert "Arial" in css
    assert not re.search("transport|crown|crest", css, re.IGNORECASE)
    assert {path.suffix for path in STATIC.rglob("*") if path.is_file()} <= {
        ".css",
        ".js",
        ".md",
        ".txt",
        ".scss",
        ".svg",
    }


def test_the_style_sheets_fetch_nothing() -> None:
    """No style sheet of ours loads a font, a picture or another sheet from anywhere."""
    for path in STATIC.rglob("*.css"):
        assert "url(" not in path.read_text()
        assert "@import" not in path.read_text()


def test_the_licence_is_beside_the_code_it_covers() -> None:
    """GOV.UK Frontend's MIT licence and a note of how its files were made travel with them."""
    assert "MIT License" in (KIT / "LICENSE.txt").read_text()
    assert "6.3.0" in (KIT / "README.md").read_text()
    assert '--govuk-frontend-version: "6.3.0"' in (KIT / "govuk-frontend.min.css").read_text()
