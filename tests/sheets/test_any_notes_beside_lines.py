"""Whatever order a report had and gets, and whatever people have beside it: each note is there once, beside its own line."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.emulator import LocalAdapter, Workspace
from sheetsync.i18n import language
from sheetsync.reporting.layout.model import ReportCell, ReportLine, ReportSheet
from sheetsync.reporting.layout.side_notes import company_of
from sheetsync.sheets.connection import credentials
from sheetsync.sheets.connection.client import PacedClient
from sheetsync.sheets.connection.client import SheetsConnection as Wire
from sheetsync.sheets.read.book_structure import read_structure
from sheetsync.sheets.read.tab_cells import read_cells, read_rows
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.notes_beside_lines import ReportTabState
from sheetsync.sheets.requests.report_tab import PlacedReport, ReportWriter
from sheetsync.workbook.snapshot import Grid

EN, SHEET, WIDTH = language("en"), 7, 3
COMPANIES = {
    number: ReportCell(f"Company {number}", "link", ("working", int(number))) for number in "12345"
}
KEYS = [
    "title",
    "head:overdue",
    *(f"{kind}:{number}" for kind in ("overdue", "fill") for number in "12345"),
]
ORDER = st.lists(st.sampled_from(KEYS), unique=True, min_size=1, max_size=12)
MARKS = st.dictionaries(
    st.sampled_from(KEYS), st.sampled_from(["value", "note", "formula"]), max_size=8
)


class Tab:
    """One report tab on the emulator, written as a run writes it."""

    def __init__(self) -> None:
        workspace = Workspace.in_memory(now=lambda: datetime(2026, 3, 2, tzinfo=UTC))
        self.id = workspace.create("Base").id
        workspace.store(self.id)
        http = PacedClient(credentials.local())
        http.session.mount("https://", LocalAdapter(workspace, credentials.LOCAL_USER))
        http.set_timeout((10, 60))
        self.wire = Wire(http, self.id, EN, attempts=1)

    def grid(self) -> Grid | None:
        grid = next(
            (g for g in read_structure(self.wire, self.id).grids if g.sheet_id == SHEET), None
        )
        return grid and replace(grid, cells=read_cells(self.wire, [grid], {})[SHEET])

    def write(self, keys: list[str], width: int = WIDTH) -> int:
        """Bring the tab up to date; how many requests that took."""
        lines = tuple(
            ReportLine(key, (ReportCell(f"text of {key}", "text"), ReportCell(at, "number")))
            for at, key in enumerate(keys)
        )
        sheet, grid = (
            ReportSheet("summary", "Summary", (100,) * width, lines, 2, "#000000"),
            self.grid(),
        )
        areas = ReportTabState(sheet, grid, {}).areas() if grid else []
        details = read_rows(self.wire, {}, areas).cells if areas else {}
        canvas = Canvas()
        writer = ReportWriter({}, {}, "dd.mm.yyyy", {}, EN, lambda: COMPANIES, details)
        tab = PlacedReport(sheet, grid, SHEET)
        requests = [*writer.requests(tab, writer.order(tab), canvas), *canvas.requests()]
        if requests:
            self.wire.write({"requests": requests}, "spreadsheetId")
        return len(requests)

    def mark(self, row: int, kind: str, text: str, column: int) -> None:
        """Put something beside a row: a value, a note, or a formula that reads the row's own first cell."""
        cells: dict[str, dict[str, Any]] = {
            "value": {"userEnteredValue": {"stringValue": text}},
            "note": {"note": text},
            "formula": {"userEnteredValue": {"formulaValue": f'="{text}"&B{row + 1}'}},
        }
        start = {"sheetId": SHEET, "rowIndex": row, "columnIndex": column}
        update = {
            "start": start,
            "rows": [{"values": [cells[kind]]}],
            "fields": "userEnteredValue,note",
        }
        self.wire.write({"requests": [{"updateCells": update}]}, "spreadsheetId")

    def marks(self, width: int) -> list[tuple[str, str, str]]:
        """Return (key of the line, its first cell, what stands beside it), from the top."""
        told = read_rows(self.wire, {}, [{"sheetId": SHEET}]).cells
        found = []
        for _, cells in sorted(told.items()):
            texts = [
                str(next(iter(cell.get("effectiveValue", {"": ""}).values()))) for cell in cells
            ]
            for cell, text in [*zip(cells, texts, strict=True)][1 + width :]:
                if mark := cell.get("note") or text:
                    found.append((texts[0].rpartition("·")[0], texts[1], mark))
        return found


@settings(max_examples=40, deadline=None)
@given(ORDER, MARKS, st.lists(ORDER, min_size=1, max_size=3), st.integers(WIDTH - 1, WIDTH + 2))
def test_each_note_is_there_once_beside_its_line_its_company_or_at_the_end(
    first: list[str], marks: dict[str, str], later: list[list[str]], wide: int
) -> None:
    tab = Tab()
    tab.write(first)
    marked = {key: kind for key, kind in marks.items() if key in first}
    for number, (key, kind) in enumerate(marked.items()):
        tab.mark(first.index(key), kind, f"<{key}>", 1 + WIDTH + number % 2)
    for keys in later:
        tab.write(keys, wide)
        assert tab.write(keys, wide) == 0
        found = tab.marks(wide)
        texts = [mark.partition(">")[0] + ">" for _, _, mark in found]
        assert sorted(texts) == sorted(f"<{key}>" for key in marked)
        for (line, name, mark), text in zip(found, texts, strict=True):
            home = text[1:-1]
            company = company_of(home, COMPANIES)
            assert (
                line == home
                or (company and company_of(line, COMPANIES) == company)
                or line.startswith("kept")
            )
            if line.startswith("kept"):
                assert home not in keys or line != home
                assert name == (f"Company {company}" if company else f"text of {home}")
            if marked[home] == "formula":
                assert mark == f"{text}{name}"  # it still reads its own row
