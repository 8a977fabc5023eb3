"""What clients send about pairs of customers, bringing records over, and the history of linked shops."""

from typing import Annotated

from pydantic import Field

from crossbay.domain.customers.customer import (
    CustomerRef,
)
from crossbay.domain.limits import (
    MOST_PAIRS,
)
from crossbay.entry.fields import (
    Line,
    RecordId,
)
from crossbay.entry.inputs import AN_ID, Input, example


class CustomerChoice(Input):
    """A customer of another shop."""

    shop_id: RecordId
    customer_id: RecordId


class CustomerCopy(CustomerChoice):
    """The customer to bring over, with these of its vehicles."""

    vehicle_ids: Annotated[list[RecordId], Field(max_length=20)] = []


class VehicleCopy(CustomerChoice):
    """A vehicle of a linked customer."""

    vehicle_id: RecordId


class PairsInput(Input):
    """The customers that a person decided about, and why.

    One call is one decision, all or nothing, about 90 customers at most. More are decided about in further
    calls: each adds to what stands.
    """

    model_config = example(
        customers=[{"shop_id": AN_ID, "customer_id": AN_ID}], reason="Asked at the counter"
    )

    customers: Annotated[
        list[CustomerChoice], Field(min_length=1, json_schema_extra={"maxItems": MOST_PAIRS})
    ]
    reason: Line = ""

    def refs(self) -> list[CustomerRef]:
        return [CustomerRef.of(choice) for choice in self.customers]


class ReasonInput(Input):
    reason: Line = ""


class HistorySettings(Input):
    """Whether linked shops' history is shown for this customer."""

    show_linked_history: bool
