"""The command `keepintouch`."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from datetime import datetime

import click

from bot.clock import SystemClock
from bot.settings import Settings, SettingsError, need_council, need_token, read_settings
from rules.wallclock import local_date

HEALTH_WAIT_S = 5


class Friendly(click.Group):
    """Says what to do instead of showing a traceback, which could hold someone's words."""

    def invoke(self, ctx: click.Context) -> object:
        from storage.sealing import CannotOpenError
        from storage.store import StoreBusyError

        try:
            return super().invoke(ctx)
        except (SettingsError, ValueError) as error:
            raise click.ClickException(str(error)) from None
        except StoreBusyError:
            raise click.ClickException("The database cannot be reached. Check KEEPINTOUCH_DATABASE_URL.") from None
        except CannotOpenError:
            raise click.ClickException(
                "This database was written with another master key. Put back the file in KEEPINTOUCH_MASTER_KEY_FILE."
            ) from None


@click.group(cls=Friendly, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="keepintouch")
def main() -> None:
    """Keep in Touch: a chat service that keeps care leavers and their advisers in touch.

    Settings come from the environment or a .env file; .env.example explains each one.
    """


@main.command()
def run() -> None:
    """Run the service until it is told to stop (SIGTERM or Ctrl-C)."""
    import uvloop

    from bot.events import set_up_logging
    from bot.service import run_service

    settings = read_settings()
    need_token(settings)
    need_council(settings)
    set_up_logging(settings.log_level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run_service(settings, SystemClock()))


@main.command()
def health() -> None:
    """Ask the running service whether it is well. Exits with 1 when it is not."""
    settings = read_settings()
    address = f"http://{settings.host}:{settings.port}/health"
    try:
        # Our own address, so never by way of a proxy that the environment names.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(address, timeout=HEALTH_WAIT_S) as answer:
            click.echo(answer.read().decode())
    except urllib.error.HTTPError as error:
        click.echo(error.read().decode())
        raise SystemExit(1) from None
    except OSError:
        raise click.ClickException(f"Nothing answers at {address}. Is the service running?") from None


@main.group()
def adviser() -> None:
    """Advisers and managers."""


@adviser.command("add")
@click.argument("name")
@click.option("--team", required=True, help="The team they belong to; made if it is new.")
@click.option("--manager", is_flag=True, help="Make them a team manager, who sees the whole team.")
@click.option("--sign-in", "sign_in_name", default="", help="The name they type on the sign-in page, like jo.marsh.")
def add_adviser(name: str, team: str, manager: bool, sign_in_name: str) -> None:
    """Add an adviser or manager and print their one-use link for Telegram.

    NAME is their full name, as young people will see it.
    """
    from bot.staffing import add_staff

    settings = read_settings()
    made = add_staff(settings, SystemClock(), name, team, manager=manager, sign_in_name=sign_in_name)
    click.echo(f"{made.name} ({made.role.value}, {team}) can join once with this link,")
    click.echo(f"until {made.expires_utc.day} {made.expires_utc:%B %Y}:")
    click.echo(f"  {made.link}")
    click.echo(f"Or they type this code to the bot: {made.code}")


@main.group()
def keys() -> None:
    """The master key, which opens everything."""


@keys.command("rotate")
@click.option("--forget-old", is_flag=True, help="Take the old keys out of the file. Backups from before need them.")
def rotate_keys(forget_old: bool) -> None:
    """Change the master key. Stop the service first.

    A new key is put into KEEPINTOUCH_MASTER_KEY_FILE, and every person's key is wrapped with it.
    """
    from bot.keys import rotate

    settings = read_settings()
    wrapped = rotate(settings, SystemClock(), forget_old=forget_old)
    click.echo(f"{wrapped} keys are under a new master key. Back up {settings.master_key_file} now, by itself.")
    if not forget_old:
        click.echo("The old key is still in that file, below the new one, for backups made before today.")


@main.command("settings")
def show_settings() -> None:
    """Show the settings in force. Secrets stay hidden."""
    settings: Settings = read_settings()
    click.echo(json.dumps(settings.model_dump(mode="json"), indent=2))


@main.group()
def content() -> None:
    """What the service says: guidance, facts, words and the council's pack."""


@content.command("check")
@click.option("--on", "on_day", type=click.DateTime(["%Y-%m-%d"]), help="Check as of another day, like 2027-04-06.")
def check_content(on_day: datetime | None) -> None:
    """List everything that is wrong with what we say. Exits with 1 when there is anything."""
    from content.check import problems

    settings = read_settings()
    today = local_date(SystemClock().now()) if on_day is None else on_day.date()
    found = problems(today, [settings.council_pack])
    for problem in found:
        click.echo(str(problem))
    click.echo(f"{len(found)} to mend." if found else "Nothing to mend.")
    if found:
        raise SystemExit(1)
