"""The summary's block on how long the deals of the last year took.

The lengths are `metrics.deals`'.
"""

from collections.abc import Iterator

from sheetsync.i18n import Language
from sheetsync.reporting.layout.lines import heading_lines
from sheetsync.reporting.layout.model import ReportLine
from sheetsync.reporting.metrics import Figures, explained
from sheetsync.reporting.metrics.deals import Bucket
from sheetsync.reporting.summary.events import length_words
from sheetsync.reporting.summary.figure_table import (
    figure_cell,
    figure_head,
    name_cell,
    name_head,
)
from sheetsync.reporting.tabs.companies_behind_figures import (
    FigureLists,
    RowDetails,
    RowRef,
)


def length_lines(
    figures: Figures, language: Language, lists: FigureLists
) -> Iterator[ReportLine]:
    """Go through the block; nothing where nothing was sold."""
    text = language.text
    how = explained("length", language)
    period, buckets = figures.sales
    if not any(bucket.figure.value for bucket in buckets):
        return
    title = text("How long deals take")
    note = text("sales of the last {n} days", n=period.now.days)
    yield from heading_lines("lengths", title, note)
    heads = (name_head(text("Days")), figure_head(text("Deals"), how))
    yield ReportLine("columns:lengths", heads)
    lists.group("lengths", title)
    days = figures.deals.lengths("sold", period.now)
    for bucket in buckets:
        name = bucket_name(bucket, language)
        details: dict[RowRef, RowDetails] = {}
        # The shortest first; of alike ones always in the same order.
        for length, row_id in sorted(
            (days[row_id], row_id) for row_id in bucket.figure.ids
        ):
            details[row_id] = RowDetails(None, length_words(length, language))
        key = f"length:{bucket.least}"
        link = lists.to(key, f"{title} · {name}", details, how, details)
        cells = (
            name_cell(name, link),
            figure_cell(bucket.figure.value, "number", link),
        )
        yield ReportLine(f"lengths:{bucket.least}", cells)


def bucket_name(bucket: Bucket, language: Language) -> str:
    """Name a bucket of days."""
    if bucket.most is None:
        return language.text("more than {n} days", n=bucket.least - 1)
    if not bucket.least:
        return language.plural("up to {n} day", "up to {n} days", bucket.most)
    if bucket.least == bucket.most:
        return language.plural("{n} day", "{n} days", bucket.most)
    return language.text(
        "{least}–{most} days", least=bucket.least, most=bucket.most
    )
