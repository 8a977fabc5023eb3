"""Nights of partner files on the deployed stack: set up, told, fetched back by others' programs, searched."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from local.client import Client, checked
from local.deploy import Deployment
from local.night_walk import run_exports
from local.partners.servers import PartnerServer, PartnerServers
from tests.e2e import stock_clients
from tests.helpers.vins import ACCORD, CIVIC, GOLF

ZONE = "America/Chicago"
NIGHT_UTC = timedelta(hours=11)
"""In Chicago it is 5:00 or 6:00 then, after the hour of the files."""
CARD = {
    "business_name": "Northside Auto",
    "phone": "+13125550100",
    "address": {"line1": "1 Alder Street", "city": "Chicago", "region": "IL", "postal_code": "60610"},
    "time_zone": ZONE,
}
PARTNERS = ("carfax", "customerlink", "mechanicnet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """A shop whose three partners are on, each at a server of its own."""

    admin: Client
    shop: str
    deployment: Deployment
    clock_file: Path
    servers: dict[str, PartnerServer]
    people: list[dict[str, Any]]

    def visit(self, first_name: str, last_name: str, title: str, vin: str) -> dict[str, Any]:
        """Yesterday's visit of somebody new, whose phone, street and amounts come from one number."""
        number = len(self.people)
        person: dict[str, Any] = {
            "first_name": first_name,
            "last_name": last_name,
            "phones": [{"number": f"+131255501{number + 60}", "label": "mobile"}],
            "emails": [f"{first_name}.{last_name}@example.com".lower()],
            "billing_address": {"line1": f"{number + 40} Fernbridge Lane", "city": "Cove"},
        }
        customer = self.post("/customers", insist=True, **person)
        car: dict[str, Any] = {"vin": vin, "year": 2003, "make": "Honda", "model": "Accord", "engine": "2.4L"}
        vehicle = self.post(f"/customers/{customer['id']}/vehicles", **car)
        day = (datetime.now(UTC).date() - timedelta(days=1)).isoformat()
        total, labor = number + 41_250, number + 30_120
        job = {"title": title, "authorization": "approved", "amount_cents": total}
        self.people.append(customer | {"amounts": (total, labor)})
        return self.post(
            "/repair-orders",
            customer_id=customer["id"],
            vehicle_id=vehicle["id"],
            opened_on=day,
            invoiced_on=day,
            status="invoiced",
            jobs=[job | {"labor": [{"description": "Labor", "amount_cents": labor}]}],
        )

    def post(self, path: str, version: int = 0, **body: Any) -> dict[str, Any]:
        headers = {"If-Match": f'"{version}"'}
        made: dict[str, Any] = checked(self.admin("POST", f"{self.shop}{path}", body=body, headers=headers))
        return made

    def night(self, day: date) -> dict[str, dict[str, Any]]:
        """The night of that day; what the API says of each partner's file."""
        at = datetime(day.year, day.month, day.day, tzinfo=UTC) + NIGHT_UTC
        run_exports(self.deployment, self.clock_file, at, patience_s=200)
        return {
            partner: checked(self.admin("GET", f"{self.shop}/partners/{partner}/exports/{day}/1"))
            for partner in PARTNERS
        }

    def left_out(self, told: dict[str, Any]) -> dict[str, str]:
        """Reason by RO number, as the API lists them."""
        run = told["run"]
        path = f"{self.shop}/partners/{run['partner']}/exports/{run['date']}/1/left-out"
        return {line["number"]: line["reason"] for line in checked(self.admin("GET", path))["left_out"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Three nights, and what each partner's folder held in the end, fetched back."""

    books: Books
    orders: dict[str, dict[str, Any]]
    nights: tuple[dict[str, dict[str, Any]], ...]
    fetched: dict[str, dict[str, bytes]]


@pytest.fixture(scope="module")
def books(
    operator: Client,
    sign_in: Callable[[str], Client],
    deployment: Deployment,
    partners: PartnerServers,
    clock_file: Path,
) -> Books:
    """Set up over HTTP alone: the deployment's places by the operator, the shop's partners by its admin."""
    email = f"admin-{uuid4()}@example.com"
    checked(
        operator("POST", "/organizations", body={"name": "Tellers", "entitlements": [], "admin_email": email})
    )
    admin = sign_in(email)
    shop = f"/shops/{checked(admin('POST', '/shops', body=CARD))['id']}"
    servers = {"carfax": partners.sftp, "customerlink": partners.ftp, "mechanicnet": partners.ftps}
    for kept in checked(operator("GET", "/operator/partner-destinations"))["destinations"]:
        path = f"/operator/partner-destinations/{kept['partner']}"
        save(operator, path, kept["version"], place_of(servers[kept["partner"]]))
    link = {
        "is_on": True,
        "account_number": "A-44120",
        "confirmed": True,
        "accept_plain_ftp": True,
        **place_of(partners.ftp),
    }
    save(admin, f"{shop}/partners/customerlink", 0, link)
    save(admin, f"{shop}/partners/mechanicnet", 0, {"is_on": True, "shop_number": "M-7"})
    terms = {one["partner"]: one["terms"] for one in checked(admin("GET", f"{shop}/partners"))["partners"]}
    carfax = {"is_on": True, "accept_terms": terms["carfax"]["version"]}
    save(admin, f"{shop}/partners/carfax", 0, carfax)
    return Books(
        admin=admin, shop=shop, deployment=deployment, clock_file=clock_file, servers=servers, people=[]
    )


def place_of(server: PartnerServer) -> dict[str, Any]:
    return asdict(server.destination) | {"password": server.password}


def save(client: Client, path: str, version: int, body: dict[str, Any]) -> None:
    checked(client("PUT", path, body=body, headers={"If-Match": f'"{version}"'}))


@pytest.fixture(scope="module")
def told(books: Books, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A night with all kinds of visits, one with nothing new, one after a visit was amended."""
    orders = {
        "plain": books.visit("Beatriz", "Quillon", "Front brake pads", ACCORD),
        "ford": books.visit("Grant", "Haverly", "Oil change per Ford spec", GOLF),
        "named": books.visit("Amaka", "Okonjo", "Mrs Okonjo says brakes squeal", CIVIC),
        "phone": books.visit("Piet", "Zwaan", "Noise, ring 312.555.0163 when done", CIVIC),
        "e-mail": books.visit("Ida", "Brandvold", "Photos to ida.brandvold@example.com", CIVIC),
        "street": books.visit("Lute", "Mirsky", "Tow from 45 Fernbridge Lane", CIVIC),
        "amount": books.visit("Dov", "Pelham", "Struts as quoted, $412.56", CIVIC),
        "mistyped": books.visit("Uma", "Castellan", "Muffler", ACCORD.replace("0", "O", 1)),
        "void": books.visit("Nils", "Thorvald", "Coolant flush", CIVIC),
    }
    void = orders["void"]
    books.post(f"/repair-orders/{void['id']}/void", version=void["version"])
    first = datetime.now(UTC).date() + timedelta(days=2)
    nights = [books.night(first), books.night(first + timedelta(days=1))]
    plain = orders["plain"]
    amended = {"odometer_miles": 98_765}
    path = f"{books.shop}/repair-orders/{plain['id']}"
    checked(books.admin("PATCH", path, body=amended, headers={"If-Match": f'"{plain["version"]}"'}))
    nights.append(books.night(first + timedelta(days=2)))
    files = {
        partner: [night[partner]["run"]["file"]["name"] for night in nights if night[partner]["file_url"]]
        for partner in PARTNERS
    }
    fetched = {
        partner: {
            name: stock_clients.fetched(server, name, tmp_path_factory.mktemp(partner))
            for name in files[partner]
        }
        for partner, server in books.servers.items()
    }
    return Told(books=books, orders=orders, nights=tuple(nights), fetched=fetched)


@pytest.mark.rule("C20", "C21", "C22", "C23", "C24")
@pytest.mark.parametrize("partner", PARTNERS)
def test_a_stock_client_fetches_just_the_bytes_that_are_kept_and_recorded(told: Told, partner: str) -> None:
    assert set(told.fetched[partner]) == set(told.books.servers[partner].files())
    s3, bucket = told.books.deployment.client("s3"), told.books.deployment.files_bucket

    for view in (told.nights[0][partner], told.nights[2][partner]):
        run, file = view["run"], view["run"]["file"]
        content = told.fetched[partner][file["name"]]
        whose = f"{run['organization_id']}/{run['shop_id']}/{partner}"
        kept = s3.get_object(Bucket=bucket, Key=f"exports/{whose}/files/{file['sha256']}")["Body"].read()
        assert content == kept == requests.get(view["file_url"], timeout=30).content
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (file["sha256"], file["bytes"])
        assert content.count(told.orders["plain"]["number"].encode()) == 1


@pytest.mark.rule("C22", "C23", "C26")
def test_carfax_gets_what_names_nobody_and_the_rest_is_withheld_with_its_reason(told: Told) -> None:
    first, number = told.nights[0], {name: order["number"] for name, order in told.orders.items()}
    withheld = dict.fromkeys(("named", "phone", "e-mail", "street", "amount"), "personal")
    withheld |= {"mistyped": "vin_invalid", "void": "void_never_told"}

    assert told.books.left_out(first["carfax"]) == {number[name]: why for name, why in withheld.items()}
    assert first["carfax"]["run"]["file"]["rows"] == 2
    for partner in ("customerlink", "mechanicnet"):
        assert told.books.left_out(first[partner]) == {number["void"]: "void_never_told"}
        assert first[partner]["run"]["file"]["rows"] == len(told.orders) - 1


@pytest.mark.rule("C22")
def test_each_carfax_file_has_its_own_certificate(told: Told) -> None:
    for night in (told.nights[0], told.nights[2]):
        view = night["carfax"]
        issued = requests.get(view["certificate_url"], timeout=30).content
        assert hashlib.sha256(issued).hexdigest() == view["run"]["file"]["certificate_sha256"]
        assert view["run"]["file"]["sha256"].encode() in issued


@pytest.mark.rule("C23")
def test_a_night_with_nothing_new_sends_nothing_and_an_amended_visit_is_told_again(told: Told) -> None:
    _, second, third = told.nights
    assert {night["run"]["state"] for night in second.values()} == {"empty"}
    for partner in PARTNERS:
        assert third[partner]["run"]["file"]["rows"] == 1
        (row,) = told.fetched[partner][third[partner]["run"]["file"]["name"]].decode().splitlines()[1:]
        assert told.orders["plain"]["number"] in row
        assert "98765" in row
        assert "amended" in row.lower()


@pytest.mark.rule("C22")
def test_nobody_of_the_organization_stands_in_any_byte_that_carfax_got(told: Told) -> None:
    assert len(told.books.people) == len(told.orders)
    for person in told.books.people:
        assert values_in(told.fetched["carfax"], person) == set()

    # The search is one that finds: CustomerLink got everybody but who didn't come.
    everything = {"first name", "last name", "e-mail", "street", "town", "phone", "amount"}
    found = [values_in(told.fetched["customerlink"], person) for person in told.books.people]
    assert [values == everything for values in found].count(False) == 1


def values_in(files: dict[str, bytes], person: dict[str, Any]) -> set[str]:
    """What of somebody the files hold anywhere: in any case, phone and amounts in any notation."""
    content = b"".join(files.values()).decode("utf-8").lower()
    digits = [re.sub(r"\D", "", cell) for cell in re.split(r'[",|\r\n]', content)]
    (phone,), (email,), home = person["phones"], person["emails"], person["billing_address"]
    texts = {
        "first name": person["first_name"],
        "last name": person["last_name"],
        "e-mail": email,
        "street": home["line1"],
        "town": home["city"],
    }
    holds = {name: text.lower() in content for name, text in texts.items()}
    holds["phone"] = any(phone["number"][-7:] in number for number in digits)
    holds["amount"] = any(str(cents) in number for cents in person["amounts"] for number in digits)
    return {name for name, is_there in holds.items() if is_there}


@pytest.mark.rule("C25")
def test_no_answer_of_the_api_holds_a_password(told: Told, operator: Client) -> None:
    asked = [
        told.books.admin("GET", f"{told.books.shop}/partners"),
        told.books.admin("GET", "/audit"),
        operator("GET", "/operator/partner-destinations"),
        *(told.books.admin("GET", f"{told.books.shop}/partners/{partner}/exports") for partner in PARTNERS),
    ]

    for answer in asked:
        assert answer.status_code == 200
        assert not [one for one in told.books.servers.values() if one.password in answer.text]
