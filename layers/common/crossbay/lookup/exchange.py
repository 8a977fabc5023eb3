"""One HTTP request with a bounded answer: the one place that knows urllib3 and translates its errors."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
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

    No second tries, no redirects, no proxies. monotonic: seconds of a clock that never goes back.
    """

    name: str
    timeout_s: float = TIMEOUT_S
    monotonic: Callable[[], float] = time.monotonic

    @cached_property
    def _pool(self) -> Any:
        import urllib3

        return urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(total=self.timeout_s))

    def ask(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        """The body of a 200.

        Raises ProviderRefused where our account is turned away, ProviderFailed for any other status, a too
        large or too slow answer, or none.
        """
        from urllib3.exceptions import HTTPError

        until = self.monotonic() + self.timeout_s
        sent = {"Connection": "close", **(headers or {})}  # one kept over a Lambda's sleep dies unseen
        try:
            answer = self._pool.request(
                method, url, body=body, headers=sent, redirect=False, preload_content=False
            )
            try:
                if answer.status in _REFUSED:
                    raise ProviderRefused(self.name, f"status {answer.status}")
                if answer.status != _OK:
                    raise ProviderFailed(self.name, f"status {answer.status}")
                return self._content(answer, until)
            finally:
                answer.close()
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
