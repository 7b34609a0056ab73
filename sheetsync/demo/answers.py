"""What the demonstration's people decide on the reports of the evening before its night.

The head gives a company more time, which the night carries out; a manager asks for the same on his
own tab, where nobody but the head may give it, and the night says so beside it.
"""

from collections.abc import Iterator

from sheetsync.i18n import language
from sheetsync.method.codes import StateCode
from sheetsync.method.policy import Policy
from sheetsync.rules.decisions.decision_words import heads_words
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.read.reader import read_book
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import typed
from sheetsync.workbook.answers import (
    DECISION,
    asked,
    block_of,
    kind_of_report,
    line_key,
    row_of,
)
from sheetsync.workbook.snapshot import Book, reports_of

ASKED_IN = {"summary": "decide", "manager": "closing"}
"""The block of each kind of report on whose first line is decided."""

CONTACTS = (StateCode.CONTACT_1, StateCode.CONTACT_2, StateCode.CONTACT_3)
"""States in which a deadline runs."""


def decide_by_hand(opened: Opened, wanted: str | None) -> None:
    """Type the decisions into the reports. `wanted`: the language of the base, as asked."""
    snapshot, policy = read_book(opened.line, opened.name, wanted)
    more_time = heads_words(policy, language(policy.words.language))[0]
    contacted = snapshot.base["state"].isin(CONTACTS)
    with_deadline = {*snapshot.base.loc[contacted, "id"]}
    canvas = Canvas()
    decided = set[str]()
    kinds = set[str]()
    for sheet, sheet_id, row, row_id in _questions(snapshot.book, policy):
        kind = kind_of_report(sheet)
        if kind in kinds or row_id in decided or row_id not in with_deadline:
            continue
        kinds.add(kind)
        decided.add(row_id)
        column = asked(sheet, f"{ASKED_IN[kind]}:{row_id}")[DECISION]
        # The report begins beside its hidden column.
        canvas.put(sheet_id, row, column + 1, typed(more_time))
    requests = canvas.requests()
    if requests:
        opened.line.write({"requests": requests}, "spreadsheetId")


def _questions(
    book: Book, policy: Policy
) -> Iterator[tuple[str, int, int, str]]:
    """Go through the lines on which is decided: report, tab, 0-based row, company's id."""
    for sheet, grid in reports_of(book, policy):
        block = ASKED_IN.get(kind_of_report(sheet))
        if block is None:
            continue
        for number, cells in enumerate(grid.cells):
            line = line_key(cells[0]) if cells else ""
            if block_of(line) == block and asked(sheet, line):
                yield sheet, grid.sheet_id, number, row_of(line)
