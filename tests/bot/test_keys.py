"""`keepintouch keys rotate`: the master key changes, everything still opens, and nothing is lost on the way."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli import main
from bot.clock import SystemRandomness
from bot.service import start_service
from bot.settings import master_keys
from rules.access import Role
from storage.engine import database_url as known_url
from storage.lead import try_lead
from tests.living import Living, living


def _rotate(town: Living, *words: str) -> Result:
    settings = town.settings
    env = {
        "KEEPINTOUCH_DATABASE_URL": settings.database_url.get_secret_value(),
        "KEEPINTOUCH_MASTER_KEY_FILE": str(settings.master_key_file),
    }
    return CliRunner().invoke(main, ["keys", "rotate", *words], env=env)


def _keys(town: Living) -> list[str]:
    return town.settings.master_key_file.read_text(encoding="ascii").split()


async def test_people_are_known_after_the_master_key_changed(tmp_path: Path, database_url: str) -> None:
    """With the old key kept, and then forgotten, the service starts and knows Sam by name and by phone."""
    async with living(tmp_path, database_url=database_url) as town:
        sam = await town.join_all(Role.CARE_LEAVER)
        await town.settle()
        await town.service.stop()
        (old,) = _keys(town)
        for words, count in (((), 2), (("--forget-old",), 1)):
            done = _rotate(town, *words)
            assert done.exit_code == 0, done.output
            assert "4 keys are under a new master key" in done.output
            assert old not in done.output
            assert len(_keys(town)) == count
            assert town.settings.master_key_file.stat().st_mode & 0o777 == 0o600
        assert old not in _keys(town)
        town.service = await start_service(town.settings, town.clock)
        mark = sam.mark()
        await sam.says("/mydata")
        await sam.waits_for("What we keep about you, Sam", after=mark)
        await town.service.stop()


async def test_a_running_service_is_not_locked_out(tmp_path: Path, database_url: str) -> None:
    """While a service runs the key is not changed: it says to stop it, and file and rows are as they were."""
    async with living(tmp_path, database_url=database_url) as town:
        before = _keys(town)
        refused = _rotate(town)
        assert refused.exit_code == 1
        assert "Stop every one" in refused.output
        assert _keys(town) == before


async def test_a_backup_from_before_opens_with_the_key_that_was_kept(tmp_path: Path) -> None:
    """A copy of the database made before the change starts with the file as it is after it."""
    async with living(tmp_path) as town:
        await town.join_all(Role.CARE_LEAVER)
        await town.service.stop()
        kept = tmp_path / "before.db"
        shutil.copy(tmp_path / "keepintouch.db", kept)
        assert _rotate(town).exit_code == 0
        shutil.copy(kept, tmp_path / "keepintouch.db")
        town.service = await start_service(town.settings, town.clock)
        await town.service.stop()


def test_without_a_key_there_is_nothing_to_change(tmp_path: Path) -> None:
    """On a new machine it says so, and makes neither a key nor a database."""
    env = {"KEEPINTOUCH_DATABASE_URL": f"sqlite:///{tmp_path}/k.db", "KEEPINTOUCH_MASTER_KEY_FILE": f"{tmp_path}/k.key"}
    refused = CliRunner().invoke(main, ["keys", "rotate"], env=env)
    assert (refused.exit_code, "no master key to change" in refused.output) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_holds_no_keys_is_left_as_it_is(tmp_path: Path) -> None:
    """Rubbish in the key file is refused before anything is written, and the lead is let go."""
    path, url = tmp_path / "k.key", f"sqlite:///{tmp_path}/k.db"
    path.write_text("not a key\n", encoding="ascii")
    env = {"KEEPINTOUCH_DATABASE_URL": url, "KEEPINTOUCH_MASTER_KEY_FILE": str(path)}
    assert CliRunner().invoke(main, ["keys", "rotate"], env=env).exit_code == 1
    assert path.read_text(encoding="ascii") == "not a key\n"
    lead = try_lead(known_url(url))
    assert lead is not None
    lead.release()
    path.write_bytes(base64.b64encode(b"k" * 32))
    assert repr(master_keys(path, SystemRandomness())) == "MasterKeys(hidden)"
