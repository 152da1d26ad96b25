"""The whole service, wired. Start-up recovers by itself; a stop finishes what is in hand and leaves the rest in rows.

start:  keys and schema ─► database ─► Telegram knows us ─► the lead, if it is free ─► sweep the inbox ─► loops
stop:   intake ─► tick ─► clerk (bounded) ─► sender (bounded) ─► the lead ─► web ─► database
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from starlette.routing import BaseRoute

from bot import clock as system
from bot.application import App, build_application, introduce, until_answered, use_webhook, without_webhook
from bot.clerk import Clerk
from bot.events import event, trouble
from bot.gateway import CutOffError, Gateway
from bot.health import Health, health_route
from bot.intake import Poller
from bot.last_resort import LastResort
from bot.leading import Leading
from bot.pace import Pace
from bot.sender import Sender
from bot.settings import Settings, master_keys, need_token
from bot.telegram_http import AiohttpRequest
from bot.ticker import Ticker
from bot.web import WebServer, web_app, web_server
from bot.webhook import webhook_route
from casework.desk import Office
from casework.sign_in import IN_FORCE, Lasting
from content import council, finder, ladder
from dashboard.app import create_app
from dashboard.services import DashboardServices
from rules.safety import may_be_serious
from storage import schema
from storage.lead import try_lead
from storage.sources import Clock
from storage.store import Sources, Store

# Together under ten seconds, one send's longest wait included; what is not done by then is in rows.
CLERK_STOPS_WITHIN_S = 1.0
SENDER_STOPS_WITHIN_S = 8.2
WEB_STOPS_WITHIN_S = 0.5
SWEEP_EVERY_S = 1.0
COLLECT_AFTER = (20_000, 20, 20)


def open_store(settings: Settings, clock: Clock) -> Store:
    """The database of these settings, brought up to date."""
    url = settings.database_url.get_secret_value()
    schema.upgrade(url)
    randomness = system.SystemRandomness()
    masters = master_keys(settings.master_key_file, randomness)
    return Store.open(url, masters, Sources(clock, randomness, system.new_token))


def office_of(settings: Settings, bot_username: str) -> Office:
    """The council's pack and the addresses of this installation."""
    return Office(
        pack=council.load(settings.council_pack),
        bot_username=bot_username,
        web_url=settings.web_url.rstrip("/"),
        ladder=ladder.load(settings.council_pack),
    )


@dataclass(slots=True)
class Service:
    """One running service, made by `start_service`. `loops` end by themselves when told; `background` is cancelled."""

    store: Store
    office: Office
    # The library's own repr shows the token.
    application: App = field(repr=False)
    clerk: Clerk
    sender: Sender
    ticker: Ticker
    leading: Leading
    web: WebServer
    loops: list[asyncio.Task[None]]
    background: list[asyncio.Task[None]]

    async def stop(self) -> None:
        """Finish what is in hand, leave nothing claimed, let go of everything."""
        event("service.stopping")
        for task in self.background:
            task.cancel()
        self.web.should_exit = True
        await self.ticker.stop()
        await self.clerk.stop(CLERK_STOPS_WITHIN_S)
        await self.sender.stop(SENDER_STOPS_WITHIN_S)
        self.leading.stop()
        await asyncio.wait(self.loops, timeout=WEB_STOPS_WITHIN_S)
        await self.application.shutdown()
        self.store.close()
        event("service.stopped")


async def start_service(settings: Settings, clock: Clock, lasting: Lasting = IN_FORCE) -> Service:
    """Start everything and return once the service is ready. `lasting` is how long a web session lasts.

    Raises SettingsError, and whatever opening the database raises; then everything opened is closed again.
    """
    async with contextlib.AsyncExitStack() as undo:
        service = await _start(settings, clock, lasting, undo)
        undo.pop_all()
    return service


async def _start(settings: Settings, clock: Clock, lasting: Lasting, undo: contextlib.AsyncExitStack) -> Service:
    token = need_token(settings)
    store = open_store(settings, clock)
    undo.callback(store.close)
    request = AiohttpRequest(use_proxy=settings.telegram_api.startswith("https://"))
    undo.push_async_callback(request.shutdown)
    application = build_application(token, settings.telegram_api, request)
    await until_answered(application.initialize)
    office = office_of(settings, application.bot.username)
    gateway = Gateway(settings.telegram_api, token, request, settings.send_wait_seconds)
    # With a webhook there is nothing to go round while nobody writes.
    loops_watched = ("tick", "sender", "intake") if settings.intake == "polling" else ("tick", "sender")
    health = Health(loops_watched, clock.monotonic)

    acknowledge = _acknowledger(gateway)
    last_resort = LastResort(gateway, office)
    clerk = Clerk(store, office, application, acknowledge, last_resort)
    application.bot_data["answer"] = clerk.answer
    pace = Pace(settings.sends_per_second, settings.chat_rest_seconds, clock.monotonic)
    sender = Sender(store, office, gateway, pace, health.beat("sender"))
    loop = asyncio.get_running_loop()
    store.on_queued = partial(_wake_soon, loop, sender)
    ticker = Ticker(store, office, settings.tick_seconds, health.beat("tick"))

    leading = Leading(partial(try_lead, store.url), [sender, ticker], sender.recover)
    undo.callback(leading.stop)
    await leading.look()
    await clerk.sweep()
    poller = Poller(gateway, store, clerk, health.beat("intake"), last_resort)
    leading.add(poller)
    hook = webhook_route(store, clerk, settings.secrets_of_webhook, health.beat("intake"), last_resort)
    intake, routes = await _take_in(settings, application, poller, hook)
    pages = DashboardServices(store, clock, system.new_token, office, settings.insecure_cookies, lasting=lasting)
    web = web_server(web_app(create_app(pages), [health_route(health, store), *routes]), settings.host, settings.port)
    loops = [
        asyncio.create_task(sender.run(), name="sender"),
        asyncio.create_task(web.serve(), name="web"),
        asyncio.create_task(leading.run(), name="leading"),
    ]
    background = [
        *intake,
        asyncio.create_task(_sweep(clerk), name="sweep"),
        asyncio.create_task(introduce(application), name="introduce"),
        asyncio.create_task(asyncio.to_thread(_warm), name="warm"),
    ]
    ticker.start()
    await ticker.tick()
    event("service.ready")
    return Service(store, office, application, clerk, sender, ticker, leading, web, loops, background)


def _wake_soon(loop: asyncio.AbstractEventLoop, sender: Sender) -> None:
    """Called in the writer's thread after a commit that queued something."""
    loop.call_soon_threadsafe(sender.wake)


async def _take_in(
    settings: Settings, application: App, poller: Poller, hook: BaseRoute
) -> tuple[list[asyncio.Task[None]], list[BaseRoute]]:
    """Start the intake the settings ask for: a poller, or a route for Telegram to post to."""
    if settings.intake == "webhook":
        secret = settings.secrets_of_webhook[0]
        await until_answered(partial(use_webhook, application, settings.webhook_url, secret))
        return [], [hook]
    await until_answered(partial(without_webhook, application))
    return [asyncio.create_task(poller.run(), name="poller")], []


def _acknowledger(gateway: Gateway) -> Callable[[str], None]:
    """What stops the little clock on a pressed button. It carries nothing, so it is not worth a row."""
    under_way: set[asyncio.Task[None]] = set()

    async def acknowledge(query_id: str) -> None:
        with contextlib.suppress(CutOffError):
            await gateway.call("answerCallbackQuery", {"callback_query_id": query_id}, wait_s=5.0)

    def soon(query_id: str) -> None:
        task = asyncio.create_task(acknowledge(query_id))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    return soon


async def _sweep(clerk: Clerk) -> None:
    """Every second, put in line what the inbox holds and memory does not."""
    while True:
        await asyncio.sleep(SWEEP_EVERY_S)
        try:
            await clerk.sweep()
        except Exception as error:  # a busy database, or a fault of ours; nothing else would find what was left
            trouble("sweep.failed", error)


async def run_service(settings: Settings, clock: Clock) -> None:
    """Run until SIGTERM or SIGINT, then stop gracefully."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wanted, stopping.set)
    asked = asyncio.create_task(stopping.wait())
    starting = asyncio.create_task(start_service(settings, clock))
    await asyncio.wait([asked, starting], return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        return
    service = await starting
    spare_what_stays()
    await asyncio.wait([asked, *service.loops], return_when=asyncio.FIRST_COMPLETED)
    await service.stop()


def _warm() -> None:
    """Make now what the first question of a process would wait for: patterns, pages and their index."""
    may_be_serious("")
    finder.warm()


def spare_what_stays() -> None:
    """Let Python's collector pass over what start-up made and look less often.

    Modules, statements and patterns stay until the end; walking them again and again took an eighth of the work of an
    update and a quarter of that of a plan (docs/benchmarks.md). Nothing of ours waits for the collector to let it go.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
