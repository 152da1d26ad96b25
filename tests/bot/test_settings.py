"""Settings: a mistake is named in plain words with what to do, and no value is ever repeated."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from bot.clock import SystemRandomness
from bot.settings import Settings, SettingsError, master_keys, need_token, read_settings

CANARY = "canary-7c1f-canary"


def read(**given: object) -> Settings:
    """Settings from these values alone, whatever .env file lies about."""
    return read_settings(_env_file=None, **given)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"port": CANARY}, "KEEPINTOUCH_PORT"),
        ({"port": 70_000}, "KEEPINTOUCH_PORT"),
        ({"sends_per_second": 0}, "KEEPINTOUCH_SENDS_PER_SECOND"),
        ({"sends_per_second": CANARY}, "KEEPINTOUCH_SENDS_PER_SECOND"),
        ({"chat_rest_seconds": -1}, "KEEPINTOUCH_CHAT_REST_SECONDS"),
        ({"send_wait_seconds": 60}, "KEEPINTOUCH_SEND_WAIT_SECONDS"),
        ({"tick_seconds": 0}, "KEEPINTOUCH_TICK_SECONDS"),
        ({"intake": CANARY}, "KEEPINTOUCH_INTAKE"),
        ({"log_level": CANARY}, "KEEPINTOUCH_LOG_LEVEL"),
        ({"bot_token": [CANARY]}, "KEEPINTOUCH_BOT_TOKEN"),
        ({"web_url": f"http://{CANARY}.example"}, "KEEPINTOUCH_WEB_URL must be https"),
        ({"intake": "webhook", "webhook_secrets": CANARY}, "KEEPINTOUCH_WEBHOOK_URL"),
        ({"intake": "webhook", "webhook_url": f"https://{CANARY}.example"}, "KEEPINTOUCH_WEBHOOK_SECRETS"),
        ({"intake": "webhook", "webhook_url": "https://x.example", "webhook_secrets": " , "}, "WEBHOOK_SECRETS"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_repeated(given: dict[str, object], says: str) -> None:
    """The error says which setting and where to read on; the value itself never shows."""
    with pytest.raises(SettingsError) as caught:
        read(**given)
    assert says in str(caught.value)
    assert "See" in str(caught.value)
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_secrets_do_not_print() -> None:
    """The token, the webhook secrets and the database address show in no repr, text or dump."""
    secrets = {"bot_token": f"1:{CANARY}", "webhook_secrets": CANARY, "database_url": f"postgresql://u:{CANARY}@h/d"}
    settings = read(**secrets, log_level="DEBUG")
    shown = f"{settings!r} {settings} {settings.model_dump(mode='json')} {settings.model_dump_json()}"
    assert "DEBUG" in shown
    assert CANARY not in shown


def test_two_webhook_secrets_are_read_newest_first() -> None:
    """While one secret replaces another both are in force, and blanks between them mean nothing."""
    assert read(webhook_secrets=" new-one , old-one,").secrets_of_webhook == ("new-one", "old-one")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_plain_http_is_for_this_machine_alone(host: str) -> None:
    """Cookies without Secure are allowed on loopback, and only there."""
    assert read(web_url=f"http://{host}:8080").insecure_cookies
    assert not read(web_url="https://keep.example").insecure_cookies


@pytest.mark.parametrize("token", ["", CANARY])
def test_a_missing_token_is_said_plainly(token: str) -> None:
    """What is no token of BotFather's is refused without being shown."""
    with pytest.raises(SettingsError, match="KEEPINTOUCH_BOT_TOKEN") as caught:
        need_token(read(bot_token=token))
    assert CANARY not in str(caught.value)


def test_a_new_master_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """The file is made with mode 600, holds 32 random bytes, and is read back as it is."""
    path = tmp_path / "new" / "master.key"
    master_keys(path, SystemRandomness())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = path.read_text(encoding="ascii")
    assert len(base64.b64decode(first)) == 32
    master_keys(path, SystemRandomness())
    assert path.read_text(encoding="ascii") == first
    master_keys(tmp_path / "other.key", SystemRandomness())
    assert (tmp_path / "other.key").read_text(encoding="ascii") != first


@pytest.mark.parametrize("content", ["", "canary", base64.b64encode(b"canary" * 3).decode(), "ключ", "a\x00b"])
def test_a_damaged_master_key_file_is_refused_without_showing_it(content: str, tmp_path: Path) -> None:
    """A key of the wrong length, no base64 or nothing at all: the error names the file, never its content."""
    path = tmp_path / "master.key"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="one key of 32 bytes") as caught:
        master_keys(path, SystemRandomness())
    assert "canary" not in str(caught.value)


def test_two_master_keys_are_taken_newest_first(tmp_path: Path) -> None:
    """While the key is being changed the file holds two, and what the old one wrapped still opens."""
    path = tmp_path / "master.key"
    old = master_keys(path, SystemRandomness())
    wrapped = old.wrap(b"k" * 32, 7, SystemRandomness())
    fresh = base64.b64encode(SystemRandomness().bytes(32)).decode()
    path.write_text(f"{fresh}\n{path.read_text(encoding='ascii')}", encoding="ascii")
    both = master_keys(path, SystemRandomness())
    assert both.unwrap(wrapped, 7) == b"k" * 32
    assert not both.wrapped_by_first(wrapped)
