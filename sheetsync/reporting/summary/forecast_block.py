"""The summary's block of the forecast: what the companies in work may bring, and by what chances.

How it is worked out is `metrics.forecast`'.
"""

from collections.abc import Iterator

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout.lines import TWO_LINES, gap, heading_lines
from sheetsync.reporting.layout.model import (
    BLANK,
    Anchor,
    ReportCell,
    ReportLine,
    named,
)
from sheetsync.reporting.metrics import Figure, Figures, explained
from sheetsync.reporting.metrics.forecast import ENOUGH, Chance
from sheetsync.reporting.summary.figure_table import (
    figure_cell,
    figure_head,
    name_cell,
    name_head,
)
from sheetsync.reporting.tabs.companies_behind_figures import (
    FigureLists,
    Row,
    RowDetails,
    RowRef,
    row_refs,
)

UNPRICED = "unpriced"
"""The list of the companies that the forecast lacks."""


class ForecastBlock:
    """Words the forecast: by month, then by state with the chance that a sale has from there."""

    def __init__(
        self, figures: Figures, language: Language, lists: FigureLists
    ) -> None:
        self.forecast = figures.forecast
        self.policy = figures.facts.policy
        self.language = language
        self.text = language.text
        self.lists = lists
        self.rows = figures.forecast.rows
        self.priced = self.rows[self.rows["worth"].notna()]
        self.unpriced = self.rows[self.rows["worth"].isna()]

    def _explained(self, code: str) -> str:
        return explained(code, self.language)

    def lines(self) -> Iterator[ReportLine]:
        """Go through the block; nothing where no company is in work."""
        total = self.forecast.total()
        if not total.value and not len(self.unpriced):
            return
        title = self.text("Forecast")
        how = self.text(total.how)
        yield from heading_lines(
            "forecast", title, how, self._explained("probability")
        )
        self.lists.group("forecast", title)
        if total.value:
            yield from self._months(total)
        yield from self._chances()
        if len(self.unpriced):
            yield self._unpriced_line()

    def _months(self, total: Figure) -> Iterator[ReportLine]:
        text = self.text
        heads = (
            name_head(text("Month")),
            figure_head(text("Amount"), text(total.how)),
        )
        yield ReportLine("columns:forecast", heads)
        for first, figure in self.forecast.by_month().items():
            if first is None:
                name = text("no date")
                rows = self.priced[self.priced["month"].isna()]
            else:
                name = self.language.month(first)
                rows = self.priced[self.priced["month"] == pd.Timestamp(first)]
            key = f"forecast:{first or ''}"
            link = self._list(key, name, rows)
            cells = (
                name_cell(name, link),
                figure_cell(figure.value, "number", link),
            )
            yield ReportLine(key, cells)
        whole = (
            ReportCell(text("Total"), "total"),
            figure_cell(total.value, "total_number"),
        )
        yield ReportLine("forecast:total", whole)

    def _chances(self) -> Iterator[ReportLine]:
        text = self.text
        yield gap("chances", 10)
        heads = (
            name_head(self.policy.words.name("columns", "state")),
            figure_head(text("Companies")),
            figure_head(text("Amount")),
            figure_head(text("Probability"), self._explained("probability")),
            figure_head(text("Expected"), self._explained("forecast")),
            ReportCell(None, "head"),
            name_head(text("Where the probability is from")),
        )
        yield ReportLine("columns:chances", heads, TWO_LINES)
        states = {*self.rows["state"]}
        for code, chance in self.forecast.chances.items():
            if code in states:
                yield self._chance_line(code, chance)

    def _chance_line(self, code: str, chance: Chance) -> ReportLine:
        name = named("states", code, self.policy)
        rows = self.priced[self.priced["state"] == code]
        link = self._list(f"chance:{code}", name, rows)
        cells = (
            name_cell(name, link),
            figure_cell(len(rows), "number", link),
            figure_cell(float(rows["amount"].sum()), "number", link),
            figure_cell(chance.figure.value, "percent"),
            figure_cell(float(rows["worth"].sum()), "number", link),
            BLANK,
            ReportCell(self._source(chance), "note"),
        )
        return ReportLine(f"chances:{code}", cells)

    def _source(self, chance: Chance) -> str:
        """Say where a probability is from."""
        # The policy's until so many rounds are over, then the bare share of those sold: it can be
        # counted by hand.
        if chance.measured:
            return self.text(
                "measured here: {won} of {over} were sold",
                won=chance.won,
                over=chance.over,
            )
        if chance.figure.value is None:
            return self.text("not set: the forecast leaves these out")
        return self.text(
            "from the settings; measured here from {least} finished on, now {n}",
            least=ENOUGH,
            n=chance.over,
        )

    def _list(self, key: str, title: str, rows: pd.DataFrame) -> Anchor | None:
        """List companies of the forecast with their amounts and chances, the dearest first."""
        dear = rows.sort_values(["worth", "id"], ascending=[False, True])
        forecast, how = self.text("Forecast"), self._explained("forecast")
        return self.lists.to(
            key, f"{forecast} · {title}", row_refs(dear), how, self._product
        )

    def _product(self, _: RowRef, row: Row) -> RowDetails:
        """Say how a company's worth is worked out."""
        number = self.language.number
        amount = row["amount"]
        chance = self.forecast.chances[row["state"]].figure.value or 0
        percent = f"{round(chance * 100)} %"
        worth = number(round(amount * chance))
        return RowDetails(
            None, f"{number(round(amount))} × {percent} = {worth}"
        )

    def _unpriced_line(self) -> ReportLine:
        name = self.text("Without an amount or a probability")
        how = self._explained("forecast_unpriced")
        rows = self.unpriced.sort_values(["manager", "id"])
        link = self.lists.to(UNPRICED, name, row_refs(rows), how)
        cells = (
            ReportCell(name, "note"),
            figure_cell(len(rows), "number", link),
        )
        return ReportLine("forecast:unpriced", cells)
