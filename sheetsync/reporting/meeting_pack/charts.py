"""The summary's charts on the page: the data of the workbook's native ones, drawn and as tables.

Which charts there are is the summary's; where their shapes lie, `chart_layout`'s.
"""

from collections.abc import Sequence
from functools import partial

from sheetsync.reporting.layout.model import ReportChart, Series
from sheetsync.reporting.meeting_pack.chart_layout import draw
from sheetsync.reporting.meeting_pack.chart_scale import numbers_of
from sheetsync.reporting.meeting_pack.model import (
    ColumnHead,
    Legend,
    PageCell,
    PageChart,
    Table,
)
from sheetsync.reporting.meeting_pack.number_pattern import patterned
from sheetsync.reporting.meeting_pack.writer import DASH, PageWriter
from sheetsync.reporting.messages.harmless_text import visible
from sheetsync.reporting.summary.charts import all_charts

DESCRIBED = 6
"""Categories that the description of a chart names at most; all of them stand in its table."""


def page_charts(
    writer: PageWriter, more: Sequence[ReportChart] = ()
) -> tuple[PageChart, ...]:
    """Return every chart of the summary, in its order, and then `more`."""
    charts = (*all_charts(writer.figures, writer.language), *more)
    return tuple(
        _page_chart(_with_visible_words(chart), writer) for chart in charts
    )


def _page_chart(chart: ReportChart, writer: PageWriter) -> PageChart:
    write = partial(
        patterned, pattern=chart.number_format, language=writer.language
    )
    # Who sees no picture reads the numbers, and so does who wants them exactly.
    table = _table(chart, writer)
    return PageChart(
        chart.key,
        chart.title,
        _description(table, writer),
        chart.width,
        draw(chart, write) if chart.drawn else None,
        _legend(chart),
        table,
        "" if chart.drawn else chart.empty,
    )


def _with_visible_words(chart: ReportChart) -> ReportChart:
    """Make names out of rows fit to stand on a page."""
    series = []
    for each in chart.series:
        name = visible(each.name)
        series.append(Series(name, each.numbers, each.color))
    names = [visible(name) or DASH for name in chart.categories]
    return chart._replace(
        title=visible(chart.title),
        axis=visible(chart.axis),
        categories=tuple(names),
        series=tuple(series),
    )


def _legend(chart: ReportChart) -> tuple[Legend, ...]:
    """Name the series."""
    # One alone is named by the title.
    if len(chart.series) == 1:
        return ()
    return tuple(Legend(series.name, series.color) for series in chart.series)


def _table(chart: ReportChart, writer: PageWriter) -> Table:
    by_series = numbers_of(chart)
    rows = []
    for category, name in enumerate(chart.categories):
        cells = [PageCell(name)]
        for numbers in by_series:
            number = numbers[category]
            text = DASH
            if number is not None:
                text = patterned(number, chart.number_format, writer.language)
            cells.append(PageCell(text))
        rows.append(tuple(cells))
    heads = [ColumnHead(chart.axis)]
    heads += [ColumnHead(series.name, number=True) for series in chart.series]
    return Table(chart.title, tuple(heads), tuple(rows))


def _description(table: Table, writer: PageWriter) -> str:
    """Say what a chart shows, for who does not see it: its last categories with their numbers."""
    _, *series = [head.text for head in table.heads]
    parts = []
    for name, *cells in table.rows[-DESCRIBED:]:
        numbers = [cell.text for cell in cells]
        if len(series) > 1:
            named = zip(series, numbers, strict=True)
            numbers = [f"{head} {number}" for head, number in named]
        parts.append(f"{name.text}: {', '.join(numbers)}")
    if len(table.rows) > DESCRIBED:
        parts.append(
            writer.language.text("all the numbers are in the table below")
        )
    return "; ".join(parts)
