"""Methods by which the bot takes its updates: the long poll and the webhook."""

from typing import Any

from sandbox.calls import Call
from sandbox.refusals import bad_request, conflict
from sandbox.webhook import Webhook
from sandbox.world import World

LONGEST_POLL_S = 50
POLL_BESIDE_WEBHOOK = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


async def get_updates(world: World, webhook: Webhook, call: Call) -> bytes:
    """A true long poll; the offset confirms everything before it. The updates go out as the bytes they are."""
    if webhook.target is not None:
        raise conflict(POLL_BESIDE_WEBHOOK)
    _ask_for(world, call)
    limit = call.number("limit", 100)
    timeout_s = min(max(call.number("timeout"), 0), LONGEST_POLL_S)
    limit = limit if 1 <= limit <= 100 else 100
    batch = await world.updates.take(call.number("offset"), limit, timeout_s, world.arrange)
    return b'{"ok":true,"result":[' + b",".join(update.raw for update in batch) + b"]}"


def set_webhook(world: World, webhook: Webhook, call: Call) -> tuple[bool, str]:
    """Sets it, or takes it away when the address is empty."""
    if not call.text("url"):
        return delete_webhook(world, webhook, call)
    _ask_for(world, call)
    connections = min(max(call.number("max_connections", 40), 1), 100)
    if call.flag("drop_pending_updates"):
        world.updates.drop_all()
    before = webhook.target
    webhook.set(call.text("url"), call.text("secret_token"), connections)
    return True, "Webhook is already set" if before == webhook.target else "Webhook was set"


def delete_webhook(world: World, webhook: Webhook, call: Call) -> tuple[bool, str]:
    was_set = webhook.delete()
    if call.flag("drop_pending_updates"):
        world.updates.drop_all()
    return True, "Webhook was deleted" if was_set else "Webhook is already deleted"


def _ask_for(world: World, call: Call) -> None:
    """`allowed_updates` holds for updates made from now on, and until the next call that names any."""
    given: Any = call.json("allowed_updates")
    if given is None:
        return
    if not isinstance(given, list):
        raise bad_request("can't parse allowed updates: expected an Array of String")
    world.updates.allowed = frozenset(str(kind) for kind in given)
