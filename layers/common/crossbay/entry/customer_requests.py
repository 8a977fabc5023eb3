"""What clients send about customers, their addresses and vehicles, and how it becomes a record."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field, StringConstraints

from crossbay.domain.customers.customer import (
    ConsentBasis,
    Customer,
    CustomerKind,
    MailConsent,
    Phone,
    ServiceAddress,
    Taxability,
)
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.limits import (
    FIRST_MODEL_YEAR,
    LAST_MODEL_YEAR,
    LONGEST_PLATE,
    LONGEST_PLATE_REGION,
    LONGEST_VIN,
    MOST_ADDRESSES,
    MOST_EMAILS,
    MOST_PHONES,
)
from crossbay.domain.sources.source import with_typed_source
from crossbay.entry.fields import (
    DayOrNone,
    Line,
    Miles,
    RecordId,
    Short,
)
from crossbay.entry.inputs import AddressInput, Input, PhoneInput, example
from crossbay.ids import new_id


class ServiceAddressInput(Input):
    address: AddressInput
    label: Short = ""

    def service_address(self, address_id: str) -> ServiceAddress:
        return ServiceAddress(id=address_id, address=self.address.address(), label=self.label)


class CustomerFields(Input):
    """What can be set on a customer, on creation and later."""

    kind: Annotated[CustomerKind, Field(strict=False)] = CustomerKind.PERSON
    first_name: Short = ""
    last_name: Short = ""
    company_name: Line = ""
    phones: Annotated[list[PhoneInput], Field(max_length=MOST_PHONES)] = []
    emails: Annotated[list[Line], Field(max_length=MOST_EMAILS)] = []
    billing_address: AddressInput = AddressInput()
    taxability: Annotated[Taxability, Field(strict=False)] = Taxability.TAXABLE
    source: Short = ""
    since_on: Annotated[DayOrNone, Field(description="Left out or empty: today, or as it was.")] = ""
    fleet_id: RecordId = ""

    def onto(self, customer: Customer) -> Customer:
        """The customer with the fields that were sent."""
        changes = {name: value for name, value in self.given().items() if name in CustomerFields.model_fields}
        if "phones" in changes:
            changes["phones"] = tuple(Phone(number=p.number, label=p.label) for p in self.phones)
        if "emails" in changes:
            changes["emails"] = tuple(self.emails)
        if "billing_address" in changes:
            changes["billing_address"] = self.billing_address.address()
        source = changes.pop("source", customer.source)
        if source != customer.source:  # sent back as it was read, nobody has decided anything
            customer = with_typed_source(customer, source)
        if not self.since_on:
            changes.pop("since_on", None)
        return replace(customer, **changes)


class NewCustomer(CustomerFields):
    """insist: create it although customers like it exist."""

    model_config = example(
        first_name="Ada",
        last_name="Quill",
        phones=[{"number": "(212) 555-0147", "label": "mobile"}],
        emails=["ada@example.com"],
        billing_address={"line1": "1200 N Harbor Blvd", "city": "Anytown", "region": "NY"},
    )

    service_addresses: Annotated[list[ServiceAddressInput], Field(max_length=MOST_ADDRESSES)] = []
    insist: bool = False

    def customer(self, shop_id: str) -> Customer:
        """The draft, without id. Without a service address it gets the billing address as its first."""
        addresses = tuple(address.service_address(new_id()) for address in self.service_addresses)
        draft = self.onto(Customer(id="", organization_id="", shop_id=shop_id))
        first = ServiceAddress(id=new_id(), address=draft.billing_address)
        return replace(draft, service_addresses=addresses or (first,))


class DoNotMailInput(Input):
    """do_not_mail: staff's own flag; the customer's own can't be lifted here."""

    do_not_mail: bool


class ConsentInput(Input):
    """Consent to e-mail as the customer gave or refused it. basis: null forgets what was noted.

    given_on: needed with `express` and `implied`. ends_on: its last day, empty for no end.
    """

    model_config = example(basis="express", given_on="2026-11-02")

    basis: Annotated[ConsentBasis, Field(strict=False)] | None
    given_on: DayOrNone = ""
    ends_on: DayOrNone = ""

    def consent(self) -> MailConsent | None:
        if self.basis is None:
            return None
        return MailConsent(basis=self.basis, given_on=self.given_on, ends_on=self.ends_on)


class VehicleFields(Input):
    vin: Annotated[Line, StringConstraints(max_length=LONGEST_VIN)] = ""
    plate: Annotated[Line, StringConstraints(max_length=LONGEST_PLATE)] = ""
    plate_region: Annotated[Line, StringConstraints(max_length=LONGEST_PLATE_REGION)] = ""
    year: Annotated[int, Field(ge=FIRST_MODEL_YEAR, le=LAST_MODEL_YEAR)] | None = None
    make: Short = ""
    model: Short = ""
    sub_model: Short = ""
    engine: Short = ""
    odometer_miles: Miles | None = None
    is_sold: bool = False
    do_not_contact: bool = False

    def onto(self, vehicle: Vehicle) -> Vehicle:
        return replace(vehicle, **self.given())
