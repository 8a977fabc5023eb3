"""What clients send about fleets and cases."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field, StringConstraints

from crossbay.app.cases.cases import MOST_ONE_TIME_CONTACTS
from crossbay.app.cases.notes import MOST_RECIPIENTS, NoteDraft
from crossbay.domain.cases.case import Case, OneTimeContact
from crossbay.domain.cases.note import NoteKind
from crossbay.domain.customers.fleet import Fleet
from crossbay.entry.fields import Line, NamedId, NonEmptyText, RecordId, Text, Title
from crossbay.entry.inputs import AN_ID, Input, example
from crossbay.ids import new_id

_MOST_ASSIGNEES = 20


class FleetInput(Input):
    model_config = example(name="Acme Haulage")

    name: Title

    def onto(self, fleet: Fleet) -> Fleet:
        return replace(fleet, name=self.name)


class OneTimeContactInput(Input):
    """Someone to write to in this case alone."""

    model_config = example(name="Robin Vale", email="robin@example.com")

    name: Title
    email: Annotated[Line, StringConstraints(min_length=3)]

    def contact(self) -> OneTimeContact:
        return OneTimeContact(id=new_id(), name=self.name, email=self.email)


class CaseFields(Input):
    """What can be set on a case. assignee_ids: the whole list, of members who work in the shop."""

    title: Title = Field(default=None)  # type: ignore[assignment]  # null can't be sent
    description: Text = ""
    service_address_id: RecordId = ""
    vehicle_id: RecordId = ""
    repair_order_id: RecordId = ""
    assignee_ids: Annotated[list[NamedId], Field(max_length=_MOST_ASSIGNEES)] = []

    def onto(self, case: Case) -> Case:
        """The case with the fields that were sent."""
        changes = {name: value for name, value in self.given().items() if name in CaseFields.model_fields}
        if "assignee_ids" in changes:
            changes["assignee_ids"] = tuple(self.assignee_ids)
        return replace(case, **changes)


OneTimeContacts = Annotated[list[OneTimeContactInput], Field(max_length=MOST_ONE_TIME_CONTACTS)]


class NewCase(CaseFields):
    model_config = example(
        customer_id=AN_ID,
        title="Brake noise after service",
        description="Came back two days after the visit",
        assignee_ids=[AN_ID],
    )

    customer_id: NamedId
    title: Title
    one_time_contacts: OneTimeContacts = []

    def case(self, shop_id: str) -> Case:
        """The draft, without id."""
        empty = Case(id="", organization_id="", shop_id=shop_id, customer_id=self.customer_id, title="")
        contacts = tuple(contact.contact() for contact in self.one_time_contacts)
        return replace(self.onto(empty), one_time_contacts=contacts)


class NewCaseNote(Input):
    """subject: the case's title where left out. recipients: ids of those offered; a note may have none.

    confirm: true once somebody was asked whether to write to one who complained about mail before.
    """

    model_config = example(
        kind="notification", subject="Your van is ready", text="You can pick it up.", recipients=[AN_ID]
    )

    kind: Annotated[NoteKind, Field(strict=False)]
    subject: Line = ""
    text: NonEmptyText
    recipients: Annotated[list[NamedId], Field(max_length=MOST_RECIPIENTS)] = []
    confirm: bool = False

    def draft(self) -> NoteDraft:
        return NoteDraft(
            kind=self.kind,
            subject=self.subject,
            text=self.text,
            recipient_ids=tuple(self.recipients),
            confirmed=self.confirm,
        )
