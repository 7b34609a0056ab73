"""The way from a book to a proposal: tabs read, columns guessed over all tabs together, then sections, words, people."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sheetsync.adoption import headings, tabs
from sheetsync.adoption import ignored_tabs as strangers
from sheetsync.adoption.column_guesses import Column, columns_of
from sheetsync.adoption.field_scores import typed
from sheetsync.adoption.language_guess import language_of
from sheetsync.adoption.managers import managers_of
from sheetsync.adoption.proposal import (
    MIXED,
    NO_HEADINGS,
    SURE,
    ColumnGuess,
    Proposal,
    SkippedTab,
    TabGuess,
)
from sheetsync.adoption.value_profiles import Shape, blank, sample, shape
from sheetsync.adoption.word_guesses import KINDS, meaning, words_of
from sheetsync.method.policy import Policy, template
from sheetsync.values import Cell, clean, fold
from sheetsync.workbook.snapshot import Book, Grid, Row

_FEW, _TRUSTED = 3, 5


@dataclass(frozen=True)
class Sheet:
    """A tab as it was read: its headings, its rows of data, each column's filled cells."""

    grid: Grid
    header: headings.Header
    rows: Sequence[Row]
    columns: Mapping[int, Sequence[Cell]]

    def texts(self) -> list[Cell]:
        """Return some of its cells."""
        return [cell for cells in self.columns.values() for cell in sample(cells, 30)]

    def cell(self, row: Row, at: int | None) -> Cell:
        """Return a cell of a row, or None where the row ends before."""
        return row[at] if at is not None and at < len(row) else None


def guess(book: Book) -> Proposal:
    """Propose how a book that knows nothing of the method is to be read. Never fails on what stands in it."""
    sheets, skipped = _read(book)
    policy = template(
        language_of(
            [name for sheet in sheets for name in sheet.header.names if name],
            [
                clean(cell)[:200]
                for sheet in sheets
                for cell in sheet.texts()
                if isinstance(cell, str)
            ],
        )
    )
    found: list[tuple[Sheet, TabGuess]] = []
    understood: dict[int, float] = {}
    pooled = _pooled(sheets)
    for sheet in sheets:
        columns = columns_of([_column(sheet, at, pooled) for at in sorted(_wanted(sheet))], policy)
        rows = _rows(sheet, columns, policy)
        understood[sheet.grid.sheet_id] = rows.understood / rows.states if rows.states else 0.0
        reason = _refused(sheet, columns, understood[sheet.grid.sheet_id])
        if reason:
            skipped.append(SkippedTab(sheet.grid.title, reason, sheet.grid.sheet_id))
        else:
            found.append((sheet, _tab(sheet, columns, rows)))
    kept = tabs.settled([tab for _, tab in found], understood)
    pairs = [(sheet, tab) for (sheet, _), tab in zip(found, kept, strict=True)]
    words = [word for field, kind in KINDS.items() for word in words_of(kind, _cells(pairs, field))]
    order = {grid.sheet_id: at for at, grid in enumerate(book.grids)}
    skipped.sort(key=lambda tab: order[tab.sheet_id])
    return Proposal(
        policy, kept, tuple(words), managers_of(_cells(pairs, "manager")), tuple(skipped)
    )


def _read(book: Book) -> tuple[list[Sheet], list[SkippedTab]]:
    sheets, skipped = [], []
    for grid in book.grids:
        reason = strangers.unread(grid)
        if reason is None:
            sheet = _sheet(grid)
            if not strangers.foreign(sheet.header.names, sheet.texts()):
                sheets.append(sheet)
                continue
            reason = "unknown_language"
        skipped.append(SkippedTab(grid.title, reason, grid.sheet_id))
    return sheets, skipped


def _sheet(grid: Grid) -> Sheet:
    width = max(map(len, grid.cells))
    header = headings.find(grid.cells, width)
    repeats = set(header.repeats)
    rows = [row for at, row in enumerate(grid.cells) if at > header.at and at not in repeats]
    kept = [row for row in rows if sum(not blank(cell) for cell in row) > 1 or width == 1]
    columns = {
        at: [row[at] for row in kept if at < len(row) and not blank(row[at])] for at in range(width)
    }
    return Sheet(grid, header, kept, columns)


def _wanted(sheet: Sheet) -> Iterator[int]:
    return (at for at, cells in sheet.columns.items() if cells or sheet.header.names[at])


def _pooled(sheets: Sequence[Sheet]) -> Mapping[str, Shape]:
    """Look at all columns of one heading together, whatever tabs they stand in."""
    cells: defaultdict[str, list[Cell]] = defaultdict(list)
    for sheet in sheets:
        for at in _wanted(sheet):
            if name := fold(sheet.header.names[at]):
                cells[name] += sample(sheet.columns[at])
    return {name: shape(found) for name, found in cells.items()}


def _column(sheet: Sheet, at: int, pooled: Mapping[str, Shape]) -> Column:
    """Look at a column with those of its heading elsewhere, unless it plainly holds something else."""
    heading, cells = sheet.header.names[at], sheet.columns[at]
    own = shape(cells)
    shared = pooled.get(fold(heading), own)
    differs = own.filled >= _TRUSTED and typed(own) != typed(shared)
    return Column(at, heading, cells, own if differs else shared)


def _of(columns: Sequence[ColumnGuess], field: str) -> int | None:
    return next((column.at for column in columns if column.fields == (field,)), None)


def _rows(sheet: Sheet, columns: Sequence[ColumnGuess], policy: Policy) -> tabs.Found:
    """Count a tab's rows by state."""
    at = {field: _of(columns, field) for field in ("state", "refusal_reason", "label", "manager")}
    if at["state"] is not None:
        states = [_code(sheet.cell(row, at["state"]), "states") for row in sheet.rows]
    elif at["refusal_reason"] is not None:  # who has a reason of refusal has refused
        states = [
            None if blank(sheet.cell(row, at["refusal_reason"])) else "refusal"
            for row in sheet.rows
        ]
    else:
        return tabs.Found(rows=len(sheet.rows))
    sent = [_sent(sheet, row, at, policy) for row in sheet.rows]
    managed = [not blank(sheet.cell(row, at["manager"])) for row in sheet.rows]
    return tabs.found(states, sent, managed, len(sheet.rows))


def _code(cell: Cell, kind: str) -> str | None:
    if blank(cell):
        return None
    found = meaning(kind, clean(cell)[:100])
    return found.code or "" if found.confidence >= 0.6 else ""  # noqa: PLR2004  # likelier than not


def _sent(sheet: Sheet, row: Row, at: Mapping[str, int | None], policy: Policy) -> str | None:
    """Return the section that a refused row's reason or label sends it to."""
    if _code(sheet.cell(row, at["label"]), "labels") == "off_profile":
        return "hard_refusal"
    reason = _code(sheet.cell(row, at["refusal_reason"]), "reasons")
    return policy.reason[reason].section if reason else None


def _refused(sheet: Sheet, columns: Sequence[ColumnGuess], understood: float) -> str | None:
    fields = {field for column in columns for field in column.fields}
    headed = sheet.header.at != NO_HEADINGS
    if not headed and len(sheet.rows) < _FEW:
        return "no_headings"
    section = tabs.titled(sheet.grid.title)[0] is not None
    if strangers.of_others(
        sheet.grid.title,
        fields,
        section=section,
        understood=understood >= 0.5,  # noqa: PLR2004
        headed=headed,
    ):
        return "not_clients" if headed else "no_headings"
    return None


def _tab(sheet: Sheet, columns: tuple[ColumnGuess, ...], rows: tabs.Found) -> TabGuess:
    found = tabs.verdict(sheet.grid.title, rows)
    confidence = found.confidence * (1.0 if sheet.header.at != NO_HEADINGS else 0.8)
    named = any(column.sure and "company" in column.fields for column in columns)
    section, header = found.section, sheet.header
    if named and header.at != NO_HEADINGS and rows.states and confidence < SURE:
        # No row of such a tab moves but by a state that is understood.
        section, confidence = MIXED, SURE
    return TabGuess(
        round(confidence, 2),
        found.why,
        sheet.grid.sheet_id,
        sheet.grid.title,
        section,
        header.at,
        columns,
        len(sheet.rows),
        header.repeats,
        header.above,
    )


def _cells(pairs: Sequence[tuple[Sheet, TabGuess]], field: str) -> Iterator[Cell]:
    """Go through all cells of a field, over all tabs and rows."""
    for sheet, tab in pairs:
        for column in tab.columns:
            if column.fields == (field,):
                yield from sheet.columns[column.at]
