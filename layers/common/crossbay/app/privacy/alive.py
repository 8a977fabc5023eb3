"""That a request is being carried out, by a worker that lives (decision 0202)."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from crossbay.app.alive import Life, life_at
from crossbay.domain.organization import ShopRef
from crossbay.domain.privacy_request import PrivacyRequest, RequestState
from crossbay.store.privacy.privacy import read_request, renew_request
from crossbay.store.reads import Reads


class AliveClock(Protocol):
    def now(self) -> datetime: ...


def with_life(request: PrivacyRequest, now: datetime) -> PrivacyRequest:
    """The request as its worker writes it now: it lives while the request runs, and is gone after."""
    life = life_at(now) if request.state is RequestState.RUNNING else Life()
    return replace(request, alive_at=life.alive_at, goes_on_by=life.goes_on_by)


def keep_alive(reads: Reads, request: PrivacyRequest, *, clock: AliveClock) -> None:
    """The worker says that it lives, in the midst of a step. Raises Contended while it writes itself."""
    request = read_request(reads, ShopRef.of(request), request.id)
    if request.state is RequestState.RUNNING:
        renew_request(with_life(request, clock.now()))
