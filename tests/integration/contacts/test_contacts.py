"""A customer's contacts over HTTP: added, changed, deleted, merged and taken apart again."""

from typing import Any

import pytest

from crossbay.app.contacts import contacts
from crossbay.domain.access import Stamp
from crossbay.domain.contacts.contact import Contact, ContactKind
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import Role
from crossbay.errors import Forbidden
from crossbay.store.reads import Reads
from tests.helpers.at_once import Request, at_once
from tests.helpers.doors import Answer, Caller
from tests.helpers.factories import etag, make_contact, make_customer, path_of
from tests.helpers.tenants import Tenant

FLEET = ContactKind.FLEET
BY_FLEET = Stamp(by="a fleet user", at="2026-12-01T12:00:00.000Z")


@pytest.fixture
def customer(tenant: Tenant, advisor: Caller) -> dict[str, Any]:
    return make_customer(advisor, tenant.paths[0], kind="fleet", company_name="Harbor Couriers")


def fleets_own(reads: Reads, customer: dict[str, Any], **fields: Any) -> Contact:
    """A contact that the fleet's users look after."""
    draft = Contact(
        id="", organization_id="", shop_id=customer["shop_id"], customer_id=customer["id"], **fields
    )
    return contacts.add(reads, customer["organization_id"], draft, side=FLEET, stamp=BY_FLEET)


def owner_of(customer: dict[str, Any]) -> CustomerRef:
    return CustomerRef(shop_id=customer["shop_id"], customer_id=customer["id"])


def listed(caller: Caller, customer: dict[str, Any], **query: str) -> list[str]:
    answer = caller("GET", f"{path_of(customer)}/contacts", query=query)
    assert answer.status_code == 200, answer.text
    return [contact["name"] for contact in answer.json()["contacts"]]


def read(caller: Caller, customer: dict[str, Any], contact: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = caller("GET", f"{path_of(customer)}/contacts/{contact['id']}").json()
    return found


def regroup(
    caller: Caller, customer: dict[str, Any], how: str, main: dict[str, Any], *others: dict[str, Any]
) -> Answer:
    return caller(
        "POST",
        f"{path_of(customer)}/contacts/{main['id']}/{how}",
        body={"contact_ids": [other["id"] for other in others]},
        headers=etag(main),
    )


def lasting(contact: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in contact.items() if name not in ("version", "updated_at")}


# ---- one contact


@pytest.mark.rule("K1")
def test_a_shop_gives_a_fleet_contacts_of_its_own_with_name_role_email_and_phones(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    path = f"{path_of(customer)}/contacts"
    made = advisor(
        "POST",
        path,
        body={
            "name": " Ana Diaz ",
            "role": "dispatch",
            "email": "Ana@Example.com",
            "phones": [{"number": "(845) 555-0123", "label": "mobile"}],
        },
    )
    make_contact(advisor, customer, name="", email="desk@example.com")
    make_contact(advisor, customer, name="Álvaro Ruiz")

    contact = made.json()
    assert made.headers["location"] == f"{path}/{contact['id']}"
    assert (contact["name"], contact["role"], contact["kind"]) == ("Ana Diaz", "dispatch", "local")
    assert contact["email"] == "ana@example.com"
    assert contact["phones"] == [{"number": "+18455550123", "label": "mobile"}]
    assert read(advisor, customer, contact) == contact
    assert listed(advisor, customer) == ["Álvaro Ruiz", "Ana Diaz", ""]


@pytest.mark.rule("K1", "X2")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"role": "owner"}, "name"),
        ({"name": "Ana", "email": "nobody"}, "email"),
        ({"name": "Ana", "email": "añá@example.com"}, "email"),
    ],
)
def test_a_contact_that_says_nothing_or_has_no_real_email_is_refused_with_the_field(
    advisor: Caller, customer: dict[str, Any], body: dict[str, Any], field: str
) -> None:
    answer = advisor("POST", f"{path_of(customer)}/contacts", body=body)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert listed(advisor, customer) == []


@pytest.mark.rule("K1", "K3", "K4")
def test_a_fleet_managed_contact_is_marked_and_no_shop_edits_deletes_or_merges_it_away(
    reads: Reads, advisor: Caller, customer: dict[str, Any]
) -> None:
    made = fleets_own(reads, customer, name="Frida Falk", email="frida@example.com")
    local = make_contact(advisor, customer, name="Frida F.")
    theirs = read(advisor, customer, {"id": made.id})
    path = f"{path_of(customer)}/contacts/{made.id}"
    ids = (customer["organization_id"], owner_of(customer))

    refused = [
        advisor("PATCH", path, body={"role": "boss"}, headers=etag(theirs)),
        advisor("DELETE", path, query={"confirm": "true"}, headers=etag(theirs)),
        regroup(advisor, customer, "merge", local, theirs),
    ]

    assert theirs["kind"] == "fleet"
    assert [answer.status_code for answer in refused] == [403] * 3
    assert all("fleet looks after Frida Falk" in answer.json()["detail"] for answer in refused)
    assert read(advisor, customer, theirs) == theirs
    with pytest.raises(Forbidden):
        contacts.change(
            reads, *ids, local["id"], lambda contact: contact, side=FLEET, version=1, stamp=BY_FLEET
        )
    contacts.delete(reads, *ids, made.id, confirmed=True, side=FLEET, version=1, stamp=BY_FLEET)
    assert listed(advisor, customer) == ["Frida F."]


@pytest.mark.rule("K3")
def test_a_shop_may_merge_its_own_contact_into_a_fleet_managed_one_and_take_it_out_again(
    reads: Reads, advisor: Caller, customer: dict[str, Any]
) -> None:
    made = fleets_own(reads, customer, name="Frida Falk", email="frida@example.com")
    local = make_contact(advisor, customer, name="Frida F.", email="home@example.com")
    theirs = read(advisor, customer, {"id": made.id})

    merged = regroup(advisor, customer, "merge", theirs, local).json()
    found = listed(advisor, customer, q="home@example.com")
    freed = regroup(advisor, customer, "unmerge", merged, local).json()

    assert (merged["email"], merged["kind"]) == ("frida@example.com", "fleet")
    assert found == ["Frida Falk"]
    assert lasting(freed) == lasting(theirs)


@pytest.mark.rule("K2")
def test_everything_about_a_contact_changes_but_its_email_and_the_refusal_says_what_to_do(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    contact = make_contact(advisor, customer, name="Ana", email="ana@example.com")
    path = f"{path_of(customer)}/contacts/{contact['id']}"
    fields = {"name": "Ana Diaz", "role": "owner", "phones": [{"number": "845 555 0123", "label": "work"}]}

    changed = advisor("PATCH", path, body=fields, headers=etag(contact)).json()
    refused = advisor("PATCH", path, body={"role": "x", "email": "new@example.com"}, headers=etag(changed))

    assert (changed["name"], changed["role"]) == ("Ana Diaz", "owner")
    assert changed["phones"] == [{"number": "+18455550123", "label": "work"}]
    assert changed["email"] == "ana@example.com"
    assert refused.status_code == 400
    assert "Delete this contact and add one with the new e-mail" in refused.json()["detail"]
    assert [error["field"] for error in refused.json()["errors"]] == ["email"]
    assert read(advisor, customer, contact) == changed


@pytest.mark.rule("K4")
@pytest.mark.parametrize("query", [{}, {"confirm": "false"}])
def test_deleting_needs_a_confirmation_and_says_how(
    advisor: Caller, customer: dict[str, Any], query: dict[str, str]
) -> None:
    contact = make_contact(advisor, customer, name="Ana")

    answer = advisor(
        "DELETE", f"{path_of(customer)}/contacts/{contact['id']}", query=query, headers=etag(contact)
    )

    assert answer.status_code == 400
    assert "`confirm`" in answer.json()["detail"]
    assert listed(advisor, customer) == ["Ana"]


@pytest.mark.rule("K4")
def test_a_deleted_contact_is_offered_nowhere_stays_readable_and_changes_no_more(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    contact = make_contact(advisor, customer, name="Ana", email="ana@example.com")
    other = make_contact(advisor, customer, name="Ana")
    path = f"{path_of(customer)}/contacts/{contact['id']}"

    deleted = advisor("DELETE", path, query={"confirm": "true"}, headers=etag(contact))

    now = read(advisor, customer, contact)
    assert deleted.status_code == 204
    assert (now["name"], now["email"]) == ("Ana", "ana@example.com")
    assert now["deleted_at"]
    assert listed(advisor, customer) == listed(advisor, customer, q="ana") == ["Ana"]
    assert advisor("GET", f"{path_of(customer)}/contacts/suggestions").json() == {"suggestions": []}
    assert advisor("PATCH", path, body={"role": "x"}, headers=etag(now)).status_code == 409
    assert regroup(advisor, customer, "merge", other, now).status_code == 409
    assert regroup(advisor, customer, "merge", now, other).status_code == 409


def test_contacts_of_a_deleted_customer_are_gone_with_it(advisor: Caller, customer: dict[str, Any]) -> None:
    contact = make_contact(advisor, customer, name="Ana")
    path = f"{path_of(customer)}/contacts"
    advisor("DELETE", path_of(customer), headers=etag(customer))

    answers = [
        advisor("GET", path),
        advisor("POST", path, body={"name": "Bea"}),
        advisor("GET", f"{path}/{contact['id']}"),
        advisor("GET", f"{path}/suggestions"),
        advisor("PATCH", f"{path}/{contact['id']}", body={"role": "x"}, headers=etag(contact)),
    ]

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.rule("X5")
def test_the_audit_says_who_added_changed_merged_took_out_and_deleted_which_contact(
    tenant: Tenant, advisor: Caller, customer: dict[str, Any]
) -> None:
    one, other = (make_contact(advisor, customer, name=name) for name in ("Ana", "Bea"))
    path = f"{path_of(customer)}/contacts/{one['id']}"
    one = advisor("PATCH", path, body={"role": "owner"}, headers=etag(one)).json()
    one = regroup(advisor, customer, "merge", one, other).json()
    one = regroup(advisor, customer, "unmerge", one, other).json()
    advisor("DELETE", path, query={"confirm": "true"}, headers=etag(one))

    admin = tenant.join(Role.DEALER_ADMIN)
    entries = admin("GET", f"{path_of(customer)}/audit").json()["entries"]

    told = {(entry["what"], entry["record_id"]): entry for entry in entries}
    assert {entry["by"] for entry in entries} == {advisor.claims["sub"]}
    assert told["contact changed", one["id"]]["before"] == {"role": "office manager"}
    assert told["contact merged", other["id"]]["after"] == {"merged_into": one["id"]}
    assert told["contact taken out of a merge", other["id"]]["before"] == {"merged_into": one["id"]}
    assert list(told["contact deleted", one["id"]]["after"]) == ["deleted_at"]
    assert ("contact created", other["id"]) in told


# ---- merging


@pytest.mark.rule("K3")
def test_merged_contacts_are_found_under_the_main_one_which_keeps_its_email(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    main = make_contact(advisor, customer, name="Robert Diaz", email="robert@example.com")
    other = make_contact(
        advisor, customer, name="Bobby D.", email="old@example.com", phones=[{"number": "845-555-0177"}]
    )
    third = make_contact(advisor, customer, name="Front desk", email="desk@example.com")

    answer = regroup(advisor, customer, "merge", main, other, third)

    merged = answer.json()
    assert answer.headers["etag"] == f'"{merged["version"]}"'
    assert (merged["name"], merged["email"]) == ("Robert Diaz", "robert@example.com")
    assert merged["found_by_emails"] == ["old@example.com", "desk@example.com"]
    assert merged["found_by_phones"] == ["+18455550177"]
    for text in ("", "robert", "bobby", "front desk", "old@example.com", "desk", "(845) 555-0177", "0177"):
        assert listed(advisor, customer, q=text) == ["Robert Diaz"], text
    assert listed(advisor, customer, q="nobody") == []
    assert read(advisor, customer, other)["merged_into"] == main["id"]
    parts = advisor("GET", f"{path_of(customer)}/contacts/{main['id']}/merged").json()["contacts"]
    assert [part["id"] for part in parts] == [other["id"], third["id"]]


@pytest.mark.rule("K3")
def test_an_internationalized_domain_is_found_as_it_is_typed(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    made = make_contact(advisor, customer, name="Ana", email="info@Bücher.example")

    assert made["email"] == "info@xn--bcher-kva.example"
    assert listed(advisor, customer, q="info@bücher.example") == ["Ana"]
    assert listed(advisor, customer, q="info@xn--") == ["Ana"]


@pytest.mark.rule("K3")
def test_a_merge_is_undone_as_a_whole_or_in_part_and_everything_is_as_it_was(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    made = [
        make_contact(advisor, customer, name=name, email=f"{name}@example.com", phones=[{"number": phone}])
        for name, phone in (("ana", "845-555-0101"), ("bea", "845-555-0102"), ("cleo", "845-555-0103"))
    ]
    main, *others = made
    merged = regroup(advisor, customer, "merge", main, *others).json()

    less = regroup(advisor, customer, "unmerge", merged, others[0]).json()
    refused = regroup(advisor, customer, "unmerge", less, others[0])
    regroup(advisor, customer, "unmerge", less, others[1])

    assert less["found_by_emails"] == ["cleo@example.com"]
    assert refused.status_code == 409
    assert [lasting(read(advisor, customer, one)) for one in made] == [lasting(one) for one in made]
    assert listed(advisor, customer) == ["ana", "bea", "cleo"]


@pytest.mark.rule("K3")
def test_a_contact_merged_on_gives_nothing_back_before_that_merge_is_undone(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    first, second, third = (make_contact(advisor, customer, name=name) for name in ("ana", "bea", "cleo"))
    second = regroup(advisor, customer, "merge", second, first).json()
    third = regroup(advisor, customer, "merge", third, second).json()

    refused = regroup(advisor, customer, "unmerge", read(advisor, customer, second), first)
    edited = advisor(
        "PATCH",
        f"{path_of(customer)}/contacts/{second['id']}",
        body={"role": "x"},
        headers=etag(read(advisor, customer, second)),
    )
    regroup(advisor, customer, "unmerge", third, second)
    freed = regroup(advisor, customer, "unmerge", read(advisor, customer, second), first)

    assert (refused.status_code, edited.status_code, freed.status_code) == (409, 409, 200)
    assert "out of that one first" in refused.json()["detail"]
    assert listed(advisor, customer) == ["ana", "bea", "cleo"]


@pytest.mark.rule("K3")
def test_a_merge_happens_whole_or_not_at_all(
    tenant: Tenant, reads: Reads, advisor: Caller, customer: dict[str, Any]
) -> None:
    main, other = (make_contact(advisor, customer, name=name) for name in ("ana", "bea"))
    theirs = fleets_own(reads, customer, name="cleo")
    stranger = make_contact(advisor, make_customer(advisor, tenant.paths[0]), name="dora")

    answers = [
        regroup(advisor, customer, "merge", main, other, {"id": theirs.id}),
        regroup(advisor, customer, "merge", main, other, stranger),
        regroup(advisor, customer, "merge", main, other, main),
        regroup(advisor, customer, "merge", main | {"version": 7}, other),
        regroup(advisor, customer, "merge", main, *({"id": f"c{number}"} for number in range(41))),
    ]

    assert [answer.status_code for answer in answers] == [403, 404, 400, 412, 400]
    assert listed(advisor, customer) == ["ana", "bea", "cleo"]
    assert read(advisor, customer, main) == main
    assert read(advisor, customer, other) == other


@pytest.mark.rule("K3")
def test_contacts_that_share_a_name_an_email_or_a_phone_are_suggested_and_why(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    path = f"{path_of(customer)}/contacts/suggestions"
    ana = make_contact(advisor, customer, name="Ana Díaz", email="ana@example.com")
    again = make_contact(advisor, customer, name="diaz, ana", phones=[{"number": "(845) 555-0144"}])
    third = make_contact(advisor, customer, name="Reception", phones=[{"number": "+1 845 555 0144"}])
    make_contact(advisor, customer, name="Maude Fenn", email="maude@example.com")

    before = advisor("GET", path).json()["suggestions"]
    regroup(advisor, customer, "merge", ana, again)
    now = advisor("GET", path).json()["suggestions"]

    told = [({contact["id"] for contact in one["contacts"]}, one["shared"]) for one in before]
    assert told == [
        ({ana["id"], again["id"]}, [{"trait": "name", "value": "Ana Díaz"}]),
        ({again["id"], third["id"]}, [{"trait": "phone", "value": "+18455550144"}]),
    ]
    assert [[contact["id"] for contact in one["contacts"]] for one in now] == [[ana["id"], third["id"]]]


# ---- at once


@pytest.mark.rule("K3")
def test_of_a_merge_and_an_edit_of_one_merged_at_once_nothing_is_lost(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    main, other = (make_contact(advisor, customer, name=name) for name in ("ana", "bea"))
    path = f"{path_of(customer)}/contacts"
    edit = {"phones": [{"number": "+18455550155"}]}

    merged, edited = at_once(
        _request(advisor, "POST", f"{path}/{main['id']}/merge", {"contact_ids": [other["id"]]}, main),
        _request(advisor, "PATCH", f"{path}/{other['id']}", edit, other),
    )

    now = read(advisor, customer, main)
    assert merged.status_code == 200
    assert edited.status_code in (200, 409, 412)
    kept = ["+18455550155"] if edited.status_code == 200 else []
    assert now["found_by_phones"] == kept
    assert [phone["number"] for phone in read(advisor, customer, other)["phones"]] == kept


@pytest.mark.rule("K3")
def test_of_two_contacts_merged_into_each_other_at_once_one_stays_the_main_one(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    pair = [make_contact(advisor, customer, name=name) for name in ("ana", "bea")]
    path = f"{path_of(customer)}/contacts"

    answers = at_once(
        *(
            _request(advisor, "POST", f"{path}/{one['id']}/merge", {"contact_ids": [other["id"]]}, one)
            for one, other in (pair, pair[::-1])
        )
    )

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses in ([200, 409], [200, 412])
    assert len(listed(advisor, customer)) == 1


@pytest.mark.rule("K3", "K4")
def test_of_a_merge_and_a_deletion_of_one_merged_at_once_one_is_refused(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    main, other = (make_contact(advisor, customer, name=name) for name in ("ana", "bea"))
    path = f"{path_of(customer)}/contacts"

    merged, deleted = at_once(
        _request(advisor, "POST", f"{path}/{main['id']}/merge", {"contact_ids": [other["id"]]}, main),
        _request(advisor, "DELETE", f"{path}/{other['id']}?confirm=true", None, other),
    )

    now = read(advisor, customer, other)
    assert (merged.status_code == 200) != (deleted.status_code == 204)
    assert bool(now["merged_into"]) == (merged.status_code == 200)
    assert bool(now["deleted_at"]) == (deleted.status_code == 204)
    assert listed(advisor, customer) == ["ana"]


def _request(caller: Caller, method: str, path: str, body: Any, contact: dict[str, Any]) -> Request:
    return Request(claims=caller.claims, method=method, path=path, body=body, headers=etag(contact))
