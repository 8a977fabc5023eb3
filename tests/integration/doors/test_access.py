"""Who reaches what: roles, shops, tenants, entitlements, for every route of the template."""

import json
import re

import pytest

from crossbay.domain.access import ALLOWED, Action
from crossbay.domain.organization import Role
from crossbay.store.reads import Reads
from local.template import Route, routes
from tests.helpers import quick_moto
from tests.helpers.books import NOWHERE, Books, body_of, by_ending, make_books
from tests.helpers.doors import Caller, Doors
from tests.helpers.tenants import NewTenant, tenant_maker
from tests.integration.conftest import Aws

MEMBERS_ONLY = [route for route in routes() if route.members_only]
IN_SHOP = [route for route in MEMBERS_ONLY if route.path.startswith("/shops/{shop_id}/")]
OPERATOR_ONLY = [r for r in MEMBERS_ONLY if r.path.startswith(("/organizations", "/operator", "/token-keys"))]
CROSS_SHOP = {
    ("GET", "candidates"),
    ("GET", "links"),
    ("POST", "links"),
    ("DELETE", "{other_customer_id}"),
    ("GET", "link-events"),
    ("POST", "undo"),
    ("POST", "not-same"),
    ("PUT", "history-settings"),
    ("GET", "linked-vehicles"),
    ("POST", "vehicle-copies"),
    ("POST", "customer-copies"),
}
ALL_SHOPS = {"/source-report", "/source-report-files", "/source-charts"}
"""Routes of every shop together."""

"""Routes by method and last part, which work between shops only."""

ACTIONS: dict[tuple[str, str], Action | None] = {
    ("GET", "me"): None,
    ("GET", "shops"): None,
    ("GET", "{shop_id}"): None,
    ("POST", "shops"): Action.MANAGE_ORGANIZATION,
    ("PATCH", "{shop_id}"): Action.MANAGE_ORGANIZATION,
    ("POST", "members"): Action.MANAGE_ORGANIZATION,
    ("GET", "members"): Action.MANAGE_ORGANIZATION,
    ("GET", "{member_id}"): Action.MANAGE_ORGANIZATION,
    ("PATCH", "{member_id}"): Action.MANAGE_ORGANIZATION,
    ("DELETE", "{member_id}"): Action.MANAGE_ORGANIZATION,
    ("GET", "search"): Action.READ_CUSTOMERS,
    ("POST", "customers"): Action.CHANGE_CUSTOMERS,
    ("GET", "{customer_id}"): Action.READ_CUSTOMERS,
    ("PATCH", "{customer_id}"): Action.CHANGE_CUSTOMERS,
    ("DELETE", "{customer_id}"): Action.CHANGE_CUSTOMERS,
    ("POST", "addresses"): Action.CHANGE_CUSTOMERS,
    ("PUT", "{address_id}"): Action.CHANGE_CUSTOMERS,
    ("DELETE", "{address_id}"): Action.CHANGE_CUSTOMERS,
    ("PUT", "do-not-mail"): Action.CHANGE_CUSTOMERS,
    ("PUT", "consent"): Action.CHANGE_CUSTOMERS,
    ("POST", "customer-copies"): Action.CHANGE_CUSTOMERS,
    ("GET", "audit"): Action.READ_AUDIT,
    ("GET", "vehicles"): Action.READ_CUSTOMERS,
    ("POST", "vehicles"): Action.CHANGE_CUSTOMERS,
    ("GET", "{vehicle_id}"): Action.READ_CUSTOMERS,
    ("PATCH", "{vehicle_id}"): Action.CHANGE_CUSTOMERS,
    ("DELETE", "{vehicle_id}"): Action.CHANGE_CUSTOMERS,
    ("GET", "linked-vehicles"): Action.READ_CUSTOMERS,
    ("POST", "vehicle-copies"): Action.CHANGE_CUSTOMERS,
    ("GET", "contacts"): Action.READ_CONTACTS,
    ("POST", "contacts"): Action.CHANGE_CONTACTS,
    ("GET", "suggestions"): Action.READ_CONTACTS,
    ("GET", "unused"): Action.CLEAN_UP_CONTACTS,
    ("POST", "deletions"): Action.CLEAN_UP_CONTACTS,
    ("GET", "{contact_id}"): Action.READ_CONTACTS,
    ("PATCH", "{contact_id}"): Action.CHANGE_CONTACTS,
    ("DELETE", "{contact_id}"): Action.CHANGE_CONTACTS,
    ("GET", "merged"): Action.READ_CONTACTS,
    ("POST", "merge"): Action.CHANGE_CONTACTS,
    ("POST", "unmerge"): Action.CHANGE_CONTACTS,
    ("GET", "candidates"): Action.READ_CUSTOMERS,
    ("GET", "links"): Action.READ_CUSTOMERS,
    ("POST", "links"): Action.LINK_CUSTOMERS,
    ("DELETE", "{other_customer_id}"): Action.LINK_CUSTOMERS,
    ("POST", "not-same"): Action.LINK_CUSTOMERS,
    ("GET", "link-events"): Action.READ_CUSTOMERS,
    ("POST", "undo"): Action.LINK_CUSTOMERS,
    ("PUT", "history-settings"): Action.CHANGE_CUSTOMERS,
    ("GET", "{kind}"): Action.READ_REPAIR_ORDERS,
    ("POST", "repair-orders"): Action.CHANGE_REPAIR_ORDERS,
    ("GET", "repair-orders"): Action.READ_REPAIR_ORDERS,
    ("GET", "{repair_order_id}"): Action.READ_REPAIR_ORDERS,
    ("PATCH", "{repair_order_id}"): Action.CHANGE_REPAIR_ORDERS,
    ("POST", "void"): Action.VOID_REPAIR_ORDERS,
    ("POST", "copies"): Action.CHANGE_REPAIR_ORDERS,
    ("POST", "appointments"): Action.CHANGE_APPOINTMENTS,
    ("GET", "appointments"): Action.READ_CUSTOMERS,
    ("GET", "{appointment_id}"): Action.READ_CUSTOMERS,
    ("PATCH", "{appointment_id}"): Action.CHANGE_APPOINTMENTS,
    ("DELETE", "{appointment_id}"): Action.CHANGE_APPOINTMENTS,
    ("POST", "equipment"): Action.CHANGE_EQUIPMENT,
    ("GET", "equipment"): Action.READ_PROFILE,
    ("GET", "{equipment_id}"): Action.READ_PROFILE,
    ("GET", "{equipment_id}/history"): Action.READ_PROFILE,
    ("PATCH", "{equipment_id}"): Action.CHANGE_EQUIPMENT,
    ("DELETE", "{equipment_id}"): Action.CHANGE_EQUIPMENT,
    ("POST", "quotes"): Action.CHANGE_QUOTES,
    ("GET", "quotes"): Action.READ_PROFILE,
    ("GET", "{repair_order_id}/quotes"): Action.READ_REPAIR_ORDERS,
    ("GET", "{quote_id}"): Action.READ_PROFILE,
    ("PATCH", "{quote_id}"): Action.CHANGE_QUOTES,
    ("DELETE", "{quote_id}"): Action.CHANGE_QUOTES,
    ("GET", "{customer_id}/appointments"): Action.READ_PROFILE,
    ("GET", "profile"): Action.READ_PROFILE,
    ("POST", "notes"): Action.ADD_NOTES,
    ("GET", "notes"): Action.READ_NOTES,
    ("GET", "{note_id}"): Action.READ_NOTES,
    ("PATCH", "{note_id}"): Action.ADD_NOTES,
    ("DELETE", "{note_id}"): Action.ADD_NOTES,
    ("POST", "problem-reports"): Action.REPORT_PROBLEM,
    ("GET", "problem-reports"): Action.READ_REPORTS,
    ("GET", "{report_id}"): Action.READ_REPORTS,
    ("PATCH", "{report_id}"): Action.READ_REPORTS,
    ("POST", "portal-password-reset"): Action.RESET_PORTAL,
    ("GET", "campaign-settings"): Action.READ_CAMPAIGNS,
    ("PUT", "campaign-settings"): Action.MANAGE_CAMPAIGNS,
    ("GET", "message-templates"): Action.READ_CAMPAIGNS,
    ("GET", "{message_kind}"): Action.READ_CAMPAIGNS,
    ("PUT", "{message_kind}"): Action.MANAGE_CAMPAIGNS,
    ("DELETE", "{message_kind}"): Action.MANAGE_CAMPAIGNS,
    ("POST", "preview"): Action.MANAGE_CAMPAIGNS,
    ("POST", "take-back"): Action.TAKE_BACK_BOUNCES,
    ("GET", "opt-outs"): Action.READ_CAMPAIGNS,
    ("PUT", "opt-outs"): Action.MANAGE_ORGANIZATION,
    ("GET", "sending"): Action.READ_CAMPAIGNS,
    ("PUT", "sending"): Action.STOP_SENDING,
    ("GET", "postcard-batches"): Action.READ_CAMPAIGNS,
    ("GET", "{number}"): Action.MANAGE_CAMPAIGNS,
    ("GET", "messages"): Action.READ_CAMPAIGNS,
    ("GET", "content"): Action.READ_CAMPAIGNS,
    ("POST", "stop"): Action.READ_CAMPAIGNS,
    ("GET", "{day}"): Action.READ_CAMPAIGNS,
    ("GET", "upcoming-messages"): Action.READ_CAMPAIGNS,
    ("GET", "message-statistics"): Action.READ_CAMPAIGNS,
    ("POST", "campaign-forecast"): Action.MANAGE_CAMPAIGNS,
    ("POST", "campaign-lists"): Action.MANAGE_CAMPAIGNS,
    ("GET", "vin-check"): Action.CHANGE_CUSTOMERS,
    ("POST", "plate-lookups"): Action.CHANGE_CUSTOMERS,
    ("GET", "vin-lookup-terms"): None,
    ("PUT", "vin-lookup-terms"): Action.MANAGE_ORGANIZATION,
    ("GET", "partners"): Action.READ_PARTNERS,
    ("PUT", "customerlink"): Action.MANAGE_PARTNERS,
    ("PUT", "mechanicnet"): Action.MANAGE_PARTNERS,
    ("PUT", "carfax"): Action.MANAGE_PARTNERS,
    ("POST", "connection-test"): Action.MANAGE_PARTNERS,
    ("POST", "dry-run"): Action.MANAGE_PARTNERS,
    ("GET", "exports"): Action.READ_PARTNERS,
    ("POST", "exports"): Action.MANAGE_PARTNERS,
    ("GET", "exports/{day}/{number}"): Action.MANAGE_PARTNERS,
    ("GET", "left-out"): Action.READ_PARTNERS,
    ("POST", "settlement"): Action.MANAGE_PARTNERS,
    ("GET", "partner-tellings"): Action.READ_PARTNERS,
    ("POST", "fleets"): Action.MANAGE_FLEETS,
    ("GET", "fleets"): Action.MANAGE_FLEETS,
    ("GET", "{fleet_id}"): Action.MANAGE_FLEETS,
    ("PATCH", "{fleet_id}"): Action.MANAGE_FLEETS,
    ("DELETE", "{fleet_id}"): Action.MANAGE_FLEETS,
    ("GET", "fleet/customers"): Action.READ_OWN_FLEET,
    ("GET", "fleet/cases"): Action.READ_OWN_FLEET,
    ("GET", "fleet/cases/{shop_id}/{case_id}"): Action.READ_OWN_FLEET,
    ("GET", "fleet/cases/{shop_id}/{case_id}/notes"): Action.READ_OWN_FLEET,
    ("GET", "{fleet_customer_id}/contacts"): Action.READ_OWN_FLEET,
    ("POST", "{fleet_customer_id}/contacts"): Action.READ_OWN_FLEET,
    ("GET", "{fleet_contact_id}"): Action.READ_OWN_FLEET,
    ("PATCH", "{fleet_contact_id}"): Action.READ_OWN_FLEET,
    ("DELETE", "{fleet_contact_id}"): Action.READ_OWN_FLEET,
    ("POST", "cases"): Action.CHANGE_CASES,
    ("GET", "cases"): Action.READ_CASES,
    ("GET", "case-assignees"): Action.READ_CASES,
    ("GET", "{case_id}"): Action.READ_CASES,
    ("PATCH", "{case_id}"): Action.CHANGE_CASES,
    ("POST", "close"): Action.CHANGE_CASES,
    ("POST", "reopen"): Action.CHANGE_CASES,
    ("POST", "one-time-contacts"): Action.CHANGE_CASES,
    ("DELETE", "{one_time_contact_id}"): Action.CHANGE_CASES,
    ("GET", "recipients"): Action.READ_CASES,
    ("POST", "{case_id}/notes"): Action.WRITE_IN_CASES,
    ("GET", "{case_id}/notes"): Action.READ_CASES,
    ("GET", "{case_note_id}"): Action.READ_CASES,
    ("POST", "photos"): Action.ADD_TO_PROFILE,
    ("GET", "photos"): Action.READ_PROFILE,
    ("GET", "{photo_id}"): Action.READ_PROFILE,
    ("PATCH", "{photo_id}"): Action.ADD_TO_PROFILE,
    ("DELETE", "{photo_id}"): Action.ADD_TO_PROFILE,
    ("GET", "source-categories"): Action.READ_SOURCES,
    ("PUT", "source-categories"): Action.MANAGE_SOURCES,
    ("GET", "sources"): Action.READ_SOURCES,
    ("POST", "mapping-done"): Action.MANAGE_SOURCES,
    ("POST", "sources/suggestions"): Action.MANAGE_SOURCES,
    ("GET", "{source_id}"): Action.READ_SOURCES,
    ("PATCH", "{source_id}"): Action.MANAGE_SOURCES,
    ("GET", "source-settings"): Action.READ_SOURCES,
    ("PUT", "source-settings"): Action.MANAGE_SOURCES,
    ("GET", "vehicles-of-day"): Action.READ_DAY,
    ("POST", "dismiss"): Action.READ_SOURCES,
    ("GET", "source-choices"): Action.READ_SOURCES,
    ("PUT", "{customer_id}/source"): Action.SET_SOURCE,
    ("GET", "source-report"): Action.READ_SOURCE_REPORT,
    ("POST", "source-report-files"): Action.READ_SOURCE_REPORT,
    ("POST", "source-charts"): Action.READ_SOURCE_REPORT,
    ("GET", "source-spend/{month}"): Action.READ_SOURCE_REPORT,
    ("PUT", "source-spend/{month}"): Action.MANAGE_SOURCES,
    ("POST", "imports"): Action.IMPORT_RECORDS,
    ("POST", "data-export"): Action.KEEP_PRIVACY,
    ("POST", "erasure"): Action.KEEP_PRIVACY,
    ("GET", "privacy-requests"): Action.KEEP_PRIVACY,
    ("GET", "{request_id}"): Action.KEEP_PRIVACY,
    ("GET", "imports"): Action.IMPORT_RECORDS,
    ("GET", "{import_id}"): Action.IMPORT_RECORDS,
}


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def ending(route: Route) -> tuple[str, str]:
    return route.method, route.path.rpartition("/")[2]


def action_of(route: Route) -> Action | None:
    """By the longest ending of its path that is listed."""
    assert by_ending(dict.fromkeys(ACTIONS, True), route), f"{named(route)} is not listed"
    return by_ending(ACTIONS, route)


@pytest.fixture(scope="module")
def new_tenant(aws_of_module: Aws) -> NewTenant:
    return tenant_maker(Reads(aws_of_module.table_name))


@pytest.fixture(scope="module")
def books(new_tenant: NewTenant) -> Books:
    return make_books(new_tenant("North", "South"))


@pytest.fixture(scope="module")
def foreign(new_tenant: NewTenant) -> Books:
    """Another tenant's."""
    return make_books(new_tenant("East", "West"))


@pytest.fixture(scope="module")
def staff(books: Books) -> dict[Role, Caller]:
    """A member of each role, and of that one alone."""
    return {role: books.tenant.join(role) for role in Role}


@pytest.mark.rule("X1")
@pytest.mark.parametrize("route", [r for r in MEMBERS_ONLY if r not in OPERATOR_ONLY], ids=named)
def test_a_route_is_open_to_exactly_the_roles_of_its_action(
    books: Books, staff: dict[Role, Caller], route: Route
) -> None:
    action = action_of(route)
    nothing_there = {
        name: NOWHERE for name in books.ids if name not in ("shop_id", "organization_id", "other_shop_id")
    }

    for role, member in staff.items():
        answer = books.send(member, route, nothing_there)
        is_refused = answer.status_code == 403 and answer.json()["type"] == "urn:crossbay:problem:forbidden"

        assert is_refused != (action is None or role in ALLOWED[action]), (role, answer.text)


@pytest.mark.rule("X1")
@pytest.mark.parametrize("route", IN_SHOP, ids=named)
def test_a_member_of_one_shop_is_refused_in_another_of_the_organization(books: Books, route: Route) -> None:
    elsewhere = books.tenant.join(*Role, shops=books.tenant.shops[1:])

    answer = books.send(elsewhere, route)

    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:crossbay:problem:forbidden"


@pytest.mark.rule("X1")
@pytest.mark.parametrize("route", MEMBERS_ONLY, ids=named)
def test_a_token_without_a_membership_behind_it_is_refused(books: Books, route: Route) -> None:
    stranger = Caller(
        doors=Doors(), claims={"sub": NOWHERE, "custom:organization": books.tenant.organization.id}
    )

    answer = books.send(stranger, route)

    assert answer.status_code == (403 if route in OPERATOR_ONLY else 401)


@pytest.mark.rule("X1", "X7")
@pytest.mark.parametrize("route", OPERATOR_ONLY, ids=named)
def test_organizations_and_keys_are_the_operators_and_no_member_reaches_them_whatever_the_role(
    books: Books, route: Route
) -> None:
    answer = books.send(books.admin, route)

    assert answer.status_code == 403


def _places(route: Route, books: Books) -> list[str]:
    """The ids that a request of this route names, in its path and in its body."""
    in_path = re.findall(r"\{(\w+)\}", route.path)
    sent = json.dumps(body_of(route, books.ids))
    return [
        name for name, value in books.ids.items() if name in in_path or (value in sent and name != "shop_id")
    ]


@pytest.mark.rule("X1", "S14")
@pytest.mark.parametrize(
    "route", [r for r in MEMBERS_ONLY if r not in OPERATOR_ONLY and "{" in r.path], ids=named
)
def test_another_tenants_id_anywhere_answers_404_as_one_that_does_not_exist(
    books: Books, foreign: Books, route: Route
) -> None:
    for name in _places(route, books):
        theirs = books.send(books.admin, route, {name: foreign.ids[name]})
        nowhere = books.send(books.admin, route, {name: NOWHERE})

        assert theirs.status_code == nowhere.status_code == 404, (name, theirs.text)
        assert theirs.text.replace(foreign.ids[name], NOWHERE) == nowhere.text, "but for the id that was sent"


@pytest.mark.rule("X1")
def test_a_whole_path_of_another_tenant_answers_404_and_shows_nothing_of_it(
    books: Books, foreign: Books
) -> None:
    for route in IN_SHOP:
        answer = books.send(books.admin, route, foreign.ids)

        assert answer.status_code == 404, named(route)
        assert not any(value in answer.text for value in foreign.ids.values())


@pytest.mark.rule("X8", "X1")
@pytest.mark.parametrize(
    "route", [r for r in MEMBERS_ONLY if r not in OPERATOR_ONLY and "{" in r.path], ids=named
)
def test_no_route_asks_the_table_for_a_partition_of_the_tenant_whose_ids_it_is_sent(
    books: Books, foreign: Books, route: Route
) -> None:
    theirs = foreign.tenant.organization.id
    places = _places(route, books)
    changes = [{name: foreign.ids[name]} for name in places]
    if "{shop_id}" in route.path:  # all but the shop, and all
        changes += [{name: foreign.ids[name] for name in places if name != "shop_id"}, dict(foreign.ids)]

    with quick_moto.listening() as asked:
        answers = [books.send(books.admin, route, change) for change in changes]

    assert 500 not in [answer.status_code for answer in answers]
    assert not [body for body in asked if theirs in body]
    assert asked, "the shop, at least, is looked for"


@pytest.mark.rule("S8")
@pytest.mark.parametrize(
    "route", [r for r in MEMBERS_ONLY if ending(r) in CROSS_SHOP or r.path in ALL_SHOPS], ids=named
)
def test_a_cross_shop_route_without_multi_shop_is_refused_and_says_how_to_get_it(
    new_tenant: NewTenant, books: Books, route: Route
) -> None:
    single = new_tenant("Solo", entitlements=())
    member = single.join(*Role)

    answer = books.send(member, route, {"shop_id": single.shops[0].id})

    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:crossbay:problem:not-entitled"
    assert "`multi_shop`" in answer.json()["detail"]
    assert "operator" in answer.json()["detail"]


@pytest.mark.rule("S8")
def test_search_of_the_own_shop_works_without_multi_shop_and_of_all_shops_is_refused(
    new_tenant: NewTenant,
) -> None:
    single = new_tenant("Solo", entitlements=())
    member = single.join(Role.ADVISOR)
    member("POST", f"{single.paths[0]}/customers", body={"last_name": "Hartwell"})

    own = member("GET", f"{single.paths[0]}/search", query={"text": "hartwell"})
    everywhere = member(
        "GET", f"{single.paths[0]}/search", query={"text": "hartwell", "scope": "organization"}
    )

    assert own.status_code == 200
    assert len(own.json()["entries"]) == 1
    assert own.json()["more_results"] is None
    assert everywhere.status_code == 403
    assert everywhere.json()["type"] == "urn:crossbay:problem:not-entitled"
