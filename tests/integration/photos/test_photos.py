"""Photos of a customer's address: announced, posted, developed, seen, moved, deleted."""

import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import time_machine

from crossbay.domain.organization import Role
from crossbay.store.reads import Reads
from tests.helpers import pictures
from tests.helpers.doors import Answer, Caller
from tests.helpers.factories import etag, job, lose_address, make_customer, make_order, make_vehicle, path_of
from tests.helpers.photo_worker import PATIENCE_S, arrived, post, work
from tests.helpers.tenants import NewTenant, Tenant
from tests.integration.conftest import Aws


@pytest.fixture
def technician(aws: Aws, tenant: Tenant) -> Caller:
    return tenant.join(Role.TECHNICIAN)


@pytest.fixture
def customer(tenant: Tenant, advisor: Caller, aws: Aws) -> dict[str, Any]:
    """With a house, the first, and a cabin."""
    addresses = [
        {"address": {"line1": "1 Pier Rd"}, "label": "house"},
        {"address": {"line1": "2 Hill Rd"}, "label": "cabin"},
    ]
    return make_customer(advisor, tenant.paths[0], service_addresses=addresses)


def announce(caller: Caller, customer: dict[str, Any], **fields: Any) -> dict[str, Any]:
    body = {"content_type": "image/jpeg", "size_bytes": 1000} | fields
    answer = caller("POST", f"{path_of(customer)}/photos", body=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def send(caller: Caller, customer: dict[str, Any], content: bytes, **fields: Any) -> dict[str, Any]:
    """A photo announced, posted and developed."""
    asked = announce(caller, customer, size_bytes=len(content), **fields)
    assert post(asked["upload"], content).status_code == 204
    assert work(arrived(asked["upload"]["fields"]["key"])) == 0
    return caller("GET", photo_path(asked)).json()  # type: ignore[no-any-return]


def photo_path(photo: dict[str, Any]) -> str:
    return f"/shops/{photo['shop_id']}/photos/{photo['id']}"


def days(caller: Caller, customer: dict[str, Any], **query: Any) -> list[tuple[str, list[str]]]:
    """The first page: each day with its captions."""
    answer = caller("GET", f"{path_of(customer)}/photos", query=query)
    assert answer.status_code == 200, answer.text
    return [(day["date"], [photo["caption"] for photo in day["photos"]]) for day in answer.json()["days"]]


def stored(aws: Aws) -> list[str]:
    """The keys of everything in the bucket."""
    listed = aws.client("s3").list_objects_v2(Bucket=aws.files_bucket).get("Contents", [])
    return [item["Key"] for item in listed]


def address(customer: dict[str, Any], number: int) -> str:
    return customer["service_addresses"][number]["id"]  # type: ignore[no-any-return]


@pytest.mark.rule("P5")
def test_a_technicians_photo_is_posted_to_s3_and_seen_in_three_sizes_without_its_place(
    aws: Aws, technician: Caller, customer: dict[str, Any]
) -> None:
    content = pictures.heic()

    photo = send(technician, customer, content, content_type="image/heic", caption="Rotor")

    assert photo["status"] == "ready"
    shown = photo["picture"]
    assert (shown["width"], shown["height"]) == (240, 160)
    for size in ("small", "large", "full"):
        answer = requests.get(shown[f"{size}_url"], timeout=PATIENCE_S)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
        assert not pictures.opened(answer.content).getexif()
        assert pictures.SECRET.encode() not in answer.content
    assert len(requests.get(shown["full_url"], timeout=PATIENCE_S).content) == shown["size_bytes"]
    folder = f"photos/{customer['organization_id']}/{customer['shop_id']}/{customer['id']}/{photo['id']}/"
    assert len(stored(aws)) == 3
    assert all(key.startswith(folder) for key in stored(aws))


@pytest.mark.rule("P5")
def test_a_form_takes_one_file_of_one_type_and_size_under_one_key_for_a_quarter_of_an_hour(
    technician: Caller, customer: dict[str, Any]
) -> None:
    with time_machine.travel("2027-03-01T17:00:00Z", tick=False):
        photo = announce(technician, customer, content_type="image/png", size_bytes=4711)

    fields = photo["upload"]["fields"]
    ids = (customer["organization_id"], customer["shop_id"], customer["id"], photo["id"])
    key = "/".join(("quarantine", *ids))
    policy = json.loads(b64decode(fields["policy"]))
    assert policy["expiration"] == "2027-03-01T17:15:00Z"
    assert ["content-length-range", 4711, 4711] in policy["conditions"]
    assert {"Content-Type": "image/png"} in policy["conditions"]
    assert {"key": key} in policy["conditions"]
    assert {"bucket": "crossbay-files"} in policy["conditions"]
    assert not [one for one in policy["conditions"] if isinstance(one, list) and one[0] == "starts-with"]
    assert (fields["key"], fields["Content-Type"]) == (key, "image/png")


@pytest.mark.rule("P5")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content_type", "image/gif"),
        ("content_type", "image/svg+xml"),
        ("content_type", "text/html"),
        ("size_bytes", 0),
        ("size_bytes", 30 * 1024 * 1024 + 1),
        ("taken_on", "2199-12-31"),
        ("key", "photos/o/s/c/p/x.jpg"),
    ],
)
def test_what_no_photo_can_be_is_refused_before_anything_is_kept(
    technician: Caller, customer: dict[str, Any], field: str, value: object
) -> None:
    body = {"content_type": "image/jpeg", "size_bytes": 1000, field: value}

    answer = technician("POST", f"{path_of(customer)}/photos", body=body)

    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert days(technician, customer) == []


@pytest.mark.rule("P5")
def test_a_photo_is_of_the_first_address_and_of_today_in_the_shop(
    tenant: Tenant, customer: dict[str, Any]
) -> None:
    technician = tenant.join(Role.TECHNICIAN)
    with time_machine.travel("2027-03-01T03:00:00Z"):  # the evening before in New York
        photo = announce(technician, customer)

    assert photo["taken_on"] == "2027-02-28"
    assert photo["service_address_id"] == address(customer, 0)
    assert photo["created_by"] == technician.claims["sub"]
    assert photo["status"] == "awaiting_file"


@pytest.mark.rule("P5")
def test_a_photo_of_work_is_of_the_repair_orders_address_and_vehicle_and_names_what_it_shows(
    technician: Caller, advisor: Caller, customer: dict[str, Any]
) -> None:
    vehicle = make_vehicle(advisor, customer)
    order = make_order(
        advisor,
        customer,
        vehicle_id=vehicle["id"],
        service_address_id=address(customer, 1),
        jobs=[job("Brakes")],
        inspections=[{"title": "Brakes", "items": [{"name": "Rotor", "rating": "immediate"}]}],
    )
    (inspection,) = order["inspections"]
    work_shown = {"repair_order_id": order["id"], "inspection_id": inspection["id"]}

    of_item = announce(technician, customer, **work_shown, inspection_item="Rotor", caption="rotor")
    of_job = announce(
        technician, customer, repair_order_id=order["id"], job_id=order["jobs"][0]["id"], caption="job"
    )
    announce(technician, customer, caption="yard")

    assert {photo["service_address_id"] for photo in (of_item, of_job)} == {address(customer, 1)}
    assert {photo["vehicle_id"] for photo in (of_item, of_job)} == {vehicle["id"]}
    assert of_item["inspection_item"] == "Rotor"
    ((_, captions),) = days(technician, customer, repair_order_id=order["id"])
    assert captions == ["job", "rotor"]


@pytest.mark.rule("P5", "X1")
@pytest.mark.parametrize(
    "work_shown",
    [
        {"job_id": "NOWHERE"},
        {"inspection_id": "NOWHERE"},
        {"inspection_item": "Rotor"},
        {"repair_order_id": "of another customer"},
    ],
    ids=str,
)
def test_work_that_is_not_this_customers_is_not_found(
    technician: Caller, advisor: Caller, customer: dict[str, Any], work_shown: dict[str, str]
) -> None:
    own, other = (make_order(advisor, one) for one in (customer, _another(advisor, customer)))
    asked = {"repair_order_id": own["id"], "content_type": "image/jpeg", "size_bytes": 1000} | work_shown
    if asked["repair_order_id"] != own["id"]:
        asked["repair_order_id"] = other["id"]

    answers = [
        technician("POST", f"{path_of(customer)}/photos", body=asked),
        technician("GET", f"{path_of(customer)}/photos", query={"repair_order_id": other["id"]}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


def _another(advisor: Caller, customer: dict[str, Any]) -> dict[str, Any]:
    return make_customer(advisor, f"/shops/{customer['shop_id']}")


@pytest.mark.rule("P5")
def test_photos_of_an_address_are_grouped_by_day_newest_first_and_those_of_another_are_not_among_them(
    technician: Caller, advisor: Caller, customer: dict[str, Any]
) -> None:
    vehicle, other = (make_vehicle(advisor, customer) for _ in range(2))
    for caption, day in (("a", "2026-03-01"), ("b", "2026-11-02"), ("c", "2026-03-01")):
        announce(technician, customer, caption=caption, taken_on=day, vehicle_id=other["id"])
    announce(technician, customer, caption="d", taken_on="2026-07-30")
    announce(technician, customer, caption="e", taken_on="2026-07-30", vehicle_id=vehicle["id"])
    announce(technician, customer, caption="f", service_address_id=address(customer, 1))

    house = address(customer, 0)
    found = days(technician, customer, service_address_id=house)

    assert found == [("2026-11-02", ["b"]), ("2026-07-30", ["e", "d"]), ("2026-03-01", ["c", "a"])]
    of_vehicle = days(technician, customer, service_address_id=house, vehicle_id=vehicle["id"])
    assert of_vehicle == [("2026-07-30", ["e", "d"])]
    everywhere = [caption for _, captions in days(technician, customer) for caption in captions]
    assert sorted(everywhere) == ["a", "b", "c", "d", "e", "f"]
    ((_, cabin),) = days(technician, customer, service_address_id=address(customer, 1))
    assert cabin == ["f"]


@pytest.mark.rule("P5", "X3", "X1")
def test_photos_page_to_the_last_one_and_a_forged_or_foreign_cursor_is_refused(
    technician: Caller, customer: dict[str, Any], new_tenant: NewTenant
) -> None:
    for day in range(1, 6):
        announce(technician, customer, caption=str(day), taken_on=f"2026-03-0{(day + 1) // 2}")
    path, pages, cursor = f"{path_of(customer)}/photos", [], ""
    while cursor is not None:
        page = technician("GET", path, query={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        pages.append([photo["caption"] for day in page["days"] for photo in day["photos"]])
        cursor = page["next"]
    first = technician("GET", path, query={"limit": 2}).json()["next"]
    stranger = new_tenant("East").join(*Role)

    refused = [
        technician("GET", path, query={"limit": 2, "cursor": "forged"}),
        technician("GET", path, query={"limit": 2, "cursor": first, "vehicle_id": "x"}),
    ]

    assert pages == [["5", "4"], ["3", "2"], ["1"]]
    assert [answer.status_code for answer in refused] == [400, 400]
    assert stranger("GET", path, query={"limit": 2, "cursor": first}).status_code == 404


@pytest.mark.rule("P5", "X3")
def test_a_page_of_one_vehicle_is_full_however_many_photos_lie_between(
    technician: Caller, advisor: Caller, customer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crossbay.store.full_pages.AT_ONCE", 2)
    vehicle, other = (make_vehicle(advisor, customer) for _ in range(2))
    for number in range(9):
        shown = vehicle if number % 4 == 0 else other
        announce(technician, customer, caption=str(number), vehicle_id=shown["id"])
    query = {"vehicle_id": vehicle["id"], "limit": 2}

    first = technician("GET", f"{path_of(customer)}/photos", query=query).json()
    rest = technician("GET", f"{path_of(customer)}/photos", query=query | {"cursor": first["next"]}).json()

    captions = [[photo["caption"] for photo in page["days"][0]["photos"]] for page in (first, rest)]
    assert captions == [["8", "4"], ["0"]]
    assert rest["next"] is None


@pytest.mark.rule("P5", "X1")
def test_photos_outlive_the_address_they_are_of_and_an_unknown_address_is_a_404(
    reads: Reads, technician: Caller, customer: dict[str, Any]
) -> None:
    house, cabin = address(customer, 0), address(customer, 1)
    photo = announce(technician, customer, caption="porch")
    lose_address(reads, customer, house)

    gone = days(technician, customer, service_address_id=house)
    answer = technician("PATCH", photo_path(photo), body={"service_address_id": cabin}, headers=etag(photo))
    unknown = technician("GET", f"{path_of(customer)}/photos", query={"service_address_id": house})

    assert [captions for _, captions in gone] == [["porch"]]
    assert answer.status_code == 200
    assert [captions for _, captions in days(technician, customer)] == [["porch"]]
    assert unknown.status_code == 404


@pytest.mark.rule("P5", "X3")
def test_a_photo_moves_to_another_day_and_address_as_a_whole(
    aws: Aws, technician: Caller, customer: dict[str, Any]
) -> None:
    photo = send(technician, customer, pictures.jpeg(), caption="Rotor")
    change = {"caption": "Left rotor", "taken_on": "2026-01-05", "service_address_id": address(customer, 1)}

    answer = technician("PATCH", photo_path(photo), body=change, headers=etag(photo))
    stale = technician("PATCH", photo_path(photo), body={"caption": "x"}, headers=etag(photo))
    to_come = technician(
        "PATCH", photo_path(photo), body={"taken_on": "2199-01-01"}, headers=etag(answer.json())
    )

    assert answer.status_code == 200, answer.text
    assert {name: answer.json()[name] for name in change} == change
    assert answer.json()["picture"]["width"] == photo["picture"]["width"]
    assert days(technician, customer, service_address_id=address(customer, 0)) == []
    moved = days(technician, customer, service_address_id=address(customer, 1))
    assert moved == [("2026-01-05", ["Left rotor"])]
    assert (stale.status_code, to_come.status_code) == (412, 400)
    assert technician("GET", photo_path(photo)).json()["caption"] == "Left rotor"
    assert [item["sk"]["S"].split("#")[2] for item in _items(aws, "photo")] == ["2026-01-05"]


def _items(aws: Aws, kind: str) -> list[dict[str, Any]]:
    items = aws.client("dynamodb").scan(TableName=aws.table_name)["Items"]
    return [item for item in items if item["type"]["S"] == kind]


@pytest.mark.rule("P5", "X5")
def test_a_deleted_photo_is_gone_with_its_files_and_the_audit_says_who_did_it(
    aws: Aws, tenant: Tenant, technician: Caller, customer: dict[str, Any]
) -> None:
    photo = send(technician, customer, pictures.jpeg(), caption="Rotor")
    kept = send(technician, customer, pictures.jpeg(), caption="Pads")

    answer = technician("DELETE", photo_path(photo), headers=etag(photo))
    again = technician("DELETE", photo_path(photo), headers=etag(photo))

    assert (answer.status_code, again.status_code) == (204, 404)
    assert technician("GET", photo_path(photo)).status_code == 404
    (told,) = _queued(aws)
    assert work(told) == 0
    assert len(stored(aws)) == 3
    assert all(kept["id"] in key for key in stored(aws))
    assert [one["body"]["M"]["kind"]["S"] for one in _items(aws, "place")].count("photo") == 1
    admin = tenant.join(Role.DEALER_ADMIN)
    entries = admin("GET", f"{path_of(customer)}/audit").json()["entries"]
    of_photo = [entry for entry in entries if entry["record_id"] == photo["id"]]
    assert [(entry["what"], entry["by"]) for entry in of_photo] == [
        ("photo deleted", technician.claims["sub"]),
        ("photo changed", "photo worker"),
        ("photo created", technician.claims["sub"]),
    ]
    assert of_photo[0]["before"]["caption"] == "Rotor"


def _queued(aws: Aws) -> list[dict[str, Any]]:
    """What waits in the photos' queue, also what nobody may have yet."""
    sqs = aws.client("sqs")
    named = ["ApproximateNumberOfMessagesDelayed"]
    counted = sqs.get_queue_attributes(QueueUrl=aws.photos_queue_url, AttributeNames=named)["Attributes"]
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1)):
        found = sqs.receive_message(QueueUrl=aws.photos_queue_url, MaxNumberOfMessages=10)["Messages"]
    assert int(counted[named[0]]) == len(found)  # it has to wait until the door is through
    return [json.loads(message["Body"]) for message in found]


@pytest.mark.rule("P5")
def test_a_photo_whose_file_is_refused_says_why_in_a_sentence_and_keeps_no_file(
    aws: Aws, technician: Caller, customer: dict[str, Any]
) -> None:
    files = {
        "The picture has more than 50 megapixels.": (pictures.png_bomb(), "image/png"),
        "The file was announced as image/png, but is JPEG.": (pictures.jpeg(), "image/png"),
        "The file is no JPEG, PNG, WebP or HEIC picture, or it is damaged. "
        "Send it once more, from where it was taken, or take it anew.": (pictures.gif(), "image/jpeg"),
    }

    photos = [
        send(technician, customer, content, content_type=content_type)
        for content, content_type in files.values()
    ]

    assert [photo["status"] for photo in photos] == ["refused"] * 3
    assert [photo["reason"] for photo in photos] == list(files)
    assert [photo["picture"] for photo in photos] == [None] * 3
    assert stored(aws) == []


@pytest.mark.rule("P5")
def test_a_file_of_another_size_than_announced_is_refused_where_s3_let_it_in(
    aws: Aws, technician: Caller, customer: dict[str, Any]
) -> None:
    content = pictures.jpeg()
    asked = announce(technician, customer, size_bytes=len(content) - 1)
    key = asked["upload"]["fields"]["key"]
    aws.client("s3").put_object(Bucket=aws.files_bucket, Key=key, Body=content)

    assert work(arrived(key)) == 0

    photo = technician("GET", photo_path(asked)).json()
    assert photo["reason"] == "The file is longer or shorter than it was announced."
    assert stored(aws) == []


@pytest.mark.rule("P5")
def test_a_record_that_never_got_a_picture_goes_after_two_days_and_a_ready_one_stays(
    aws: Aws, technician: Caller, customer: dict[str, Any]
) -> None:
    with time_machine.travel("2027-03-01T17:00:00Z", tick=False):
        waiting = announce(technician, customer)
        refused = send(technician, customer, pictures.gif())
    ready = send(technician, customer, pictures.jpeg())

    ends = {
        (photo["id"], kind): item.get("expires_at", {}).get("N")
        for photo in (waiting, refused, ready)
        for kind in ("photo", "place")
        for item in _items(aws, kind)
        if photo["id"] in item["pk"]["S"] + item["sk"]["S"]
    }
    in_two_days = str(int(datetime(2027, 3, 3, 17, tzinfo=UTC).timestamp()))
    expected = {waiting["id"]: in_two_days, refused["id"]: in_two_days, ready["id"]: None}
    assert ends == {(one, kind): end for one, end in expected.items() for kind in ("photo", "place")}


@pytest.mark.rule("P5", "X3")
def test_the_same_request_sent_again_brings_a_fresh_form_for_the_same_photo(
    technician: Caller, customer: dict[str, Any]
) -> None:
    body = {"content_type": "image/jpeg", "size_bytes": len(pictures.jpeg())}
    key = {"Idempotency-Key": "tablet-1"}

    def ask() -> Answer:
        return technician("POST", f"{path_of(customer)}/photos", body=body, headers=key)

    first, again = ask(), ask()
    post(again.json()["upload"], pictures.jpeg())
    work(arrived(again.json()["upload"]["fields"]["key"]))
    ready = ask()

    assert first.json()["id"] == again.json()["id"] == ready.json()["id"]
    assert ready.json()["status"] == "ready"
    assert ready.json()["upload"] is None


@pytest.mark.rule("P5", "X1")
def test_photos_of_a_deleted_customer_are_not_shown_and_no_form_is_handed_out(
    technician: Caller, advisor: Caller, customer: dict[str, Any]
) -> None:
    photo = announce(technician, customer)
    advisor("DELETE", path_of(customer), headers=etag(customer))
    body = {"content_type": "image/jpeg", "size_bytes": 1000}

    answers = [
        technician("GET", photo_path(photo)),
        technician("GET", f"{path_of(customer)}/photos"),
        technician("POST", f"{path_of(customer)}/photos", body=body),
        technician("PATCH", photo_path(photo), body={"caption": "x"}, headers=etag(photo)),
        technician("DELETE", photo_path(photo), headers=etag(photo)),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5


@pytest.mark.rule("P5", "X1")
def test_another_tenants_address_or_vehicle_in_a_query_finds_nothing(
    technician: Caller, advisor: Caller, customer: dict[str, Any], new_tenant: NewTenant
) -> None:
    away = new_tenant("East")
    stranger = away.join(*Role)
    theirs = make_customer(stranger, away.paths[0])
    their_vehicle = make_vehicle(stranger, theirs)
    announce(stranger, theirs, caption="theirs", vehicle_id=their_vehicle["id"])
    announce(technician, customer, caption="ours", vehicle_id=make_vehicle(advisor, customer)["id"])

    asked = {"service_address_id": theirs["service_addresses"][0]["id"]}
    by_address = technician("GET", f"{path_of(customer)}/photos", query=asked)

    assert by_address.status_code == 404
    assert days(technician, customer, vehicle_id=their_vehicle["id"]) == []
