"""The source report as files: CSV, XLSX, and charts as SVG and PNG, each with its table (M8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from crossbay.app.fetched_files import offer_file
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
    from crossbay.rendering.source_sheet import write_csv, write_xlsx

    content = BytesIO()
    (write_csv if file_format == "csv" else write_xlsx)(report, content)
    return ReportFile(url=offer_file(bucket, _folder(organization_id), content.getvalue(), file_format))


def draw_charts(bucket: Bucket, organization_id: str, report: SourceReport) -> ChartFiles:
    """Every chart of the report."""
    from crossbay.rendering.charts.chart import png
    from crossbay.rendering.charts.sources import source_charts

    return ChartFiles(
        charts=tuple(
            ChartFile(
                chart=chart.id,
                title=chart.title,
                description=chart.description,
                columns=chart.table.columns,
                rows=chart.table.rows,
                svg_url=offer_file(bucket, _folder(organization_id), chart.svg.encode(), "svg"),
                png_url=offer_file(bucket, _folder(organization_id), png(chart), "png"),
            )
            for chart in source_charts(report)
        )
    )


def _folder(organization_id: str) -> str:
    return f"lists/{organization_id}/sources"
