"""A VIN checked, repaired and decoded for the vehicle form, and a plate's VINs (C26)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from crossbay.domain.customers.plate_lookalikes import plate_characters
from crossbay.domain.customers.vehicle_facts import Decoding, DecodingState, FoundVin, VehicleFacts
from crossbay.domain.region import CODES, region_code
from crossbay.domain.vin.decode import VinDecoded, decode_vin
from crossbay.domain.vin.repair import OnFile, Repair, contradiction, repairs
from crossbay.domain.vin.vin import VinStatus, check_vin, normalize_vin, old_number
from crossbay.errors import BadInput, ProviderFailed

MOST_PLATE_CHARACTERS = 10
"""QuickVIN's limit; no state issues longer ones."""
_AT_ONCE = 5
_NOTHING = VehicleFacts()


class PlateProvider(Protocol):
    """Knows the VINs of plates (`lookup/quickvin.py`)."""

    def vins(self, plate: str, region: str) -> tuple[FoundVin, ...]: ...


class Decoder(Protocol):
    """Decodes VINs (`lookup/vpic.py`)."""

    def decode(self, vin: str, year: int | None) -> Decoding: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VinCard:
    """A VIN with what is known of it.

    decoded: offline. decoding: what the decoder says. vehicle: what may fill the vehicle form: the plate
    provider's facts, then the decoder's where it is trusted, then those of the VIN itself.
    contradiction: what the VIN says against the form, in words. repairs: VINs that may have been meant.
    """

    vin: str
    status: VinStatus
    reason: str
    decoded: VinDecoded
    decoding: Decoding
    vehicle: VehicleFacts
    contradiction: str
    repairs: tuple[Repair, ...]


def vin_card(
    text: str,
    on_file: OnFile,
    *,
    decoder: Decoder | None,
    this_year: int,
    told: VehicleFacts = _NOTHING,
) -> VinCard:
    """All of a VIN as typed. Nothing is raised when the decoder fails: `decoding` says so.

    told: what a plate's provider says; the decoder is asked where that leaves something open.
    """
    vin, check = normalize_vin(text), check_vin(text)
    decoded = decode_vin(vin, this_year=this_year, year_on_file=on_file.year)
    decoding = Decoding(state=DecodingState.NOT_ASKED)
    if check.status is not VinStatus.INVALID and not told.is_complete:
        decoding = _decoding(vin, decoded.year or on_file.year, decoder)
    trusted = decoding.facts if decoding.state is DecodingState.TRUSTED else _NOTHING
    return VinCard(
        vin=vin,
        status=check.status,
        reason=old_number(vin, on_file.year) or check.reason,
        decoded=decoded,
        decoding=decoding,
        vehicle=told.filled_by(trusted).filled_by(VehicleFacts(year=decoded.year)),
        contradiction=contradiction(decoded.years, decoded.maker, on_file),
        repairs=repairs(vin, on_file, this_year=this_year),
    )


def look_up_plate(
    plate: str, region: str, *, provider: PlateProvider, decoder: Decoder | None, this_year: int
) -> tuple[VinCard, ...]:
    """The cards of a plate's VINs: one, several to choose from, or none where nobody knows the plate.

    region: its state or province, as a code or written out. Raises BadInput, ProviderFailed, ProviderRefused.
    """
    characters = plate_characters(plate)
    if not 0 < len(characters) <= MOST_PLATE_CHARACTERS or not characters.isascii():
        reason = f"must have one to {MOST_PLATE_CHARACTERS} letters and digits"
        raise BadInput("The plate can't be looked up.", fields={"plate": reason})
    code = region_code(region)
    if code not in CODES:
        reason = "must be a state or province, such as NY or Ontario"
        raise BadInput("The plate can't be looked up.", fields={"plate_region": reason})
    found = provider.vins(characters, code)

    def card(one: FoundVin) -> VinCard:
        return vin_card(one.vin, OnFile(), decoder=decoder, this_year=this_year, told=one.facts)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return tuple(pool.map(card, found))


def _decoding(vin: str, year: int | None, decoder: Decoder | None) -> Decoding:
    if decoder is None:
        return Decoding(state=DecodingState.UNAVAILABLE, message="No decoder is set up on this deployment.")
    try:
        return decoder.decode(vin, year)
    except ProviderFailed as error:
        return Decoding(state=DecodingState.UNAVAILABLE, message=error.public)
