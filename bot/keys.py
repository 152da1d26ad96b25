"""Changing the master key while the service is stopped. Cut off anywhere, both keys are still there and all opens."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from bot import clock as system
from bot.service import open_store
from bot.settings import Settings, SettingsError, master_keys
from storage.engine import database_url
from storage.lead import try_lead
from storage.rewrap import rewrap_all
from storage.sealing import KEY_BYTES
from storage.sources import Clock

RUNNING = "A service is running on this database. Stop every one, change the key, and start them again."


def rotate(settings: Settings, clock: Clock, *, forget_old: bool) -> int:
    """Put a new master key first in the key file and wrap every person's key with it; how many there were.

    The old keys stay in the file, for the sake of older backups, unless `forget_old`. Raises SettingsError when there
    is no key file yet, or a service is running: one that does not know the new key could open nothing any more.
    """
    path = settings.master_key_file
    if not path.exists():
        raise SettingsError(f"{path} is not there: there is no master key to change.")
    lead = try_lead(database_url(settings.database_url.get_secret_value()))
    if lead is None:
        raise SettingsError(RUNNING)
    try:
        return _rotate(settings, clock, path, forget_old)
    finally:
        lead.release()


def _rotate(settings: Settings, clock: Clock, path: Path, forget_old: bool) -> int:
    randomness = system.SystemRandomness()
    master_keys(path, randomness)  # refuses a file that does not hold keys before anything is written
    new = base64.b64encode(randomness.bytes(KEY_BYTES)).decode()
    _write_through(path, [new, *path.read_text(encoding="ascii").split()])
    store = open_store(settings, clock)
    try:
        wrapped = rewrap_all(store, master_keys(path, randomness), randomness)
    finally:
        store.close()
    if forget_old:
        _write_through(path, [new])
    return wrapped


def _write_through(path: Path, lines: list[str]) -> None:
    """Replace the key file in one step, through to the disk: a power cut leaves the old file or the new one."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.touch(mode=0o600)
    with fresh.open("r+b") as file:
        file.truncate()
        file.write("".join(f"{line}\n" for line in lines).encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
