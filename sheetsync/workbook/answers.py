"""What people answer on the program's own tabs: a ticked box, a chosen word, by the line it is on.

Which cells are asked about is told here; what an answer does is decided where it is carried out.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from sheetsync.values import Cell, clean, read_flag

# A report's hidden first column names each line, so an answer stays with what it was given to,
# wherever the line stands by now. It survives rewriting because the report writes it back; it is
# read again under the lock, and the tab is fenced.

DECISION = "decision"
"""The question what is to become of a company."""
RELEASE = "release"
"""The block, and the one line, of a stop for safety that the head may release."""
TRIAL = "trial"
"""The key of the tab of the trial of the model."""
END_TRIAL = "end"
"""The line on which the head of sales ends a trial."""
PROLONG_TRIAL = "prolong"
"""The line on which the head of sales prolongs it."""
PART = "part"
"""The block of the parts in which what has gathered is released: `part:PART`, one line each."""
GATHERED = "held"
"""The block of the companies of a part: `held:PART:id`."""
UNMET = "unmet"
"""The block of decisions not carried out whose company stands in no other line of the sheet."""
FOR = "for"
"""The beginning of the keys of lines that belong to somebody who is away: `for:NAME:block:id`."""

_BLOCKS_OF_DECISIONS = (
    "overdue",
    "closing",
    "no_step",
    "call",
    "contrary",
    "fill",
    "twice",
    UNMET,
)

ASKED: Mapping[tuple[str, str], Mapping[str, int]] = MappingProxyType(
    {
        ("summary", "offer"): {"tick": 3},
        ("summary", "decide"): {DECISION: 2},
        ("summary", RELEASE): {"tick": 3},
        **{("manager", block): {DECISION: 6} for block in _BLOCKS_OF_DECISIONS},
        (TRIAL, END_TRIAL): {"tick": 3},
        (TRIAL, PROLONG_TRIAL): {"tick": 3},
        (TRIAL, PART): {"tick": 3},
        ("sample", "act"): {"score": 4, "remark": 5},
    }
)
"""(kind of report, block of its lines) -> the questions of such a line and their columns.

Column 0 is the report's first, B. A further question needs a line here, and no more to be read.
"""

_FOR_AND_NAME = 2

HEADS = frozenset({"summary", "sample", TRIAL})
"""Kinds of reports on which the head of sales alone answers, where the head's address is known."""
TICKS = frozenset({"x", "х", "v", "✓", "✔", "☑"})
"""What people put into a box where the program that they use draws none."""
MARK = "·"
"""Between a line's key and the digest of what it shows."""


class Answer(NamedTuple):
    """An answer: the report's key (`summary`, `manager:NAME`), the line's, the question, the cell.

    `column` is the code of the question, `value` what was typed.
    """

    sheet: str
    line: str
    column: str
    value: Cell

    @property
    def yes(self) -> bool:
        """Whether the answer is a tick, or a word that means yes."""
        return (
            read_flag(self.value).value is True
            or clean(self.value).casefold() in TICKS
        )


def kind_of_report(sheet: str) -> str:
    """Return a report's kind by its key: `manager` of `manager:NAME`."""
    return sheet.partition(":")[0]


def line_key(token: Cell) -> str:
    """Return the key that a report's hidden first cell holds; "" where it is none of ours."""
    return clean(token).rpartition(MARK)[0]


def block_of(line: str) -> str:
    """Return the block that a line belongs to, by its key: of somebody's who is away too."""
    parts = line.split(":")
    if parts[0] == FOR and len(parts) > _FOR_AND_NAME:
        # Counted from the end, as a manager's name may hold a colon.
        return parts[-2]
    return parts[0]


def row_of(line: str) -> str:
    """Return the id of the company of a line of a manager's sheet, or of the head's block."""
    return line.rpartition(":")[2].partition("#")[0]


def asked(sheet: str, line: str) -> Mapping[str, int]:
    """Return what is asked on a line of a report, and in which columns."""
    return ASKED.get((kind_of_report(sheet), block_of(line)), {})


def columns_asked(sheet: str) -> frozenset[int]:
    """Return the columns of a report in which anything is asked, 0 being B."""
    columns = set[int]()
    for (kind, _), questions in ASKED.items():
        if kind == kind_of_report(sheet):
            columns.update(questions.values())
    return frozenset(columns)


def asks(sheet: str) -> bool:
    """Tell whether a report has lines on which something is asked."""
    return bool(columns_asked(sheet))


def heads_alone(sheet: str) -> bool:
    """Tell whether what is asked on a report is the head of sales' alone to answer."""
    return kind_of_report(sheet) in HEADS


def asked_rows(sheet: str, rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Return the 0-based rows of a report on which something is asked."""
    return [
        index
        for index, row in enumerate(rows)
        if row and asked(sheet, line_key(row[0]))
    ]


def decisions_of(
    sheet: str, rows: Sequence[Sequence[Cell]]
) -> Iterator[Answer]:
    """Go through the answers of one report, from the top.

    `rows`: as they are read, the hidden column first.
    """
    for row in rows:
        line = line_key(row[0]) if row else ""
        for question, column in asked(sheet, line).items():
            cells = row[column + 1 : column + 2]
            if cells and _is_answered(cells[0]):
                yield Answer(sheet, line, question, cells[0])


def _is_answered(cell: Cell) -> bool:
    """Tell whether somebody typed what stands in a cell: a nought was, an empty box was not."""
    # `is not False`: a nought equals an empty box, and is an answer.
    return cell is not None and cell is not False and cell != ""
