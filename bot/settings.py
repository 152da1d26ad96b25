"""The settings, read from the environment and an `.env` file. `.env.example` explains each one."""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from content import council
from storage.sealing import KEY_BYTES, MasterKeys
from storage.sources import Randomness

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingsError(Exception):
    """A setting is missing or wrong. The text says which, and what to do; it never repeats a value."""


class Settings(BaseSettings):
    """Everything that differs from one installation to another. Secrets do not print."""

    model_config = SettingsConfigDict(env_prefix="KEEPINTOUCH_", env_file=".env", extra="ignore", frozen=True)

    bot_token: SecretStr = SecretStr("")
    bot_username: str = ""
    telegram_api: str = "https://api.telegram.org"
    database_url: SecretStr = SecretStr("sqlite:///var/keepintouch.db")
    master_key_file: Path = Path("var/master.key")
    council_pack: Path = council.built_in("brackwater")
    intake: Literal["polling", "webhook"] = "polling"
    webhook_url: str = ""
    webhook_secrets: SecretStr = SecretStr("")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    web_url: str = "http://127.0.0.1:8080"
    sends_per_second: float = Field(default=25.0, gt=0)
    chat_rest_seconds: float = Field(default=1.0, ge=0)
    # At most ten, so that five tries of a help message fit into two minutes (rules/sending.py).
    send_wait_seconds: float = Field(default=8.0, gt=0, le=10)
    tick_seconds: float = Field(default=30.0, gt=0)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def insecure_cookies(self) -> bool:
        """Whether the dashboard is on plain http, which is only allowed on this machine itself."""
        return urlsplit(self.web_url).scheme == "http"

    @property
    def secrets_of_webhook(self) -> tuple[str, ...]:
        """The webhook secrets in force: the newest first, the one before it while Telegram changes over."""
        return tuple(part.strip() for part in self.webhook_secrets.get_secret_value().split(",") if part.strip())


def read_settings(**given: object) -> Settings:
    """The settings of this installation; `given` wins over the environment. Raises SettingsError."""
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = ", ".join(f"KEEPINTOUCH_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors())
        raise SettingsError(f"Please mend these settings ({wrong}). See .env.example.") from None
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    web = urlsplit(settings.web_url)
    if web.scheme == "http" and web.hostname not in LOOPBACK:
        raise SettingsError("KEEPINTOUCH_WEB_URL must be https, so that sign-in cookies are safe. See docs/deploy.md.")
    if not (settings.council_pack / "council.toml").is_file():
        raise SettingsError("KEEPINTOUCH_COUNCIL_PACK must be a folder with council.toml and ladder.toml in it.")
    if settings.intake == "webhook" and not (settings.webhook_url and settings.secrets_of_webhook):
        raise SettingsError(
            "A webhook needs KEEPINTOUCH_WEBHOOK_URL and KEEPINTOUCH_WEBHOOK_SECRETS. See docs/deploy.md."
        )


def need_token(settings: Settings) -> str:
    """The bot's token, or SettingsError when there is none."""
    token = settings.bot_token.get_secret_value()
    if ":" not in token:
        raise SettingsError("Please set KEEPINTOUCH_BOT_TOKEN to the token BotFather gave you. See docs/deploy.md.")
    return token


def need_council(settings: Settings) -> None:
    """Raise SettingsError when real people would be given the invented council's numbers, which reach nobody."""
    live = urlsplit(settings.telegram_api).hostname not in LOOPBACK
    if live and "council_pack" not in settings.model_fields_set:
        raise SettingsError(
            "Please set KEEPINTOUCH_COUNCIL_PACK to your council's own folder. The pack that comes with the service is "
            "an invented council, whose phone numbers reach nobody. See docs/deploy.md."
        )


def master_keys(path: Path, randomness: Randomness) -> MasterKeys:
    """The master keys in `path`, newest first, one in base64 a line; a new file with one key when there is none.

    Whoever has this file and the database can read everything: keep them apart. Raises SettingsError.
    """
    if not path.exists():
        _make_key_file(path, base64.b64encode(randomness.bytes(KEY_BYTES)) + b"\n")
    try:
        keys = [base64.b64decode(line, validate=True) for line in path.read_text(encoding="ascii").split()]
        return MasterKeys(keys)
    except (ValueError, binascii.Error):
        raise SettingsError(f"{path} must hold one key of 32 bytes in base64 on each line.") from None


def _make_key_file(path: Path, line: bytes) -> None:
    """Through to the disk before anything is sealed with it: a power cut must not leave rows that nothing opens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("r+b") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
