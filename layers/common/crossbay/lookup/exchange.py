"""One HTTP request with a bounded answer: the one place that knows urllib3 and translates its errors."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crossbay.errors import ProviderFailed, ProviderRefused

TIMEOUT_S = 5.0
"""For the whole exchange: someone waits at the counter, and API Gateway gives up at 29."""
MOST_BYTES = 256 * 1024
_CHUNK_BYTES = 16 * 1024
_OK, _REFUSED = 200, {401, 403}


@dataclass
class Exchange:
    """Requests to one service. name: as people know it. urllib3 comes with the first request.

    No second tries, no redirects, no proxies. Each request has a connection of its own: a kept one dies
    unseen over a Lambda's sleep, and where a server ends it without saying so first.
    monotonic: seconds of a clock that never goes back.
    """

    name: str
    timeout_s: float = TIMEOUT_S
    monotonic: Callable[[], float] = time.monotonic

    def ask(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        """The body of a 200.

        Raises ProviderRefused where our account is turned away, ProviderFailed for any other status, a too
        large or too slow answer, or none.
        """
        from urllib3 import PoolManager, Timeout
        from urllib3.exceptions import HTTPError

        until = self.monotonic() + self.timeout_s
        sent = {"Connection": "close", **(headers or {})}
        try:
            with PoolManager(retries=False, timeout=Timeout(total=self.timeout_s)) as connection:
                answer = connection.request(
                    method, url, body=body, headers=sent, redirect=False, preload_content=False
                )
                with answer:
                    if answer.status in _REFUSED:
                        raise ProviderRefused(self.name, f"status {answer.status}")
                    if answer.status != _OK:
                        raise ProviderFailed(self.name, f"status {answer.status}")
                    return self._content(answer, until)
        except (HTTPError, OSError) as error:
            raise ProviderFailed(self.name, type(error).__name__) from None  # its text holds the URL

    def _content(self, answer: Any, until: float) -> bytes:
        content = b""
        while chunk := answer.read1(_CHUNK_BYTES, decode_content=False):
            content += chunk
            if len(content) > MOST_BYTES:
                raise ProviderFailed(self.name, "answer too large")
            if self.monotonic() > until:
                raise ProviderFailed(self.name, "answer too slow")
        return content
