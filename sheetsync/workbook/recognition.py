"""Recognises a base in a book that was read: its sections, their rows, and what is amiss.

Which tab is which section is tab_sections.py's; which column of a tab is which field,
tab_reader.py's; what is to be done about a row, the enforcer's.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, count

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.schema import Problem
from sheetsync.values import POOLED, Cell, at_home
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.headings import MissingColumn, RenamedColumn
from sheetsync.workbook.layout import Layout, Seat, TabLayout
from sheetsync.workbook.manager_names import with_managers_named
from sheetsync.workbook.recognition_problems import (
    RecognitionProblems,
    unrecognised,
)
from sheetsync.workbook.row_owners import with_owners
from sheetsync.workbook.snapshot import Book, Grid, Snapshot, Tab
from sheetsync.workbook.tab_reader import TabReader
from sheetsync.workbook.tab_sections import SectionTab, sections_of


def recognise(
    book: Book,
    policy: Policy,
    language: Language,
    state: pd.DataFrame | None = None,
) -> Snapshot:
    """Find the sections of a book and type their rows.

    `state`: what the last run saw, where there was one. Raises BookUnrecognised where nothing can
    be read as a base; everything less is a problem of the snapshot.
    """
    seen = state_tab.empty() if state is None else state
    section_tabs = tuple(sections_of(book, policy))
    words = RecognitionProblems(policy, language)
    home = at_home(
        policy.home, _Recogniser(book, seen, words).pooled(section_tabs)
    )
    read_as = policy.model_copy(update={"hints": home.hints})
    recogniser = _Recogniser(book, seen, RecognitionProblems(read_as, language))
    recogniser.read(section_tabs)
    if not recogniser.tabs:
        raise unrecognised(book, policy, language, recogniser.problems)
    tabs = sorted(
        recogniser.tabs.values(), key=lambda tab: policy.rank(tab.section)
    )
    named = with_managers_named(tabs, policy, seen)
    return Snapshot(
        book,
        tuple(with_owners(tab, policy) for tab in named),
        tuple(recogniser.problems),
        seen,
        missing=tuple(recogniser.missing),
        unread=_unread_sections(book, tabs),
        home=home,
    )


def seats(
    fields: Mapping[str, int],
    headings: Sequence[str],
    renamed: Iterable[RenamedColumn],
) -> dict[str, Seat]:
    """Return where each field stands, under the heading it is known by.

    A renamed column keeps its old heading until somebody says what the new one means.
    """
    old_headings = {column.field: column.before for column in renamed}
    places: dict[str, Seat] = {}
    for name, column in fields.items():
        heading = headings[column] if column < len(headings) else ""
        # With the new heading the question what it means would be asked for one night only.
        places[name] = Seat(column, old_headings.get(name) or heading)
    return places


class _Recogniser:
    """Goes through the tabs of one book and gathers what it finds and what is wrong with them."""

    def __init__(
        self, book: Book, state: pd.DataFrame, words: RecognitionProblems
    ) -> None:
        self.book = book
        self.state = state
        self.words = words
        self.tabs = dict[str, Tab]()
        self.missing = list[tuple[str, MissingColumn]]()
        self.problems = list[Problem]()

    def read(self, section_tabs: Sequence[SectionTab]) -> None:
        """Take every tab as its section, or say why it cannot be."""
        readers = [
            self._reader(section_tab.grid) for section_tab in section_tabs
        ]
        # A column of the team's own that bears one of the program's headings is one on every tab.
        taken_by_team = set(
            chain.from_iterable(reader.taken_by_team() for reader in readers)
        )
        for section_tab, reader in zip(section_tabs, readers, strict=True):
            self._take(section_tab, reader, taken_by_team)

    def pooled(
        self, section_tabs: Iterable[SectionTab]
    ) -> dict[str, list[Cell]]:
        """Return the cells of all tabs' columns of the types that are looked at together."""
        cells: dict[str, list[Cell]] = {kind: [] for kind in POOLED}
        for section_tab in section_tabs:
            for kind, below in self._reader(section_tab.grid).cells_of(POOLED):
                cells[kind].extend(below)
        return cells

    def _reader(self, grid: Grid) -> TabReader:
        return TabReader(
            grid, _remembered(grid, self.book.layout), self.state, self.words
        )

    def _take(
        self,
        section_tab: SectionTab,
        reader: TabReader,
        taken_by_team: set[str],
    ) -> None:
        title = section_tab.grid.title
        section = self._section_code(section_tab, reader.before)
        if section in self.tabs:
            self.problems.append(
                self.words.section_twice(title, self.tabs[section].title)
            )
            return
        if reader.headings is None:
            self.problems.append(self.words.no_headings(title))
            return
        reading = reader.read(section, taken_by_team)
        self.tabs[section] = reading.tab
        self.missing.extend((title, column) for column in reading.missing)
        # What is asked of the whole base is asked once.
        self.problems.extend(
            problem
            for problem in reading.problems
            if problem not in self.problems
        )

    def _section_code(self, section_tab: SectionTab, before: TabLayout) -> str:
        """Return the section's code; a further tab of several sections gets a number.

        So does one of which the team says that it is the same section as another.
        """
        again = section_tab.by_team and section_tab.section in self.tabs
        if kind_of(section_tab.section) != MIXED and not again:
            return section_tab.section
        if kind_of(before.section) == MIXED and before.section not in self.tabs:
            return before.section
        remembered = {tab.section for tab in self.book.layout.tabs}
        return next(
            code
            for code in _codes_of_mixed()
            if code not in remembered | set(self.tabs)
        )


def _remembered(grid: Grid, layout: Layout) -> TabLayout:
    """Return what is remembered of a tab.

    It is known by its id, or by its name where it was replaced by another of that name.
    """
    if grid.sheet_id in layout.by_id:
        return layout.by_id[grid.sheet_id]
    nothing = TabLayout("", grid.sheet_id, grid.title)
    return layout.by_title.get(grid.title, nothing)


def _codes_of_mixed() -> Iterator[str]:
    """Go through the codes of tabs of several sections."""
    # Such a tab is a section of its own, whose rows the rules by state send home: so splitting a
    # base that was kept in one list is a plan like any other, with the cap, the breaker and undo.
    yield MIXED
    for number in count(2):
        yield f"{MIXED}.{number}"


def _unread_sections(book: Book, tabs: Collection[Tab]) -> dict[str, str]:
    """Return the sections whose tab is there and was not read, with its title."""
    read = {tab.grid.sheet_id for tab in tabs}
    titles = {
        grid.sheet_id: grid.title
        for grid in book.grids
        if grid.sheet_id not in read
    }
    unread: dict[str, str] = {}
    for before in book.layout.tabs:
        if before.sheet_id in titles:
            unread[before.section] = titles[before.sheet_id]
    return unread
