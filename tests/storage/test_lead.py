"""Who leads: one of all processes on a database, and when it dies another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from sqlalchemy import text

from storage.engine import database_url as known_url
from storage.engine import writing_engine
from storage.lead import try_lead
from tests.reading_code import ROOT

HOLD = """
import sys, time
from storage.engine import database_url
from storage.lead import try_lead
lead = try_lead(database_url(sys.argv[1]))
print("leads" if lead else "follows", flush=True)
time.sleep(60)
"""


def test_one_leads_and_the_next_when_it_lets_go(database_url: str) -> None:
    """Of two who ask one gets the lead; when it is released the other gets it."""
    url = known_url(database_url)
    first = try_lead(url)
    assert first is not None
    assert try_lead(url) is None
    assert first.held()
    first.release()
    assert not first.held()
    second = try_lead(url)
    assert second is not None
    second.release()


def test_a_leader_that_is_killed_leads_no_more(database_url: str) -> None:
    """After kill -9 of the process that leads, the lead is free without anybody waiting for anything to expire."""
    url = known_url(database_url)
    leader = subprocess.Popen([sys.executable, "-c", HOLD, database_url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert leader.stdout is not None
        assert leader.stdout.readline() == "leads\n"
        assert try_lead(url) is None
    finally:
        os.kill(leader.pid, signal.SIGKILL)
        leader.communicate()
    lead = next(filter(None, (try_lead(url) for _ in range(200))), None)
    assert lead is not None
    lead.release()


def test_a_leader_whose_connection_is_cut_finds_out(database_url: str) -> None:
    """When PostgreSQL ends the leader's connection the lead is free, and the one who had it sees that it is gone."""
    url = known_url(database_url)
    lead = try_lead(url)
    assert lead is not None
    if url.drivername == "sqlite":
        lead.release()
    else:
        engine = writing_engine(url)
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
        engine.dispose()
    assert not lead.held()
    after = try_lead(url)
    assert after is not None
    after.release()


def test_a_database_that_does_not_answer_gives_no_lead() -> None:
    """Asking who leads on a server that is not there is no error: nobody leads."""
    assert try_lead(known_url("postgresql://nobody@/nothing?host=/nowhere")) is None
