"""The vehicle form: a VIN checked and decoded as it is typed, a plate's VINs, the terms of plate look-up."""

from functools import cache, partial
from typing import Annotated

from crossbay.app.vin.terms import accept_terms, require_terms
from crossbay.app.vin.vin import VinCard, look_up_plate, vin_card
from crossbay.aws.secrets import Secrets
from crossbay.domain.access import Action
from crossbay.domain.organization import Entitlement
from crossbay.domain.vin.repair import OnFile
from crossbay.entry.answers import versioned
from crossbay.entry.http import Door, Id, IdempotencyKey, IfMatch, Query, Response
from crossbay.entry.vin_answers import PlateInput, PlateTerms, PlateVins, TermsInput
from crossbay.errors import NotEntitled
from crossbay.lookup.quickvin import QuickVin
from crossbay.lookup.vpic import Vpic
from crossbay.settings import settings
from crossbay.store.vin_terms import read_acceptance

door = Door("vin")
app = door.app
lambda_handler = door.handler

VinText = Annotated[str, Query(max_length=40, description="As typed; blanks, dashes and case don't matter.")]
Year = Annotated[int | None, Query(ge=1886, le=2100, description="What the form holds, if anything.")]
Make = Annotated[str, Query(max_length=100, description="What the form holds, if anything.")]


@app.get("/shops/<shop_id>/vin-check", tags=["VINs"], summary="Check, mend and decode a VIN")
def check_vin(shop_id: Id, vin: VinText, year: Year = None, make: Make = "") -> VinCard:
    """Valid, plausible or invalid with the reason, maker, country and year; the rest as NHTSA's vPIC has it.

    Where vPIC doubts the VIN, or doesn't answer, `decoding` says so and its facts fill nothing.
    """
    door.caller(Action.CHANGE_CUSTOMERS, shop_id)
    return vin_card(vin, OnFile(year=year, make=make), decoder=_decoder(), this_year=_this_year())


@app.post("/shops/<shop_id>/plate-lookups", tags=["VINs"], summary="Find a plate's VINs")
def find_vins_of_plate(shop_id: Id, body: PlateInput) -> PlateVins:
    """Each decoded for the card. Needs `vin_lookup` and accepted terms; nothing is changed or kept.

    403: The member's role can't do this, the member doesn't work in this shop, the organization doesn't
    have `vin_lookup` (`not-entitled`), or a dealer admin has to accept its terms first (`terms-not-
    accepted`).
    503: The service behind doesn't answer (`provider-failed`), turns us away (`provider-refused`), or the
    system is `busy`.
    """
    caller = door.caller(Action.CHANGE_CUSTOMERS, shop_id, needs=Entitlement.VIN_LOOKUP)
    require_terms(door.reads, caller.organization.id)
    found = look_up_plate(
        body.plate, body.plate_region, provider=_provider(), decoder=_decoder(), this_year=_this_year()
    )
    return PlateVins(vins=found)


@app.get("/vin-lookup-terms", tags=["VINs"], summary="The terms of plate look-up")
def read_plate_terms() -> Response[PlateTerms]:
    """And whether the organization has accepted them."""
    caller = door.caller()
    kept = read_acceptance(door.reads, caller.organization.id)
    return versioned(PlateTerms.of(kept), kept.version)


@app.put("/vin-lookup-terms", tags=["VINs"], summary="Accept or withdraw from the terms of plate look-up")
def accept_plate_terms(
    body: TermsInput, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[PlateTerms]:
    """It holds for the whole organization. The first time, `If-Match` is `"0"`."""
    caller = door.caller(Action.MANAGE_ORGANIZATION)
    stamp = door.stamp(caller, idempotency_key)

    door.change(
        stamp,
        if_match,
        partial(accept_terms, door.reads, caller.organization.id, body.terms_version, stamp=stamp),
    )
    return read_plate_terms()


def _this_year() -> int:
    return int(door.now()[:4])


def _decoder() -> Vpic | None:
    url = settings().vpic_url
    return _vpic(url) if url else None


def _provider() -> QuickVin:
    """Raises NotEntitled where this deployment has none."""
    url, secret = settings().vin_lookup_url, settings().vin_lookup_secret
    if not url:
        raise NotEntitled(
            "Plate look-up isn't set up on this deployment. Ask the Crossbay operator, or type the VIN."
        )
    return _quickvin(url, secret)


@cache
def _vpic(url: str) -> Vpic:
    return Vpic(url)


@cache
def _quickvin(url: str, secret: str) -> QuickVin:
    return QuickVin(url, lambda: Secrets().read(secret))
