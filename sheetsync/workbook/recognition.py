"""Recognises a base in a book that was read: which tab is which section, which column is which field, and what is amiss.

A tab is known by what the team says of it, by its id, or by its name, in this order; a column by its heading, and by what
it holds where the heading has changed. What is to be done about a row is the enforcer's.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.errors import BookUnrecognised
from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.method.vocabulary import section_of
from sheetsync.schema import Problem, Severity, frame_of
from sheetsync.values import clean, fold
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.column_evidence import held_by
from sheetsync.workbook.headings import (
    Headings,
    Lookup,
    Missing,
    Renamed,
    find_headings,
    repeated_headings,
)
from sheetsync.workbook.layout import Seat, TabLayout
from sheetsync.workbook.row_identity import ALPHABET, LENGTH
from sheetsync.workbook.snapshot import Book, Grid, Snapshot, Tab, is_own


class Seated(NamedTuple):
    """A tab and the section it is taken for. `told`: the team says so itself."""

    grid: Grid
    section: str
    told: bool = False


def sections_of(book: Book, policy: Policy) -> Iterator[Seated]:
    """Name the section of every tab that has one: those that the team names first, then by id, then by title.

    A tab that bears a section's own name comes before one that only sounds like it.
    """
    known, titles = book.layout.by_id, book.layout.by_title
    told = {titles[m.title].sheet_id: m.section for m in policy.mapped.tabs if m.title in titles}
    told |= {
        grid.sheet_id: m.section
        for m in policy.mapped.tabs
        for grid in book.grids
        if grid.title == m.title
    }
    for grid in book.grids:
        if section := told.get(grid.sheet_id):
            yield Seated(grid, section, told=True)
    rest = [grid for grid in book.grids if grid.sheet_id not in told]
    for grid in rest:
        if grid.sheet_id in known:
            yield Seated(grid, known[grid.sheet_id].section)
    names = {policy.words.name("sections", code) for code in policy.codes("sections")}
    for grid in sorted(rest, key=lambda grid: grid.title not in names):
        section = None if is_own(grid.title, policy) else section_of(grid.title, policy)
        if section is not None and grid.sheet_id not in known:
            yield Seated(grid, section)


class _Recogniser:
    """Goes through the tabs of one book and gathers what it finds and what is wrong with them."""

    def __init__(self, book: Book, policy: Policy, language: Language, state: pd.DataFrame) -> None:
        self.book, self.policy, self.language, self.state = book, policy, language, state
        self.tabs: dict[str, Tab] = {}
        self.theirs: set[str] = set()
        self.missing: list[tuple[str, Missing]] = []
        self.problems: list[Problem] = []

    def _report(
        self, code: str, severity: Severity, where: tuple[str, str], message: str, fix: str
    ) -> None:
        self.problems.append(Problem(code, severity, where[0], 0, where[1], message, fix))

    def look_at(self, seated: Seated) -> None:
        """Take a tab as its section, or say why it cannot be."""
        grid, text, words = seated.grid, self.language.text, self.policy.words
        section = self._place(seated)
        before = self._before(grid)
        lookup = Lookup(self.policy, grid.title)
        headings = find_headings(grid.cells, lookup, before.fields)
        if section in self.tabs:
            message = text(
                "“{other}” and “{tab}” are the same section.",
                other=self.tabs[section].title,
                tab=grid.title,
            )
            fix = text("Rename or merge one of them; only the first is read.")
            self._report("section_twice", Severity.ERROR, (grid.title, ""), message, fix)
        elif headings is None:
            first, second = words.name("columns", "company"), words.name("columns", "state")
            fix = text(
                "Put headings such as “{first}” and “{second}” into its first row.",
                first=first,
                second=second,
            )
            self._report(
                "no_headings",
                Severity.ERROR,
                (grid.title, ""),
                text("The tab has no heading row."),
                fix,
            )
        else:
            self.tabs[section] = self._tab(grid, section, headings, before)

    def _place(self, seated: Seated) -> str:
        """Return the section's code; a further tab of several sections, or one the team says is the same, gets a number."""
        if kind_of(seated.section) != MIXED and not (seated.told and seated.section in self.tabs):
            return seated.section
        kept = self._before(seated.grid)
        if kind_of(kept.section) == MIXED and kept.section not in self.tabs:
            return kept.section
        taken = {*self.tabs, *(tab.section for tab in self.book.layout.tabs)}
        numbered = (
            MIXED if n == 1 else f"{MIXED}.{n}"
            for n in range(1, len(self.book.grids) + len(taken) + 2)
        )
        return next(code for code in numbered if code not in taken)

    def _before(self, grid: Grid) -> TabLayout:
        """Return what is remembered of a tab: by its id, or by its name where it was replaced by another of that name."""
        nothing = TabLayout("", grid.sheet_id, grid.title)
        layout = self.book.layout
        return layout.by_id.get(grid.sheet_id) or layout.by_title.get(grid.title) or nothing

    def _tab(self, grid: Grid, section: str, headings: Headings, before: TabLayout) -> Tab:
        self._follow(grid, before)
        ours = self._without_others(headings, before)
        found, renamed = self._found_again(grid, section, ours, before)
        self._columns(grid, found)
        first = found.at + 1
        frame, faulty = frame_of(
            grid.cells[first:], first + 1, found.fields, self.policy, found.more
        )
        again = {row + 1 for row in self._repeats(grid, found)}
        faulty = tuple(fault for fault in faulty if fault.row not in again)
        bad = {fault.row for fault in faulty}
        clients = (_is_client(frame, self.policy) | frame["row"].isin(bad)) & ~frame["row"].isin(
            again
        )
        kept = frame[clients].reset_index(drop=True)
        return Tab(
            grid, section, found.at, found.fields, found.named, kept, faulty, found.more, renamed
        )

    def _repeats(self, grid: Grid, headings: Headings) -> tuple[int, ...]:
        """Name the rows that are the headings again, and say so: they are no clients."""
        again = repeated_headings(grid.cells, headings, Lookup(self.policy, grid.title))
        if again:
            text, rows = self.language.text, ", ".join(str(row + 1) for row in again[:10])
            message = text(
                "The headings stand again in row {rows}; they are not read as clients.", rows=rows
            )
            self._report(
                "headings_twice",
                Severity.WARNING,
                (grid.title, ""),
                message,
                text("Delete them when you can."),
            )
        return again

    def _follow(self, grid: Grid, before: TabLayout) -> None:
        """Say that a tab was renamed."""
        if before.section and before.title != grid.title:
            text = self.language.text
            message = text(
                "The tab “{before}” is called “{now}” now.", before=before.title, now=grid.title
            )
            self._report(
                "tab_renamed",
                Severity.NOTICE,
                (grid.title, ""),
                message,
                text("Nothing is to be done."),
            )

    def learn(self, seated: Seated) -> None:
        """Note which of the program's headings the team uses for columns of its own, on any tab."""
        grid = seated.grid
        before = self._before(grid)
        headings = find_headings(grid.cells, Lookup(self.policy, grid.title), before.fields)
        if headings is None or not (before.fields or not len(self.state)):
            return
        for name in self._unproven(headings, before):
            if not _is_ours(grid, headings, name, seen=name in before.fields):
                self.theirs.add(name)

    def _unproven(self, headings: Headings, before: TabLayout) -> list[str]:
        """Return the program's own fields that are found by a heading which was not seen in this tab before."""
        own = [
            c.field
            for c in self.policy.columns
            if c.owner == "daemon" and c.field in headings.fields
        ]
        seats = {name: before.fields[name] for name in own if name in before.fields}
        named = {name: headings.named[headings.fields[name]] for name in own}
        return [
            name
            for name in own
            if name not in seats
            or named[name] != seats[name].heading
            or headings.fields[name] != seats[name].at
        ]

    def _without_others(self, headings: Headings, before: TabLayout) -> Headings:
        """Leave out a column of the team's that only bears the name of one of the program's own."""
        others = {name for name in self._unproven(headings, before) if name in self.theirs}
        own = [c.field for c in self.policy.columns if c.owner == "daemon"]
        fields = {name: at for name, at in headings.fields.items() if name not in others}
        doubled = tuple(name for name in headings.doubled if name not in own)
        return replace(headings, fields=fields, doubled=doubled)

    def _found_again(
        self, grid: Grid, section: str, headings: Headings, before: TabLayout
    ) -> tuple[Headings, tuple[Renamed, ...]]:
        """Look for the columns that were there and whose headings are not any more."""
        team = {column.field for column in self.policy.columns if column.owner == "team"}
        lookup = Lookup(self.policy, grid.title)
        gone = {
            name: seat
            for name, seat in before.fields.items()
            if name in team and name not in headings.fields and lookup.allows(seat.heading, name)
        }
        fields, renamed = dict(headings.fields), list[Renamed]()
        for name, seat in gone.items():
            at = self._column_of(grid, headings.at, fields, name)
            if at is None and self._stands(grid, headings, fields, seat):
                at = seat.at  # nothing is left in it by which it could be known; it is where it was
            if at is None:
                self._gone(grid, section, Missing(name, seat.heading))
            else:
                fields[name] = at
                renamed.append(
                    Renamed(
                        name, seat.heading, headings.named[at] if at < len(headings.named) else ""
                    )
                )
                self._asked(grid, renamed[-1])
        return replace(headings, fields=fields), tuple(renamed)

    def _stands(
        self, grid: Grid, headings: Headings, fields: Mapping[str, int], seat: Seat
    ) -> bool:
        """Tell whether a column that was renamed stands where it was, empty, under a heading that means nothing else."""
        rows = range(headings.at + 1, len(grid.cells))
        bare = all(grid.cell(row, seat.at) in (None, "") for row in rows)
        heading = grid.cell(headings.at, seat.at)
        known = Lookup(self.policy, grid.title).fields(heading)
        return bare and heading not in (None, "") and not known and seat.at not in fields.values()

    def _column_of(
        self, grid: Grid, header: int, fields: Mapping[str, int], name: str
    ) -> int | None:
        """Return the one unclaimed column that holds what was remembered of a field, or None."""
        if "id" not in fields:
            return None
        ids = [clean(grid.cell(row, fields["id"])) for row in range(header + 1, len(grid.cells))]
        width = max((len(row) for row in grid.cells), default=0)
        free = [at for at in range(width) if at not in fields.values()]
        columns = {
            at: [grid.cell(row, at) for row in range(header + 1, len(grid.cells))] for at in free
        }
        return held_by(columns, ids, name, self.state, self.policy)

    def _gone(self, grid: Grid, section: str, missing: Missing) -> None:
        """Report a column that is gone, if there was anything in it."""
        known = self.state[(self.state["section"] == section) & self.state["gone_on"].isna()]
        if not any(missing.field in state_tab.remembered(row) for _, row in known.iterrows()):
            return
        text = self.language.text
        self.missing.append((grid.title, missing))
        message = text("The column “{heading}” is gone.", heading=missing.before)
        fix = text(
            "Put it back, or give it its heading again. If it is not needed any more: `run --force`."
        )
        self._report("column_gone", Severity.ERROR, (grid.title, missing.before), message, fix)

    def _asked(self, grid: Grid, renamed: Renamed) -> None:
        """Ask about a column that was recognised by what it holds."""
        text, settings = self.language.text, self.policy.words.tabs["settings"]
        message = text(
            "“{now}” is taken for the column “{before}”: it holds the same.",
            now=renamed.now,
            before=renamed.before,
        )
        fix = text(
            "Name the heading on the tab “{tab}”, or give it its old name again.", tab=settings
        )
        self._report("column_renamed", Severity.WARNING, (grid.title, renamed.now), message, fix)

    def _columns(self, grid: Grid, headings: Headings) -> None:
        text = self.language.text
        for name in dict.fromkeys(headings.doubled):
            heading = clean(grid.cell(headings.at, headings.fields[name]))
            message = text("Two columns are headed “{heading}”.", heading=heading)
            fix = text("Rename one; only the first is read.")
            self._report("column_twice", Severity.WARNING, (grid.title, heading), message, fix)
        contact = {"phone", "email"} & headings.fields.keys()
        for column in self.policy.columns:
            if (
                not column.asked
                or column.field in headings.fields
                or (column.field in ("phone", "email") and contact)
            ):
                continue
            heading = self.policy.words.name("columns", column.field)
            message = text("The tab has no column “{heading}”.", heading=heading)
            fix = text("Add it, or rename the column that holds it.")
            self._report("no_column", Severity.ERROR, (grid.title, heading), message, fix)


def _is_ours(grid: Grid, headings: Headings, name: str, *, seen: bool) -> bool:
    """Tell whether a column under one of the program's headings holds nothing, or what the program writes there.

    `seen`: the tab had such a column, which may have come to stand elsewhere.
    """
    at = headings.fields[name]
    cells = [
        cell
        for row in range(headings.at + 1, len(grid.cells))
        if (cell := grid.cell(row, at)) not in (None, "")
    ]
    if name == "id":
        return all(
            len(text := clean(cell)) == LENGTH and not set(text) - set(ALPHABET) for cell in cells
        )
    if seen and name in ("deadline", "days_left"):
        return all(isinstance(cell, int | float) for cell in cells)
    return not cells or (seen and name == "problems")


def _is_client(frame: pd.DataFrame, policy: Policy) -> "pd.Series[bool]":
    asked = [
        column.field for column in policy.columns if column.owner == "team" or column.field == "id"
    ]
    total = (
        frame["company"]
        .map(lambda name: fold(str(name)) in TOTALS, na_action="ignore")
        .fillna(value=False)
    )
    return frame[asked].notna().any(axis=1) & ~total.astype(bool)


TOTALS = frozenset({"итого", "всего", "итог", "total", "totals", "sum", "subtotal"})
"""What stands for a company's name, folded, in a row that adds up the others."""


def recognise(
    book: Book, policy: Policy, language: Language, state: pd.DataFrame | None = None
) -> Snapshot:
    """Find the sections of a book and type their rows. `state`: what the last run saw, where there was one.

    Raises BookUnrecognised where nothing can be read as a base; everything less is a problem of the snapshot.
    """
    remembered = state_tab.empty() if state is None else state
    found = _Recogniser(book, policy, language, remembered)
    tabs = tuple(sections_of(book, policy))
    for seated in tabs:
        found.learn(seated)
    for seated in tabs:
        found.look_at(seated)
    if not found.tabs:
        raise _unrecognised(book, policy, language, found.problems)
    read = {tab.grid.sheet_id for tab in found.tabs.values()}
    here = {grid.sheet_id: grid.title for grid in book.grids}
    unread = {
        t.section: here[t.sheet_id]
        for t in book.layout.tabs
        if t.sheet_id in here and t.sheet_id not in read
    }
    known = tuple(sorted(found.tabs.values(), key=lambda tab: policy.rank(tab.section)))
    _name_managers(known, policy)
    return Snapshot(
        book, known, tuple(found.problems), remembered, missing=tuple(found.missing), unread=unread
    )


def _name_managers(tabs: Sequence[Tab], policy: Policy) -> None:
    """Give every manager one spelling: the team's own, or the commonest of the base."""
    met = Counter(str(name) for tab in tabs for name in tab.frame["manager"].dropna())
    ranked = sorted(met, key=lambda name: (-met[name], name))
    names = {fold(name) or name: name for name in reversed(ranked)} | policy.managers
    for tab in tabs:
        tab.frame["manager"] = tab.frame["manager"].map(
            lambda name: names[fold(name) or name], na_action="ignore"
        )


def _unrecognised(
    book: Book, policy: Policy, language: Language, problems: Sequence[Problem]
) -> BookUnrecognised:
    if problems:
        lines = "\n".join(f"{problem.tab}: {problem.message} {problem.fix}" for problem in problems)
        return BookUnrecognised(
            lines, fix=language.text("Mend this and run the command again; nothing was changed.")
        )
    names = ", ".join(
        language.quoted(policy.words.name("sections", code)) for code in policy.codes("sections")
    )
    titles = ", ".join(language.quoted(grid.title) for grid in book.grids) or language.text("none")
    return BookUnrecognised(
        language.text(
            "No tab of “{book}” is a known section. Its tabs: {titles}.",
            book=book.title,
            titles=titles,
        ),
        fix=language.text(
            "Let `sheetsync adopt` find out what its tabs are; or name them {names}; or lay out a new base with `sheetsync init`.",
            names=names,
        ),
    )


def seats(
    fields: Mapping[str, int], headings: Sequence[str], renamed: Sequence[Renamed]
) -> dict[str, Seat]:
    """Return where each field stands, under the heading it is known by: a renamed one keeps it until it is settled."""
    kept: dict[str, Any] = {found.field: found.before for found in renamed}
    return {
        name: Seat(at, kept.get(name) or (headings[at] if at < len(headings) else ""))
        for name, at in fields.items()
    }
