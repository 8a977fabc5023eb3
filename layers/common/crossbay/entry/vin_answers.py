"""What clients send about VINs, plates and terms, and what the door answers with."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from crossbay.app.vin.vin import VinCard
from crossbay.domain.vin.terms import TERMS, TERMS_VERSION, Acceptance
from crossbay.entry.fields import Line, Short
from crossbay.entry.inputs import Input, example


class PlateInput(Input):
    """plate_region: its state or province, as its two letters or written out."""

    model_config = example(plate="CBX 1047", plate_region="NY")

    plate: Annotated[Line, StringConstraints(min_length=1, max_length=15)]
    plate_region: Annotated[Line, StringConstraints(min_length=2, max_length=40)]


class TermsInput(Input):
    """terms_version: of the terms that are accepted, as they were read; empty withdraws."""

    model_config = example(terms_version=TERMS_VERSION)

    terms_version: Short


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateVins:
    """vins: none where nobody knows the plate, several to choose from."""

    vins: tuple[VinCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateTerms:
    """text, terms_version: today's. accepted_version: the last ones accepted, by whom and when (UTC).

    version: 0 while nobody has decided.
    """

    text: str
    terms_version: str
    is_accepted: bool
    accepted_version: str
    by: str
    at: str
    version: int

    @classmethod
    def of(cls, kept: Acceptance) -> "PlateTerms":
        return cls(
            text=TERMS,
            terms_version=TERMS_VERSION,
            is_accepted=kept.is_current,
            accepted_version=kept.terms_version,
            by=kept.by,
            at=kept.at,
            version=kept.version,
        )
