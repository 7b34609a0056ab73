"""How a section's columns look: number formats, dropdowns, colours, the warning on our own.

Used for tabs that the program lays out, and for columns of a team's own that have no rules yet;
rules of theirs are kept.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from openpyxl.utils import get_column_letter

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import Column
from sheetsync.method.vocabulary import DICTIONARIES
from sheetsync.reporting.layout.theme import (
    AMBER,
    AMBER_PALE,
    INK,
    RED,
    RED_PALE,
    YELLOW_PALE,
)
from sheetsync.rules.routing.routes import NEVER_CHOSEN
from sheetsync.sheets.requests.cells import (
    CellFormat,
    GridRange,
    Request,
    color,
    column_from,
    whole_columns,
)
from sheetsync.sheets.requests.dropdowns import (
    Condition,
    dropdown,
    one_of_list,
    one_of_range,
)
from sheetsync.sheets.requests.tab_requests import protect
from sheetsync.workbook.plan import DERIVED, STAY_SIGNS

SOON, LATE = 7, 1
"""Days left from which on a deadline is amber, and red."""
FAR_IN = 35
"""Characters of a cell within which a reminder of a deadline names its day."""
_DAY = "\0"
Tone = Literal["red", "amber", "yellow"]
_TONES: Mapping[Tone, tuple[str, str]] = {
    "red": (RED, RED_PALE),
    "amber": (AMBER, AMBER_PALE),
    "yellow": (INK, YELLOW_PALE),
}
"""Ink and fill."""
_YELLOW: Tone = "yellow"
_AMBER: Tone = "amber"
_RED: Tone = "red"
STAY_TONES: Mapping[str, Tone] = dict(
    zip(STAY_SIGNS, (_YELLOW, _AMBER, _RED), strict=True)
)
"""The colour of a state by how much of its longest stay is used up."""


def number_format(column: Column, policy: Policy) -> dict[str, Any] | None:
    """Return how a column is shown; None where its cells may be of any kind."""
    patterns = {
        "date": ("DATE", policy.words.date_format),
        "amount": ("NUMBER", policy.words.amount_format),
        "share": ("PERCENT", "0%"),
        # A number that begins with a plus would be taken for a formula.
        "phone": ("TEXT", "@"),
    }
    if column.type not in patterns:
        return None
    kind, pattern = patterns[column.type]
    return {"type": kind, "pattern": pattern}


def choices(
    column: Column, policy: Policy, lists: Mapping[str, str]
) -> Condition | None:
    """Return the condition of a column's dropdown, None where it offers nothing.

    `lists`: the ranges of the Settings tab that hold its words.
    """
    kinds = {**DICTIONARIES, "manager": "managers"}
    kind = kinds.get(column.type)
    if kind is None:
        return None
    if column.field == "on_expiry":
        return one_of_list(
            policy.words.name(kind, code)
            for code in policy.codes(kind)
            if code not in NEVER_CHOSEN
        )
    if kind in lists:
        return one_of_range(lists[kind])
    if kind == "managers":
        return None
    return one_of_list(
        policy.words.name(kind, code) for code in policy.codes(kind)
    )


def column_dropdown(
    sheet_id: int, first_row: int, column: int, condition: Condition
) -> Request:
    """Give a column a dropdown from `first_row` (0-based) on, for the rows to come too."""
    return dropdown(column_from(sheet_id, first_row, column), condition)


def past_days_in_red(sheet_id: int, first_row: int, column: int) -> Request:
    """Colour the days of a column that are past, from `first_row` (0-based) on."""
    area = _below_heading(sheet_id, first_row, column)
    cell = _relative(column, first_row)
    red = _rule_format("red")
    red["textFormat"]["bold"] = True
    return _rule(area, f"=AND(ISNUMBER({cell}),{cell}<TODAY())", red)


def _relative(column: int, row: int) -> str:
    """Return a cell as a rule's formula names it: its column fixed, in the range's first row."""
    return f"${get_column_letter(column + 1)}{row}"


def daemon_rules(
    sheet_id: int, first_row: int, columns: Mapping[str, int], policy: Policy
) -> list[Request]:
    """Return the colours of the program's own columns: red is late or wrong, amber is soon.

    `columns`: where they stand, by field (0-based); `first_row`: of the first client (0-based).
    """
    requests: list[Request] = []
    if "days_left" in columns:
        cell = _relative(columns["days_left"], first_row)
        for name in ("deadline", "days_left"):
            if name in columns:
                area = _below_heading(sheet_id, first_row, columns[name])
                requests.append(_days_left_rule(area, cell, SOON, "amber"))
                requests.append(_days_left_rule(area, cell, LATE, "red"))
    if "problems" in columns:
        requests.append(
            _problems_rule(sheet_id, first_row, columns["problems"])
        )
    if "problems" in columns and "days_left" in columns:
        # Added later, so that it goes first.
        requests.append(_reminders_rule(sheet_id, first_row, columns, policy))
    if "problems" in columns and "state" in columns:
        requests += _stay_rules(sheet_id, first_row, columns)
    return requests


def _stay_rules(
    sheet_id: int, first_row: int, columns: Mapping[str, int]
) -> Iterator[Request]:
    """Go through the colours of a state in which the longest stay is used up, by its signs."""
    area = _below_heading(sheet_id, first_row, columns["state"])
    problems = _relative(columns["problems"], first_row)
    for sign, tone in STAY_TONES.items():
        formula = f'=ISNUMBER(FIND("{sign}",{problems}))'
        yield _rule(area, formula, _rule_format(tone))


def _days_left_rule(
    area: GridRange, cell: str, limit: int, tone: Tone
) -> Request:
    formula = f"=AND(ISNUMBER({cell}),{cell}<={limit})"
    return _rule(area, formula, _rule_format(tone))


def _problems_rule(sheet_id: int, first_row: int, column: int) -> Request:
    """Colour all that a column says below its heading."""
    area = _below_heading(sheet_id, first_row, column)
    cell = _relative(column, first_row)
    heading = f"${get_column_letter(column + 1)}${first_row}"
    formula = f"=AND(LEN({cell})>0,{cell}<>{heading})"
    return _rule(area, formula, _rule_format("red"))


def _reminders_rule(
    sheet_id: int, first_row: int, columns: Mapping[str, int], policy: Policy
) -> Request:
    """Colour what only reminds of a deadline that is some days away as soon, not as wrong."""
    area = _below_heading(sheet_id, first_row, columns["problems"])
    cell = _relative(columns["problems"], first_row)
    left = _relative(columns["days_left"], first_row)
    reminder = language(policy.words.language).plural(
        "{n} day left, until {date}.",
        "{n} days left, until {date}.",
        SOON,
        date=_DAY,
    )
    # What stands between the number of days and the day; a finding that is worse comes before it.
    until = reminder[reminder.index(",") : reminder.index(_DAY)]
    begins = f'IFERROR(FIND("{until}",{cell}),{FAR_IN})<{FAR_IN}'
    formula = f"=AND(ISNUMBER({left}),{left}>{LATE},{begins})"
    return _rule(area, formula, _rule_format("amber"))


def _below_heading(
    sheet_id: int, first_row: int, column: int
) -> dict[str, int]:
    """Return a column from its heading on."""
    # The heading never moves: a range that began at the first client would begin below the rows
    # that arrive above it, or become #REF! with it.
    return column_from(sheet_id, first_row - 1, column)


def _rule_format(tone: Tone) -> dict[str, Any]:
    ink, paper = _TONES[tone]
    return {
        "backgroundColorStyle": color(paper),
        "textFormat": {"foregroundColorStyle": color(ink)},
    }


def _rule(area: GridRange, formula: str, shown: CellFormat) -> Request:
    condition = {
        "type": "CUSTOM_FORMULA",
        "values": [{"userEnteredValue": formula}],
    }
    rule = {
        "ranges": [area],
        "booleanRule": {"condition": condition, "format": shown},
    }
    return {"addConditionalFormatRule": {"rule": rule, "index": 0}}


def own_columns(
    sheet_id: int, first_row: int, columns: Mapping[str, int], policy: Policy
) -> list[Request]:
    """Return the warning and the colours of the program's own columns, which are neighbours.

    `columns`: where they stand, by field (0-based); the state's too, which is coloured by them.
    """
    places = [columns[name] for name in DERIVED if name in columns]
    if not places:
        return []
    # It warns and no more: whoever may not edit a column may not delete or sort rows either.
    area = whole_columns(sheet_id, min(places), max(places) + 1)
    message = language(policy.words.language).text(
        "sheetsync fills these columns by itself."
    )
    return [
        protect(area, None, message),
        *daemon_rules(sheet_id, first_row, columns, policy),
    ]
