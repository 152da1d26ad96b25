"""D1 and D2: no secret and nothing a person wrote reaches a log, an error page, a repr or the list of processes."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from httpx2 import AsyncClient, Response

from bot.clock import SystemRandomness
from bot.gateway import Gateway
from bot.settings import master_keys
from bot.telegram_http import AiohttpRequest
from rules.access import Role
from sandbox.bot_api import BotApi, loopback_socket
from sandbox.handset import Handset
from storage import inbox
from storage.unit import Keyring
from tests.bot.passing_time import pass_time
from tests.dashboard.town import FROM_OUR_PAGE
from tests.hooked import OLD_SECRET, SECRET, Hooked, hooked, said
from tests.loglines import log_lines
from tests.promises.counts import count

TEXTS = count(commit=200, night=2_000)
TOKEN = "7000000001:Canary-token-of-nobody-0123456789abc"
MARK = "Zyxcanary"
EVENTS = ("service.ready", "service.stopping", "service.stopped", "update.failed", "update.quarantined", "tick.done")
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "too_many", "retry_after_s": 1},
    {"kind": "error", "code": 400, "description": f"Bad Request: {MARK} said so"},
    {"kind": "error", "code": 500, "description": MARK},
    {"kind": "error", "code": 502, "body": f"<html>{MARK}</html>"},
    {"kind": "bad_json", "body": f'{{"ok": {MARK}'},
    {"kind": "reset_before"},
    {"kind": "reset_after"},
)


def words(number: int) -> str:
    """Something a person might write, with a mark that nothing else contains."""
    shapes = (
        "{m}{n} my rent is late",
        "/{m}{n}",
        "call me on 07700 900{n:03d} {m}",
        "<b>{m}{n}</b> & 'quotes' \"{m}\"",
        "{m}{n}\nsecond line %s %(x)s {{}}",
        "i want to end it all {m}{n}",
        "https://{m}{n}.example/?a=1",
        "Zoë {m}{n} 😀",
    )
    return shapes[number % len(shapes)].format(m=MARK, n=number)


async def _come_in(hook: Hooked) -> tuple[Handset, Handset]:
    """An adviser and a care leaver whose names bear the mark; she is asked, goes quiet, and her adviser is told."""
    jo = await hook.town.join(Role.ADVISER, f"{MARK}jo Marsh")
    sam = await hook.town.join(Role.CARE_LEAVER, f"{MARK}sam Tate", by=f"{MARK}jo Marsh")
    await hook.town.turn(days=7)
    await jo.waits_for("no answer to the check-in")
    await jo.presses("I'll ring now")
    await jo.waits_for("is with you")
    await jo.says(f"rang {MARK}sam, all good {MARK}")
    return jo, sam


async def _signed_in(hook: Hooked, jo: Handset) -> list[str]:
    """Go through the sign-in page; returns every secret on the way: link token, session id, browser id, proof."""
    await hook.door.post("/sign-in", data={"sign_in_name": f"{MARK}jo"}, headers=FROM_OUR_PAGE)
    link = (await jo.waits_for("/sign-in/link/")).text.split("/sign-in/link/")[1].split()[0]
    path = f"/sign-in/link/{link}"
    shown = await hook.door.get(path)
    proof = shown.text.split('name="proof" value="')[1].split('"')[0]
    browser_ids = list(hook.door.cookies.values())
    spent = await hook.door.post(path, data={"proof": proof}, headers=FROM_OUR_PAGE)
    assert spent.status_code == 303
    assert MARK in (await hook.door.get("/people")).text
    return [link, proof, *browser_ids, *hook.door.cookies.values()]


async def _write_everything(hook: Hooked, jo: Handset, sam: Handset) -> None:
    """200 texts by a guest, a care leaver and an adviser: messages, captions, file names, edits, wrong updates."""
    guest = hook.town.phone(f"{MARK}guest")
    for number in range(TEXTS):
        who = (guest, sam, jo)[number % 3]
        text = words(number)
        match number % 10:
            case 7:
                await who.sends_document(b"canary", name=f"{MARK}{number}.pdf", caption=text)
            case 8:
                await who.edits((await who.says("before")).id, text)
            case 9:
                await hook.post(said(10_000 + number, [text], who.id) | {"odd": text})  # type: ignore[arg-type]
            case _:
                await who.says(text)
    await hook.post(f"{MARK} is no JSON".encode())
    await hook.post({"update_id": 9_999, "message": MARK})
    for _ in range(400):
        await hook.town.service.clerk.sweep()
        if not hook.town.service.clerk.open and not (await hook.town.service.store.read(inbox.counts))[0]:
            return
        hook.town.clock.turn(timedelta(seconds=1))
        await asyncio.sleep(0.02)
    raise AssertionError("updates stayed in hand")


async def _meet_faults(hook: Hooked, sam: Handset) -> None:
    for fault in FAULTS:
        hook.town.api.faults.add(**fault, chat_id=sam.id)
        await sam.says(f"/mydata {MARK}")
        await pass_time(hook.town, seconds=30)
    sam.blocks()
    await pass_time(hook.town, seconds=5)


async def _error_pages(hook: Hooked, secrets: list[str]) -> list[Response]:
    """What the web side says when things are wrong, and when anyone asks how it is."""
    link = secrets[0]
    stranger = AsyncClient(base_url=hook.door.base_url)
    async with stranger:
        return [
            await stranger.get("/health"),
            await stranger.get("/people"),
            await stranger.get(f"/nowhere/{MARK}"),
            await stranger.get("/people/999999"),
            await stranger.put("/telegram", content=MARK),
            await stranger.post("/telegram", content=MARK),
            await stranger.post("/sign-in", data={"sign_in_name": f"{MARK}jo"}),
            await stranger.post(f"/sign-in/link/{link}", data={"proof": "wrong"}, headers=FROM_OUR_PAGE),
            await hook.post(b" " * 1_100_000),
        ]


async def test_no_secret_and_nothing_written_reaches_the_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The whole road, 200 texts and every fault, at DEBUG: our events are all there, and of the canaries not one."""
    with log_lines() as lines:
        async with hooked(tmp_path) as hook:
            jo, sam = await _come_in(hook)
            secrets = await _signed_in(hook, jo)
            await _write_everything(hook, jo, sam)
            await pass_time(hook.town, seconds=5)
            await _meet_faults(hook, sam)
            pages = await _error_pages(hook, secrets)
            shown = _shown(hook, tmp_path)
            token = hook.town.api.token
    canaries = [MARK, MARK.lower(), "07700 900", token, token.split(":")[1], SECRET, OLD_SECRET, *secrets]
    log = "\n".join(lines)
    printed = capfd.readouterr()
    assert [name for name in EVENTS if f'"event":"{name}"' not in log] == []
    assert '"event":"library"' in log
    assert len(secrets) >= 4
    for canary in canaries:
        assert canary not in log, canary
        assert canary not in printed.out + printed.err
        assert canary not in shown
    for page in pages:
        said_there = page.text + str(page.headers)
        assert not [canary for canary in (MARK, token, SECRET, OLD_SECRET, *secrets[1:]) if canary in said_there]


def _shown(hook: Hooked, folder: Path) -> str:
    """What the parts that hold secrets show of themselves."""
    masters = master_keys(folder / "master.key", SystemRandomness())
    settings, service = hook.town.settings, hook.town.service
    gateway = Gateway(settings.telegram_api, settings.bot_token.get_secret_value(), AiohttpRequest())
    parts = [settings, gateway, service, service.store, service.office, masters, Keyring(masters, SystemRandomness())]
    return "\n".join(f"{part!r} {part}" for part in parts)


async def test_the_real_process_prints_no_secret(tmp_path: Path) -> None:
    """`keepintouch run` at DEBUG: its output, its command line and those of its children hold no canary."""
    with loopback_socket(0) as plug:
        port = plug.getsockname()[1]
    async with BotApi(TOKEN) as api:
        given = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API": api.root_url,
            "DATABASE_URL": f"sqlite:///{tmp_path}/kit.db",
            "MASTER_KEY_FILE": f"{tmp_path}/kit.key",
            "PORT": str(port),
            "LOG_LEVEL": "DEBUG",
        }
        env = {name: value for name, value in os.environ.items() if not name.startswith("KEEPINTOUCH_")}
        env |= {f"KEEPINTOUCH_{name}": value for name, value in given.items()}
        command = [sys.executable, "-c", "from bot.cli import main; main()", "run"]
        with (tmp_path / "output").open("wb") as output:
            process = subprocess.Popen(command, env=env, stdout=output, stderr=output)  # noqa: ASYNC220
        try:
            guest = api.person(f"{MARK}guest")
            await guest.says("/start")
            await guest.waits_for_count(1, within_s=30)
            for fault in FAULTS[1:]:
                api.faults.add(**fault, chat_id=guest.id)
                await guest.says(f"{words(0)} /{MARK}")
            api.world.updates.inject_raw(1, f"{MARK} is no JSON".encode())
            await asyncio.sleep(3)
            lines_of_commands = _command_lines(process.pid)
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait, 20)
    written = (tmp_path / "output").read_text(encoding="utf-8")
    assert process.returncode == 0
    assert '"event":"service.ready"' in written
    assert '"event":"library"' in written
    assert '"event":"service.stopped"' in written
    for canary in (MARK, TOKEN, TOKEN.split(":")[1], "07700 900"):
        assert canary not in written
        assert canary not in lines_of_commands


def _command_lines(pid: int) -> str:
    process = psutil.Process(pid)
    return "\n".join(" ".join(one.cmdline()) for one in [process, *process.children(recursive=True)])
