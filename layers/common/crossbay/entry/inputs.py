"""What bodies that clients send have in common: strict models, unknown fields refused, addresses, phones."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator, model_validator

from crossbay.domain.address import Address
from crossbay.domain.limits import (
    LINE,
    LONGEST_PHONE,
)
from crossbay.domain.text import without_turning
from crossbay.entry.fields import (
    Line,
    Short,
)


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
        """Takes marks that turn or hide what follows out of what people type into a line; texts may need
        them.
        """
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


class PhoneInput(Input):
    number: Annotated[Line, StringConstraints(min_length=1, max_length=LONGEST_PHONE)]
    label: Short = ""
