"""What the documents point at is there: files, links, settings, and the example of a test."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.settings import Settings
from rules.access import Role
from tests.living import living

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ROOMS = ("rules", "content", "storage", "casework", "handlers", "dashboard", "bot", "sandbox", "tests", "docs")
# What somebody going live makes for themselves.
THEIRS = ("KEEPINTOUCH_NO_SKIPS", "KEEPINTOUCH_COUNTS")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_link_leads_somewhere(path: Path) -> None:
    """Each link to a file of ours names a file that exists, pictures apart: those are taken by `make screenshots`."""
    links = [urlsplit(found) for found in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))]
    ours = [link.path for link in links if not link.scheme and link.path and "pictures/" not in link.path]
    assert [link for link in ours if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_file_named_is_there(path: Path) -> None:
    """Each `room/file` in a document is where it says."""
    named = re.findall(rf"`((?:{'|'.join(ROOMS)})/[\w./-]+)`", path.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists() and "pictures" not in name] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_setting_named_exists(path: Path) -> None:
    """No document tells anyone to set what the service does not read."""
    named = set(re.findall(r"KEEPINTOUCH_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert named - {f"KEEPINTOUCH_{name.upper()}" for name in Settings.model_fields} <= set(THEIRS)


async def test_the_example_for_contributors_is_true(tmp_path: Path) -> None:
    """STOP in any words is answered at once, as CONTRIBUTING.md shows."""
    async with living(tmp_path) as town:
        await town.join(Role.ADVISER, "Jo Marsh")
        sam = await town.join(Role.CARE_LEAVER, "Sam Tate", by="Jo Marsh")
        await sam.says("please stop messaging me")
        await sam.waits_for("Stopped.")
