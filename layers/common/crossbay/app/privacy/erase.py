"""Erasing a customer who is marked (`mark.py`): a walk through all that is left of the person (X6).

Each step is safe to do again, by the same worker after a break, by another one, by a message that came twice.
A quarter of an hour after the mark nobody who read the person before it can be writing any more: the last
look repeats the walk then, and finds what was on its way.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from crossbay.app.privacy.alive import with_life
from crossbay.app.privacy.exports import erase_exports
from crossbay.app.privacy.files import erase_folders, erase_import_files
from crossbay.app.privacy.links import erase_links
from crossbay.app.privacy.mark import mark
from crossbay.app.privacy.postcards import erase_postcards
from crossbay.app.privacy.records import erase_records
from crossbay.app.privacy.sources import erase_sources
from crossbay.app.privacy.walk import ErasureClock, OutOfTime, Walk
from crossbay.app.retry import again_when_contended
from crossbay.aws.s3 import Bucket
from crossbay.domain.calendar import utc_iso
from crossbay.domain.organization import ShopRef
from crossbay.domain.privacy_request import PrivacyRequest, RequestState
from crossbay.errors import NotFound
from crossbay.privacy.mentions import Mentions, Whom
from crossbay.store import keys
from crossbay.store.codec import record_of
from crossbay.store.customers.customers import find_file
from crossbay.store.privacy.privacy import put_request, read_request, save_request
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

LAST_LOOK_AFTER = timedelta(minutes=15)
"""The longest that a worker lives (template.yaml)."""

WAITED_FOR = timedelta(days=1)
"""What is still under way then is said in the request: somebody has to look at it."""

Again = Callable[[timedelta], None]
"""Has the request looked at again after a while."""


@again_when_contended
def erase(
    reads: Reads,
    files: Bucket,
    imports: Bucket,
    request: PrivacyRequest,
    *,
    clock: ErasureClock,
    again: Again,
) -> PrivacyRequest:
    """The request as far as it came. Raises Contended while another worker is at it."""
    request = read_request(reads, ShopRef.of(request), request.id)
    if request.checked_at:
        return request
    request, erased_at = _marked(reads, request, clock.now())
    walk = Walk(
        reads=reads,
        files=files,
        imports=imports,
        request=request,
        clock=clock,
        erased_at=erased_at,
        mentions=_mentions(reads, request),
        is_last_look=request.state is RequestState.DONE,
    )
    if walk.is_last_look and (early_by := walk.marked_at + LAST_LOOK_AFTER - clock.now()) > timedelta():
        again(min(early_by + timedelta(seconds=1), LAST_LOOK_AFTER))
        return request
    try:
        _walk(walk)
    except OutOfTime:
        again(timedelta())
        return walk.request
    return _checked(walk, again) if walk.is_last_look else _done(walk, again)


def _marked(reads: Reads, request: PrivacyRequest, now: datetime) -> tuple[PrivacyRequest, str]:
    """The request, under way, and since when the customer is marked: since this or an earlier one was asked.

    A request that an older version took in is marked here.
    """
    file = find_file(reads, request.organization_id, request.customer)
    if file is None:
        raise NotFound("customer")
    if request.state is not RequestState.QUEUED:
        return request, file.customer.erased_at
    at = utc_iso(now)
    running = with_life(replace(request, state=RequestState.RUNNING, started_at=at), now)
    if file.customer.erased_at:
        return save_request(request, running), file.customer.erased_at
    return mark(reads, file, request, running, at=at), at


def _mentions(reads: Reads, request: PrivacyRequest) -> Mentions | None:
    partition = keys.customer_partition(request.organization_id, request.customer)
    item = reads.get(profile_keys.erasing(partition), consistent=True)
    return Mentions(record_of(Whom, item)) if item else None


def _walk(walk: Walk) -> None:
    erase_links(walk)
    erase_records(walk)
    erase_folders(walk)
    erase_exports(walk)
    erase_import_files(walk)
    erase_postcards(walk)
    erase_sources(walk)


def _done(walk: Walk, again: Again) -> PrivacyRequest:
    """The last look is asked for before it says so: broken off in between, both come again."""
    again(LAST_LOOK_AFTER)
    request = walk.request
    transaction = Transaction()
    transaction.delete(profile_keys.erasing(walk.partition))
    finished = replace(request, state=RequestState.DONE, finished_at=walk.at)
    done = put_request(transaction, request, with_life(finished, walk.clock.now()))
    transaction.commit()
    return done


def _checked(walk: Walk, again: Again) -> PrivacyRequest:
    """Looked at for the last time, unless something is still under way."""
    is_given_up = walk.clock.now() > walk.marked_at + WAITED_FOR
    if walk.waits and not is_given_up:
        again(LAST_LOOK_AFTER)
        return walk.request
    left = {**walk.request.left, **walk.waits}
    return save_request(walk.request, replace(walk.request, checked_at=walk.at, left=left))
