"""T5: the webhook takes only Telegram, keeps before it says 200, and tells nothing of what it refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from bot.webhook import LARGEST_BODY_BYTES, PATH, SECRET_HEADER
from tests.hooked import OLD_SECRET, SECRET, Hooked, hooked, said
from tests.locks import other_process
from tests.loglines import log_lines

WRONG = "wrong-secret-canary"


@pytest.fixture
async def hook(tmp_path: Path) -> AsyncIterator[Hooked]:
    """A running service with both secrets in force."""
    async with hooked(tmp_path) as made:
        yield made


async def test_what_telegram_pushes_is_answered_on_the_phone(hook: Hooked) -> None:
    """The sandbox sets the webhook, pushes with the newest secret, and the answer arrives."""
    sam = hook.town.phone("Sam")
    await sam.says("/start")
    await sam.waits_for("Keep in Touch")
    assert not hook.town.api.world.updates.pending()


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
async def test_both_secrets_are_taken_while_one_is_replaced(hook: Hooked, secret: str) -> None:
    """The new secret and the one before it both open the door."""
    assert (await hook.post(said(1), secret)).status_code == 200
    assert [row.update_id for row in await hook.kept()] == [1]


@pytest.mark.parametrize(
    "secret",
    [
        None,
        "",
        WRONG,
        SECRET + " x",
        SECRET[:-1],
        f"{SECRET},{OLD_SECRET}",
        "сéкрет".encode(),
        b"\xff\xfe",
        "x" * 20_000,
    ],
)
async def test_a_wrong_or_missing_secret_is_403_and_nothing_is_kept(hook: Hooked, secret: str | bytes | None) -> None:
    """Wrong, missing, empty, cut, joined, non-ASCII and huge secrets are all refused, and leave nothing."""
    answer = await hook.post(said(1, "canary text"), secret)
    assert answer.status_code == 403
    assert answer.content == b""
    assert await hook.kept() == []


async def test_nothing_of_what_was_refused_is_logged(tmp_path: Path) -> None:
    """A wrong secret and its body leave no trace in the log, at DEBUG; our own events are there."""
    with log_lines() as lines:
        async with hooked(tmp_path) as hook:
            assert (await hook.post(said(1, "canary text of a stranger"), WRONG)).status_code == 403
            assert (await hook.post(b'{"canary body": ')).status_code == 200
    log = "\n".join(lines)
    assert "service.ready" in log
    assert not any(secret in log for secret in (SECRET, OLD_SECRET, WRONG, "canary", hook.town.api.token))


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
async def test_only_post_is_answered(hook: Hooked, method: str) -> None:
    """Any other method keeps nothing, even with the right secret."""
    answer = await hook.door.request(method, PATH, headers={SECRET_HEADER: SECRET})
    assert answer.status_code in (403, 404, 405)
    assert await hook.kept() == []


@pytest.mark.parametrize("path", ["/telegram/", "/telegram/extra", "/Telegram", "/telegramm"])
async def test_only_its_own_path_is_answered(hook: Hooked, path: str) -> None:
    """A neighbouring path keeps nothing."""
    assert (await hook.post(said(1), path=path)).status_code in (303, 307, 403, 404, 405)
    assert await hook.kept() == []


async def test_a_body_larger_than_any_update_is_413(hook: Hooked) -> None:
    """One byte too many is refused and not kept; as many as allowed are taken."""
    assert (await hook.post(b" " * (LARGEST_BODY_BYTES + 1))).status_code == 413
    assert await hook.kept() == []
    fits = orjson.dumps(said(5)).ljust(LARGEST_BODY_BYTES)
    assert (await hook.post(fits)).status_code == 200
    assert [row.update_id for row in await hook.kept()] == [5]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe\x00",
        b'{"message":{}}',
        b'{"update_id":"1"}',
        b'{"update_id":-1}',
    ],
)
async def test_what_cannot_be_read_is_200_and_in_quarantine(hook: Hooked, body: bytes) -> None:
    """Telegram must not send it for ever; a person can look at it, and the health page counts it. Once, if repeated."""
    for _ in range(2):
        assert (await hook.post(body)).status_code == 200
    assert [row.state for row in await hook.kept()] == ["quarantined"]
    assert await hook.quarantined() == 1


async def test_the_same_update_posted_again_is_200_and_has_one_effect(hook: Hooked) -> None:
    """A repeated id is thanked for and passed over."""
    sam = hook.town.phone("Sam")
    await sam.says("hello")
    for _ in range(3):
        assert (await hook.post(said(77, "/mydata", sam.id))).status_code == 200
    await sam.waits_for_count(2)
    await hook.town.settle()
    assert len(sam.from_bot()) == 2


async def test_what_could_not_be_kept_is_503_and_taken_when_it_can(hook: Hooked, tmp_path: Path) -> None:
    """While another process holds the database, Telegram hears 503; the same update later has its effect."""
    with other_process(tmp_path / "keepintouch.db") as other:
        other.hold()
        assert (await hook.post(said(9))).status_code == 503
        other.let_go()
    assert await hook.kept() == []
    assert (await hook.post(said(9))).status_code == 200
    assert [row.update_id for row in await hook.kept()] == [9]
