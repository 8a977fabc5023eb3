"""A customer's data asked for and erased over HTTP, worked off by the worker (X6)."""

import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import boto3
import pytest
import time_machine

from crossbay.app.privacy.erase import LAST_LOOK_AFTER
from crossbay.domain.organization import Role
from local.doors import entry
from local.privacy_scan import scan
from tests.helpers.campaign_walk import WorkerContext, sqs_event
from tests.helpers.doors import Caller
from tests.helpers.factories import (
    add_contact,
    etag,
    job,
    link,
    make_customer,
    make_order,
    make_vehicle,
    open_case,
    path_of,
    write_in_case,
)
from tests.helpers.import_worker import s3_event
from tests.helpers.import_worker import work as run_imports
from tests.helpers.log_lines import as_written
from tests.helpers.tenants import NewTenant, Tenant
from tests.integration.conftest import Aws

NAME, PHONE, EMAIL = "Zyxwilhelmina", "212-555-0177", "zyxwilhelmina@example.com"
NOTE = f"<script>alert('{NAME}')</script> likes tea"
NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture
def admin(tenant: Tenant) -> Caller:
    return tenant.join(*Role)


@pytest.fixture
def customer(tenant: Tenant, admin: Caller) -> dict[str, Any]:
    """With a car, an RO, and a record of the same person in the other shop, linked."""
    own, other = tenant.paths
    fields = {
        "first_name": NAME,
        "last_name": "Quill",
        "phones": [{"number": PHONE}],
        "emails": [EMAIL],
        "service_addresses": [{"address": {"line1": "9 Zyxstreet"}}],
    }
    mine = make_customer(admin, own, **fields)
    theirs = make_customer(admin, other, first_name="Hillname")
    car = make_vehicle(admin, mine, plate="ZYX 8899")
    make_order(
        admin,
        mine,
        vehicle_id=car["id"],
        status="invoiced",
        internal_notes=NOTE,
        jobs=[job("Oil change", amount_cents=4_500)],
    )
    link(admin, mine, theirs)
    return mine


Work = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def work(aws: Aws) -> Work:
    """Works off the queue; what was asked for of it again."""
    worker = entry("functions/privacy/carry_out.py")
    sqs = boto3.client("sqs")

    def run() -> list[dict[str, Any]]:
        found = sqs.receive_message(QueueUrl=aws.privacy_queue_url, MaxNumberOfMessages=10).get(
            "Messages", []
        )
        for message in found:
            event = sqs_event(message["Body"])
            event["Records"][0]["receiptHandle"] = message["ReceiptHandle"]
            answer = worker.lambda_handler(event, WorkerContext())
            assert answer == {"batchItemFailures": []}
            sqs.delete_message(QueueUrl=aws.privacy_queue_url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in found]

    return run


def erase(caller: Caller, customer: dict[str, Any], **body: Any) -> Any:
    return caller(
        "POST", f"{path_of(customer)}/erasure", body={"confirm": True, "reason": "in writing"} | body
    )


def archive_of(aws: Aws) -> zipfile.ZipFile:
    s3 = boto3.client("s3")
    (listed,) = s3.list_objects_v2(Bucket=aws.files_bucket, Prefix="privacy/")["Contents"]
    return zipfile.ZipFile(
        io.BytesIO(s3.get_object(Bucket=aws.files_bucket, Key=listed["Key"])["Body"].read())
    )


@pytest.mark.rule("X6")
def test_all_that_is_kept_of_a_customer_comes_as_one_archive_without_other_peoples_data(
    aws: Aws, admin: Caller, customer: dict[str, Any], work: Work
) -> None:
    s3, own = boto3.client("s3"), f"{customer['organization_id']}/{customer['shop_id']}/{customer['id']}"
    s3.put_object(Bucket=aws.files_bucket, Key=f"messages/{own}/m.eml", Body=b"Dear Wilhelmina")
    s3.put_object(Bucket=aws.files_bucket, Key=f"photos/{own}/p/full.jpg", Body=b"JPEG")

    asked = admin("POST", f"{path_of(customer)}/data-export")
    work()

    assert asked.status_code == 202
    request = admin("GET", asked.headers["location"]).json()
    archive = archive_of(aws)
    document = json.loads(archive.read("customer.json"))
    page = archive.read("customer.html").decode()
    assert request["request"]["state"] == "done"
    assert request["archive_url"].startswith("http")
    assert archive.namelist() == ["customer.json", "customer.html", "messages/m.eml", "photos/p/full.jpg"]
    records = document["records"]
    assert records["customer"][0]["emails"] == [EMAIL]
    assert records["repair order"][0]["internal_notes"] == NOTE
    assert records["repair order"][0]["jobs"][0]["authorization"] == "approved"
    assert {"vehicle", "links", "audit"} < set(records)
    assert request["request"]["handed_out"]["audit"] == len(records["audit"])
    assert "Hillname" not in archive.read("customer.json").decode() + page
    assert {"link event", "linked by", "card", "jobs"}.isdisjoint(records)
    assert_readable(page)


@pytest.mark.rule("X6")
def test_an_archive_names_neither_staff_nor_who_else_was_written_to_in_a_case(
    aws: Aws, admin: Caller, customer: dict[str, Any], work: Work
) -> None:
    own, sent_to = {"name": "Zyx", "email": EMAIL}, {"name": "Robin Vale", "email": "robin@example.com"}
    case = open_case(admin, customer, assignee_ids=[admin.claims["sub"]], one_time_contacts=[own, sent_to])
    contact = add_contact(admin, customer, name="Ana Diaz", email="ana@example.com")
    recipients = [*(one["id"] for one in case["one_time_contacts"]), contact]
    assert write_in_case(admin, case, *recipients).status_code == 201
    for path, body in (("notes", {"text": "Gate code"}), ("problem-reports", {"text": "Wrong street"})):
        answer = admin("POST", f"{path_of(customer)}/{path}", body=body)
        assert answer.status_code == 201, answer.text

    admin("POST", f"{path_of(customer)}/data-export")
    work()

    archive = archive_of(aws)
    text, page = (archive.read(f"customer.{kind}").decode() for kind in ("json", "html"))
    records = json.loads(text)["records"]
    for whose in (admin.claims["email"], *sent_to.values()):
        assert whose not in text + page
    assert records["case note"][0]["author_id"] == records["note"][0]["author_id"] == admin.claims["sub"]
    assert records["problem report"][0]["reported_by"] == admin.claims["sub"]
    assert {one["recipient_id"]: one.get("email") for one in records["note mail"]} == dict(
        zip(recipients, (EMAIL, None, None), strict=True)
    )
    assert [one["email"] for one in records["person"]] == ["ana@example.com"]


def assert_readable(page: str) -> None:
    """Well formed, without a script, everything in it as text."""
    tree = ElementTree.fromstring(page.replace("<!DOCTYPE html>", "").strip())  # noqa: S314 (our own)
    assert tree.find(".//script") is None
    assert "<script>" not in page
    text = " ".join(tree.itertext())
    assert NOTE in text
    assert "$45.00" in text
    headings = [one.text for one in tree.iter("h2")]
    assert headings[0] == "Who you are to this shop "


@pytest.mark.rule("X6")
def test_an_archive_is_offered_for_a_quarter_of_an_hour_and_goes_after_days(
    aws: Aws, clock: time_machine.Traveller, tenant: Tenant, work: Work
) -> None:
    admin = tenant.join(Role.DEALER_ADMIN, Role.ADVISOR)
    customer = make_customer(admin, tenant.paths[0])
    asked = admin("POST", f"{path_of(customer)}/data-export")
    work()

    fresh = admin("GET", asked.headers["location"]).json()
    clock.shift(timedelta(days=7, minutes=1))
    late = admin("GET", asked.headers["location"]).json()

    assert "X-Amz-Expires=900" in fresh["archive_url"]
    assert fresh["kept_until"].startswith("2027-03-08T15:00:")
    assert late["archive_url"] == ""


@pytest.mark.rule("X6")
def test_an_erasure_is_done_only_when_confirmed_with_a_reason(
    admin: Caller, customer: dict[str, Any], work: Work
) -> None:
    path = f"{path_of(customer)}/erasure"
    refused = [
        admin("POST", path, body={"reason": "in writing"}),
        admin("POST", path, body={"confirm": False, "reason": "in writing"}),
        admin("POST", path, body={"confirm": True}),
        admin("POST", path, body={"confirm": True, "reason": f"{NAME} asked"}),
    ]

    assert [answer.status_code for answer in refused] == [400] * 4
    fields = ("confirm", "confirm", "reason", "reason")
    for answer, field in zip(refused, fields, strict=True):
        assert field in str(answer.json()["errors"])
    assert work() == []
    assert admin("GET", path_of(customer)).status_code == 200


@pytest.mark.rule("X6")
def test_an_erased_customer_is_found_nowhere_and_the_request_stays_as_proof(
    aws: Aws, tenant: Tenant, admin: Caller, customer: dict[str, Any], work: Work
) -> None:
    own, other = tenant.paths
    order = admin("GET", f"{path_of(customer)}/repair-orders").json()["repair_orders"][0]
    others = admin("GET", f"{path_of(customer)}/links").json()

    asked = erase(admin, customer)
    work()

    assert asked.status_code == 202
    linked = asked.json()["linked_customers"]
    assert [one["customer_id"] for one in linked] == [
        decision["other"]["customer_id"] for decision in others["decisions"]
    ]
    assert linked[0]["shop_name"] == "South"
    for path in ("", "/vehicles", "/audit", "/history/jobs", "/links", "/messages"):
        assert admin("GET", f"{path_of(customer)}{path}").status_code == 404, path
    for text in (NAME, PHONE, EMAIL, "ZYX 8899", "9 Zyxstreet"):
        for scope in ("shop", "organization"):
            found = admin("GET", f"{own}/search", query={"text": text, "scope": scope}).json()
            assert found["entries"] == [], text
    kept = admin("GET", f"{own}/repair-orders/{order['id']}").json()
    assert kept["jobs"][0]["amount_cents"] == 4_500
    assert kept["erased_at"]
    listed = admin("GET", f"{own}/privacy-requests").json()["requests"]
    assert [one["customer_id"] for one in listed] == [customer["id"]]
    proof = admin("GET", f"{own}/privacy-requests/{listed[0]['id']}").json()["request"]
    assert (proof["state"], proof["asked_by"]) == ("done", admin.claims["sub"])
    assert proof["removed"]["vehicle"] == proof["kept"]["repair order"] == 1
    assert scan(aws.table_name, [aws.files_bucket, aws.imports_bucket], [NAME, PHONE, EMAIL, "ZYX8899"]) == []
    assert admin("GET", f"{other}/customers/{linked[0]['customer_id']}").status_code == 200


@pytest.mark.rule("X6")
def test_a_quarter_of_an_hour_later_it_is_looked_at_once_more(
    aws: Aws, clock: time_machine.Traveller, tenant: Tenant, work: Work
) -> None:
    admin = tenant.join(Role.DEALER_ADMIN, Role.ADVISOR)
    asked = erase(admin, make_customer(admin, tenant.paths[0], first_name=NAME))
    (message,) = work()
    where = asked.headers["location"]
    assert admin("GET", where).json()["request"]["checked_at"] == ""
    worker = entry("functions/privacy/carry_out.py")

    def again() -> str:
        worker.lambda_handler(sqs_event(json.dumps(message)), WorkerContext())
        return str(admin("GET", where).json()["request"]["checked_at"])

    early = again()
    clock.shift(LAST_LOOK_AFTER + timedelta(seconds=30))
    late = again()

    assert early == ""
    assert late > asked.json()["request"]["asked_at"]


@pytest.mark.rule("X6", "C19")
def test_who_comes_back_by_hand_is_taken_in_with_the_opt_out_of_before(
    aws: Aws, tenant: Tenant, admin: Caller, work: Work
) -> None:
    own, other = tenant.paths
    fields = {"last_name": "Quillback", "emails": [EMAIL], "phones": [{"number": PHONE}]}
    first = make_customer(admin, own, **fields)
    admin("PUT", f"{path_of(first)}/do-not-mail", body={"do_not_mail": True}, headers=etag(first))
    erase(admin, first)
    work()

    again = make_customer(admin, own, last_name="Quillback", emails=[EMAIL.upper()])
    elsewhere = make_customer(admin, other, last_name="Quillback", emails=[EMAIL])

    assert again["do_not_mail"]["by_staff"]["how"] == "staff"
    assert elsewhere["do_not_mail"] == {"by_customer": None, "by_staff": None}


@pytest.mark.rule("X6", "S25")
def test_an_import_tells_of_the_person_again_once_they_came_back_by_hand(
    aws: Aws, tenant: Tenant, admin: Caller, work: Work
) -> None:
    own = tenant.paths[0]
    erase(admin, make_customer(admin, own, last_name="Quillback", emails=[EMAIL]))
    work()

    before = imported(aws, own, admin, "C1")
    make_customer(admin, own, last_name="Quillback", emails=[EMAIL])
    after = imported(aws, own, admin, "C2")

    assert (before["refused"], after["created"]) == (1, 1)


@pytest.mark.rule("X6", "S25")
def test_no_name_phone_or_e_mail_of_before_brings_an_erased_person_back(
    aws: Aws, admin: Caller, customer: dict[str, Any], work: Work
) -> None:
    """Refused are the person's rows, whatever they are called in them; a spouse at the same phone is not."""
    changes: list[dict[str, Any]] = [
        {"last_name": "Married", "phones": [{"number": "212-555-0178"}], "emails": []},
        {"first_name": "Robert", "phones": [{"number": "212-555-0179"}], "emails": ["r@example.com"]},
    ]
    for change in changes:
        before = admin("GET", path_of(customer)).json()
        admin("PATCH", path_of(customer), body=change, headers=etag(before))
    erase(admin, customer)
    work()

    person = [
        *({"email_1": EMAIL, "last_name": "Whoever"}, {"email_1": "r@example.com", "last_name": "Other"}),
        {"phone_1": PHONE, "first_name": NAME, "last_name": "Quill"},
        {"phone_1": PHONE, "first_name": "Bob", "last_name": "Married"},
        {"phone_1": "(212) 555-0178", "first_name": "Robert", "last_name": "Maried"},
        {"phone_1": "212.555.0179", "first_name": "Quill", "last_name": NAME},
        {"phone_1": PHONE, "last_name": "Quill"},
        {"phone_1": PHONE, "first_name": "R.", "last_name": "Quill"},
    ]
    spouse = {"phone_1": PHONE, "first_name": "Linda", "last_name": "Married"}
    counts = imported_rows(aws, path_of(customer).partition("/customers")[0], admin, [*person, spouse])

    assert (counts["refused"], counts["created"]) == (len(person), 1)


@pytest.mark.rule("X6")
def test_two_people_of_one_phone_who_were_erased_are_both_kept_out_with_their_own_opt_outs(
    aws: Aws, tenant: Tenant, admin: Caller, work: Work
) -> None:
    own = tenant.paths[0]
    people = [{"first_name": first, "last_name": "Quill"} for first in ("Linda", "Robert")]
    linda, robert = (make_customer(admin, own, **one, phones=[{"number": PHONE}]) for one in people)
    admin("PUT", f"{path_of(linda)}/do-not-mail", body={"do_not_mail": True}, headers=etag(linda))
    for one in (linda, robert):
        erase(admin, one)
    work()

    rows = [{"phone_1": PHONE, **one} for one in people]
    counts = imported_rows(aws, own, admin, rows)
    again = [make_customer(admin, own, **one, phones=[{"number": PHONE}]) for one in people]

    assert counts["refused"] == 2
    assert [bool(one["do_not_mail"]["by_staff"]) for one in again] == [True, False]


@pytest.mark.rule("X6")
def test_an_erasure_hides_the_person_at_once_however_long_the_worker_takes(
    aws: Aws, tenant: Tenant, admin: Caller, customer: dict[str, Any]
) -> None:
    own = tenant.paths[0]

    asked = erase(admin, customer).json()

    assert asked["request"]["state"] == "queued"
    for path in ("", "/profile", "/vehicles", "/history/jobs", "/candidates", "/messages", "/contacts"):
        assert admin("GET", f"{path_of(customer)}{path}").status_code == 404, path
    for text in (NAME, PHONE, EMAIL, "ZYX 8899", "9 Zyxstreet"):
        found = admin("GET", f"{own}/search", query={"text": text, "scope": "organization"}).json()
        assert found["entries"] == [], text
    later = admin("GET", f"{own}/privacy-requests/{asked['request']['id']}").json()
    assert later["linked_customers"] == asked["linked_customers"] != []


def imported(aws: Aws, shop: str, admin: Caller, pos_id: str) -> dict[str, int]:
    """What an import of one customer with the e-mail address counts."""
    row = {"last_name": "Quillback", "email_1": EMAIL}
    return imported_rows(aws, shop, admin, [row], first_id=pos_id)


def imported_rows(
    aws: Aws, shop: str, admin: Caller, people: list[dict[str, Any]], first_id: str = "P"
) -> dict[str, int]:
    rows = [{"id": f"{first_id}-{number}", **one} for number, one in enumerate(people)]
    asked = admin("POST", f"{shop}/imports", body={"kind": "customers", "rows": rows}).json()
    (key,) = (
        one["Key"]
        for one in boto3.client("s3").list_objects_v2(Bucket=aws.imports_bucket)["Contents"]
        if asked["id"] in one["Key"] and one["Key"].endswith("customers.jsonl")
    )
    tag = boto3.client("s3").head_object(Bucket=aws.imports_bucket, Key=key)["ETag"]
    assert run_imports(s3_event(key, tag)) == []
    counts: dict[str, int] = admin("GET", f"{shop}/imports/{asked['id']}").json()["counts"]
    return counts


@pytest.mark.rule("X6", "S21", "C19")
def test_a_record_brought_over_from_another_shop_keeps_the_opt_out_of_who_was_erased_here(
    aws: Aws, tenant: Tenant, admin: Caller, work: Work
) -> None:
    own, other = tenant.paths
    first = make_customer(admin, own, last_name="Quillback", emails=[EMAIL])
    admin("PUT", f"{path_of(first)}/do-not-mail", body={"do_not_mail": True}, headers=etag(first))
    theirs = make_customer(admin, other, last_name="Quillback", emails=[EMAIL])
    erase(admin, first)
    work()

    body = {"shop_id": theirs["shop_id"], "customer_id": theirs["id"]}
    brought = admin("POST", f"{own}/customer-copies", body=body).json()

    copy = admin("GET", f"{own}/customers/{brought['customer_id']}").json()
    assert copy["do_not_mail"]["by_staff"]["how"] == "staff"


@pytest.mark.rule("X6")
def test_a_deleted_customers_data_is_still_there_to_be_handed_out_and_erased(
    aws: Aws, tenant: Tenant, admin: Caller, work: Work
) -> None:
    gone = make_customer(admin, tenant.paths[0], first_name=NAME)
    assert admin("DELETE", path_of(gone), headers=etag(gone)).status_code == 204

    handed_out = admin("POST", f"{path_of(gone)}/data-export")
    erased = erase(admin, gone)
    work()

    assert (handed_out.status_code, erased.status_code) == (202, 202)
    assert scan(aws.table_name, [aws.files_bucket], [NAME]) == []
    assert admin("POST", f"{path_of(gone)}/data-export").status_code == 404


@pytest.mark.rule("X6")
def test_an_export_of_someone_erased_meanwhile_fails_and_says_so(
    aws: Aws, admin: Caller, customer: dict[str, Any], work: Work
) -> None:
    worker = entry("functions/privacy/carry_out.py")
    asked = admin("POST", f"{path_of(customer)}/data-export")
    erase(admin, customer)
    sqs = boto3.client("sqs")
    found = sqs.receive_message(QueueUrl=aws.privacy_queue_url, MaxNumberOfMessages=10)["Messages"]
    late_first = sorted(found, key=lambda message: asked.json()["request"]["id"] in message["Body"])

    for message in late_first:
        worker.lambda_handler(sqs_event(message["Body"]), WorkerContext())

    request = admin("GET", asked.headers["location"]).json()
    assert request["request"]["state"] == "failed"
    assert "erased" in request["request"]["problem"]
    assert request["archive_url"] == ""


@pytest.mark.rule("X6", "X3")
def test_a_request_whose_message_was_lost_is_queued_by_asking_again_with_the_same_key(
    aws: Aws, admin: Caller, customer: dict[str, Any], work: Work
) -> None:
    path, key = f"{path_of(customer)}/data-export", {"Idempotency-Key": "lost"}
    first = admin("POST", path, headers=key)
    boto3.client("sqs").purge_queue(QueueUrl=aws.privacy_queue_url)

    again = admin("POST", path, headers=key)
    (message,) = work()

    assert again.json()["request"]["id"] == first.json()["request"]["id"] == message["privacy"]["request_id"]


@pytest.mark.rule("X6", "X3")
def test_requests_are_listed_newest_first_by_the_page(
    aws: Aws, new_tenant: NewTenant, tenant: Tenant, admin: Caller
) -> None:
    own = tenant.paths[0]
    asked = []
    for _ in range(3):
        answer = admin("POST", f"{path_of(make_customer(admin, own))}/data-export")
        asked.append(answer.json()["request"]["id"])

    first = admin("GET", f"{own}/privacy-requests", query={"limit": 2}).json()
    rest = admin("GET", f"{own}/privacy-requests", query={"limit": 2, "cursor": first["next"]}).json()

    listed = [one["id"] for page in (first, rest) for one in page["requests"]]
    assert listed == list(reversed(asked))
    assert rest["next"] is None
    assert admin("GET", f"{tenant.paths[1]}/privacy-requests").json()["requests"] == []
    assert admin("GET", f"{tenant.paths[1]}/privacy-requests/{asked[0]}").status_code == 404


@pytest.mark.rule("X6", "X5")
def test_no_log_line_of_door_and_worker_holds_anything_of_the_person(
    aws: Aws, admin: Caller, customer: dict[str, Any], work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    admin("POST", f"{path_of(customer)}/data-export")
    erase(admin, customer, reason=f"{NAME} asked")
    erase(admin, customer)
    work()

    lines = [as_written(record).lower() for record in caplog.records if record.name == "privacy"]
    assert len(lines) == 5
    assert not [line for line in lines if "zyx" in line or "0177" in line]


@pytest.mark.rule("X6")
def test_what_a_customer_was_called_and_reached_by_before_stays_on_the_record(
    admin: Caller, customer: dict[str, Any]
) -> None:
    changes = [
        {"last_name": "Married", "phones": [{"number": "212-555-0178"}], "emails": []},
        {"last_name": "Quill"},
    ]

    for change in changes:
        customer = admin("GET", path_of(customer)).json()
        admin("PATCH", path_of(customer), body=change, headers=etag(customer))

    former = admin("GET", path_of(customer)).json()["former"]
    assert former["names"] == [
        {"first_name": NAME, "last_name": last, "company_name": ""} for last in ("Quill", "Married")
    ]
    assert (former["phones"], former["emails"]) == (["+12125550177"], [EMAIL])
