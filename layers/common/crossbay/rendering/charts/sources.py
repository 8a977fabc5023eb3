"""The charts of the marketing source report (M8)."""

from crossbay.rendering.charts.chart import Chart
from crossbay.rendering.charts.mix import source_mix
from crossbay.rendering.charts.money import cost_per_new_customer, return_on_spend
from crossbay.reports.sources import SourceReport


def source_charts(report: SourceReport) -> tuple[Chart, ...]:
    return source_mix(report), cost_per_new_customer(report), return_on_spend(report)
