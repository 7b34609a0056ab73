"""The charts of the summary on the page: drawn from the same data as the workbook's native ones, each with its numbers as a table."""

from functools import partial

from sheetsync.reporting.layout.model import ReportChart, Series
from sheetsync.reporting.meeting_pack.chart_shapes import draw, numbers_of
from sheetsync.reporting.meeting_pack.context import DASH, Writing, patterned, seen
from sheetsync.reporting.meeting_pack.model import Cell, Figured, Head, Legend, Table
from sheetsync.reporting.summary.charts import all_charts

TOLD = 6
"""Categories that the spoken description of a chart names at most; all of them stand in its table."""


def figured(w: Writing) -> tuple[Figured, ...]:
    """Return every chart of the summary, in its order."""
    return tuple(_figured(chart, w) for chart in all_charts(w.figures, w.language))


def _figured(chart: ReportChart, w: Writing) -> Figured:
    chart = _seen(chart)
    write = partial(patterned, pattern=chart.number_format, language=w.language)
    legend = (
        tuple(Legend(series.name, series.color) for series in chart.series)
        if len(chart.series) > 1
        else ()
    )
    numbers = numbers_of(chart)
    rows = tuple(
        (
            Cell(name),
            *(Cell(DASH if series[at] is None else write(series[at] or 0.0)) for series in numbers),
        )
        for at, name in enumerate(chart.categories)
    )
    heads = (Head(chart.axis), *(Head(series.name, number=True) for series in chart.series))
    drawn = chart.drawn
    picture = draw(chart, write) if drawn else None
    table = Table(chart.title, heads, rows)
    return Figured(
        chart.key,
        chart.title,
        _told(table, w),
        chart.width,
        picture,
        legend,
        table,
        "" if drawn else chart.empty,
    )


def _seen(chart: ReportChart) -> ReportChart:
    series = tuple(Series(seen(one.name), one.numbers, one.color) for one in chart.series)
    names = tuple(seen(name) or "—" for name in chart.categories)
    return chart._replace(
        title=seen(chart.title), axis=seen(chart.axis), categories=names, series=series
    )


def _told(table: Table, w: Writing) -> str:
    """Say what a chart shows, for who does not see it: its first categories with their numbers."""
    names = [head.text for head in table.heads[1:]]
    parts = []
    for name, *cells in table.rows[-TOLD:] if len(table.rows) > TOLD else table.rows:
        told = ", ".join(
            cell.text if len(names) == 1 else f"{head} {cell.text}"
            for head, cell in zip(names, cells, strict=True)
        )
        parts.append(f"{name.text}: {told}")
    rest = (
        w.language.text("all the numbers are in the table below") if len(table.rows) > TOLD else ""
    )
    return "; ".join([*parts, *([rest] if rest else [])])
