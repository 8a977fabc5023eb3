"""A plate's VINs from a service shaped like CARFAX's QuickVIN: XML there and back over HTTPS.

The layout is not public. It follows what public integrations send and read, and is unconfirmed (0110):
`carfax-request` with plate, state, `product-data-id` and `location-id`; `carfax-response` with `vin-info`, a
`vin` and one `trim` for each trim that it may be; `error-messages` with a code of three digits.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from crossbay.domain.customers.vehicle_facts import FoundVin, VehicleFacts
from crossbay.domain.vin.vin import normalize_vin
from crossbay.errors import BadInput, ProviderFailed, ProviderRefused
from crossbay.lookup.exchange import Exchange

MOST_VINS = 10
_MAY_STAND_FIRST = b"\xef\xbb\xbf \t\r\n"
_NAME = "The plate look-up"
_CODE = re.compile(r"(?<![0-9])[0-9]{3}(?![0-9])")
_BAD_FIELDS = {"102": "plate", "105": "plate_region"}
_NO_SUCH_PLATE = {"107", "115"}
_REFUSED = {"201", "302"}


@dataclass
class QuickVin:
    """url: takes the requests. read_secret: gives the account as the text of a JSON object, None for none."""

    url: str
    read_secret: Callable[[], str | None]
    exchange: Exchange = field(default_factory=lambda: Exchange(_NAME))

    @cached_property
    def _account(self) -> tuple[str, str]:
        """The product's id and the location's. A secret never changes in place, so it is read once."""
        try:
            kept = json.loads(self.read_secret() or "")
            return str(kept["product_data_id"]), str(kept["location_id"])
        except (ValueError, LookupError, TypeError):
            raise ProviderRefused(_NAME, "its secret is missing or unreadable") from None

    def vins(self, plate: str, region: str) -> tuple[FoundVin, ...]:
        """The VINs of a plate, none where nobody knows it. plate: letters and digits. region: two letters.

        Raises BadInput for a plate or a region that the service can't take, ProviderRefused, ProviderFailed.
        """
        product, location = self._account
        sent = {
            "license-plate": plate,
            "state": region,
            "vin": "",
            "product-data-id": product,
            "location-id": location,
        }
        elements = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in sent.items())
        body = f"<carfax-request>{elements}</carfax-request>".encode()
        headers = {"Content-Type": "text/xml", "Accept": "application/xml"}
        answer = _read(self.exchange.ask("POST", self.url, body=body, headers=headers))
        infos = answer.iter("vin-info")
        found = {vin.vin: vin for vin in (_found(info) for info in infos) if vin.vin}
        if not found:
            told = (text for messages in answer.iter("error-messages") for text in messages.itertext())
            _raise_told(" ".join(told))
        return tuple(found.values())[:MOST_VINS]


def _read(content: bytes) -> ElementTree.Element:
    """The answer's root, in the encoding that it names itself, such as ISO-8859-1.

    A document type is refused: nothing expands, nothing is fetched. So are encodings that could hide one.
    """
    if not content.lstrip(_MAY_STAND_FIRST).startswith(b"<") or b"\0" in content or b"<!DOCTYPE" in content:
        raise ProviderFailed(_NAME, "unreadable: a document type, or no text as wide as ASCII's")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 (no document type, no entities)
    except (ValueError, LookupError, ElementTree.ParseError) as error:
        raise ProviderFailed(_NAME, f"unreadable: {type(error).__name__}") from None
    if root.tag != "carfax-response":
        raise ProviderFailed(_NAME, "unreadable: another document")
    return root


def _found(info: ElementTree.Element) -> FoundVin:
    """A fact stands where all the trims that the vehicle may be agree."""
    trims = list(info.iter("trim"))

    def agreed(*names: str) -> str:
        said = {_first(trim, names) for trim in trims}
        return said.pop() if len(said) == 1 else ""

    return FoundVin(
        vin=normalize_vin(info.findtext("vin") or ""),
        facts=VehicleFacts.of_texts(
            year=agreed("base-year-model"),
            make=agreed("base-make-name"),
            model=agreed("nonoem-base-model", "oem-base-model"),
            sub_model=agreed("nonoem-submodel1"),
            engine=agreed("oem-engine-information"),
        ),
    )


def _first(trim: ElementTree.Element, names: tuple[str, ...]) -> str:
    """What the first of these elements holds that holds something."""
    texts = ((trim.findtext(name) or "").strip() for name in names)
    return next((text for text in texts if text), "")


def _raise_told(messages: str) -> None:
    """Raises what the codes of an answer without a VIN mean; nothing for a plate that nobody knows."""
    codes = set(_CODE.findall(messages))
    if codes & _REFUSED:
        raise ProviderRefused(_NAME, f"code {min(codes & _REFUSED)}")
    for code, name in _BAD_FIELDS.items():
        if code in codes:
            raise BadInput("The plate can't be looked up.", fields={name: "isn't one that the look-up knows"})
    if messages.strip() and not codes & _NO_SUCH_PLATE:
        raise ProviderFailed(_NAME, f"codes {', '.join(sorted(codes)) or 'none'}")
