"""What others say about a vehicle, field by field as the vehicle form has them."""

from dataclasses import dataclass
from enum import StrEnum

_MOST_CHARACTERS = 100  # of a text, as the vehicle form takes it


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleFacts:
    """The facts of a vehicle; None and empty where nobody said. engine: such as `2.4L 4 cylinders,
    gasoline`.
    """

    year: int | None = None
    make: str = ""
    model: str = ""
    sub_model: str = ""
    engine: str = ""

    @classmethod
    def of_texts(cls, *, year: str, make: str, model: str, sub_model: str, engine: str) -> "VehicleFacts":
        """The facts as another service spells them: each on one line, cut to what the form takes."""
        year, make, model, sub_model, engine = (
            " ".join(text.split())[:_MOST_CHARACTERS] for text in (year, make, model, sub_model, engine)
        )
        is_year = year.isascii() and year.isdecimal() and len(year) == 4
        return cls(
            year=int(year) if is_year else None, make=make, model=model, sub_model=sub_model, engine=engine
        )

    @property
    def is_complete(self) -> bool:
        return bool(self.year and self.make and self.model and self.sub_model and self.engine)

    def filled_by(self, other: "VehicleFacts") -> "VehicleFacts":
        """These facts, and where one is missing the other's."""
        return VehicleFacts(
            year=self.year or other.year,
            make=self.make or other.make,
            model=self.model or other.model,
            sub_model=self.sub_model or other.sub_model,
            engine=self.engine or other.engine,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundVin:
    """A VIN that a plate leads to, in capitals, with what the provider says about the vehicle."""

    vin: str
    facts: VehicleFacts = VehicleFacts()


class DecodingState(StrEnum):
    TRUSTED = "trusted"
    DOUBTFUL = "doubtful"
    UNAVAILABLE = "unavailable"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """A decoder's answer. trusted: `facts` may fill the card. doubtful: shown, with its reason, and no more.

    message: what the decoder says, or why it says nothing.
    """

    state: DecodingState
    message: str = ""
    facts: VehicleFacts = VehicleFacts()
