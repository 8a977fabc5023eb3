"""Links from and to a customer who is erased: nobody links to it any more, and no event shows it."""

from crossbay.app.links.links import forget_target
from crossbay.app.privacy.walk import Walk
from crossbay.app.retry import again_when_contended
from crossbay.domain.customers.customer import CustomerRef
from crossbay.store.links.links import forget_reverse_items, forget_what_was_seen, list_linked_by


def erase_links(walk: Walk) -> None:
    """Its own set and events go with the rest of the partition, after this. Safe to do again."""
    forget_target(walk.reads, walk.organization_id, walk.ref, stamp=walk.stamp)
    for own in list_linked_by(walk.reads, walk.organization_id, walk.ref):
        walk.go_on()
        _forget_what_was_seen(walk, own)
    forget_reverse_items(walk.reads, walk.organization_id, walk.ref)


@again_when_contended
def _forget_what_was_seen(walk: Walk, own: CustomerRef) -> None:
    forget_what_was_seen(walk.reads, walk.organization_id, own, walk.ref, walk.forget)
