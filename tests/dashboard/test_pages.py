"""The templates, drawn from invented rows."""

from __future__ import annotations

import pytest

from dashboard.pages import INLINE_SCRIPT, render
from tests.dashboard.invented import PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_a_title_a_main_heading_and_a_way_past_the_header(name: str) -> None:
    """Every page names itself in its title and one main heading, and offers a skip link."""
    html = render(*PAGES[name])
    assert html.count("<h1") == 1
    assert "– Keep in Touch</title>" in html
    assert 'href="#main-content"' in html
    assert "Brackwater Council" in html


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_inline_script_and_it_is_the_allowed_one(name: str) -> None:
    """The only inline script is the one whose hash the content policy names, and no inline style is used."""
    html = render(*PAGES[name])
    assert html.count("<script") == 2
    assert f"<script>{INLINE_SCRIPT}</script>" in html
    assert "style=" not in html
    assert "onclick" not in html


def test_what_people_write_stays_text() -> None:
    """A name or a line with markup in it is shown as it was typed."""
    assert "Morgan &lt;b&gt;F.&lt;/b&gt;" in render(*PAGES["caseload"])
    assert "but &lt;i&gt;ok&lt;/i&gt;" in render(*PAGES["person"])
