"""Blocks of the summary that look ahead: the month's plan and fact, what the companies in work may bring; and how long deals take."""

from collections.abc import Iterator

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout.model import Anchor, ReportCell, ReportLine, named
from sheetsync.reporting.metrics import Figures, explained
from sheetsync.reporting.metrics.deals import Bucket
from sheetsync.reporting.metrics.forecast import ENOUGH, Chance
from sheetsync.reporting.metrics.periods import month
from sheetsync.reporting.metrics.targets import PlanAgainstFact
from sheetsync.reporting.summary.offers import figure_cell, heading, heads, name_cell
from sheetsync.reporting.summary.period_blocks import PLANS, TALL, list_events
from sheetsync.reporting.tabs.companies_behind_figures import (
    FigureLists,
    Row,
    RowDetails,
    RowRef,
    row_refs,
)

NO_AMOUNT = "unpriced"


class ForecastBlocks:
    """Words the blocks one after the other."""

    def __init__(self, figures: Figures, language: Language, lists: FigureLists) -> None:
        self.figures, self.language, self.lists, self.policy = (
            figures,
            language,
            lists,
            figures.facts.policy,
        )
        self.text = language.text

    def plan(self) -> Iterator[ReportLine]:
        """Tell the month's plan against what is done, by all and by each who has one."""
        text, targets = self.text, self.figures.targets
        whom = (None, *targets.managers)
        found = [
            (who, name, targets.against(measure, who)) for who in whom for measure, name in PLANS
        ]
        planned = [(who, name, against) for who, name, against in found if against.plan is not None]
        if not planned:
            return
        passed = text("{share}% of the month has passed", share=round(planned[0][2].elapsed * 100))
        yield from heading("plan", text("Plan of the month and fact"), passed)
        words = (
            text("Figure"),
            self.policy.words.name("columns", "manager"),
            (text("Plan"), explained("plan", self.language)),
            text("Fact"),
            (text("Done"), explained("done", self.language)),
        )
        yield ReportLine("columns:plan", heads(*words))
        for who, name, against in planned:
            yield ReportLine(
                f"plan:{who or ''}:{against.measure}", self._against(who, name, against)
            )

    def _against(
        self, who: str | None, name: str, against: PlanAgainstFact
    ) -> tuple[ReportCell, ...]:
        behind = "number_amber" if against.on_course is False else "number"
        where = (self.text("Month"), month(self.figures.facts.today).now)
        event = "taken" if against.measure == "taken" else "sold"
        link = list_events(self.figures, self.language, self.lists, event, where, who)
        named_ = name_cell(
            self.text(name), link if against.fact.value else None, self.text(against.fact.how)
        )
        whose, fact = (
            ReportCell(who or self.text("all"), "text"),
            figure_cell(against.fact.value, behind, link),
        )
        return (
            named_,
            whose,
            figure_cell(against.plan),
            fact,
            figure_cell(against.done, "percent", link),
        )

    def forecast(self) -> Iterator[ReportLine]:
        """Tell what the companies in work may bring, by month, and by state with the chance that a sale has from there."""
        text, forecast = self.text, self.figures.forecast
        total, rows = forecast.total(), forecast.rows
        lacking = rows[rows["worth"].isna()].sort_values(["manager", "id"])
        if not total.value and not len(lacking):
            return
        title = text("Forecast")
        yield from heading(
            "forecast", title, text(total.how), explained("probability", self.language)
        )
        self.lists.group("forecast", title)
        months = forecast.by_month()
        if total.value:
            yield ReportLine(
                "columns:forecast", heads(text("Month"), (text("Amount"), text(total.how)))
            )
        for first, figure in months.items() if total.value else ():
            name = text("no date") if first is None else self.language.month(first)
            mine = rows["month"].isna() if first is None else rows["month"] == pd.Timestamp(first)
            link = self._list(f"forecast:{first or ''}", name, rows[mine & rows["worth"].notna()])
            yield ReportLine(
                f"forecast:{first or ''}",
                (name_cell(name, link), figure_cell(figure.value, "number", link)),
            )
        if total.value:
            yield ReportLine(
                "forecast:total",
                (ReportCell(text("Total"), "total"), figure_cell(total.value, "total_number")),
            )
        yield from self._chances()
        if len(lacking):
            name, how = (
                text("Without an amount or a probability"),
                explained("forecast_unpriced", self.language),
            )
            link = self.lists.to(NO_AMOUNT, name, row_refs(lacking), how)
            yield ReportLine(
                "forecast:unpriced",
                (ReportCell(name, "note"), figure_cell(len(lacking), "number", link)),
            )

    def _chances(self) -> Iterator[ReportLine]:
        text, rows, chances = self.text, self.figures.forecast.rows, self.figures.forecast.chances
        state = self.policy.words.name("columns", "state")
        words = (
            text("Companies"),
            text("Amount"),
            (text("Probability"), explained("probability", self.language)),
            (text("Expected"), explained("forecast", self.language)),
        )
        yield ReportLine("gap:chances", (), 10)
        yield ReportLine(
            "columns:chances",
            (
                *heads(state, *words),
                ReportCell(None, "head"),
                ReportCell(text("Where the probability is from"), "head"),
            ),
            TALL,
        )
        for code, chance in chances.items():
            mine = rows[rows["state"] == code]
            if not len(mine):
                continue
            link = self._list(
                f"chance:{code}", named("states", code, self.policy), mine[mine["worth"].notna()]
            )
            priced = mine[mine["worth"].notna()]
            cells = (
                name_cell(named("states", code, self.policy), link),
                figure_cell(len(priced), "number", link),
                figure_cell(float(priced["amount"].sum()), "number", link),
                figure_cell(chance.figure.value, "percent"),
                figure_cell(float(priced["worth"].sum()), "number", link),
                ReportCell(None, "text"),
                ReportCell(self._source(chance), "note"),
            )
            yield ReportLine(f"chances:{code}", cells)

    def _source(self, chance: Chance) -> str:
        if chance.measured:
            return self.text(
                "measured here: {won} of {over} were sold", won=chance.won, over=chance.over
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
        full = f"{self.text('Forecast')} · {title}"
        return self.lists.to(
            key, full, row_refs(dear), explained("forecast", self.language), self._sum
        )

    def _sum(self, _: RowRef, row: Row) -> RowDetails:
        number, chance = (
            self.language.number,
            self.figures.forecast.chances[row["state"]].figure.value or 0,
        )
        worth = row["amount"] * chance
        return RowDetails(
            None,
            f"{number(round(row['amount']))} × {round(chance * 100)} % = {number(round(worth))}",
        )

    def lengths(self) -> Iterator[ReportLine]:
        """Tell how long the deals of the last year took."""
        text, (period, buckets) = self.text, self.figures.sales
        if not any(bucket.figure.value for bucket in buckets):
            return
        title = text("How long deals take")
        yield from heading("lengths", title, text("sales of the last {n} days", n=period.now.days))
        yield ReportLine(
            "columns:lengths",
            heads(text("Days"), (text("Deals"), explained("length", self.language))),
        )
        self.lists.group("lengths", title)
        days = self.figures.deals.lengths("sold", period.now)
        for bucket in buckets:
            name = bucket_name(bucket, self.language)
            ids = sorted(bucket.figure.ids, key=lambda row_id: (days[row_id], row_id))
            said: dict[RowRef, RowDetails] = {
                i: RowDetails(
                    None,
                    self.language.plural(
                        "{n} day from the beginning of work",
                        "{n} days from the beginning of work",
                        int(days[i]),
                    ),
                )
                for i in ids
            }
            link = self.lists.to(
                f"length:{bucket.least}",
                f"{title} · {name}",
                said,
                explained("length", self.language),
                said,
            )
            yield ReportLine(
                f"lengths:{bucket.least}",
                (name_cell(name, link), figure_cell(bucket.figure.value, "number", link)),
            )


def bucket_name(bucket: Bucket, language: Language) -> str:
    """Name a bucket of days."""
    if bucket.most is None:
        return language.text("more than {n} days", n=bucket.least - 1)
    if not bucket.least:
        return language.plural("up to {n} day", "up to {n} days", bucket.most)
    if bucket.least == bucket.most:
        return language.plural("{n} day", "{n} days", bucket.most)
    return language.text("{least}–{most} days", least=bucket.least, most=bucket.most)
