"""What clients send about a customer's contacts."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field, model_validator

from crossbay.domain.contacts.contact import Contact
from crossbay.domain.customers.customer import Phone
from crossbay.domain.limits import MOST_CONTACTS_AT_ONCE, MOST_PHONES
from crossbay.entry.fields import Line, NamedId, Short
from crossbay.entry.inputs import Input, PhoneInput, example
from crossbay.errors import BadInput

ContactIds = Annotated[list[NamedId], Field(min_length=1, max_length=MOST_CONTACTS_AT_ONCE)]


class ContactFields(Input):
    """What can be set on a contact, on creation and later."""

    name: Line = ""
    role: Short = ""
    phones: Annotated[list[PhoneInput], Field(max_length=MOST_PHONES)] = []

    def onto(self, contact: Contact) -> Contact:
        """The contact with the fields that were sent."""
        changes = self.given()
        if "phones" in changes:
            changes["phones"] = tuple(Phone(number=p.number, label=p.label) for p in self.phones)
        return replace(contact, **changes)


class NewContact(ContactFields):
    model_config = example(
        name="Ana Diaz",
        role="office manager",
        email="ana@example.com",
        phones=[{"number": "(845) 555-0123", "label": "mobile"}],
    )

    email: Line = ""


class ContactChange(ContactFields):
    model_config = example(role="fleet manager")

    @model_validator(mode="before")
    @classmethod
    def keeps_its_email(cls, sent: Any) -> Any:
        """K2. Raises BadInput with the way to go."""
        if isinstance(sent, dict) and "email" in sent:
            raise BadInput(
                "A contact's e-mail can't be changed. Delete this contact and add one with the new e-mail.",
                fields={"email": "can't be changed; delete this contact and add another"},
            )
        return sent


class ContactChoice(Input):
    """contact_ids: those to merge into the main contact, or to take out of it again."""

    contact_ids: ContactIds


class ContactDeletions(Input):
    """confirm: must be true; deleted contacts don't come back."""

    contact_ids: ContactIds
    confirm: bool
