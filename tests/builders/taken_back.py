"""What of a file is another after a run was taken back, and why: the list is short, and each line has its reason."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from sheetsync.i18n import LANGUAGES, language
from sheetsync.method.policy import template
from sheetsync.workbook.plan import DERIVED
from tests.builders.fingerprint import differences, of_file, without_tabs


class Reason(NamedTuple):
    """Why lines of a comparison that a pattern matches are no fault: `docs` has it in these words."""

    pattern: str
    docs: str


REASONS = (
    Reason(
        r"book order of tabs: ",
        "The program's own tabs (reports, Journal, what it remembers) stay, with what was done.",
    ),
    Reason(
        r".*\bown column",
        "The program's own columns say what is so now: ids stay, and rows that came back are held "
        "for some days.",
    ),
    Reason(
        r".* (column|added heading)\b",
        "A column that the run added at the right end of a section's tab stays, empty.",
    ),
    Reason(
        r".*![A-Z]+\d+ style: - => (?!.*(rgb|style=)).*numFmtId:(yyyy-mm-dd|dd\.mm\.yyyy)$",
        "A cell into which the run had written a day is empty again, and keeps the form of a date.",
    ),
    Reason(
        r".* comments \d+ 0 authors: ",
        "In an .xlsx a note that moved with its row names sheetsync as its author.",
    ),
)


def left_over(before: Path, after: Path) -> list[str]:
    """Compare a file before a run with the same once that was taken back; what no reason covers."""
    was, now = of_file(before), of_file(after)
    own = _own_tabs(was, now)
    was, now = without_tabs(was, own), without_tabs(now, own)
    lines = differences(_marked(was, now), _marked(now, now))
    return [line for line in lines if not any(re.match(r.pattern, line) for r in REASONS)]


def _own_tabs(was: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    order = "book order of tabs"
    added = set(now[order].split(" | ")) - set(was[order].split(" | "))
    settings = {template(code).words.tabs["settings"] for code in LANGUAGES}
    return added | settings


def _marked(said: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Name the cells of the program's own columns, and headings that a run has added."""
    ours, added = _own_headings()
    own_columns = set[str]()
    headings = set[str]()
    for place, text in now.items():
        cell = re.fullmatch(r"(.*![A-Z]+)([1-5]) value", place)
        if cell is None:
            continue
        if text.removeprefix("text ") in ours:
            own_columns.add(cell[1])
        if text.removeprefix("text ") in added:
            headings.add(place)
    marked = {}
    for place, text in said.items():
        column = re.match(r"(.*![A-Z]+)\d+ ", place)
        if column is not None and column[1] in own_columns:
            marked[f"{place} own column"] = text
        elif place in headings:
            marked[f"{place} added heading"] = text
        else:
            marked[place] = text
    return marked


def _own_headings() -> tuple[set[str], set[str]]:
    """Return the headings of the program's own columns, and those of all others that it may add."""
    ours, added = set[str](), set[str]()
    for code in LANGUAGES:
        words = template(language(code).code).words
        for field, spellings in words.columns.items():
            (ours if field in DERIVED else added).add(spellings[0])
            if field in DERIVED:
                ours.update(spellings)
    return ours, added
