"""The server beside a test that has no event loop."""

import json
import urllib.request

from sandbox.own_thread import BotApiInThread


def test_plain_blocking_code_can_talk_to_it() -> None:
    """A call by urllib reaches the phone; the phone is read and spoken from through the thread's own loop."""
    with BotApiInThread() as town:
        sam = town.do(lambda api: api.person("Sam", started=True))
        call = json.dumps({"chat_id": sam.id, "text": "hello"}).encode()
        address = f"{town.api.base_url}{town.api.token}/sendMessage"
        request = urllib.request.Request(address, call, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert json.load(answer)["ok"]
        assert town.do(lambda api: [message.text for message in sam.screen()]) == ["hello"]
        town.wait(lambda api: sam.says("hello you"))
        assert town.do(lambda api: len(api.world.updates.pending())) == 1
