"""HTTP to Telegram, on aiohttp: measured at several times the rate of python-telegram-bot's own client."""

from __future__ import annotations

from typing import Any

import aiohttp
import orjson
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECTIONS = 256
Timeout = DefaultValue[float] | float | DefaultValue[None] | None


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's way out, sharing one aiohttp session with the gateway.

    `use_proxy`: go through the proxy that the environment names (HTTPS_PROXY), as councils often must.
    """

    def __init__(self, connections: int = CONNECTIONS, *, use_proxy: bool = False) -> None:
        self._use_proxy = use_proxy
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The open session; RuntimeError before `initialize`."""
        if self._session is None:
            raise RuntimeError("the connection to Telegram is not open")
        return self._session

    @property
    def read_timeout(self) -> float | None:
        return 10.0

    async def initialize(self) -> None:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=30)
            self._session = aiohttp.ClientSession(connector=connector, json_serialize=_dumps, trust_env=self._use_proxy)

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        return orjson.loads(payload)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        write_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        connect_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        pool_timeout: Timeout = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        wait_s = read_timeout if isinstance(read_timeout, int | float) else self.read_timeout
        data = None if request_data is None else orjson.dumps(request_data.parameters)
        try:
            async with self.session.request(
                method,
                url,
                data=data,
                headers={"Content-Type": "application/json"},
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=wait_s),
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            # The error's own text holds the URL, and the URL holds the token.
            raise NetworkError(type(error).__name__) from None


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()
