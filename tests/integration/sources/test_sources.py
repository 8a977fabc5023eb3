"""A shop's marketing sources: listed with their spellings and counts, mapped, dropped, done with (M1, M2)."""

from dataclasses import replace
from typing import Any

import pytest

from crossbay.app.sources import mapping as source_mapping
from crossbay.domain.access import Stamp
from crossbay.domain.organization import Role
from crossbay.domain.sources.source import MOST_SOURCES, STARTING_CATEGORIES, Source, spelling_id
from crossbay.store.operation import ITEM_LIMIT
from crossbay.store.reads import Reads
from crossbay.store.sources.sources import put_listed
from crossbay.store.transaction import Transaction
from tests.helpers.doors import Answer
from tests.helpers.factories import etag
from tests.helpers.source_shop import OTHER, SourceShop
from tests.helpers.tenants import NewTenant, Tenant
from tests.integration.conftest import TABLE_NAME

YELP = spelling_id("Yelp")


@pytest.fixture
def shop(tenant: Tenant) -> SourceShop:
    return SourceShop.of(tenant)


def names_of(page: dict[str, Any]) -> list[str]:
    return [source["name"] for source in page["sources"]]


# ---- the list


@pytest.mark.rule("M1")
def test_spellings_that_differ_by_case_and_blanks_are_one_source_with_the_count_of_all(
    shop: SourceShop, reads: Reads
) -> None:
    for source in ("Yelp", "YELP", " yelp ", "Radio  Ad", "radio ad", "Yelp.com", ""):
        shop.customer(source=source)
    shop.count(reads)

    page = shop.sources()

    told = {source["name"].casefold(): source for source in page["sources"]}
    assert sorted(told) == ["radio  ad", "yelp", "yelp.com"]
    assert sorted(told["yelp"]["spellings"]) == ["YELP", "Yelp", "yelp"]
    assert (told["yelp"]["customers"], told["radio  ad"]["customers"]) == (3, 2)
    assert [source["customers"] for source in page["sources"]] == [3, 2, 1]
    assert {source["state"] for source in page["sources"]} == {"unmapped"}
    assert (page["unmapped"], page["mapped"], page["dropped"], page["unlisted_customers"]) == (3, 0, 0, 0)


@pytest.mark.rule("M1", "X3")
def test_sources_are_paged_most_customers_first_then_by_name_and_by_what_was_decided(
    shop: SourceShop, reads: Reads
) -> None:
    for name in ("Sign", "radio", "Yelp"):
        shop.listed(name)
    for source in ("Yelp", "Yelp", "Coupon"):
        shop.customer(source=source)
    shop.count(reads)
    shop.decide(spelling_id("radio"), is_dropped=True)
    shop.decide(spelling_id("Coupon"), category_id="advertising-coupon")

    found, page = [], shop.sources(limit=1)
    while page["next"]:
        found += names_of(page)
        page = shop.sources(limit=1, cursor=page["next"])

    assert [*found, *names_of(page)] == ["Yelp", "Coupon", "radio", "Sign"]
    states = {state: names_of(shop.sources(state=state)) for state in ("unmapped", "mapped", "dropped")}
    assert states == {"unmapped": ["Yelp", "Sign"], "mapped": ["Coupon"], "dropped": ["radio"]}
    assert (page["unmapped"], page["mapped"], page["dropped"]) == (2, 1, 1)
    assert shop.marketing("GET", f"{shop.path}/sources", query={"state": "lost"}).status_code == 400


@pytest.mark.rule("M1")
def test_a_source_like_one_that_is_mapped_is_told_its_category_and_stays_unmapped(shop: SourceShop) -> None:
    for name in ("Val-Pak", "VALPAK", "Val-Pak mailer 2027", "Bing"):
        shop.listed(name)
    shop.decide(spelling_id("Val-Pak"), category_id="advertising-direct-mail")

    renamed = shop.source(spelling_id("Val-Pak mailer 2027"))

    assert renamed["suggestion"] == {
        "category_id": "advertising-direct-mail",
        "name": "Advertising / Direct mail",
        "why": "like the source Val-Pak",
    }
    assert (renamed["state"], renamed["maps_to"]) == ("unmapped", None)
    assert shop.source(spelling_id("Bing"))["suggestion"] is None
    assert shop.source(spelling_id("Val-Pak"))["suggestion"] is None


@pytest.mark.rule("M1", "M3")
def test_a_shop_of_too_many_spellings_says_how_many_customers_have_one_that_is_not_listed(
    shop: SourceShop, reads: Reads
) -> None:
    list_many(shop, MOST_SOURCES, is_dropped=True)
    customer = shop.here(source="One too many")
    shop.count(reads)

    page = shop.sources()

    assert (page["dropped"], page["unlisted_customers"]) == (MOST_SOURCES, 1)
    assert shop.mark_of(customer) == "unlisted"


# ---- mapped and dropped


@pytest.mark.rule("M1")
def test_a_source_is_mapped_mapped_anew_and_unmapped_in_its_shop_alone(shop: SourceShop) -> None:
    shop.listed("Yelp")
    south = SourceShop(
        tenant=Tenant(
            organization=shop.tenant.organization, shops=shop.tenant.shops[1:], doors=shop.tenant.doors
        ),
        marketing=shop.marketing,
        advisor=shop.advisor,
    )
    south.listed("Yelp")

    first = shop.decide(YELP, category_id="internet-yelp")
    again = shop.decide(YELP, category_id="internet")

    assert first["maps_to"] == {
        "category_id": "internet",
        "category": "Internet",
        "sub_category_id": "internet-yelp",
        "sub_category": "Yelp",
    }
    assert (again["state"], again["maps_to"]["sub_category_id"], again["version"]) == ("mapped", "", 3)
    assert south.source(YELP)["state"] == "unmapped"
    assert shop.decide(YELP, category_id=None)["state"] == "unmapped"


@pytest.mark.rule("M1")
def test_a_dropped_source_comes_back_with_its_category_and_one_that_is_mapped_is_relevant_again(
    shop: SourceShop,
) -> None:
    shop.listed("Yelp")
    shop.decide(YELP, category_id="internet-yelp")

    dropped = shop.decide(YELP, is_dropped=True)
    back = shop.decide(YELP, is_dropped=False)
    shop.decide(YELP, is_dropped=True)
    mapped = shop.decide(YELP, category_id="referral")

    assert (dropped["state"], dropped["maps_to"]["sub_category"]) == ("dropped", "Yelp")
    assert (back["state"], back["maps_to"]["sub_category"]) == ("mapped", "Yelp")
    assert (mapped["state"], mapped["maps_to"]["category"]) == ("mapped", "Referral")


@pytest.mark.rule("M1", "X1")
def test_categories_and_sources_of_nobody_or_of_another_tenant_are_not_there(
    shop: SourceShop, new_tenant: NewTenant
) -> None:
    foreign = SourceShop.of(new_tenant("East"))
    foreign.save_categories({"name": "Theirs"}, OTHER)
    theirs = foreign.marketing("GET", "/source-categories").json()["categories"][0]["id"]
    foreign.listed("Only theirs")
    shop.listed("Yelp")
    path = f"{shop.path}/sources"

    mapped = [
        shop.marketing("PATCH", f"{path}/{YELP}", body={"category_id": one}, headers={"If-Match": '"1"'})
        for one in (theirs, "nothing")
    ]
    read = [
        shop.marketing("GET", f"{path}/{one}") for one in (spelling_id("Only theirs"), spelling_id("Nobody"))
    ]

    for one in (mapped, read):
        assert [answer.status_code for answer in one] == [404, 404]
        assert one[0].text == one[1].text


@pytest.mark.rule("M1", "X5")
def test_each_decision_is_in_the_organizations_audit_with_who_and_what(shop: SourceShop) -> None:
    shop.listed("Yelp")
    shop.decide(YELP, category_id="internet-yelp")
    shop.go_by_organization_only()
    shop.save_categories({"name": "Word of mouth"}, OTHER)

    entries = shop.tenant.join(Role.DEALER_ADMIN)("GET", "/audit").json()["entries"]

    told = {entry["what"]: entry for entry in entries}
    assert told["source changed"]["after"] == {"category_id": "internet-yelp"}
    assert told["source settings changed"]["after"] == {"organization_only": True}
    assert told["source categories changed"]["by"] == shop.marketing.claims["sub"]


# ---- many suggestions at once


def take(shop: SourceShop, body: dict[str, Any], key: str = "") -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    return shop.marketing("POST", f"{shop.path}/sources/suggestions", body=body, headers=headers)


def _mapped_to(source: dict[str, Any]) -> str:
    path = source["maps_to"]
    return path["sub_category_id"] or path["category_id"]  # type: ignore[no-any-return]


@pytest.mark.rule("M1")
def test_many_suggestions_are_taken_at_once_and_what_is_left_is_told_with_its_reason(
    shop: SourceShop,
) -> None:
    for name in ("Yelp", "GMB", "Facebok", "Bing", "Radio", "Old"):
        shop.listed(name)
    shop.decide(spelling_id("Radio"), category_id="referral")
    shop.decide(spelling_id("Old"), is_dropped=True)
    names = ("Yelp", "GMB", "Yelp", "Bing", "Radio", "Old")

    answer = take(shop, {"source_ids": [spelling_id(name) for name in names]}, key="taken-1")
    again = take(shop, {"source_ids": [spelling_id(name) for name in names]}, key="taken-1")

    assert answer.status_code == 200, answer.text
    assert again.json() == answer.json()
    told = answer.json()
    assert {one["name"]: one["maps_to"]["sub_category"] for one in told["mapped"]} == {
        "Yelp": "Yelp",
        "GMB": "Google",
    }
    assert {(one["name"], one["why"]) for one in told["left"]} == {
        ("Bing", "no_suggestion"),
        ("Radio", "decided"),
        ("Old", "decided"),
    }
    assert shop.source(spelling_id("Facebok"))["state"] == "unmapped"
    assert shop.source(spelling_id("Radio"))["maps_to"]["category"] == "Referral"
    audit = shop.tenant.join(Role.DEALER_ADMIN)("GET", "/audit").json()["entries"]
    assert {"category_id": "internet-google"} in [one["after"] for one in audit]


@pytest.mark.rule("M1")
def test_all_suggestions_of_a_shop_are_taken_as_they_were_shown(shop: SourceShop) -> None:
    list_many(shop, 120)
    for name in ("Yelp", "GoogleAds", "Val-Pak"):
        shop.listed(name)
    listed = [shop.source(spelling_id(name)) for name in ("Yelp", "GoogleAds", "Val-Pak")]
    shown = {one["name"]: one["suggestion"]["category_id"] for one in listed if one["suggestion"]}

    told = take(shop, {"all": True}).json()

    assert len(told["mapped"]) + len(told["left"]) == 123
    assert {one["why"] for one in told["left"]} == {"no_suggestion"}
    assert shown == {one["name"]: _mapped_to(one) for one in told["mapped"]}
    assert {"Yelp", "GoogleAds"} <= shown.keys()
    assert take(shop, {"all": True}).json()["mapped"] == []


@pytest.mark.rule("M1")
def test_a_suggestion_gives_way_to_who_maps_the_source_at_the_same_moment(
    shop: SourceShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.listed("Yelp")
    commit, late = Transaction.commit, list[str]()

    def somebody_comes_first(transaction: Transaction) -> None:
        if not late:
            late.append("Yelp")
            map_at_once(shop, YELP, "referral")
        commit(transaction)

    monkeypatch.setattr(Transaction, "commit", somebody_comes_first)
    told = take(shop, {"all": True}).json()

    assert (told["mapped"], [one["why"] for one in told["left"]]) == ([], ["decided"])
    assert shop.source(YELP)["maps_to"]["category"] == "Referral"


@pytest.mark.rule("M1", "X1", "X2")
def test_suggestions_of_sources_that_are_not_there_are_refused_by_name_and_none_is_taken(
    shop: SourceShop,
) -> None:
    shop.listed("Yelp")
    strange = [f"strange-{number}" for number in range(7)]

    answer = take(shop, {"source_ids": [YELP, *strange]})

    assert answer.status_code == 404
    assert "as source_ids.1, source_ids.2, source_ids.3" in answer.json()["detail"]
    assert "and 2 more" in answer.json()["detail"]
    assert shop.source(YELP)["state"] == "unmapped"


@pytest.mark.rule("M1", "X2")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"source_ids": []},
        {"source_ids": [YELP], "all": True},
        {"source_ids": ["x"] * 501},
        {"source_ids": None},
    ],
)
def test_taking_suggestions_of_none_or_of_too_many_is_refused(shop: SourceShop, body: dict[str, Any]) -> None:
    answer = take(shop, body)

    assert answer.status_code == 400
    assert answer.json()["errors"]


# ---- mapping done


def list_many(shop: SourceShop, number: int, **fields: Any) -> None:
    for start in range(0, number, ITEM_LIMIT):
        transaction = Transaction()
        for at in range(start, min(number, start + ITEM_LIMIT)):
            name = f"Source {at}"
            source = Source(
                id=spelling_id(name),
                organization_id=shop.ref.organization_id,
                shop_id=shop.ref.shop_id,
                spellings=(name,),
                **fields,
            )
            put_listed(transaction, None, source, at="2026-11-02T12:00:00.000Z")
        transaction.commit()


@pytest.mark.rule("M2")
def test_mapping_done_maps_two_thousand_sources_in_one_step(shop: SourceShop) -> None:
    list_many(shop, MOST_SOURCES)

    answer = shop.mapping_done()

    assert (answer.status_code, answer.json()) == (200, {"mapped": MOST_SOURCES, "is_up_to_date": True})
    page = shop.sources(limit=50)
    assert (page["unmapped"], page["mapped"]) == (0, MOST_SOURCES)
    assert {one["maps_to"]["category_id"] for one in page["sources"]} == {"other-new-customers"}


@pytest.mark.rule("M2")
def test_mapping_done_leaves_what_is_mapped_or_dropped_and_takes_what_maps_to_a_category_that_is_gone(
    shop: SourceShop,
) -> None:
    for name in ("Yelp", "Radio", "Old", "Gone", "New"):
        shop.listed(name)
    shop.save_categories({"name": "Mine"}, {"name": "Passing"}, OTHER)
    mine, passing, _ = shop.marketing("GET", "/source-categories").json()["categories"]
    shop.decide(YELP, category_id=mine["id"])
    shop.decide(spelling_id("Gone"), category_id=passing["id"])
    shop.decide(spelling_id("Old"), is_dropped=True)
    shop.save_categories(mine, OTHER)

    answer = shop.mapping_done()

    assert answer.json()["mapped"] == 3
    places = {one["name"]: one["maps_to"] and one["maps_to"]["category"] for one in shop.sources()["sources"]}
    other = "Other New Customers"
    assert places == {"Yelp": "Mine", "Radio": other, "Gone": other, "New": other, "Old": None}
    assert shop.mapping_done().json()["mapped"] == 0


@pytest.mark.rule("M2")
def test_mapping_done_that_was_broken_off_in_between_is_finished_by_the_same_call(
    shop: SourceShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    list_many(shop, 120)
    commit, sizes = Transaction.commit, list[int]()

    def dies_after_the_first(transaction: Transaction) -> None:
        if sizes:
            raise RuntimeError("killed")
        sizes.append(len(transaction))
        commit(transaction)

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "commit", dies_after_the_first)
        broken = shop.mapping_done(**{"Idempotency-Key": "done"})
    left = shop.sources()["unmapped"]
    finished = shop.mapping_done(**{"Idempotency-Key": "done"})
    repeated = shop.mapping_done(**{"Idempotency-Key": "done"})

    assert broken.status_code == 500
    assert sizes[0] <= ITEM_LIMIT
    assert 0 < left < 120
    assert finished.json()["mapped"] == repeated.json()["mapped"] == left
    assert shop.sources()["unmapped"] == 0


@pytest.mark.rule("M2")
def test_a_source_that_somebody_maps_at_the_same_moment_keeps_their_category(
    shop: SourceShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.listed("Yelp")
    shop.listed("Radio")
    commit, late = Transaction.commit, list[str]()

    def somebody_comes_first(transaction: Transaction) -> None:
        if not late:
            late.append("Yelp")
            map_at_once(shop, YELP, "internet-yelp")
        commit(transaction)

    monkeypatch.setattr(Transaction, "commit", somebody_comes_first)
    answer = shop.mapping_done()

    assert answer.json()["mapped"] == 1
    assert shop.source(YELP)["maps_to"]["sub_category"] == "Yelp"
    assert shop.source(spelling_id("Radio"))["maps_to"]["category"] == "Other New Customers"


def map_at_once(shop: SourceShop, source_id: str, category_id: str) -> None:
    """As another process would, while this one's door is answering."""
    reads = Reads(TABLE_NAME)
    source_mapping.change_source(
        reads,
        shop.ref,
        source_id,
        lambda source: replace(source, category_id=category_id),
        version=1,
        stamp=Stamp(by="somebody", at="2026-11-03T12:00:00.000Z"),
    )


# ---- categories


@pytest.mark.rule("M1")
def test_an_organization_starts_with_sensible_categories_and_saves_a_list_of_its_own(
    shop: SourceShop,
) -> None:
    start = shop.marketing("GET", "/source-categories")
    internet, *_ = start.json()["categories"]
    yelp = next(sub for sub in internet["sub_categories"] if sub["name"] == "Yelp")

    saved = shop.save_categories(
        OTHER,
        {"id": internet["id"], "name": "Online", "sub_categories": [{"name": "Nextdoor"}, yelp]},
        {"name": "Word of mouth"},
    )

    assert start.headers["etag"] == '"0"'
    assert [one["name"] for one in start.json()["categories"]] == [one.name for one in STARTING_CATEGORIES]
    assert (saved.status_code, saved.headers["etag"]) == (200, '"1"')
    other, online, mouth = saved.json()["categories"]
    assert (other, online["id"], online["name"]) == (OTHER | {"sub_categories": []}, "internet", "Online")
    nextdoor, kept = online["sub_categories"]
    assert (kept, nextdoor["name"]) == (yelp, "Nextdoor")
    assert len({nextdoor["id"], mouth["id"], yelp["id"], "internet", ""}) == 5
    assert shop.marketing("GET", "/source-categories").json() == saved.json()


@pytest.mark.rule("M1")
def test_what_maps_to_a_category_follows_its_name_and_place_and_is_unmapped_once_it_is_gone(
    shop: SourceShop,
) -> None:
    shop.listed("Yelp")
    shop.decide(YELP, category_id="internet-yelp")
    yelp = {"id": "internet-yelp", "name": "Review sites"}

    shop.save_categories({"name": "Web", "sub_categories": [yelp]}, OTHER)
    moved = shop.source(YELP)
    shop.save_categories(OTHER)
    gone = shop.source(YELP)

    assert (moved["state"], moved["maps_to"]["category"], moved["maps_to"]["sub_category"]) == (
        "mapped",
        "Web",
        "Review sites",
    )
    assert (gone["state"], gone["maps_to"]) == ("unmapped", None)


SUBS = "sub_categories"
BAD_LISTS: dict[str, tuple[list[dict[str, Any]], dict[str, str]]] = {
    "taken away": ([{"name": "A"}], {"categories": "can't be taken away"}),
    "renamed": ([OTHER | {"name": "Rest"}], {"categories.0.name": "can't be renamed"}),
    "divided": ([OTHER | {SUBS: [{"name": "A"}]}], {"categories.0.sub_categories": "can't have any"}),
    "under another": (
        [{"name": "A", SUBS: [OTHER]}],
        {"categories": "can't be taken away from the main categories"},
    ),
    "an id that nobody gave": ([{"id": "mine", "name": "A"}, OTHER], {"categories.0.id": "leave it out"}),
    "one id twice": (
        [{"id": "internet", "name": "A"}, {"name": "B", SUBS: [{"id": "internet", "name": "C"}]}, OTHER],
        {"categories.1.sub_categories.0.id": "twice"},
    ),
    "one name twice": ([{"name": "A b"}, {"name": " a  B"}, OTHER], {"categories.1.name": "another one"}),
    "one name twice under one": (
        [{"name": "A", SUBS: [{"name": "x"}, {"name": "X"}]}, {"name": "B", SUBS: [{"name": "x"}]}, OTHER],
        {"categories.0.sub_categories.1.name": "another one"},
    ),
    "no name": ([{"name": " "}, OTHER], {"categories.0.name": "must have 1 letter or more"}),
    "fifty-one": (
        [{"name": f"{n}"} for n in range(50)] + [OTHER],
        {"categories": "must have 50 entries or less"},
    ),
    "fifty-one under one": (
        [{"name": "A", SUBS: [{"name": f"{n}"} for n in range(51)]}, OTHER],
        {"categories.0.sub_categories": "must have 50 entries or less"},
    ),
    "too many together": (
        [{"name": f"{m}", SUBS: [{"name": f"{n}"} for n in range(50)]} for m in range(10)] + [OTHER],
        {"categories": "more than 500"},
    ),
}


@pytest.mark.rule("M1", "X2")
@pytest.mark.parametrize(("asked", "reasons"), BAD_LISTS.values(), ids=BAD_LISTS.keys())
def test_a_list_that_can_not_be_saved_says_which_entry_and_why(
    shop: SourceShop, asked: list[dict[str, Any]], reasons: dict[str, str]
) -> None:
    answer = shop.save_categories(*asked)

    assert answer.status_code == 400
    told = {one["field"]: one["reason"] for one in answer.json()["errors"]}
    assert told.keys() == reasons.keys()
    assert all(reason in told[field] for field, reason in reasons.items()), told
    assert shop.marketing("GET", "/source-categories").headers["etag"] == '"0"'


@pytest.mark.rule("M1")
def test_the_longest_list_of_the_widest_letters_is_saved_and_saved_again(shop: SourceShop) -> None:
    def name(number: int) -> str:
        return "\U0001f697" * 45 + f"{number:03}"

    mains = [{"name": name(m), SUBS: [{"name": name(n)} for n in range(49)]} for m in range(9)]
    first = shop.save_categories(
        *mains, {"name": name(9), SUBS: [{"name": name(n)} for n in range(48)]}, OTHER
    )
    again = shop.save_categories(*first.json()["categories"][1:])

    assert (first.status_code, again.status_code) == (200, 200), (first.text[:300], again.text[:300])
    assert sum(1 + len(one[SUBS]) for one in first.json()["categories"]) == 500


@pytest.mark.rule("M1", "X3")
def test_of_two_who_save_the_first_list_at_once_the_later_is_told_to_read_again(shop: SourceShop) -> None:
    body = {"categories": [OTHER]}
    first, second = (
        shop.marketing("PUT", "/source-categories", body=body, headers={"If-Match": '"0"'}) for _ in range(2)
    )

    assert (first.status_code, second.status_code) == (200, 412)
    assert etag(first.json()) == {"If-Match": '"1"'}
