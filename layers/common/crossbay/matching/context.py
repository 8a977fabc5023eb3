"""What a score may know beyond its pair: who else has the phones, e-mails and addresses of the two."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crossbay.domain.person_name import PersonName
from crossbay.matching.addresses import are_one_house
from crossbay.matching.place import MatchAddress, house_key
from crossbay.matching.record import MatchRecord
from crossbay.matching.shared import SharedContact, count_names


@dataclass(frozen=True, slots=True, kw_only=True)
class PairContext:
    """phones, emails, addresses: who has a value of either record, by normalized value (as in `MatchRecord`).

    A value left out counts as one customer's own. records: how many customers the candidates were searched
    among. has_households: whether relatives may be among them, as they are wherever customers live; False for
    files known to hold one person an address.
    """

    phones: Mapping[str, SharedContact] = field(default_factory=dict)
    emails: Mapping[str, SharedContact] = field(default_factory=dict)
    addresses: Mapping[MatchAddress, SharedContact] = field(default_factory=dict)
    records: int = 10_000
    has_households: bool = True


def context_of(found: Iterable[MatchRecord], *, records: int) -> PairContext:
    """The context of the pairs of a record and those that its lookups found, itself among them.

    The lookups bring whoever has the very phone, e-mail or house of the record, up to the bounds of a run, so
    that who shares a value is known without another read. The order of `found` doesn't matter.
    """
    everyone = list(found)
    return PairContext(
        phones=_shared((phone, one) for one in everyone for phone in one.phones),
        emails=_shared((email, one) for one in everyone for email in one.emails),
        addresses=_shared_houses(everyone),
        records=records,
    )


def _shared(borne: Iterable[tuple[str, MatchRecord]]) -> dict[str, SharedContact]:
    bearers: dict[str, list[PersonName]] = defaultdict(list)
    for value, record in borne:
        bearers[value].append(_name(record))
    return {value: count_names(names) for value, names in bearers.items() if len(names) > 1}


def _shared_houses(everyone: Sequence[MatchRecord]) -> dict[MatchAddress, SharedContact]:
    """Who lives in the house of each address, by whatever spelling: compared among those of a like key."""
    alike: dict[str, list[tuple[MatchAddress, MatchRecord]]] = defaultdict(list)
    for record in everyone:
        for address in record.addresses:
            alike[house_key(address)].append((address, record))
    shared: dict[MatchAddress, SharedContact] = {}
    for near in alike.values():
        for house in {address for address, _ in near} if len(near) > 1 else ():
            bearers = {record.ref: record for address, record in near if are_one_house(house, address)}
            shared[house] = count_names(map(_name, bearers.values()))
    return shared


def _name(record: MatchRecord) -> PersonName:
    """The name that a record counts as: a person's, or its company's."""
    if record.first_name or record.last_name:
        return PersonName(first=record.first_name, last=record.last_name, generation=record.generation)
    return PersonName(last=record.company_name)
