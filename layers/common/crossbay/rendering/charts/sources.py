"""The charts of the marketing source report (M8)."""

from collections.abc import Callable, Mapping

from crossbay.rendering.charts.chart import Chart, ChartId
from crossbay.rendering.charts.mix import source_mix
from crossbay.rendering.charts.money import cost_per_new_customer, return_on_spend
from crossbay.reports.sources import SourceReport

_CHARTS: Mapping[ChartId, Callable[[SourceReport], Chart]] = {
    ChartId.SOURCE_MIX: source_mix,
    ChartId.COST_PER_NEW_CUSTOMER: cost_per_new_customer,
    ChartId.RETURN_ON_SPEND: return_on_spend,
}


def source_chart(report: SourceReport, chart: ChartId) -> Chart:
    return _CHARTS[chart](report)
