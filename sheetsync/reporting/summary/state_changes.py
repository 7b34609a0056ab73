"""States by managers over time: who came into which state today, this week, this month, each against the period before."""

from collections.abc import Iterable, Iterator, Mapping

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.model import Anchor, ReportCell, ReportLine, named
from sheetsync.reporting.metrics import NOT_ENOUGH, Figure, Figures, explained
from sheetsync.reporting.metrics.periods import Period, meeting_periods
from sheetsync.reporting.metrics.stages import Stages
from sheetsync.reporting.summary.offers import figure_cell, heading, heads
from sheetsync.reporting.tabs.companies_behind_figures import FigureLists, RowDetails, RowRef

NAMES: Mapping[str, tuple[str, str]] = {
    "today": (marked("Today"), marked("Yesterday")),
    "week": (marked("Week"), marked("Last week")),
    "month": (marked("Month"), marked("Last month")),
}
"""What a period is called, and the one before it."""

NOBODY = marked("nobody came into another state")

Found = dict[tuple[str, str], Figure]


def came_lines(
    figures: Figures, language: Language, width: int, lists: FigureLists
) -> Iterator[ReportLine]:
    """Go through the block; a manager to whom nothing happened in either period is left out. `width`: the report's columns."""
    told = _Came(figures, language, width, lists)
    title, note = (
        language.text("Who came into which state"),
        language.text("in grey: as many days of the one before"),
    )
    yield from heading("came", title, note, explained("entered", language))
    for period in meeting_periods(figures.facts.today):
        yield from told.period(period)


class _Came:
    def __init__(
        self, figures: Figures, language: Language, width: int, lists: FigureLists
    ) -> None:
        self.figures, self.language, self.lists, self.policy = (
            figures,
            language,
            lists,
            figures.facts.policy,
        )
        stages = Stages(self.policy)
        self.states = [*stages.funnel, *stages.away][: width - 1]

    def period(self, period: Period) -> Iterator[ReportLine]:
        """Return the lines of one period: managers, each with the one before, and the totals."""
        found = self.figures.state_entries.by_manager(period)
        name, before = (self.language.text(word) for word in NAMES[period.code])
        if not found:
            said = self.language.text(NOT_ENOUGH if found is None else NOBODY)
            yield ReportLine(f"came:{period.code}:none", (ReportCell(f"{name}: {said}", "plain"),))
            return
        states = (
            (named("states", code, self.policy), explained("entered", self.language))
            for code in self.states
        )
        yield ReportLine(f"columns:came:{period.code}", heads(name, *states), 34)
        self.lists.group(
            f"came:{period.code}", f"{self.language.text('Who came into which state')} · {name}"
        )
        links = {code: self._list(period, code, name) for code in self.states}
        # A comparison is either known of all of them or of none.
        known = next(iter(found.values())).before is not None
        for manager in sorted({manager for manager, _ in found}, key=lambda who: (not who, who)):
            yield from self._manager(manager, period, found, before if known else "")
        yield self._line(f"came:{period.code}:total", self.language.text("Total"), found, links)
        if known:
            yield self._past(f"came:{period.code}:total:before", before, found)

    def _list(self, period: Period, code: str, name: str) -> Anchor | None:
        """List who came into a state: managers in the order of the alphabet, of each the newest first."""
        entered = self.figures.state_entries.within(period.now)
        events = [
            event for (_, state), theirs in entered.items() if state == code for event in theirs
        ]
        events.sort(key=lambda event: (not event.manager, event.manager, -event.day, event.id))
        said: dict[RowRef, RowDetails] = {
            event.id: RowDetails(event.day, "", event.manager) for event in events
        }
        title = f"{named('states', code, self.policy)} · {name}"
        return self.lists.to(
            f"came:{period.code}:{code}", title, said, explained("entered", self.language), said
        )

    def _manager(
        self, manager: str, period: Period, found: Found, before: str
    ) -> Iterator[ReportLine]:
        links: dict[str, Anchor | None] = {}
        mine = {
            code: figure
            for (who, code), figure in found.items()
            if who == manager and code in self.states
        }
        for code, figure in mine.items():
            links[code] = (
                self.lists.row(f"came:{period.code}:{code}", figure.ids[0]) if figure.ids else None
            )
        cells = (
            figure_cell(mine[code].value if code in mine else 0, "number", links.get(code))
            for code in self.states
        )
        who = (
            ReportCell(manager, "text")
            if manager
            else ReportCell(self.language.text("— no manager —"), "text_red")
        )
        yield ReportLine(f"came:{period.code}:{manager}", (who, *cells))
        if before and any(figure.before for figure in mine.values()):
            past = (
                figure_cell(mine[code].before if code in mine else 0, "number_past")
                for code in self.states
            )
            yield ReportLine(
                f"came:{period.code}:{manager}:before", (ReportCell(before, "note"), *past)
            )

    def _line(
        self, key: str, name: str, found: Found, links: Mapping[str, Anchor | None]
    ) -> ReportLine:
        totals = {
            code: _sum(f.value for (_, state), f in found.items() if state == code)
            for code in self.states
        }
        cells = (figure_cell(totals[code], "total_number", links[code]) for code in self.states)
        return ReportLine(key, (ReportCell(name, "total"), *cells))

    def _past(self, key: str, name: str, found: Found) -> ReportLine:
        totals = (
            _sum(f.before for (_, state), f in found.items() if state == code)
            for code in self.states
        )
        return ReportLine(
            key,
            (ReportCell(name, "note"), *(figure_cell(total, "number_past") for total in totals)),
        )


def _sum(values: Iterable[float | None]) -> float:
    return sum(value for value in values if value is not None)
