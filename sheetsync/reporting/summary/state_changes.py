"""States by managers over time: who came into which state today, this week, this month.

Each against the period before; who came is told by `metrics.state_entries`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.lines import TWO_LINES, heading_lines, sentence
from sheetsync.reporting.layout.model import (
    Anchor,
    ReportCell,
    ReportLine,
    named,
)
from sheetsync.reporting.metrics import NOT_ENOUGH, Figure, Figures, explained
from sheetsync.reporting.metrics.events import Event
from sheetsync.reporting.metrics.periods import Period, meeting_periods
from sheetsync.reporting.metrics.stages import Stages
from sheetsync.reporting.summary.events import PERIOD_NAMES
from sheetsync.reporting.summary.figure_table import (
    figure_cell,
    figure_head,
    name_head,
)
from sheetsync.reporting.tabs.companies_behind_figures import (
    FigureLists,
    RowDetails,
    RowRef,
)

NOBODY = marked("nobody came into another state")
NO_ENTRIES = Figure("entered", 0, 0)

EntriesByState = dict[str, Figure]
"""How many came into each state, by its code."""


def came_lines(
    figures: Figures, language: Language, width: int, lists: FigureLists
) -> Iterator[ReportLine]:
    """Go through the block; a manager to whom nothing happened in either period is left out.

    `width`: the report's columns.
    """
    text = language.text
    title = text("Who came into which state")
    note = text("in grey: as many days of the one before")
    yield from heading_lines(
        "came", title, note, explained("entered", language)
    )
    stages = Stages(figures.facts.policy)
    # The first column is the names': of more states than fit beside it the last are left out.
    states = [*stages.funnel, *stages.away][: width - 1]
    for period in meeting_periods(figures.facts.today):
        yield from _StateChanges(
            figures, language, lists, states, period
        ).lines()


class _StateChanges:
    """Words who came into which state in one period. `states`: those that are shown."""

    def __init__(
        self,
        figures: Figures,
        language: Language,
        lists: FigureLists,
        states: Sequence[str],
        period: Period,
    ) -> None:
        self.figures = figures
        self.policy = figures.facts.policy
        self.text = language.text
        self.lists = lists
        self.states = states
        self.period = period
        self.key = f"came:{period.code}"
        now, before = PERIOD_NAMES[period.code]
        self.name = language.text(now)
        self.name_before = language.text(before)
        self.how = explained("entered", language)

    def lines(self) -> Iterator[ReportLine]:
        """Go through managers, each with the period before, and the totals."""
        entries = self.figures.state_entries.by_manager(self.period)
        if not entries:
            words = self.text(NOT_ENOUGH if entries is None else NOBODY)
            yield sentence(f"{self.key}:none", f"{self.name}: {words}")
            return
        yield ReportLine(f"columns:{self.key}", self._heads(), TWO_LINES)
        title = self.text("Who came into which state")
        self.lists.group(self.key, f"{title} · {self.name}")
        links = [self._list(state) for state in self.states]
        # A comparison is either known of all of them or of none.
        compared = next(iter(entries.values())).before is not None
        by_manager = _by_manager(entries)
        for manager, theirs in by_manager.items():
            yield self._manager_line(manager, theirs)
            before = self._numbers_before(theirs)
            if compared and any(before):
                yield self._line_before(f"{self.key}:{manager}:before", before)
        yield self._total_line(by_manager.values(), links)
        if compared:
            all_before = map(self._numbers_before, by_manager.values())
            yield self._line_before(
                f"{self.key}:total:before", _sums(all_before)
            )

    def _heads(self) -> tuple[ReportCell, ...]:
        heads = [name_head(self.name)]
        for state in self.states:
            name = named("states", state, self.policy)
            heads.append(figure_head(name, self.how))
        return tuple(heads)

    def _list(self, state: str) -> Anchor | None:
        """List who came into a state: managers in the order of the alphabet, of each the newest."""
        details: dict[RowRef, RowDetails] = {}
        for event in sorted(self._events(state), key=_manager_then_newest):
            details[event.id] = RowDetails(event.day, "", event.manager)
        title = f"{named('states', state, self.policy)} · {self.name}"
        return self.lists.to(
            f"{self.key}:{state}", title, details, self.how, details
        )

    def _events(self, state: str) -> Iterator[Event]:
        entered = self.figures.state_entries.within(self.period.now)
        for (_, code), events in entered.items():
            if code == state:
                yield from events

    def _manager_line(
        self, manager: str, entries: EntriesByState
    ) -> ReportLine:
        name = ReportCell(manager, "text")
        if not manager:
            name = ReportCell(self.text("— no manager —"), "text_red")
        cells = map(self._entries_cell, self.states, self._figures(entries))
        return ReportLine(f"{self.key}:{manager}", (name, *cells))

    def _figures(self, entries: EntriesByState) -> list[Figure]:
        """Return the entries of each state that is shown."""
        return [entries.get(state, NO_ENTRIES) for state in self.states]

    def _entries_cell(self, state: str, figure: Figure) -> ReportCell:
        if not figure.ids:
            return figure_cell(figure.value)
        link = self.lists.row(f"{self.key}:{state}", figure.ids[0])
        return figure_cell(figure.value, "number", link)

    def _total_line(
        self, entries: Iterable[EntriesByState], links: Sequence[Anchor | None]
    ) -> ReportLine:
        totals = _sums(map(self._numbers, entries))
        numbers = zip(totals, links, strict=True)
        cells = [
            figure_cell(total, "total_number", link) for total, link in numbers
        ]
        name = ReportCell(self.text("Total"), "total")
        return ReportLine(f"{self.key}:total", (name, *cells))

    def _numbers(self, entries: EntriesByState) -> list[float]:
        return [figure.value or 0 for figure in self._figures(entries)]

    def _numbers_before(self, entries: EntriesByState) -> list[float]:
        return [figure.before or 0 for figure in self._figures(entries)]

    def _line_before(self, key: str, numbers: Iterable[float]) -> ReportLine:
        cells = [figure_cell(number, "number_past") for number in numbers]
        return ReportLine(key, (ReportCell(self.name_before, "note"), *cells))


def _by_manager(
    entries: Mapping[tuple[str, str], Figure],
) -> dict[str, EntriesByState]:
    """Return the entries by manager, in the order of the alphabet, nobody's last."""
    by_manager: dict[str, EntriesByState] = {}
    for (manager, state), figure in entries.items():
        by_manager.setdefault(manager, {})[state] = figure
    order = sorted(by_manager, key=lambda manager: (not manager, manager))
    return {manager: by_manager[manager] for manager in order}


def _manager_then_newest(event: Event) -> tuple[bool, str, int, str]:
    return not event.manager, event.manager, -event.day, event.id


def _sums(lines: Iterable[Sequence[float]]) -> list[float]:
    """Add numbers up, column by column."""
    return [sum(column) for column in zip(*lines, strict=True)]
