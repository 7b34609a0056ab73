"""Adopting a base: reads all of it, has it guessed at, writes down what was agreed, and adds what the base lacks.

One write under the lock, harmless to do again: the Settings tab, missing sections, the program's own columns, dropdowns and
colours. No row is touched: what is wrong with each is written by the first run.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sheetsync.adoption import ColumnGuess, Proposal, TabGuess, WordGuess, guess
from sheetsync.adoption.proposal import NO_HEADINGS
from sheetsync.adoption.settings_entries import entries
from sheetsync.errors import BookNotFound, BookUnrecognised, ChangesPending, InputError
from sheetsync.i18n import Language, language
from sheetsync.method.policy import Policy, template
from sheetsync.method.settings_tab.mapping import SettingsReading, adopted, settings_of
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.reporting.layout.model import legal_title
from sheetsync.rules.draft.projection import Projection
from sheetsync.services.commit import held_still
from sheetsync.services.context import Context
from sheetsync.services.create_base import create_file
from sheetsync.services.read_and_decide import Options
from sheetsync.sheets.batch.batch import build_columns
from sheetsync.sheets.connection.csv_import import fill, lines_of
from sheetsync.sheets.connection.open_book import Opened, open_book
from sheetsync.sheets.read.ownership import claimed
from sheetsync.sheets.read.reader import (
    last_good_settings,
    read_cells,
    read_rules,
    read_structure,
    recognised,
)
from sheetsync.sheets.requests.cells import Canvas, Request, color
from sheetsync.sheets.requests.missing_parts import MissingParts
from sheetsync.sheets.requests.own_tab_requests import new_sheet_id
from sheetsync.sheets.requests.settings_tab import SettingsTab
from sheetsync.sheets.session.lock import Claim
from sheetsync.values import fold
from sheetsync.workbook.plan import Plan
from sheetsync.workbook.snapshot import Book, Grid, Snapshot, own_title, own_titles


class BookToAdopt(NamedTuple):
    """A book read whole, and what is proposed for it."""

    book: Book
    proposal: Proposal


class AdoptionResult(NamedTuple):
    """What came of an adoption: tabs that were added, and rows on tabs of several sections, by tab."""

    added: tuple[str, ...]
    mixed: Mapping[str, int]


def propose(opened: Opened, spoken: Language) -> BookToAdopt:
    """Read a book, every tab of it, and guess. Two requests; writes nothing. Raises BookUnrecognised where no tab holds clients."""
    book = read_structure(opened.line, opened.name)
    cells = read_cells(opened.line, book.grids, {})
    book = replace(
        book, grids=tuple(replace(g, cells=cells.get(g.sheet_id, ())) for g in book.grids)
    )
    proposal = guess(book)
    book = claimed(book, proposal.policy)
    proposal = _known(proposal, book)
    if all(tab.header == NO_HEADINGS for tab in proposal.tabs):
        text = spoken.text
        fix = text(
            "A tab of clients needs a heading row, with the company, its phone and its state."
        )
        raise BookUnrecognised(
            text("No tab of “{book}” holds clients under headings.", book=book.title), fix=fix
        )
    return BookToAdopt(book, proposal)


def _known(proposal: Proposal, book: Book) -> Proposal:
    """Put what is known already before what is guessed: the program's own columns, and what the Settings tab says."""
    policy, settings = proposal.policy, book.titled(*own_titles(proposal.policy, "settings"))
    told = (
        settings_of(settings.cells, policy, last_good_settings(book, policy))
        if settings
        else SettingsReading()
    )
    tabs = []
    for tab in proposal.tabs:
        seen = book.layout.by_id.get(tab.sheet_id)
        ours = (
            {
                seat.heading
                for name, seat in seen.fields.items()
                if policy.column[name].owner == "daemon"
            }
            if seen
            else set()
        )
        columns = tuple(
            _told(column, tab, told) for column in tab.columns if column.heading not in ours
        )
        section = next((m.section for m in told.mapped.tabs if m.title == tab.title), None) or (
            seen.section if seen else None
        )
        confidence = 1.0 if section else tab.confidence
        tabs.append(
            replace(
                tab, columns=columns, section=kind_of(section or tab.section), confidence=confidence
            )
        )
    words = tuple(_meant(word, told) for word in proposal.words)
    return replace(proposal, tabs=tuple(tabs), words=words)


def _told(column: ColumnGuess, tab: TabGuess, told: SettingsReading) -> ColumnGuess:
    """Take what the team has said of a column; one that bears a name of ours is theirs until they say something."""
    for mapped in told.mapped.columns:
        if (
            fold(mapped.heading) == fold(column.heading)
            and mapped.tab in ("", tab.title)
            and mapped.fields
        ):
            return replace(column, fields=mapped.fields, confidence=1.0)
    if column.fields and fold(column.heading) in _our_headings():
        return replace(column, fields=(), confidence=0.9)
    return column


@cache
def _our_headings() -> frozenset[str]:
    """Return the headings of the program's own columns, folded, in every language."""
    policy = template("en")
    own = [column.field for column in policy.columns if column.owner == "daemon"]
    spoken = (policy.words, *policy.other_words)
    return frozenset(fold(word) for words in spoken for name in own for word in words.columns[name])


def _meant(word: WordGuess, told: SettingsReading) -> WordGuess:
    code = next(
        (code for said, code in told.words.get(word.kind, ()) if fold(said) == fold(word.word)),
        None,
    )
    return replace(word, code=code, confidence=1.0) if code else word


def _claim(opened: Opened, book: Book, spoken: Language, options: Options) -> Claim:
    tabs = tuple(grid.sheet_id for grid in book.grids)
    return Claim(opened.line, spoken, opened.account, tabs, options.now, options.holder)


def _written(
    opened: Opened,
    book: Book,
    spoken: Language,
    options: Options,
    requests: Callable[[], list[Request]],
) -> None:
    """Take the lock, work out the requests, and write them; nothing where there are none."""
    lock = _claim(opened, book, spoken, options).take(book.standing)
    try:
        made = requests()
        if made:
            lock.write({"requests": made}, "spreadsheetId")
    finally:
        lock.release()


class _Noted(NamedTuple):
    """A proposal on the Settings tab: the requests, and the tab as they leave it."""

    before: list[Request]
    after: list[Request]
    settings: Grid


def _note(book: Book, proposal: Proposal, canvas: Canvas) -> _Noted:
    """Put a proposal onto the Settings tab; entries that stand there already are kept as they are."""
    policy = proposal.policy
    held = book.titled(*own_titles(policy, "settings"))
    title = held.title if held else own_title(book, policy, "settings")
    sheet_id = held.sheet_id if held else new_sheet_id(title, book, set())
    tab = SettingsTab(held, sheet_id, title, policy, canvas, last_good_settings(book, policy))
    shade = {} if held else {"tabColorStyle": color("#1F2937")}
    before, after = tab.requests(entries(proposal, language(policy.words.language)), **shade)
    grid = held or Grid(sheet_id, title, len(book.grids), 0, 0)
    return _Noted(before, after, replace(grid, cells=tab.after()))


def _dressed(
    opened: Opened, snapshot: Snapshot, policy: Policy, missing_parts: MissingParts
) -> list[Request]:
    """Return what a base lacks: sections, the program's own columns, dropdowns and colours where nobody has set any."""
    made = missing_parts.requests(read_rules(opened.line, snapshot.tabs))
    return [
        *made,
        *build_columns(
            Projection(snapshot, Plan(snapshot.book.id, date.min), policy), missing_parts.added
        ),
    ]


def in_language(read: BookToAdopt, wanted: str | None) -> Proposal:
    """Return the proposal in the language that was asked for, or in the one that it was guessed in."""
    if wanted is None:
        return read.proposal
    return replace(read.proposal, policy=template(language(wanted).code))


def take_over(
    opened: Opened, read: BookToAdopt, proposal: Proposal, options: Options
) -> AdoptionResult:
    """Write a proposal down and add what the base lacks, in one batch under the lock; no row is touched.

    Raises ChangesPending where no tab is sure enough to go on: then only the proposal is written down. Raises BookChanged
    where headings have changed since they were read.
    """
    spoken, canvas = language(proposal.policy.words.language), Canvas()
    noted = _note(read.book, proposal, canvas)
    if not any(tab.sure and tab.header != NO_HEADINGS for tab in proposal.tabs):
        text, settings = spoken.text, noted.settings.title
        _written(
            opened,
            read.book,
            spoken,
            options,
            lambda: [*noted.before, *canvas.requests(), *noted.after],
        )
        fix = text(
            "Answer on the tab “{tab}” which tab is which section, then adopt again.", tab=settings
        )
        raise ChangesPending(
            text("What was guessed is written down, and no tab is sure enough to go on."), fix=fix
        )
    others = tuple(grid for grid in read.book.grids if grid.sheet_id != noted.settings.sheet_id)
    told = settings_of(
        noted.settings.cells, proposal.policy, last_good_settings(read.book, proposal.policy)
    )
    policy = adopted(proposal.policy, told)
    snapshot = recognised(replace(read.book, grids=(*others, noted.settings)), policy)
    missing_parts = MissingParts(snapshot, policy)

    def requests() -> list[Request]:
        held_still(opened, snapshot, policy)
        dressed = _dressed(opened, snapshot, policy, missing_parts)
        return [*noted.before, *canvas.requests(), *noted.after, *dressed]

    _written(opened, read.book, spoken, options, requests)
    counts = snapshot.base["section"].value_counts().items()
    mixed = {
        snapshot.tab[str(code)].title: int(count)
        for code, count in counts
        if kind_of(str(code)) == MIXED
    }
    return AdoptionResult(tuple(tab.title for tab in missing_parts.added), mixed)


def open_for_adoption(
    book: str, output: Path | None, ctx: Context, now: Callable[[], datetime]
) -> Opened:
    """Open the book to be adopted; a CSV file is made into the workbook `output` first.

    Raises InputError where that file is there already, or would be no workbook.
    """
    text = ctx.language.text
    source = Path(book)
    if source.suffix.lower() != ".csv":
        if output is not None:
            fix = text("Leave `-o` out: the base itself is adopted, and no cell of it is changed.")
            raise InputError(text("`-o` goes with a .csv file."), fix=fix)
        return open_book(book, ctx.settings, ctx.language, now)
    target = output or source.with_suffix(".xlsx")
    if target.suffix.lower() != ".xlsx":
        raise InputError(
            text("{file} would be no workbook.", file=target),
            fix=text("Give a name that ends in .xlsx."),
        )
    if not source.exists():
        fix = text(
            "Check the path, or lay out a new base with `sheetsync init {path}`.", path=target
        )
        raise BookNotFound(text("There is no file {path}.", path=source), fix=fix)
    if target.exists():
        fix = text(
            "Name another file with `-o`, or adopt that one: `sheetsync adopt {path}`.", path=target
        )
        raise InputError(text("{file} is there already.", file=target), fix=fix)
    rows = lines_of(source, ctx.language)
    create_file(target, template(ctx.asked or ctx.language.code), source.stem)
    opened = open_book(str(target), ctx.settings, ctx.language, now)
    blank = read_structure(opened.line, opened.name).grids[0]
    fill(opened.line, blank.sheet_id, legal_title(source.stem), rows)
    return opened
