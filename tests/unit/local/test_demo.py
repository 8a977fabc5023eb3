"""The demo data keeps its promises: the same from a seed, fictional, with the cases worth looking at."""

import csv
import json
import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from crossbay.domain.calendar import is_time_zone
from crossbay.domain.name import nickname_roots
from crossbay.domain.phone import national_digits, normalize_phone
from crossbay.domain.quote import QuoteStatus, shown_quote
from crossbay.domain.vin.vin import VinStatus, check_vin
from crossbay.domain.work.repair_order import Authorization, RepairOrderStatus
from crossbay.domain.work.service import service_key
from local.demo import Demo, build_demo, write_demo
from local.demo.__main__ import main
from local.demo.model import ShopBooks

TODAY = date(2027, 3, 1)
CUSTOMERS = 1000
DOCUMENTED = Path(__file__).parents[3] / "docs" / "import-format.md"


@pytest.fixture(scope="module")
def demo() -> Demo:
    return build_demo(seed=7, shops=6, customers=CUSTOMERS, today=TODAY)


@pytest.fixture(scope="module")
def harborline(demo: Demo) -> tuple[ShopBooks, ...]:
    return demo.organizations[0].shops


@pytest.fixture(scope="module")
def folder(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(demo, folder, "csv")
    write_demo(demo, folder, "jsonl")
    return folder


def small_files(folder: Path, seed: int) -> dict[str, str]:
    """The SHA-256 of each file of a small demo."""
    demo = build_demo(seed=seed, shops=2, customers=40, today=TODAY)
    write_demo(demo, folder, "csv")
    write_demo(demo, folder, "jsonl")
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_seed_and_a_day_give_the_same_files_and_another_seed_gives_others(tmp_path: Path) -> None:
    first, again, other = (
        small_files(tmp_path / name, seed) for name, seed in (("a", 7), ("b", 7), ("c", 8))
    )

    assert first == again
    assert first.keys() == other.keys()
    assert all(first[name] != other[name] for name in first if "customers" in name)


def test_there_are_six_shops_in_several_time_zones_of_two_countries_and_a_second_organization(
    demo: Demo,
) -> None:
    large, small = demo.organizations

    assert len(large.shops) == 6
    assert len({books.site.time_zone for books in large.shops}) >= 4
    assert {books.site.country for books in large.shops} == {"US", "CA"}
    assert all(is_time_zone(books.site.time_zone) for books in (*large.shops, *small.shops))
    assert "multi_shop" in large.entitlements
    assert len(small.shops) == 1
    assert "multi_shop" not in small.entitlements


def test_there_are_as_many_customers_as_asked_for_and_three_vehicles_for_two(
    harborline: tuple[ShopBooks, ...],
) -> None:
    vehicles = sum(len(books.vehicles) for books in harborline)

    assert sum(len(books.customers) for books in harborline) == CUSTOMERS
    assert 1.35 <= vehicles / CUSTOMERS <= 1.65
    assert all(len(books.customers) > CUSTOMERS / 12 for books in harborline)


def test_a_tenth_of_the_people_is_known_in_several_shops(demo: Demo) -> None:
    shops_by_party = Counter(k.party_key for k in demo.truth if k.organization_key == "harborline")

    shared = sum(1 for shops in shops_by_party.values() if shops > 1)

    assert 0.09 <= shared / len(shops_by_party) <= 0.13


def test_the_same_person_is_typed_differently_in_another_shop(demo: Demo) -> None:
    customers = {(b.site.key, c.id): c for o in demo.organizations for b in o.shops for c in b.customers}
    records = defaultdict(list)
    for known in demo.truth:
        if known.organization_key == "harborline":
            records[known.party_key].append(customers[known.site_key, known.customer_id])
    pairs = [(same[0], other) for same in records.values() for other in same[1:]]

    differing = {
        "first name": sum(a.first_name != b.first_name for a, b in pairs),
        "nickname": sum(
            a.first_name.lower() != b.first_name.lower()
            and bool(nickname_roots(a.first_name.lower()) & nickname_roots(b.first_name.lower()))
            for a, b in pairs
        ),
        "last name": sum(a.last_name != b.last_name for a, b in pairs),
        "city": sum(a.billing_address.city != b.billing_address.city for a, b in pairs),
        "email": sum(a.emails != b.emails for a, b in pairs),
    }

    assert all(count >= 5 for count in differing.values()), differing


def test_families_and_fleets_share_a_phone_among_different_names(harborline: tuple[ShopBooks, ...]) -> None:
    for label in ("home", "work"):
        names_by_phone = defaultdict(set)
        for books in harborline:
            for customer in books.customers:
                for phone in customer.phones:
                    if phone.label == label:
                        names_by_phone[normalize_phone(phone.number, "US")].add(customer.display_name)

        assert sum(len(names) > 1 for names in names_by_phone.values()) >= 5


def test_every_phone_is_fictional_and_every_email_reserved(demo: Demo) -> None:
    shops = [books for organization in demo.organizations for books in organization.shops]
    phones = [phone.number for books in shops for c in books.customers for phone in c.phones]
    emails = [email for books in shops for c in books.customers for email in c.emails]
    emails += [member.email for organization in demo.organizations for member in organization.members]

    national = [national_digits(normalize_phone(phone, "US")) for phone in phones]
    national += [books.site.phone for books in shops]

    assert len(phones) > CUSTOMERS
    assert [n for n in national if not re.fullmatch(r"\d{3}55501\d\d", n)] == []
    assert [e for e in emails if not re.fullmatch(r"[^@\s]+@(example\.com|example\.org)", e)] == []


def test_every_vin_given_is_valid_and_of_the_vehicles_year_and_some_have_a_plate_only(
    harborline: tuple[ShopBooks, ...],
) -> None:
    vehicles = [vehicle for books in harborline for vehicle in books.vehicles]

    given = [vehicle for vehicle in vehicles if vehicle.vin]
    checks = [(check_vin(vehicle.vin), vehicle.year) for vehicle in given]

    assert [check for check, year in checks if (check.status, check.year) != (VinStatus.VALID, year)] == []
    assert 0.1 < 1 - len(given) / len(vehicles) < 0.3
    assert all(vehicle.plate for vehicle in vehicles if not vehicle.vin)


def test_repair_orders_fill_the_three_years_until_today(harborline: tuple[ShopBooks, ...]) -> None:
    orders = [order for books in harborline for order in books.repair_orders]
    opened = [date.fromisoformat(order.opened_on) for order in orders]

    by_year = Counter((TODAY - day).days // 365 for day in opened)

    assert max(opened) == TODAY
    assert set(by_year) == {0, 1, 2}
    assert min(by_year.values()) > 500
    assert {order.status for order in orders} == set(RepairOrderStatus)
    assert all(o.opened_on <= o.invoiced_on <= TODAY.isoformat() for o in orders if o.invoiced_on)


def test_every_shop_has_open_orders_and_appointments_past_and_to_come(
    harborline: tuple[ShopBooks, ...],
) -> None:
    for books in harborline:
        days = [booked.starts_at.date() for booked in books.appointments]

        assert any(order.is_open for order in books.repair_orders)
        assert min(days) < TODAY - timedelta(days=300)
        assert sum(TODAY < day <= TODAY + timedelta(days=14) for day in days) >= 3
        assert max(days) > TODAY + timedelta(days=30)


def test_orders_and_appointments_are_of_customers_and_vehicles_of_their_shop(demo: Demo) -> None:
    for books in (shop for organization in demo.organizations for shop in organization.shops):
        owners = {vehicle.id: vehicle.customer_id for vehicle in books.vehicles}
        references = [(order.vehicle.id, order.customer_id) for order in books.repair_orders]
        references += [(booked.vehicle_id, booked.customer_id) for booked in books.appointments]

        assert set(owners.values()) <= {customer.id for customer in books.customers}
        assert all(owners[vehicle_id] == customer_id for vehicle_id, customer_id in references)


def test_every_shop_has_equipment_and_quotes_open_and_answered(harborline: tuple[ShopBooks, ...]) -> None:
    quotes = [quote for books in harborline for quote in books.quotes]

    assert {shown_quote(quote, TODAY.isoformat()).status for quote in quotes} == set(QuoteStatus)
    for books in harborline:
        assert books.equipment
        assert books.quotes
        assert {quote.repair_order_id for quote in books.quotes} <= {
            order.id for order in books.repair_orders
        }


def test_some_declined_jobs_were_done_since_in_another_shop(harborline: tuple[ShopBooks, ...]) -> None:
    done = defaultdict(list)
    declined = []
    for books in harborline:
        vins = {vehicle.id: vehicle.vin for vehicle in books.vehicles if vehicle.vin}
        for order in books.repair_orders:
            for job in order.jobs if order.vehicle.id in vins else ():
                work = (vins[order.vehicle.id], service_key(job.title))
                if job.authorization is Authorization.DECLINED:
                    declined.append((work, books.site.key, order.opened_on))
                elif order.status is RepairOrderStatus.INVOICED:
                    done[work].append((books.site.key, order.opened_on))

    elsewhere = [
        work
        for work, site, declined_on in declined
        if any(other != site and done_on > declined_on for other, done_on in done[work])
    ]

    assert len(declined) > 500
    assert len(elsewhere) >= 10


def test_a_jobs_amount_in_the_files_is_the_sum_of_its_lines(folder: Path) -> None:
    jobs = rows(folder / "harborline" / "seattle" / "repair_orders.csv")

    for job in jobs:
        lines = [*json.loads(job["job_labor"] or "[]"), *json.loads(job["job_parts"] or "[]")]
        assert Decimal(job["job_amount"]) == sum(Decimal(line["amount"]) for line in lines)
        assert re.fullmatch(r"\d+\.\d\d", job["job_amount"])
    assert len(jobs) > 1000


def test_csv_and_json_lines_hold_the_same_records(folder: Path, harborline: tuple[ShopBooks, ...]) -> None:
    for books in harborline:
        shop = folder / "harborline" / books.site.key
        for kind in ("customers", "vehicles", "repair_orders", "appointments", "equipment", "quotes"):
            in_csv = dict.fromkeys(row["id"] for row in rows(shop / f"{kind}.csv"))
            in_json = [
                json.loads(line)["id"] for line in (shop / f"{kind}.jsonl").read_text("utf-8").splitlines()
            ]

            assert list(in_csv) == in_json
            assert in_json


@pytest.mark.parametrize(
    "kind",
    ["customers", "vehicles", "repair_orders", "inspections", "appointments", "equipment", "quotes"],
)
def test_every_column_written_is_documented(folder: Path, kind: str) -> None:
    documented = set(re.findall(r"`([a-z_0-9]+)`", DOCUMENTED.read_text("utf-8")))
    documented |= {f"phone_{n}_label" for n in (2, 3)}
    documented |= {f"service_{n}_{c.removeprefix('billing_')}" for n in (1, 2, 3, 4) for c in documented}
    documented |= {f"service_{n}_label" for n in (1, 2, 3, 4)}

    columns = set(rows(folder / "harborline" / "seattle" / f"{kind}.csv")[0])

    assert columns <= documented


def test_the_command_writes_the_files_and_says_what_is_in_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--out", str(tmp_path), "--today", "2027-03-01", "--shops", "2", "--customers", "30"])

    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    shops = [shop for organization in manifest["organizations"] for shop in organization["shops"]]
    assert all((tmp_path / shop["folder"] / "customers.csv").stat().st_size > 0 for shop in shops)
    assert sum(shop["customers"] for shop in shops[:2]) == 30
    assert len(capsys.readouterr().out.splitlines()) == len(shops) == 3


@pytest.mark.parametrize(
    ("option", "value", "reason"), [("--shops", "13", "1 to 12 shops"), ("--customers", "0", "1 to 15,000")]
)
def test_the_command_refuses_more_than_there_can_be(
    tmp_path: Path, option: str, value: str, reason: str
) -> None:
    with pytest.raises(SystemExit, match=reason):
        main(["--out", str(tmp_path), "--today", "2027-03-01", option, value])
