"""How much the server of stub.py could answer if nothing else were slow: blocks of sends down a few connections."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

from bench.processes import StubServer

CONNECTIONS, BLOCK, SENDS = 8, 50, 40_000
BODY = b'{"parse_mode":"HTML","text":"a text of about the length that a reply has","chat_id":123456789}'
REQUEST = (
    b"POST /bot42:BENCH/sendMessage HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"User-Agent: bench\r\nAccept: */*\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
)


def sends_per_s(stub: StubServer) -> float:
    """Messages the server takes and answers in a second. The asker only copies bytes, so it is the server's figure."""
    stub.start()
    url = urlsplit(stub.address)
    sockets = [socket.create_connection((url.hostname or "", url.port or 0)) for _ in range(CONNECTIONS)]
    before = time.perf_counter()
    for _ in range(SENDS // (CONNECTIONS * BLOCK)):
        for one in sockets:
            one.sendall(REQUEST * BLOCK)
        for one in sockets:
            _read_answers(one)
    took_s = time.perf_counter() - before
    for one in sockets:
        one.close()
    return SENDS / took_s


def _read_answers(one: socket.socket) -> None:
    answers = 0
    while answers < BLOCK:
        answers += one.recv(1 << 18).count(b'"text":"sent"}}')
