"""`make try`: the whole service on this machine, with an invented town, no account and no network."""

import argparse
import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sys
from pathlib import Path

from sandbox.bot_api import BotApi
from sandbox.clock import SystemClock
from sandbox.page import page_routes
from sandbox.service_process import ServiceProcess
from sandbox.shared_clock import SharedClock
from sandbox.town import HISTORY, PEOPLE, Town
from sandbox.turning import Turner, clock_routes
from sandbox.world import World

os.environ.setdefault("PTB_TIMEDELTA", "1")


def arguments() -> argparse.Namespace:
    """What the command was given."""
    parser = argparse.ArgumentParser(prog="make try", description=__doc__)
    parser.add_argument("--port", type=int, default=8090, help="the chat page (default: %(default)s)")
    parser.add_argument("--web-port", type=int, default=8091, help="the advisers' pages (default: %(default)s)")
    parser.add_argument("--folder", type=Path, default=Path("var/try"), help="made anew (default: %(default)s)")
    parser.add_argument("--empty", action="store_true", help="begin with people but no history")
    parser.add_argument(
        "--no-service", action="store_true", help="only the Bot API and the phones, for a bot of your own"
    )
    return parser.parse_args()


def free_port(wanted: int) -> int:
    """The wanted port, or another that is free when it is taken."""
    with socket.socket() as plug:
        try:
            plug.bind(("127.0.0.1", wanted))
        except OSError:
            plug.bind(("127.0.0.1", 0))
        return int(plug.getsockname()[1])


def settings_of(folder: Path, api: BotApi, web_port: int) -> dict[str, str]:
    """The environment of the service: a live one's, but for where Telegram is."""
    return {
        "KEEPINTOUCH_BOT_TOKEN": api.token,
        "KEEPINTOUCH_TELEGRAM_API": api.root_url,
        "KEEPINTOUCH_DATABASE_URL": f"sqlite:///{folder.resolve()}/keepintouch.db",
        "KEEPINTOUCH_MASTER_KEY_FILE": str(folder.resolve() / "master.key"),
        "KEEPINTOUCH_PORT": str(web_port),
        "KEEPINTOUCH_WEB_URL": f"http://127.0.0.1:{web_port}",
        "KEEPINTOUCH_TICK_SECONDS": "1",
    }


async def run_alone(given: argparse.Namespace) -> None:
    """Only the Bot API server and the town's phones, for any bot that takes another address for Telegram."""
    stopping = stop_asked_for()
    async with BotApi(port=free_port(given.port), extra_routes=page_routes()) as api:
        for first, last, about in PEOPLE:
            api.world.add_person(first, last_name=last, about=about)
        say(f"\n  Open {api.root_url} in a browser.")
        say(f"  Calls go to {api.base_url}<token>/<method>. The token is {api.token}\n")
        await stopping.wait()


def stop_asked_for() -> asyncio.Event:
    """Set by Ctrl-C and SIGTERM."""
    stopping = asyncio.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wanted, stopping.set)
    return stopping


async def run(given: argparse.Namespace) -> None:
    """Bring the town to life, say where it is, and wait for Ctrl-C."""
    shutil.rmtree(given.folder, ignore_errors=True)
    given.folder.mkdir(parents=True)
    stopping = stop_asked_for()
    web_port = free_port(given.web_port)
    today = SystemClock().now()
    clock = SharedClock.starting(given.folder / "clock", today if given.empty else today - HISTORY)
    world = World(clock=clock)
    service = ServiceProcess(given.folder, {})
    turner = Turner(clock, world, service)
    routes = [*clock_routes(turner, f"http://127.0.0.1:{web_port}"), *page_routes()]
    async with BotApi(port=free_port(given.port), world=world, extra_routes=routes) as api:
        service.settings = settings_of(given.folder, api, web_port)
        say("Starting the service and living nine weeks of the town's life …")
        await service.start()
        keeper = asyncio.create_task(service.keep_running())
        try:
            town = Town(world, service, turner)
            await (town.meet() if given.empty else town.live())
            say(f"\n  Open {api.root_url} in a browser.\n\n  Ctrl-C stops it. Nothing leaves this computer.\n")
            await stopping.wait()
        finally:
            keeper.cancel()
            await turner.stop()
            await service.stop()


def say(words: str) -> None:
    """Tell whoever typed the command."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        given = arguments()
        asyncio.run(run_alone(given) if given.no_service else run(given))
