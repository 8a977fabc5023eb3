"""Marketing sources: as the point of sale spells them, and the organization's categories they map to.

A customer's source has an id, under which customers and money are counted: that of a category where a person
chose one of the organization's, else one made of the spelling. What it stands for is looked up when a report
is read, so that a new mapping shows for the past too.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from crossbay.domain.customers.customer import Customer

NO_SOURCE = "none"
"""The id under which customers without a source count."""

UNLISTED = "unlisted"
"""The id of every spelling past a shop's first `MOST_SOURCES`."""

MOST_SOURCES = 2_000
"""Spellings told apart in a shop: keeps a month's item under 100 KB. With more it is no list of sources."""

MOST_SPELLINGS = 10
"""Kept of one source; further ones count under it all the same, and aren't shown."""

OTHER_NEW_CUSTOMERS = "other-new-customers"
"""The category that "mapping done" maps to (M2): it can't be taken away."""


class Unknown(StrEnum):
    """Why a customer's source is unknown."""

    NO_SOURCE = "no_source"
    UNMAPPED = "unmapped"
    DROPPED = "dropped"
    IGNORED = "ignored"
    """The shop goes by the organization's sources only."""
    UNLISTED = "unlisted"


class Figures(NamedTuple):
    """What a source brought in some time.

    new_customers: as their records claim. first_visits: customers whose first invoice here fell in that time.
    car_count: invoiced ROs; revenue_cents: their approved jobs.
    """

    new_customers: int = 0
    first_visits: int = 0
    car_count: int = 0
    revenue_cents: int = 0

    def plus(self, other: "Figures") -> "Figures":
        return Figures(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def sum_of(figures: Iterable[Figures]) -> Figures:
    total = Figures()
    for one in figures:
        total = total.plus(one)
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class SubCategory:
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A main category; no two of an organization, main or sub, share an id."""

    id: str
    name: str
    sub_categories: tuple[SubCategory, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Categories:
    """The organization's own list, in its order; at version 0 the one to start with."""

    organization_id: str
    categories: tuple[Category, ...]
    version: int = 0
    created_at: str = ""
    updated_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """organization_only: what the point of sale says counts for nothing; sources are set by hand (M5)."""

    organization_id: str
    shop_id: str
    organization_only: bool = False
    version: int = 0
    created_at: str = ""
    updated_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source of one shop. spellings: as seen, differing by case and blanks alone, the first one first.

    category_id: the main or sub-category that it maps to, empty for none. is_dropped: not relevant any more.
    """

    id: str
    organization_id: str
    shop_id: str
    spellings: tuple[str, ...]
    category_id: str = ""
    is_dropped: bool = False
    version: int = 1
    created_at: str = ""
    updated_at: str = ""

    @property
    def name(self) -> str:
        return self.spellings[0]


class Meaning(NamedTuple):
    """The category that a source stands for. sub_category: None for the main category itself."""

    category: Category
    sub_category: SubCategory | None = None

    @property
    def name(self) -> str:
        return f"{self.category.name} / {self.sub_category.name}" if self.sub_category else self.category.name


@dataclass(frozen=True, kw_only=True)
class SourceBook:
    """What the sources of a shop stand for. sources: by id."""

    categories: Categories
    organization_only: bool = False
    sources: Mapping[str, Source] = field(default_factory=dict)

    @cached_property
    def meanings(self) -> Mapping[str, Meaning]:
        """The meanings by the id of a main category or sub-category."""
        return meanings_of(self.categories.categories)

    def meaning_of(self, source_id: str) -> Meaning | Unknown:
        """What counts under this id stands for; one that nothing is known of counts as none."""
        if source_id in self.meanings:
            return self.meanings[source_id]
        if source_id == UNLISTED:
            return Unknown.IGNORED if self.organization_only else Unknown.UNLISTED
        source = self.sources.get(source_id)
        if source is None:
            return Unknown.NO_SOURCE
        if self.organization_only:
            return Unknown.IGNORED
        if source.is_dropped:
            return Unknown.DROPPED
        return self.meanings.get(source.category_id, Unknown.UNMAPPED)

    def meaning_of_customer(self, customer: Customer) -> Meaning | Unknown:
        """The same for a customer, whose spelling may be newer than the list of sources."""
        spelled = spelled_id(customer)
        if not spelled or spelled in self.sources:
            return self.meaning_of(source_id_of(customer))
        if len(self.sources) >= MOST_SOURCES:
            return self.meaning_of(UNLISTED)
        return Unknown.IGNORED if self.organization_only else Unknown.UNMAPPED

    def shown_source(self, customer: Customer) -> str:
        """The customer's source as it is shown: a category by its name of now, none that was taken away."""
        if not customer.organization_source_id:
            return customer.source
        meaning = self.meanings.get(customer.organization_source_id)
        return meaning.name if meaning else ""

    def mark_of(self, customer: Customer) -> Unknown | None:
        """Why the customer is marked at the counter, None where the source is known (M3).

        A source that the shop ignores is none that anybody set.
        """
        meaning = self.meaning_of_customer(customer)
        if isinstance(meaning, Meaning):
            return None
        return Unknown.NO_SOURCE if meaning is Unknown.IGNORED else meaning

    @property
    def unmapped(self) -> tuple[Source, ...]:
        """The sources that somebody has to map yet: none where the point of sale's are ignored."""
        return tuple(one for one in self.sources.values() if self.meaning_of(one.id) is Unknown.UNMAPPED)


def meanings_of(categories: Iterable[Category]) -> dict[str, Meaning]:
    """Each main category and sub-category of a list, by its id."""
    meanings: dict[str, Meaning] = {}
    for category in categories:
        meanings[category.id] = Meaning(category)
        meanings |= {sub.id: Meaning(category, sub) for sub in category.sub_categories}
    return meanings


def source_id_of(customer: Customer) -> str:
    """The id that the customer counts under."""
    return customer.organization_source_id or spelling_id(customer.source)


def spelled_id(customer: Customer) -> str:
    """The id of the source as it is spelled; empty where there is none, or a person chose a category."""
    source_id = "" if customer.organization_source_id else spelling_id(customer.source)
    return "" if source_id == NO_SOURCE else source_id


def spelling_id(spelling: str) -> str:
    """The id of a source as it is spelled: two that differ by case and blanks alone share it (64 bits)."""
    key = spelling_key(spelling)
    return hashlib.sha256(key.encode()).hexdigest()[:16] if key else NO_SOURCE


def spelling_key(spelling: str) -> str:
    """The spelling without case, with single blanks and without compatibility forms of letters."""
    return " ".join(unicodedata.normalize("NFKC", spelling).casefold().split())


def with_typed_source(customer: Customer, source: str) -> Customer:
    """The customer with a source that somebody typed in, or chose as it is spelled: no import overwrites it.

    Empty takes back what was set by hand, until the next import brings the point of sale's: the row of the
    last one counts as not taken in.
    """
    imported = customer.imported
    if not source and imported:
        imported = replace(imported, row_sha256="")
    return replace(
        customer,
        source=source,
        organization_source_id="",
        source_set_by_hand=bool(source),
        imported=imported,
    )


def counts_as_new(customer: Customer) -> bool:
    """Whether the customer is counted: one that was deleted is not, one that was erased still is."""
    return not customer.deleted_at or customer.deleted_at == customer.erased_at


def _category(id: str, name: str, *subs: tuple[str, str]) -> Category:
    return Category(
        id=id, name=name, sub_categories=tuple(SubCategory(id=f"{id}-{slug}", name=sub) for slug, sub in subs)
    )


STARTING_CATEGORIES = (
    _category(
        "internet",
        "Internet",
        ("google", "Google"),
        ("search", "Search engine"),
        ("search-ads", "Search ads"),
        ("map", "Online map"),
        ("yelp", "Yelp"),
        ("facebook", "Facebook"),
        ("instagram", "Instagram"),
        ("website", "Our website"),
        ("directory", "Online directory"),
    ),
    _category(
        "referral",
        "Referral",
        ("friend", "Friend or family"),
        ("employee", "Employee"),
        ("shop", "Another shop"),
        ("business", "Another business"),
    ),
    _category(
        "advertising",
        "Advertising",
        ("direct-mail", "Direct mail"),
        ("coupon", "Coupon"),
        ("newspaper", "Newspaper or magazine"),
        ("radio", "Radio"),
        ("television", "Television"),
        ("billboard", "Billboard"),
    ),
    _category(
        "location",
        "Location",
        ("drive-by", "Drove by"),
        ("sign", "Sign"),
        ("neighbor", "Lives or works near"),
    ),
    _category(
        "trade",
        "Fleets and trade",
        ("fleet", "Fleet account"),
        ("insurance", "Insurance or warranty"),
        ("roadside", "Towing and roadside"),
    ),
    _category("community", "Community", ("event", "Event"), ("sponsoring", "Sponsoring")),
    _category(OTHER_NEW_CUSTOMERS, "Other New Customers"),
)
"""What an organization starts with, before it saves a list of its own."""
