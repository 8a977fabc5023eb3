"""Names of sources that are alike, and the many that only look it: made-up spellings of many shops."""

from dataclasses import replace

import pytest

from crossbay.domain.sources.source import STARTING_CATEGORIES, Categories, Source, SourceBook, spelling_id
from crossbay.domain.sources.suggestion import Suggestions


def book(**mapped: str) -> SourceBook:
    """An organization's starting categories; sources by name with the category that each maps to."""
    sources = [
        Source(
            id=spelling_id(name), organization_id="o", shop_id="s", spellings=(name,), category_id=category
        )
        for name, category in mapped.items()
    ]
    categories = Categories(organization_id="o", categories=STARTING_CATEGORIES)
    return SourceBook(categories=categories, sources={source.id: source for source in sources})


def suggested(name: str, **mapped: str) -> str | None:
    found = Suggestions.of(book(**mapped)).of_name(name)
    return found.category_id if found else None


ALIKE = {
    "Yelp.com": "internet-yelp",
    "YELP!": "internet-yelp",
    "Yelp Reviews": "internet-yelp",
    "www.facebook.com": "internet-facebook",
    "Facebok": "internet-facebook",
    "Instagram ad": "internet-instagram",
    "Our web-site: website": "internet-website",
    "Friend": "referral-friend",
    "Friends/Family": "referral-friend",
    "Employees": "referral-employee",
    "Employee referral": "referral-employee",
    "friend referral": "referral",
    "drive-by": "location-drive-by",
    "Street sign": "location-sign",
    "KISS FM radio": "advertising-radio",
    "Direct Mailer": "advertising-direct-mail",
    "direct mail 2027": "advertising-direct-mail",
    "Coupons": "advertising-coupon",
    "Magazine": "advertising-newspaper",
    "Bill board": "advertising-billboard",
    "Fleet acct": "trade-fleet",
    "Towing": "trade-roadside",
    "Internet search": "internet",
}
GOOGLE = ("Goggle", "GoogleAds", "GMB", "google my business", "Gogle", "Google.com", "Googel")

UNSURE = (
    *("Signal", "Groupon", "Employment", "Radiator special", "Couple", "Yelena", "Bing", "Sponsor"),
    *("Online", "Search", "Ad", "TV", "AAA", "BBB", "Map", "Walk in", "Existing customer", "Other", "None"),
    *("Unknown", "Other New Customers", "...", "2027", "com", ""),
)


@pytest.mark.parametrize(("name", "category_id"), ALIKE.items())
def test_a_name_like_one_that_is_known_leads_to_its_category(name: str, category_id: str) -> None:
    assert suggested(name) == category_id


@pytest.mark.parametrize("name", UNSURE)
def test_a_name_that_is_like_none_or_like_several_leads_nowhere(name: str) -> None:
    assert suggested(name) is None


def test_a_shops_own_mapped_source_is_known_as_well_and_said_to_be_why() -> None:
    found = Suggestions.of(book(Google="internet-search")).of_name("google.com")

    assert found is not None
    assert (found.name, found.why) == ("Internet / Search engine", "like the source Google")


def test_sources_that_map_to_different_categories_lead_nowhere_and_to_one_lead_there() -> None:
    assert suggested("Mail Chimp", Mail="internet", Chimp_Mail="referral") == "referral"
    assert suggested("Pony", Ponyx="internet", Ponyy="referral") is None
    assert suggested("Pony", Ponyx="internet", Ponyy="internet") == "internet"


def test_what_nobody_knew_better_and_what_was_dropped_tells_nothing() -> None:
    dropped = book(Groupon="advertising-coupon")
    (source,) = dropped.sources.values()
    off = {source.id: replace(source, is_dropped=True)}

    assert suggested("Groupons", Groupon="other-new-customers") is None
    assert suggested("Groupons", Groupon="gone") is None
    assert suggested("Groupons", Groupon="advertising-coupon") == "advertising-coupon"
    assert Suggestions.of(SourceBook(categories=dropped.categories, sources=off)).of_name("Groupons") is None


@pytest.mark.rule("M1")
@pytest.mark.parametrize("name", GOOGLE)
def test_what_people_write_for_google_leads_to_google(name: str) -> None:
    assert suggested(name) == "internet-google"
