"""The source report: which source brings customers and money, as figures, files and charts; and the spend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated

from crossbay.app.sources import files as source_files
from crossbay.app.sources import report as source_report
from crossbay.app.sources import spend as source_spend
from crossbay.app.sources.files import ChartFiles, ReportFile
from crossbay.aws.s3 import Bucket
from crossbay.domain.access import Action, Caller
from crossbay.domain.organization import Entitlement, ShopRef
from crossbay.entry.answers import versioned
from crossbay.entry.http import Door, First, Id, IdempotencyKey, IfMatch, Last, Path, Response
from crossbay.entry.sources.report_answers import SpendSheet
from crossbay.entry.sources.report_requests import PeriodInput, ReportFileInput, SpendInput
from crossbay.reports.sources import SourceReport
from crossbay.settings import settings
from crossbay.store.sources.sources import read_book
from crossbay.store.sources.spend import read_spend

door = Door("source_report")
app = door.app
lambda_handler = door.handler

Month = Annotated[str, Path(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$", description="Such as `2027-03`.")]


@app.get("/shops/<shop_id>/source-report", tags=["sources"], summary="What each source brought a shop")
def read_shop_source_report(shop_id: Id, first: First, last: Last) -> SourceReport:
    """New customers, car count, revenue, spend and what follows, by category; the unknown always in it."""
    return _report(_shop(shop_id), _days(first, last))


@app.get("/source-report", tags=["sources"], summary="What each source brought all shops")
def read_source_report(first: First, last: Last) -> SourceReport:
    """The sum of the shops' reports."""
    return _report(_all_shops(), _days(first, last))


@app.post(
    "/shops/<shop_id>/source-report-files", tags=["sources"], summary="A shop's source report as a file"
)
def write_shop_source_report_file(shop_id: Id, body: ReportFileInput) -> ReportFile:
    """CSV or XLSX, to be fetched within a quarter of an hour."""
    return _file(_shop(shop_id), body)


@app.post("/source-report-files", tags=["sources"], summary="All shops' source report as a file")
def write_source_report_file(body: ReportFileInput) -> ReportFile:
    """CSV or XLSX, to be fetched within a quarter of an hour."""
    return _file(_all_shops(), body)


@app.post("/shops/<shop_id>/source-charts", tags=["sources"], summary="A shop's source report as charts")
def draw_shop_source_charts(shop_id: Id, body: PeriodInput) -> ChartFiles:
    """Each as SVG and PNG, to be fetched within a quarter of an hour, with its table."""
    return _charts(_shop(shop_id), body)


@app.post("/source-charts", tags=["sources"], summary="All shops' source report as charts")
def draw_source_charts(body: PeriodInput) -> ChartFiles:
    """Each as SVG and PNG, to be fetched within a quarter of an hour, with its table."""
    return _charts(_all_shops(), body)


@app.get("/shops/<shop_id>/source-spend/<month>", tags=["sources"], summary="What a month's marketing cost")
def read_source_spend(shop_id: Id, month: Month) -> Response[SpendSheet]:
    """Spend is by source and category; version 0 while nothing was entered."""
    return _sheet(_caller(shop_id).shop_ref(shop_id), month)


@app.put(
    "/shops/<shop_id>/source-spend/<month>", tags=["sources"], summary="Enter what a month's marketing cost"
)
def enter_source_spend(
    shop_id: Id,
    month: Month,
    body: SpendInput,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[SpendSheet]:
    """All of the month at once. The version is 0 while nothing was entered."""
    caller = door.caller(Action.MANAGE_SOURCES, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    asked = (caller.shop_ref(shop_id), month)
    act = partial(source_spend.enter_spend, door.reads, *asked, body.amounts_cents, stamp=stamp)
    door.change(stamp, if_match, act)
    return _sheet(*asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The shops that are asked for, and what a reader knows them by."""

    organization_id: str
    shop_ids: Sequence[str]
    whose: str


def _caller(shop_id: str) -> Caller:
    return door.caller(Action.READ_SOURCE_REPORT, shop_id)


def _shop(shop_id: str) -> _Asked:
    caller = _caller(shop_id)
    name = caller.shops[shop_id].business_name
    return _Asked(organization_id=caller.organization.id, shop_ids=(shop_id,), whose=name)


def _all_shops() -> _Asked:
    """Every one of the organization, also those that the caller doesn't reach: a sum shows none of them."""
    caller = door.caller(Action.READ_SOURCE_REPORT, needs=Entitlement.MULTI_SHOP)
    name = f"All shops of {caller.organization.name}"
    return _Asked(organization_id=caller.organization.id, shop_ids=sorted(caller.shops), whose=name)


def _days(first: str, last: str) -> tuple[date, date]:
    return date.fromisoformat(first), date.fromisoformat(last)


def _report(asked: _Asked, days: tuple[date, date]) -> SourceReport:
    shops = (asked.organization_id, asked.shop_ids)
    return source_report.read_report(door.reads, *shops, *days, now=datetime.now(UTC), whose=asked.whose)


def _file(asked: _Asked, body: ReportFileInput) -> ReportFile:
    report = _report(asked, body.days)
    return source_files.write_report(_bucket(), asked.organization_id, report, body.format.value)


def _charts(asked: _Asked, body: PeriodInput) -> ChartFiles:
    return source_files.draw_charts(_bucket(), asked.organization_id, _report(asked, body.days))


def _bucket() -> Bucket:
    return Bucket(settings().require("files_bucket").files_bucket)


def _sheet(shop_ref: ShopRef, month: str) -> Response[SpendSheet]:
    spend = read_spend(door.reads, shop_ref, month)
    sheet = SpendSheet.of(spend, read_book(door.reads, shop_ref))
    return versioned(sheet, sheet.version)
