"""Each type of item has an answer for the day its customer is deleted."""

from crossbay.domain.hanging import OF_DELETED_CUSTOMER
from crossbay.privacy.fates import TREATMENTS


def test_every_type_in_a_customers_partition_has_its_lot_when_the_customer_is_deleted() -> None:
    """`tests/contracts/test_privacy.py` holds those of `privacy/fates.py` to the data model."""
    missing = TREATMENTS.keys() - OF_DELETED_CUSTOMER.keys()
    assert not missing, (
        f"say in domain/hanging.py what becomes of {sorted(missing)} when a customer is deleted"
    )
    assert OF_DELETED_CUSTOMER.keys() <= TREATMENTS.keys()
