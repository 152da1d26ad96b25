"""How much the server of stub.py answers at least: one send at a time down each of many connections, as a bot does."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

from bench.processes import StubServer

CONNECTIONS, SENDS = 64, 19_200
BODY = b'{"parse_mode":"HTML","text":"a text of about the length that a reply has","chat_id":123456789}'
REQUEST = (
    b"POST /bot42:BENCH/sendMessage HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"User-Agent: bench\r\nAccept: */*\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
)


def sends_per_s(stub: StubServer) -> float:
    """Messages the server takes and answers in a second. The asker only copies bytes, but it may be what limits."""
    stub.start()
    url = urlsplit(stub.address)
    sockets = [socket.create_connection((url.hostname or "", url.port or 0)) for _ in range(CONNECTIONS)]
    before = time.perf_counter()
    for _ in range(SENDS // CONNECTIONS):
        for one in sockets:
            one.sendall(REQUEST)
        for one in sockets:
            _read_answer(one)
    took_s = time.perf_counter() - before
    for one in sockets:
        one.close()
    return SENDS / took_s


def _read_answer(one: socket.socket) -> None:
    read = b""
    while not read.endswith(b'"text":"sent"}}'):
        read += one.recv(1 << 16)
