"""What clients send: strict models that refuse unknown fields, and how they become domain records."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from crossbay.domain.address import Address
from crossbay.domain.calendar import utc_iso
from crossbay.domain.customers.customer import (
    ConsentBasis,
    Customer,
    CustomerKind,
    CustomerRef,
    MailConsent,
    Phone,
    ServiceAddress,
    Taxability,
)
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.limits import (
    FIRST_MODEL_YEAR,
    LAST_MODEL_YEAR,
    LINE,
    LONGEST_PHONE,
    LONGEST_PLATE,
    LONGEST_PLATE_REGION,
    LONGEST_VIN,
    MOST_ADDRESSES,
    MOST_EMAILS,
    MOST_EQUIPMENT,
    MOST_HUNDREDTH_HOURS,
    MOST_INSPECTIONS,
    MOST_ITEMS,
    MOST_JOBS,
    MOST_LINES,
    MOST_PAIRS,
    MOST_PHONES,
    MOST_THOUSANDTH_UNITS,
)
from crossbay.domain.organization import Entitlement, Member, OpeningHours, Organization, Role, Shop
from crossbay.domain.sources.source import with_typed_source
from crossbay.domain.text import without_turning
from crossbay.domain.work.appointment import Appointment, AppointmentStatus
from crossbay.domain.work.repair_order import (
    Authorization,
    Inspection,
    InspectionItem,
    Job,
    LaborLine,
    PartLine,
    Rating,
    RepairOrder,
    RepairOrderStatus,
    VehicleSnapshot,
)
from crossbay.entry.fields import (
    Cents,
    Day,
    DayOrNone,
    Instant,
    Line,
    Miles,
    NamedId,
    RecordId,
    Short,
    Text,
    TimeOfDay,
    Title,
)
from crossbay.ids import new_id

MOST_FLEETS = 20
"""Of a fleet user: their cases are read side by side."""


class Input(BaseModel):
    """Unknown fields are refused; numbers aren't read from text."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _emptied(cls, sent: Any) -> Any:
        """Null empties a text as `""` does, wherever that does."""
        if not isinstance(sent, dict) or None not in sent.values():
            return sent
        fields = cls.model_fields
        texts = {name for name, value in sent.items() if value is None and name in fields}
        return sent | {name: "" for name in texts if fields[name].default == ""}

    @field_validator("*", mode="before")
    @classmethod
    def without_turning(cls, sent: Any) -> Any:
        """In what people type into a line, marks that turn or hide what follows go; texts may need them."""
        if isinstance(sent, list):
            return [cls.without_turning(one) for one in sent]
        return without_turning(sent) if isinstance(sent, str) and len(sent) <= LINE else sent

    def given(self) -> dict[str, Any]:
        """The fields that the client sent, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set}


AN_ID = "0197c2f0-5d1e-7c3a-9b1f-2a6d4e8f0b13"


def example(**fields: Any) -> ConfigDict:
    """A body for the API's description."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class AddressInput(Input):
    line1: Line = ""
    line2: Line = ""
    city: Short = ""
    region: Short = ""
    postal_code: Short = ""
    country: Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")] = ""

    def address(self) -> Address:
        return Address(**self.model_dump())


class ServiceAddressInput(Input):
    address: AddressInput
    label: Short = ""

    def service_address(self, address_id: str) -> ServiceAddress:
        return ServiceAddress(id=address_id, address=self.address.address(), label=self.label)


class PhoneInput(Input):
    number: Annotated[Line, StringConstraints(min_length=1, max_length=LONGEST_PHONE)]
    label: Short = ""


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
        return [
            CustomerRef(shop_id=choice.shop_id, customer_id=choice.customer_id) for choice in self.customers
        ]


class ReasonInput(Input):
    reason: Line = ""


class HistorySettings(Input):
    """Whether linked shops' history is shown for this customer."""

    show_linked_history: bool


class LaborLineInput(Input):
    description: Line
    hundredth_hours: Annotated[int, Field(ge=0, le=MOST_HUNDREDTH_HOURS)] = 0
    amount_cents: Cents = 0


class PartLineInput(Input):
    description: Line
    part_number: Short = ""
    thousandth_units: Annotated[int, Field(ge=0, le=MOST_THOUSANDTH_UNITS)] = 1000
    amount_cents: Cents = 0


class JobInput(Input):
    """id: of a job on the RO already; without one it is new. amount_cents: the lines' sum where left out.

    equipment_ids: the customer's equipment that is worked on.
    """

    id: RecordId = ""
    title: Title
    category: Short = ""
    authorization: Annotated[Authorization, Field(strict=False)] = Authorization.PENDING
    labor: Annotated[list[LaborLineInput], Field(max_length=MOST_LINES)] = []
    parts: Annotated[list[PartLineInput], Field(max_length=MOST_LINES)] = []
    amount_cents: Cents | None = None
    notes: Text = ""
    internal_notes: Text = ""
    equipment_ids: Annotated[list[NamedId], Field(max_length=MOST_EQUIPMENT)] = []

    def job(self, known: dict[str, Job]) -> Job:
        lines = sum(line.amount_cents for line in self.labor) + sum(line.amount_cents for line in self.parts)
        old = known.get(self.id)
        return Job(
            id=old.id if old else new_id(),
            title=self.title,
            category=self.category,
            authorization=self.authorization,
            labor=tuple(LaborLine(**line.model_dump()) for line in self.labor),
            parts=tuple(PartLine(**line.model_dump()) for line in self.parts),
            amount_cents=lines if self.amount_cents is None else self.amount_cents,
            notes=self.notes,
            internal_notes=self.internal_notes,
            equipment_ids=tuple(dict.fromkeys(self.equipment_ids)),
            copied_from=old.copied_from if old else None,
        )


class InspectionItemInput(Input):
    name: Line
    rating: Annotated[Rating, Field(strict=False)]
    findings: Text = ""


class InspectionInput(Input):
    """id: of an inspection on the RO already; without one it is new."""

    id: RecordId = ""
    title: Line
    items: Annotated[list[InspectionItemInput], Field(max_length=MOST_ITEMS)] = []

    def inspection(self, known: dict[str, Inspection]) -> Inspection:
        old = known.get(self.id)
        return Inspection(
            id=old.id if old else new_id(),
            title=self.title,
            items=tuple(InspectionItem(**item.model_dump()) for item in self.items),
            copied_from=old.copied_from if old else None,
        )


class RepairOrderFields(Input):
    """What can be set on an RO. jobs and inspections: the whole lists; left out, they stay as they are."""

    number: Short = ""
    opened_on: Day = ""
    status: Annotated[RepairOrderStatus, Field(strict=False)] = RepairOrderStatus.ESTIMATE
    vehicle_id: RecordId = ""
    service_address_id: RecordId = ""
    odometer_miles: Miles | None = None
    invoiced_on: DayOrNone = ""
    appointment_id: RecordId = ""
    jobs: Annotated[list[JobInput], Field(max_length=MOST_JOBS)] = []
    inspections: Annotated[list[InspectionInput], Field(max_length=MOST_INSPECTIONS)] = []
    internal_notes: Text = ""

    def onto(self, order: RepairOrder) -> RepairOrder:
        """The RO with the fields that were sent."""
        changes = self.given()
        if "vehicle_id" in changes:
            changes["vehicle"] = replace(order.vehicle, id=changes.pop("vehicle_id"))
        if "jobs" in changes:
            known_jobs = {job.id: job for job in order.jobs}
            changes["jobs"] = tuple(job.job(known_jobs) for job in self.jobs)
        if "inspections" in changes:
            known = {inspection.id: inspection for inspection in order.inspections}
            changes["inspections"] = tuple(inspection.inspection(known) for inspection in self.inspections)
        changes.pop("customer_id", None)
        return replace(order, **changes)


class NewRepairOrder(RepairOrderFields):
    model_config = example(
        customer_id=AN_ID,
        odometer_miles=48210,
        jobs=[{"title": "Front brake pads", "authorization": "approved", "amount_cents": 28900}],
    )

    customer_id: RecordId

    def order(self, shop_id: str) -> RepairOrder:
        """The draft, without id."""
        empty = RepairOrder(
            id="",
            organization_id="",
            shop_id=shop_id,
            customer_id=self.customer_id,
            number="",
            opened_on="",
            vehicle=VehicleSnapshot(),
        )
        return self.onto(empty)


class WorkCopy(Input):
    """The job or inspection to bring over, as a history row names it. again: although this RO has it."""

    shop_id: RecordId
    repair_order_id: RecordId
    item_id: RecordId
    again: bool = False


class AppointmentFields(Input):
    """starts_at, ends_at: ISO 8601 with an offset."""

    starts_at: Instant = Field(default=None)  # type: ignore[assignment]  # null can't be sent
    ends_at: Instant | None = None
    number: Short = ""
    vehicle_id: RecordId = ""
    service_address_id: RecordId = ""
    service_category: Short = ""
    department: Short = ""
    notes: Text = ""
    status: Annotated[AppointmentStatus, Field(strict=False)] = AppointmentStatus.BOOKED
    repair_order_id: RecordId = ""

    def onto(self, appointment: Appointment) -> Appointment:
        """The appointment with the fields that were sent."""
        changes = self.given()
        for name in ("starts_at", "ends_at"):
            if name in changes:
                changes[name] = _utc(changes[name])
        changes.pop("customer_id", None)
        return replace(appointment, **changes)


class NewAppointment(AppointmentFields):
    model_config = example(customer_id=AN_ID, starts_at="2027-03-01T09:30:00-05:00")

    customer_id: RecordId
    starts_at: Instant

    def appointment(self, shop_id: str) -> Appointment:
        """The draft, without id."""
        empty = Appointment(
            id="", organization_id="", shop_id=shop_id, customer_id=self.customer_id, date="", starts_at=""
        )
        return self.onto(empty)


def _utc(instant: datetime | None) -> str:
    return utc_iso(instant.astimezone(UTC)) if instant else ""


class HoursInput(Input):
    """weekday: 0 is Monday. opens, closes: civil times `HH:MM`."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    opens: TimeOfDay
    closes: TimeOfDay


class ShopFields(Input):
    """The contact card, country (ISO 3166-1 alpha-2), IANA time zone and opening hours."""

    business_name: Line = ""
    owner: Line = ""
    phone: Short = ""
    email: Line = ""
    address: AddressInput = AddressInput()
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "US"
    time_zone: Short = "America/New_York"
    hours: Annotated[list[HoursInput], Field(max_length=21)] = []

    def onto(self, shop: Shop) -> Shop:
        """The shop with the fields that were sent."""
        changes = self.given()
        if "address" in changes:
            changes["address"] = self.address.address()
        if "hours" in changes:
            changes["hours"] = tuple(OpeningHours(**day.model_dump()) for day in self.hours)
        return replace(shop, **changes)


class MemberFields(Input):
    """Roles, and the shops reached: named ones, or all of them. fleet_ids: of a fleet user."""

    name: Line = ""
    roles: Annotated[list[Annotated[Role, Field(strict=False)]], Field(max_length=6)] = []
    shop_ids: Annotated[list[RecordId], Field(max_length=1000)] = []
    all_shops: bool = False
    fleet_ids: Annotated[list[RecordId], Field(max_length=MOST_FLEETS)] = []

    def onto(self, member: Member) -> Member:
        """The member with the fields that were sent."""
        changes = {name: value for name, value in self.given().items() if name in MemberFields.model_fields}
        for name in ("roles", "shop_ids", "fleet_ids"):
            if name in changes:
                changes[name] = frozenset(changes[name])
        return replace(member, **changes)


class NewMember(MemberFields):
    email: Annotated[Line, StringConstraints(min_length=3)]


class OrganizationFields(Input):
    """For the operator: the name, and the features switched on."""

    name: Line = ""
    entitlements: Annotated[list[Annotated[Entitlement, Field(strict=False)]], Field(max_length=4)] = []

    def onto(self, organization: Organization) -> Organization:
        """The organization with the fields that were sent."""
        changes = {n: v for n, v in self.given().items() if n in OrganizationFields.model_fields}
        if "entitlements" in changes:
            changes["entitlements"] = frozenset(changes["entitlements"])
        return replace(organization, **changes)


class OrganizationChange(OrganizationFields):
    """admin_email: who becomes a dealer admin beside those there are, invited if no member yet."""

    admin_email: Annotated[Line, StringConstraints(min_length=3)] | None = None


class NewOrganization(OrganizationFields):
    model_config = example(
        name="Harborline Auto", entitlements=["multi_shop"], admin_email="admin@example.com"
    )

    name: Title
    admin_email: Annotated[Line, StringConstraints(min_length=3)]
    """Who becomes its first dealer admin."""
