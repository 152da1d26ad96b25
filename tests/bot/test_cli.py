"""The command `keepintouch`: clear help, clear errors, and the first adviser's way in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main

TOKEN = "123456:canary-token-of-nobody"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in, with nothing of this machine's settings."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def keepintouch(*words: str, **more: str) -> Result:
    """Run the command with these settings."""
    given = {"BOT_TOKEN": TOKEN, "BOT_USERNAME": "invented_bot", "DATABASE_URL": "sqlite:///kit.db"} | more
    given |= {"MASTER_KEY_FILE": "kit.key"}
    return CliRunner().invoke(main, words, env={f"KEEPINTOUCH_{name}": value for name, value in given.items()})


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--help",), "care leavers"),
        (("-h",), "adviser"),
        (("run", "--help"), "SIGTERM"),
        (("health", "--help"), "Exits with 1"),
        (("adviser", "--help"), "add"),
        (("adviser", "add", "--help"), "one-use link"),
        (("settings", "--help"), "Secrets stay hidden"),
        (("content", "check", "--help"), "what we say"),
    ],
)
def test_help_says_what_each_command_is_for(words: tuple[str, ...], says: str) -> None:
    """Every command explains itself, and asking costs nothing: no database, no network."""
    result = keepintouch(*words)
    assert result.exit_code == 0, result.output
    assert says in result.output


def test_the_first_adviser_gets_a_link_and_a_code(folder: Path) -> None:
    """`adviser add` prints both ways in, with the bot's name, and never the token."""
    result = keepintouch("adviser", "add", "Jo Marsh", "--team", "Leaving Care", "--sign-in", "jo.marsh")
    assert result.exit_code == 0, result.output
    assert "https://t.me/invented_bot?start=" in result.output
    assert "Jo Marsh (adviser, Leaving Care)" in result.output
    assert "type this code" in result.output
    assert (folder / "kit.db").exists()
    assert TOKEN not in result.output


def test_a_manager_is_made_by_the_same_command(folder: Path) -> None:
    """`--manager` makes a manager, and two people get two different links."""
    first = keepintouch("adviser", "add", "Max Head", "--team", "Leaving Care", "--manager")
    second = keepintouch("adviser", "add", "Ash Head", "--team", "Leaving Care", "--manager")
    assert "(manager, Leaving Care)" in first.output
    links = [line for made in (first, second) for line in made.output.splitlines() if "t.me" in line]
    assert len(set(links)) == 2


@pytest.mark.parametrize(
    ("words", "settings", "says"),
    [
        (("run",), {"BOT_TOKEN": ""}, "KEEPINTOUCH_BOT_TOKEN"),
        (("run",), {"PORT": "canary"}, "KEEPINTOUCH_PORT"),
        (("health",), {"PORT": "1"}, "Nothing answers"),
        (("adviser", "add", "Jo Marsh"), {}, "--team"),
        (("adviser", "add", "Jo", "--team", "T"), {"DATABASE_URL": "mysql://u:canary@h/d"}, "sqlite:///"),
        (("adviser", "add", "Jo", "--team", "T"), {"BOT_USERNAME": "", "TELEGRAM_API": "http://127.0.0.1:9"}, "Tele"),
    ],
)
def test_an_error_says_what_to_do(words: tuple[str, ...], settings: dict[str, str], says: str, folder: Path) -> None:
    """One plain sentence, no traceback, no secret, and an exit code that is not 0."""
    result = keepintouch(*words, **settings)
    assert result.exit_code != 0
    assert says in result.output
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)
    assert not any(secret in result.output for secret in ("canary", TOKEN))
    assert folder.exists()


def test_another_master_key_is_said_plainly(folder: Path) -> None:
    """A database written with another key is left alone, and the sentence names the setting."""
    assert keepintouch("adviser", "add", "Jo Marsh", "--team", "Leaving Care").exit_code == 0
    (folder / "kit.key").unlink()
    result = keepintouch("adviser", "add", "Kay Law", "--team", "Leaving Care")
    assert result.exit_code == 1
    assert "KEEPINTOUCH_MASTER_KEY_FILE" in result.output


def test_the_settings_in_force_are_shown_without_secrets() -> None:
    """`settings` prints JSON in which the token is hidden."""
    result = keepintouch("settings")
    assert json.loads(result.output)["bot_username"] == "invented_bot"
    assert TOKEN not in result.output


def test_an_editor_is_told_what_to_mend(folder: Path) -> None:
    """Today there is nothing; in two years every page is overdue, and each is named."""
    assert "Nothing to mend." in keepintouch("content", "check", "--on", "2026-11-21").output
    later = keepintouch("content", "check", "--on", "2028-11-21")
    assert later.exit_code == 1
    assert "staying-put" in later.output
