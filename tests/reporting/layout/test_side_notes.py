"""Which line of a report a person's note comes to stand beside: before → after, as small tables, and what never happens."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetsync.i18n import language
from sheetsync.reporting.layout.model import ReportCell, ReportLine
from sheetsync.reporting.layout.side_notes import (
    KEPT,
    ArrangedLines,
    ReadRow,
    SideNote,
    arranged_lines,
    company_of,
)

EN = language("en")
COMPANIES = {
    number: ReportCell(f"Company {number}", "link", ("working", int(number)))
    for number in "123456789"
}
SIGNS = {".": SideNote.NOTHING, "c": SideNote.FORMAT, "n": SideNote.NOTE, "v": SideNote.VALUE}


def held(*rows: str) -> list[ReadRow]:
    """Read rows: `overdue:1 v` is that line with a value beside it; c: a colour, n: a note; `- v` is no line."""
    found = []
    for row in rows:
        key, _, sign = row.partition(" ")
        beside = SIGNS[sign or "."]
        found.append(
            ReadRow(
                "" if key == "-" else key,
                beside,
                f"was {key}",
                foreign=key == "-" and sign not in ("", "."),
            )
        )
    return found


def arrange(new: str, *rows: str) -> ArrangedLines:
    return arranged_lines([ReportLine(key, ()) for key in new.split()], held(*rows), COMPANIES, EN)


def stands(told: ArrangedLines, rows: Sequence[str]) -> dict[str, str]:
    """Tell beside which line each row with something of people's comes to stand."""
    keys = {at: line.key for at, line in enumerate(told.lines)}
    return {
        rows[row].partition(" ")[0]: keys.get(place, f"below, {place}")
        for place, row in told.row_by_place.items()
    }


@pytest.mark.parametrize(
    ("new", "rows", "after"),
    [
        # the line stands elsewhere
        (
            "title overdue:2 overdue:1",
            ["title", "overdue:1 v", "overdue:2 n"],
            {"overdue:1": "overdue:1", "overdue:2": "overdue:2"},
        ),
        # the company has another line
        ("title call:1", ["title", "overdue:1 v"], {"overdue:1": "call:1"}),
        (
            "title for:Ann:overdue:1 fill:2",
            ["title", "closing:1 v"],
            {"closing:1": "for:Ann:overdue:1"},
        ),
        # of several, one each, and never beside a note that stands there
        (
            "fill:1 call:1",
            ["overdue:1 v", "closing:1 v"],
            {"overdue:1": "fill:1", "closing:1": "call:1"},
        ),
        (
            "fill:1",
            ["overdue:1 v", "fill:1 v"],
            {"overdue:1": "kept:overdue:1", "fill:1": "fill:1"},
        ),
        # headings keep theirs
        (
            "title head:closing closing:1",
            ["title v", "head:overdue", "overdue:1", "head:closing n"],
            {"title": "title", "head:closing": "head:closing"},
        ),
        ("title", ["title", "head:overdue v"], {"head:overdue": "kept:head:overdue"}),
        # gone, and back
        (
            "title",
            ["title", "overdue:1 v", "overdue:2 n"],
            {"overdue:1": "kept:overdue:1", "overdue:2": "kept*:overdue:2"},
        ),
        (
            "title overdue:1",
            ["title", "gap:kept", "head:kept", "kept:overdue:1 v"],
            {"kept:overdue:1": "overdue:1"},
        ),
        (
            "title closing:1",
            ["title", "gap:kept", "head:kept", "kept*:overdue:1 n"],
            {"kept*:overdue:1": "closing:1"},
        ),
        ("title", ["title", "gap:kept", "head:kept", "kept:overdue:1"], {}),
        # a colour follows its line, and goes with it
        (
            "overdue:2 overdue:1",
            ["overdue:1 c", "overdue:2 c", "overdue:3 c"],
            {"overdue:1": "overdue:1", "overdue:2": "overdue:2"},
        ),
        # a row that somebody has copied
        ("overdue:1", ["overdue:1 v", "overdue:1 v"], {"overdue:1": "kept:overdue:1"}),
        # what stands below the report, or in a row of its own, stays below it
        ("a b c", ["a", "- v", "b", "- n"], {"-": "below, 4"}),
        ("a", ["a", "b", "- v"], {"-": "below, 2"}),
        # beside the heading of the block
        (
            "a",
            ["a", "gap:kept", "head:kept v", "kept:b v"],
            {"head:kept": "head:kept", "kept:b": "kept:b"},
        ),
        ("a", ["a", "gap:kept", "head:kept v", "kept:b"], {"head:kept": "kept:head:kept"}),
        (
            "a",
            ["a", "gap:kept", "head:kept", "kept:head:kept v"],
            {"kept:head:kept": "kept:head:kept"},
        ),
    ],
)
def test_a_note_stands_beside(new: str, rows: list[str], after: dict[str, str]) -> None:
    assert stands(arrange(new, *rows), rows) == after


def test_a_line_that_is_gone_names_its_company_and_leads_to_it() -> None:
    told = arrange("title", "overdue:1 v", "overdue:X v")
    _, gap, head, known, unknown = told.lines
    assert (gap.key, head.cells[0].value) == (
        "gap:kept",
        "Notes on companies that are no longer listed",
    )
    assert known.cells == (ReportCell("Company 1", "link", ("working", 1)),)
    assert unknown.cells == (ReportCell("was overdue:X", "text"),)


def test_a_report_without_notes_is_left_as_it_is() -> None:
    assert arrange("title overdue:1", "title", "overdue:2", "overdue:1") == ArrangedLines(
        (ReportLine("title", ()), ReportLine("overdue:1", ()))
    )


@pytest.mark.parametrize(
    ("key", "company"),
    [
        ("overdue:7", "7"),
        ("for:Ann: of Bonn:call:7", "7"),
        ("overdue:7#2", "7"),
        ("problem:7:empty:Phone", "7"),
        ("twice:3:7", "3"),
        ("title", ""),
    ],
)
def test_a_key_tells_its_company(key: str, company: str) -> None:
    assert company_of(key, COMPANIES) == company


KINDS = ("overdue", "closing", "fill")
KEYS = st.sampled_from(
    ["title", "head:overdue", *(f"{kind}:{number}" for kind in KINDS for number in "1234")]
)
BEFORE = st.lists(st.tuples(KEYS, st.sampled_from(".cnv"), st.booleans()), max_size=12)
AFTER = st.lists(KEYS, unique=True, max_size=12)


@given(BEFORE, AFTER, st.lists(AFTER, max_size=3))
def test_no_note_is_ever_lost_doubled_or_beside_another_company(
    before: list[tuple[str, str, bool]], after: list[str], later: list[list[str]]
) -> None:
    rows = [f"{'-' if stray and sign != '.' else key} {sign}" for key, sign, stray in before]
    current = [(row, number) for number, row in enumerate(held(*rows))]
    home = {number: row.own_key for row, number in current}
    for keys in (after, *later, later[-1] if later else after):
        told = arranged_lines(
            [ReportLine(key, ()) for key in keys], [row for row, _ in current], COMPANIES, EN
        )
        written = [line.key for line in told.lines]
        assert len({*written}) == len(written)
        assert len({*told.row_by_place.values()}) == len(told.row_by_place)
        kept = {number for row, number in current if row.side_note > SideNote.FORMAT or row.foreign}
        placed = {current[row][1]: place for place, row in told.row_by_place.items()}
        assert kept <= placed.keys()
        after_rows: dict[int, tuple[ReadRow, int]] = {}
        for number, place in placed.items():
            row = next(row for row, at in current if at == number)
            key = written[place] if place < len(written) else ""
            if row.foreign:
                assert key == ""
            elif not key.startswith(KEPT[:4]) and key != "head:kept":
                assert (
                    key == home[number]
                    or company_of(key, COMPANIES) == company_of(home[number], COMPANIES) != ""
                )
            after_rows[place] = (row._replace(key=key, name=f"was {key}"), number)
        height = max([*after_rows, len(written) - 1, -1]) + 1
        blank = [
            ReadRow(written[at] if at < len(written) else "", SideNote.NOTHING, None)
            for at in range(height)
        ]
        current = [after_rows.get(at, (row, -1 - at)) for at, row in enumerate(blank)]
        again = arranged_lines(
            [ReportLine(key, ()) for key in keys], [row for row, _ in current], COMPANIES, EN
        )
        assert [line.key for line in again.lines] == written
        assert all(place == row for place, row in again.row_by_place.items())
