"""The source report as files: CSV, XLSX, and charts as SVG and PNG, each with its table (M8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from crossbay.app.fetched_files import offer_file, safe_name
from crossbay.aws.s3 import Bucket
from crossbay.reports.sources import SourceReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """url: where the file can be fetched for a quarter of an hour."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartFile:
    """description: what the chart shows, in words. columns, rows: the numbers drawn, as a table.

    svg_url, png_url: where the pictures can be fetched for a quarter of an hour.
    """

    chart: str
    title: str
    description: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    svg_url: str
    png_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartFiles:
    charts: tuple[ChartFile, ...]


def write_report(bucket: Bucket, organization_id: str, report: SourceReport, file_format: str) -> ReportFile:
    """The report as `csv` or `xlsx`."""
    from crossbay.rendering.sources.sheet import write_csv, write_xlsx

    content = BytesIO()
    (write_csv if file_format == "csv" else write_xlsx)(report, content)
    name, folder = _file_name("sources", report), _folder(organization_id)
    return ReportFile(url=offer_file(bucket, folder, content.getvalue(), file_format, name=name))


def draw_charts(bucket: Bucket, organization_id: str, report: SourceReport) -> ChartFiles:
    """Every chart of the report."""
    from crossbay.rendering.charts.chart import Chart, png
    from crossbay.rendering.charts.sources import source_charts

    def drawn(chart: Chart) -> ChartFile:
        name, folder = _file_name(chart.id, report), _folder(organization_id)
        return ChartFile(
            chart=chart.id,
            title=chart.title,
            description=chart.description,
            columns=chart.table.columns,
            rows=chart.table.rows,
            svg_url=offer_file(bucket, folder, chart.svg.encode(), "svg", name=name),
            png_url=offer_file(bucket, folder, png(chart), "png", name=name),
        )

    return ChartFiles(charts=tuple(map(drawn, source_charts(report))))


def _file_name(what: str, report: SourceReport) -> str:
    """`sources-harbor-2027-01-01-to-2027-03-31`."""
    parts = (what, safe_name(report.whose), report.first, "to", report.last)
    return "-".join(part for part in parts if part)


def _folder(organization_id: str) -> str:
    return f"lists/{organization_id}/sources"
