"""Puts the demo together: two organizations, their shops' books, and the truth about who is who."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from crossbay.domain.organization import Entitlement, Role
from local.demo.books import Bookkeeper
from local.demo.cars import CarDealer
from local.demo.model import Demo, DemoMember, DemoOrganization, KnownAs, Party, ShopBooks, Site
from local.demo.people import Neighborhood
from local.demo.places import HARBORLINE_SITES, TIDEWATER_SITE, PhoneBook
from local.demo.services import Bench
from local.demo.typing_in import Counter
from local.demo.visits import visits_of

MOST_SHOPS = len(HARBORLINE_SITES)
MOST_CUSTOMERS = 15_000  # more would need more than the fictional phone numbers there are
_KNOWN_TO_BOTH = 5  # people
_SMALL_SHARE = 15  # the second organization has a fifteenth of the first one's customers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """One organization to be."""

    key: str
    name: str
    entitlements: tuple[Entitlement, ...]
    sites: tuple[Site, ...]
    customers: int
    seed: int
    today: date

    def random(self, purpose: str) -> Random:
        """Randomness of its own for each purpose: a change in one part leaves the others as they were."""
        return Random(f"{self.seed} {self.key} {purpose}")


def build_demo(*, seed: int, shops: int, customers: int, today: date) -> Demo:
    """The demo data of a seed and a day.

    shops: 1 to 12. customers: 1 to 15,000, those of the first organization over all its shops. Raises
    ValueError outside these.
    """
    if not 1 <= shops <= MOST_SHOPS:
        raise ValueError(f"there are 1 to {MOST_SHOPS} shops")
    if not 1 <= customers <= MOST_CUSTOMERS:
        raise ValueError(f"there are 1 to {MOST_CUSTOMERS:,} customers")
    large = _Plan(
        key="harborline",
        name="Harborline Auto Group",
        entitlements=tuple(Entitlement),
        sites=HARBORLINE_SITES[:shops],
        customers=customers,
        seed=seed,
        today=today,
    )
    small = _Plan(
        key="tidewater",
        name="Tidewater Motor Works",
        entitlements=(Entitlement.CUSTOMER_CONTACT,),
        sites=(TIDEWATER_SITE,),
        customers=max(1, customers // _SMALL_SHARE),
        seed=seed,
        today=today,
    )
    return _built(large, small)


def _built(large: _Plan, small: _Plan) -> Demo:
    """Both organizations. Some people go to both, which neither may see."""
    large_phones, small_phones = (PhoneBook(plan.random("phones"), plan.sites) for plan in (large, small))
    parties = _parties(large, large_phones)
    neighbors = [replace(party, site_keys=(TIDEWATER_SITE.key,)) for party in parties[:_KNOWN_TO_BOTH]]
    harborline, truth = _organization(large, parties, large_phones)
    tidewater, more_truth = _organization(small, [*neighbors, *_parties(small, small_phones)], small_phones)
    return Demo(
        seed=large.seed, today=large.today, organizations=(harborline, tidewater), truth=(*truth, *more_truth)
    )


def _parties(plan: _Plan, phones: PhoneBook) -> list[Party]:
    dealer = CarDealer(plan.random("cars"), plan.today.year)
    return Neighborhood(plan.random("people"), plan.key, plan.sites, phones, dealer).parties(plan.customers)


def _organization(
    plan: _Plan, parties: list[Party], phones: PhoneBook
) -> tuple[DemoOrganization, list[KnownAs]]:
    benches = {site.key: Bench(plan.random(f"bench {site.key}"), site) for site in plan.sites}
    rng = plan.random("visits")
    visits = [visit for party in parties for visit in visits_of(rng, party, benches, plan.today)]
    shops, truth = [], []
    for site in plan.sites:
        counter = Counter(plan.random(f"counter {site.key}"), site, phones)
        keeper = Bookkeeper(plan.random(f"books {site.key}"), site, counter, plan.today)
        known = [party for party in parties if site.key in party.site_keys]
        shops.append(keeper.books(known, (visit for visit in visits if visit.site_key == site.key)))
        truth += _known_as(keeper, known, plan.key, site)
    organization = DemoOrganization(
        key=plan.key,
        name=plan.name,
        entitlements=plan.entitlements,
        shops=tuple(shops),
        members=_members(plan.key, shops),
    )
    return organization, truth


def _known_as(keeper: Bookkeeper, known: Iterable[Party], organization_key: str, site: Site) -> list[KnownAs]:
    return [
        KnownAs(
            party_key=party.key,
            organization_key=organization_key,
            site_key=site.key,
            customer_id=keeper.customer_id(party),
        )
        for party in known
    ]


def _members(key: str, shops: Iterable[ShopBooks]) -> tuple[DemoMember, ...]:
    """A dealer admin and a marketing manager for all shops, an advisor and a technician for each."""
    office = [
        DemoMember(email=f"{role}.{key}@example.com", name=name, roles=(role,), all_shops=True)
        for role, name in ((Role.DEALER_ADMIN, "Ada of the office"), (Role.MARKETING, "Mara of the office"))
    ]
    floor = [
        DemoMember(
            email=f"{role}.{books.site.key}@example.com",
            name=f"{name} of {books.site.address.city}",
            roles=(role,),
            site_keys=(books.site.key,),
        )
        for books in shops
        for role, name in ((Role.ADVISOR, "Avery"), (Role.TECHNICIAN, "Toni"))
    ]
    return (*office, *floor)
