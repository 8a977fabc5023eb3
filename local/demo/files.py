"""The demo as import files, one folder a shop, with a manifest of what to set up first and the truth."""

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict
from itertools import chain
from pathlib import Path

from local.demo.model import Demo, DemoOrganization, ShopBooks
from local.demo.rows import (
    Row,
    appointment_row,
    customer_object,
    customer_row,
    equipment_object,
    equipment_row,
    inspection_rows,
    job_rows,
    quote_object,
    quote_row,
    repair_order_object,
    vehicle_row,
)

FORMATS = ("csv", "jsonl")


def write_demo(demo: Demo, folder: Path, file_format: str) -> None:
    """Writes `<organization>/<shop>/<kind>.csv` or `.jsonl`, `manifest.json`, `truth.csv` into the folder.

    file_format: `csv` or `jsonl`. Files that are there are replaced.
    """
    write = _write_csv_books if file_format == "csv" else _write_json_books
    for organization in demo.organizations:
        for books in organization.shops:
            shop_folder = folder / organization.key / books.site.key
            shop_folder.mkdir(parents=True, exist_ok=True)
            write(books, shop_folder)
    text = json.dumps(manifest(demo), indent=2, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
    _write_csv(folder / "truth.csv", (asdict(known) for known in demo.truth))


def manifest(demo: Demo) -> Row:
    """What to set up before the files go in: organizations, shops with their contact cards, members."""
    return {
        "seed": demo.seed,
        "today": demo.today.isoformat(),
        "organizations": [_organization_entry(organization) for organization in demo.organizations],
    }


def _organization_entry(organization: DemoOrganization) -> Row:
    return {
        "key": organization.key,
        "name": organization.name,
        "entitlements": list(organization.entitlements),
        "members": [asdict(member) for member in organization.members],
        "shops": [_shop_entry(organization, books) for books in organization.shops],
    }


def _shop_entry(organization: DemoOrganization, books: ShopBooks) -> Row:
    site = books.site
    return {
        "key": site.key,
        "folder": f"{organization.key}/{site.key}",
        "business_name": site.business_name,
        "owner": site.owner,
        "phone": f"+1{site.phone}",
        "email": site.email,
        "address": asdict(site.address),
        "country": site.country,
        "time_zone": site.time_zone,
        "customers": len(books.customers),
        "vehicles": len(books.vehicles),
        "repair_orders": len(books.repair_orders),
        "appointments": len(books.appointments),
        "equipment": len(books.equipment),
        "quotes": len(books.quotes),
    }


def _write_json_books(books: ShopBooks, folder: Path) -> None:
    _write_lines(folder / "customers.jsonl", map(customer_object, books.customers))
    _write_lines(folder / "vehicles.jsonl", map(vehicle_row, books.vehicles))
    _write_lines(folder / "repair_orders.jsonl", map(repair_order_object, books.repair_orders))
    _write_lines(folder / "appointments.jsonl", map(appointment_row, books.appointments))
    _write_lines(folder / "equipment.jsonl", map(equipment_object, books.equipment))
    _write_lines(folder / "quotes.jsonl", map(quote_object, books.quotes))


def _write_csv_books(books: ShopBooks, folder: Path) -> None:
    _write_csv(folder / "customers.csv", map(customer_row, books.customers))
    _write_csv(folder / "vehicles.csv", map(vehicle_row, books.vehicles))
    _write_csv(folder / "repair_orders.csv", chain.from_iterable(map(job_rows, books.repair_orders)))
    _write_csv(folder / "inspections.csv", chain.from_iterable(map(inspection_rows, books.repair_orders)))
    _write_csv(folder / "appointments.csv", map(appointment_row, books.appointments))
    _write_csv(folder / "equipment.csv", map(equipment_row, books.equipment))
    _write_csv(folder / "quotes.csv", map(quote_row, books.quotes))


def _write_csv(path: Path, rows: Iterable[Row]) -> None:
    """The columns are those of the first row; without a row the file is empty."""
    rows = iter(rows)
    first = next(rows, None)
    with path.open("w", encoding="utf-8", newline="") as file:
        if first is not None:
            writer = csv.DictWriter(file, list(first), lineterminator="\n")
            writer.writeheader()
            writer.writerows(chain([first], rows))


def _write_lines(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
