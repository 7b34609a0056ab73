"""Managers on the summary: by state and against the limit, as it stands now.

Load and overdue steps by age, against the time before, are `ages`'.
"""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from sheetsync.i18n import Language, marked
from sheetsync.method.codes import SectionCode
from sheetsync.reporting.layout.lines import TWO_LINES, heading_lines
from sheetsync.reporting.layout.model import (
    Anchor,
    Link,
    ReportCell,
    ReportLine,
    bar,
    named,
)
from sheetsync.reporting.metrics import explained
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.summary.figure_table import (
    figure_cell,
    figure_head,
    name_head,
)
from sheetsync.reporting.tabs.companies_behind_figures import (
    FigureLists,
    FigurePart,
    row_refs,
)

MARKS = ("overdue", "today", "week", "closing", "no_step", "fill")
"""What is counted beside the states: each is a block of a manager's own sheet."""
ORDER = {
    "overdue": ["next_on", "company", "id"],
    "today": ["manager", "company", "id"],
    "week": ["next_on", "company", "id"],
    "no_step": ["last_contact", "company", "id"],
    "closing": ["left", "company", "id"],
    "fill": ["manager", "company", "id"],
}
"""How the rows of each mark are listed."""
NO_MANAGER = marked("— no manager —")
NOBODY = ""
"""The manager of rows that nobody leads."""

Links = Mapping[str, Link | Anchor | None]
"""Where figures lead, by the code of a state or a mark."""


class TeamRows:
    """The rows of all managers, and how each is named.

    `titles`: the tab of each; `states`: those of the working list, in their order.
    """

    def __init__(
        self,
        facts: Facts,
        language: Language,
        titles: Mapping[str, str],
        states: Sequence[str],
        lists: FigureLists,
    ) -> None:
        self.facts = facts
        self.policy = facts.policy
        self.language = language
        self.titles = titles
        self.states = states
        self.lists = lists
        managers = facts.rows["manager"].fillna(NOBODY)
        self.rows = facts.rows.assign(manager=managers)
        working = self.rows[self.rows["working"]]
        self.working = working.sort_values(
            ORDER["overdue"], na_position="first"
        )
        self.names = [*titles]
        if (self.working["manager"] == NOBODY).any():
            self.names.append(NOBODY)

    def name(self, manager: str) -> str:
        """Name a manager."""
        return manager or self.language.text(NO_MANAGER)

    def name_cell(self, manager: str) -> ReportCell:
        """Name a manager, leading to the manager's own sheet."""
        if manager == NOBODY:
            return ReportCell(self.name(manager), "text_red")
        return ReportCell(manager, "link", (f"tab:{self.titles[manager]}", 1))


class ManagersBlock:
    """Words the block of managers by state and against the limit."""

    def __init__(self, team: TeamRows) -> None:
        self.team = team
        self.facts = team.facts
        self.policy = team.facts.policy
        self.language = team.language
        self.text = team.language.text
        self.lists = team.lists
        self.states = team.states
        self.refs_by_place = self._refs_by_place()
        self.mark_names = {
            "overdue": self.text("Overdue"),
            "today": self.text("Today"),
            "week": self.text("Later this week"),
            "closing": self.text(
                "Deadline ≤ {n} days", n=self.facts.warn_days[-1]
            ),
            "no_step": self.text("No step"),
            "fill": self.text("To fill in"),
        }

    def _refs_by_place(self) -> dict[tuple[str, str], tuple[int, ...]]:
        """Return the rows of the working list by manager and state."""
        groups = self.team.working.groupby(["manager", "state"]).groups
        return {
            place: tuple(map(int, indexes)) for place, indexes in groups.items()
        }

    def lines(self) -> Iterator[ReportLine]:
        """Go through managers against the cap and by state, rows that nobody leads, the totals."""
        yield from heading_lines(
            "managers", self.text("Managers"), self._note()
        )
        yield self._heads()
        table = self._counts()
        for manager in self.team.names:
            yield self._manager_line(manager, _as_dict(table.loc[manager]))
        yield self._total_line(_as_dict(table.sum()))

    def _note(self) -> str:
        if self.facts.one_limit is None:
            return self.text(
                "load is counted without clients and deals being supported; "
                "some have a limit of their own"
            )
        return self.text(
            "load is counted without clients and deals being supported; the limit is {max}",
            max=self.policy.cap.max,
        )

    def _heads(self) -> ReportLine:
        limit = self.facts.one_limit
        of_limit = self.text("of the limit")
        if limit is not None:
            of_limit = self.text("of {max}", max=limit)
        cells = (
            name_head(self.policy.words.name("columns", "manager")),
            figure_head(self.text("Load"), explained("load", self.language)),
            ReportCell(
                of_limit, "head_center", None, explained("cap", self.language)
            ),
            *self._count_heads(),
        )
        return ReportLine("columns:managers", cells, TWO_LINES)

    def _count_heads(self) -> Iterator[ReportCell]:
        """Go through the headings of what is counted: marks, then states."""
        in_state = explained("in_state", self.language)
        for mark, name in self.mark_names.items():
            yield figure_head(name, explained(mark, self.language))
        for state in self.states:
            yield figure_head(named("states", state, self.policy), in_state)

    def _counts(self) -> pd.DataFrame:
        """Return load, marks and states by manager, as whole numbers."""
        marks = ["load", *MARKS]
        rows = self.team.rows
        counts = rows[marks].astype("int64").groupby(rows["manager"]).sum()
        working = self.team.working
        by_state = pd.crosstab(working["manager"], working["state"])
        counts = counts.join(
            by_state.reindex(columns=self.states, fill_value=0)
        )
        counts = counts.reindex(columns=[*marks, *self.states]).fillna(0)
        return counts.astype("int64").reindex(self.team.names, fill_value=0)

    def _manager_line(
        self, manager: str, counts: Mapping[str, int]
    ) -> ReportLine:
        load = counts["load"]
        limit = self.facts.limit(manager)
        # Nobody's rows are in no list, and over no limit.
        over = manager != NOBODY and load > limit
        links = self._links(manager, load)
        styles = {"overdue": "number_red", "closing": "number_amber"}
        cells = []
        for key in (*MARKS, *self.states):
            cells.append(
                figure_cell(counts[key], styles.get(key, "number"), links[key])
            )
        load_link = links["load"] if load else None
        first = (
            self.team.name_cell(manager),
            ReportCell(load, "number_red" if over else "number", load_link),
            ReportCell(
                self._load_bar(manager, load), "bar_red" if over else "bar"
            ),
        )
        return ReportLine(f"managers:{manager}", (*first, *cells))

    def _load_bar(self, manager: str, load: int) -> str | None:
        if manager == NOBODY:
            return None
        limit = self.facts.limit(manager)
        drawn = bar(load, limit)
        # One limit of all stands in the heading.
        return drawn if self.facts.one_limit is not None else f"{drawn} {limit}"

    def _links(self, manager: str, load: int) -> Links:
        """Return where a manager's figures lead.

        States lead to lists of their own, all else to the blocks of the manager's sheet.
        """
        links: dict[str, Link | Anchor | None] = {"load": None}
        # A heading without lists below it is not written, and nothing may lead there.
        if any((manager, state) in self.refs_by_place for state in self.states):
            title = (
                f"{self.team.name(manager)} · {self._load_words(manager, load)}"
            )
            links["load"] = self.lists.group(f"working:{manager}", title)
        for state in self.states:
            title = f"{self.team.name(manager)} · {named('states', state, self.policy)}"
            refs = self.refs_by_place.get((manager, state), ())
            links[state] = self.lists.to(
                f"state:{manager}:{state}", title, refs
            )
        for mark in MARKS:
            if manager == NOBODY:
                links[mark] = self._nobodys_list(mark)
            else:
                links[mark] = Anchor(f"manager:{manager}", f"head:{mark}")
        return links

    def _load_words(self, manager: str, load: int) -> str:
        if manager == NOBODY:
            return self.text("load {n}", n=load)
        return self.text(
            "load {n} of {max}", n=load, max=self.facts.limit(manager)
        )

    def _nobodys_list(self, mark: str) -> Anchor | None:
        """List the rows of a mark that nobody leads."""
        rows = self.team.rows[self.team.rows["manager"] == NOBODY]
        title = f"{self.team.name(NOBODY)} · {self.mark_names[mark]}"
        return self._mark_list(f"{mark}:nobody", title, rows, mark)

    def _mark_list(
        self, key: str, title: str, rows: pd.DataFrame, mark: str
    ) -> Anchor | None:
        due = rows[rows[mark]].sort_values(ORDER[mark], na_position="first")
        details = self.lists.time_left if mark == "closing" else None
        how = explained(mark, self.language)
        return self.lists.to(key, title, row_refs(due), how, details)

    def _total_line(self, counts: Mapping[str, int]) -> ReportLine:
        links = self._total_links(counts)
        cells = []
        for key in (*MARKS, *self.states):
            cells.append(
                ReportCell(
                    counts[key],
                    "total_number",
                    links[key] if counts[key] else None,
                )
            )
        load = ReportCell(
            counts["load"], "total_number", (SectionCode.WORKING, 1)
        )
        name = ReportCell(self.text("Total"), "total")
        return ReportLine(
            "managers:total", (name, load, ReportCell(None, "total"), *cells)
        )

    def _total_links(self, counts: Mapping[str, int]) -> Links:
        """Return where the totals lead: to the managers' lists of a state, to lists of a mark."""
        links: dict[str, Link | Anchor | None] = dict.fromkeys(self.states)
        self.lists.group("all", self.text("All managers"))
        for state in self.states:
            if counts[state]:
                title = named("states", state, self.policy)
                links[state] = self.lists.parts(
                    f"state:{state}", title, self._by_manager(state)
                )
        for mark in MARKS:
            if mark == "overdue":
                continue
            links[mark] = self._mark_list(
                mark, self.mark_names[mark], self.team.rows, mark
            )
        links["overdue"] = Anchor("figures", "group:overdue")
        return links

    def _by_manager(self, state: str) -> Iterator[FigurePart]:
        for manager in self.team.names:
            refs = self.refs_by_place.get((manager, state), ())
            if refs:
                link = Anchor("figures", f"head:state:{manager}:{state}")
                yield FigurePart(self.team.name(manager), len(refs), link)


def _as_dict(counts: "pd.Series[int]") -> dict[str, int]:
    return {str(code): int(count) for code, count in counts.items()}
