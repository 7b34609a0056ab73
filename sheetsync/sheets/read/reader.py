"""Reading a book in two requests: its structure by one, the cells of the tabs that matter by another.

Tabs are known by sheetId, not by title; values come unformatted, dates as serial days in the book's own zone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.settings_tab.blocks import BLOCK
from sheetsync.method.settings_tab.document import SettingsDocument
from sheetsync.method.settings_tab.last_good import differing, remembered
from sheetsync.method.settings_tab.mapping import SettingsReading, adopted, settings_of
from sheetsync.method.vocabulary import section_of
from sheetsync.schema import Problem, Severity
from sheetsync.sheets.connection.client import SheetsConnection
from sheetsync.sheets.read.ownership import claimed
from sheetsync.sheets.requests.missing_parts import Rules
from sheetsync.sheets.requests.protection import is_heads
from sheetsync.sheets.session.lock import STANDING, standing
from sheetsync.sheets.session.metadata import layout_of
from sheetsync.values import Cell
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.answers import asks, decisions_of
from sheetsync.workbook.journal import JOURNAL_LINES, from_row
from sheetsync.workbook.lock_lease import Standing
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.report_lines import in_order
from sheetsync.workbook.snapshot import (
    Book,
    CellArea,
    DrawnChart,
    Grid,
    Guard,
    Row,
    Snapshot,
    Tab,
    is_own,
    own_titles,
    reports_of,
)
from sheetsync.workbook.tab_sections import sections_of

STRUCTURE = (
    "spreadsheetId,properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,index,sheetType,hidden,gridProperties(rowCount,columnCount)),"
    "basicFilter,merges,tables(range),charts(chartId,spec,position(overlayPosition)),"
    "protectedRanges(protectedRangeId,description,range,unprotectedRanges,warningOnly,requestingUserCanEdit)),"
    "developerMetadata(metadataId,metadataValue)"
)
_EXPLAINED = re.compile(r"(#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|ERROR!)) \(.*\)", re.DOTALL)


def read_structure(line: SheetsConnection, book_id: str) -> Book:
    """Read the book's properties and tabs, without cells: one request."""
    answer = line.read("get", "", params={"fields": STRUCTURE})
    properties = answer.get("properties", {})
    grids = [
        _grid(sheet)
        for sheet in answer.get("sheets", ())
        if sheet["properties"].get("sheetType", "GRID") == "GRID"
    ]
    return Book(
        str(answer.get("spreadsheetId", book_id)),
        properties.get("title", ""),
        properties.get("locale", "en_US"),
        properties.get("timeZone", "UTC"),
        tuple(grids),
        standing(answer),
        layout_of(answer),
    )


def _grid(sheet: Mapping[str, Any]) -> Grid:
    properties = sheet["properties"]
    size = properties.get("gridProperties", {})
    return Grid(
        properties.get("sheetId", 0),
        properties.get("title", ""),
        properties.get("index", 0),
        size.get("rowCount", 0),
        size.get("columnCount", 0),
        hidden=properties.get("hidden", False),
        basic_filter=sheet.get("basicFilter"),
        merges=tuple(_area(merge) for merge in sheet.get("merges", ())),
        guarded=tuple(
            part for protection in sheet.get("protectedRanges", ()) for part in _guarded(protection)
        ),
        tables=tuple(
            _area(table["range"]) for table in sheet.get("tables", ()) if "range" in table
        ),
        ours=tuple(
            Guard(found["protectedRangeId"], _area(found["range"]), found["description"])
            for found in sheet.get("protectedRanges", ())
            if "range" in found and is_heads(found.get("description", "")) and not _guarded(found)
        ),
        protections=tuple(
            (protection["protectedRangeId"], protection.get("description", ""))
            for protection in sheet.get("protectedRanges", ())
        ),
        charts=tuple(_drawn(chart) for chart in sheet.get("charts", ())),
    )


def _drawn(chart: Mapping[str, Any]) -> DrawnChart:
    place = chart.get("position", {}).get("overlayPosition", {})
    return DrawnChart(chart.get("chartId", 0), chart.get("spec", {}), place)


FAR = 10**9
WIDEST = 18_278
"""Columns of the widest sheet there is."""


def _area(place: Mapping[str, Any]) -> CellArea:
    top, left = place.get("startRowIndex", 0), place.get("startColumnIndex", 0)
    return CellArea(top, place.get("endRowIndex", FAR), left, place.get("endColumnIndex", FAR))


def _guarded(protection: Mapping[str, Any]) -> list[CellArea]:
    """Return what a protection keeps from us, without its unprotected parts."""
    if (
        protection.get("requestingUserCanEdit")
        or protection.get("warningOnly")
        or "range" not in protection
    ):
        return []
    parts = [_area(protection["range"])]
    for hole in (_area(free) for free in protection.get("unprotectedRanges", ())):
        parts = [piece for part in parts for piece in part.without(hole)]
    return parts


def read_cells(
    line: SheetsConnection, grids: Sequence[Grid], limits: Mapping[int, int]
) -> dict[int, Sequence[Row]]:
    """Read the cells of some tabs by sheetId: one request. `limits`: rows to read, where not all."""
    if not grids:
        return {}
    filters = []
    for grid in grids:
        wanted = {"sheetId": grid.sheet_id}
        if grid.sheet_id in limits:
            wanted["endRowIndex"] = min(limits[grid.sheet_id], grid.row_count)
        filters.append({"gridRange": wanted})
    body = {
        "dataFilters": filters,
        "majorDimension": "ROWS",
        "valueRenderOption": "UNFORMATTED_VALUE",
        "dateTimeRenderOption": "SERIAL_NUMBER",
    }
    answer = line.read("post", "/values:batchGetByDataFilter", json=body)
    return {
        found["dataFilters"][0]["gridRange"].get("sheetId", 0): _bare(
            found["valueRange"].get("values", [])
        )
        for found in answer.get("valueRanges", ())
    }


def _bare(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Take the explanation off errors, `#DIV/0! (Function …)`: a cell read with its type has none."""
    for row in rows:
        for at, cell in enumerate(row):
            if (
                isinstance(cell, str)
                and cell.startswith("#")
                and (error := _EXPLAINED.fullmatch(cell))
            ):
                row[at] = error[1]
    return rows


def choose_policy(book: Book, wanted: str | None) -> Policy:
    """Choose the language of a base: as asked, as it was, or the one that knows most of its tabs, or its locale's."""
    if wanted or book.layout.language:
        return template(language(wanted or book.layout.language).code)
    by_language = {code: template(code) for code in ("ru", "en")}

    def known(code: str) -> tuple[int, bool]:
        policy = by_language[code]
        names = {word.casefold() for words in policy.words.sections.values() for word in words}
        return sum(g.title.strip().casefold() in names for g in book.grids), book.locale.startswith(
            code
        )

    return by_language[max(by_language, key=known)]


def read_book(
    line: SheetsConnection, book_id: str, wanted: str | None, lines: int = JOURNAL_LINES
) -> tuple[Snapshot, Policy]:
    """Read and recognise a book, with the newest `lines` of its Journal: two requests, one more for a tab just mapped.

    Raises BookUnrecognised where it is no base.
    """
    book = read_structure(line, book_id)
    policy = choose_policy(book, wanted)
    relevant = [g for g in book.grids if _matters(g, book, policy)]
    journal = book.titled(*own_titles(policy, "journal"))
    limits = {journal.sheet_id: lines + 1} if journal else {}
    cells = read_cells(line, relevant, limits)
    book = claimed(_filled(book, cells), policy)
    settings = book.titled(*own_titles(policy, "settings"))
    good = last_good_settings(book, policy)
    said = SettingsReading()
    if settings is not None or differing(good, policy):
        said = settings_of(settings.cells if settings else (), policy, good)
        policy = adopted(policy, said)
        told = {seated.grid.sheet_id for seated in sections_of(book, policy)}
        cells |= read_cells(line, [g for g in book.grids if g.sheet_id in told - cells.keys()], {})
        book = replace(_filled(book, cells), theirs=book.theirs | told)
    snapshot = recognised(book, policy)
    whole = len(snapshot.journal) < lines
    found = _mistakes(settings.title if settings else "", said, policy)
    return replace(
        snapshot, settings_reading=said, journal_whole=whole, problems=(*snapshot.problems, *found)
    ), policy


def own_cells(line: SheetsConnection, book: Book, policy: Policy) -> Book:
    """Read the Settings tab and what is remembered of it, where there is either: one request."""
    own = [
        grid
        for key in ("settings", "state")
        if (grid := book.titled(*own_titles(policy, key))) is not None
    ]
    return claimed(_filled(book, read_cells(line, own, {})), policy) if own else book


def last_good_settings(book: Book, policy: Policy) -> SettingsDocument:
    """Return the settings that were in force at the last run, as the state tab notes them, over the method's own."""
    state = book.titled(*own_titles(policy, "state"))
    return remembered(state_tab.noted(state.cells[1:]) if state else "", policy)


def _mistakes(title: str, told: SettingsReading, policy: Policy) -> Iterator[Problem]:
    """Say of every line of the Settings tab that cannot be understood where it stands, and what of the tab is gone."""
    spoken = language(policy.words.language)
    for remark in told.remarks:
        if not remark.asked:
            yield Problem("settings", Severity.WARNING, title, remark.row + 1, "", remark.text)
    fix = spoken.text("`sheetsync init BOOK` lays it out again.")
    if not title and told.gone:
        name = policy.words.tabs["settings"]
        yield Problem(
            "settings",
            Severity.WARNING,
            name,
            0,
            "",
            spoken.text("The tab “{tab}” is gone; what it said last still holds.", tab=name),
            fix,
        )
        return
    for key in told.gone:
        block = spoken.text(BLOCK[key].title)
        yield Problem(
            "settings",
            Severity.WARNING,
            title,
            0,
            "",
            spoken.text(
                "“{block}” is gone from this tab; what stood there last still holds.", block=block
            ),
            fix,
        )


def _filled(book: Book, cells: Mapping[int, Sequence[Row]]) -> Book:
    return replace(
        book, grids=tuple(replace(g, cells=cells.get(g.sheet_id, ())) for g in book.grids)
    )


def _matters(grid: Grid, book: Book, policy: Policy) -> bool:
    """Tell whether a tab's cells are wanted: it was a section, is named like one, or is the program's own."""
    return (
        grid.sheet_id in book.layout.by_id
        or bool(section_of(grid.title, policy))
        or is_own(grid.title, policy)
    )


def recognised(book: Book, policy: Policy) -> Snapshot:
    """Recognise a book, with what the last run remembered."""
    state = book.titled(*own_titles(policy, "state"))
    journal = book.titled(*own_titles(policy, "journal"))
    spoken = language(policy.words.language)
    cells = state.cells if state else ()
    remembered = state_tab.read(state_tab.own_rows(cells), cells[0]) if cells else state_tab.empty()
    snapshot = recognise(book, policy, spoken, remembered)
    lines = tuple(from_row(row, policy) for row in (journal.cells[1:] if journal else ()) if row)
    answers = tuple(
        decision
        for sheet, grid in reports_of(book, policy)
        if asks(sheet)
        for decision in decisions_of(sheet, in_order(grid.cells, sheet))
    )
    return replace(snapshot, journal=lines, first_run=state is None, decisions=answers)


class RereadRows(NamedTuple):
    """Rows as read again under the lock: {(sheetId, 0-based row): cells}, and how the lock stood then."""

    cells: dict[tuple[int, int], list[Mapping[str, Any]]]
    standing: Standing


_READ = "userEnteredValue,effectiveValue,textFormatRuns,note,dataValidation"
_LOOKS = "userEnteredFormat(backgroundColorStyle,textFormat(foregroundColorStyle,bold,italic,strikethrough))"


def read_rows(
    line: SheetsConnection,
    places: Mapping[int, Iterable[int]],
    areas: Sequence[Mapping[str, int]] = (),
) -> RereadRows:
    """Read some rows whole, with formulas, notes and rules, and the lock's standing with them: one request.

    `areas`: further ranges (GridRange), which come with colours too; of a row of theirs other cells may be missing.
    """
    filters = [
        {"gridRange": {"sheetId": sheet_id, "startRowIndex": start, "endRowIndex": end}}
        for sheet_id, rows in sorted(places.items())
        for start, end in stretches(rows)
    ]
    filters += [{"gridRange": dict(area)} for area in areas]
    values = f"{_READ},{_LOOKS}" if areas else _READ
    cells = f"properties(sheetId),data(startRow,startColumn,rowData(values({values})))"
    fields = STANDING.replace("sheets(", f"sheets({cells},")
    answer = line.read(
        "post", ":getByDataFilter", params={"fields": fields}, json={"dataFilters": filters}
    )
    found: dict[tuple[int, int], list[Mapping[str, Any]]] = {}
    for sheet in answer.get("sheets", ()):
        for block in sheet.get("data", ()):
            for offset, row in enumerate(block.get("rowData", ())):
                at = sheet["properties"].get("sheetId", 0), block.get("startRow", 0) + offset
                found[at] = _over(
                    found.get(at, ()), block.get("startColumn", 0), row.get("values", [])
                )
    return RereadRows(found, standing(answer))


def _over(
    held: Sequence[Mapping[str, Any]], left: int, cells: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Put a stretch of a row's cells, from the column `left` on, over what is known of the row."""
    beginning = [*held[:left], *[{}] * (left - len(held))]
    return [*beginning, *cells, *held[left + len(cells) :]]


def read_ids(line: SheetsConnection, ranges: Sequence[str]) -> Any:
    """Read columns by A1 as a batch's own answer would tell them; for an answer that was lost."""
    fields = (
        "sheets(properties(sheetId),data(startRow,startColumn,rowData(values(effectiveValue))))"
    )
    filters = [{"a1Range": text} for text in ranges]
    return line.read(
        "post", ":getByDataFilter", params={"fields": fields}, json={"dataFilters": filters}
    )


def read_rules(line: SheetsConnection, tabs: Sequence[Tab]) -> Rules:
    """Read which columns of some tabs have dropdowns or colours of their own: one request."""
    fields = "sheets(properties(sheetId),conditionalFormats(ranges),data(startColumn,rowData(values(dataValidation(strict,condition(type))))))"
    filters = [
        {"gridRange": {"sheetId": tab.grid.sheet_id, "startRowIndex": tab.header + 1}}
        for tab in tabs
    ]
    answer = line.read(
        "post", ":getByDataFilter", params={"fields": fields}, json={"dataFilters": filters}
    )
    validated: dict[int, frozenset[int]] = {}
    coloured: dict[int, frozenset[int]] = {}
    for sheet in answer.get("sheets", ()):
        sheet_id = sheet["properties"].get("sheetId", 0)
        areas = [
            _area(place)
            for rule in sheet.get("conditionalFormats", ())
            for place in rule.get("ranges", ())
        ]
        coloured[sheet_id] = frozenset(
            at for area in areas for at in range(area.left, min(area.right, WIDEST))
        )
        validated[sheet_id] = frozenset(
            block.get("startColumn", 0) + at
            for block in sheet.get("data", ())
            for row in block.get("rowData", ())
            for at, cell in enumerate(row.get("values", ()))
            if cell.get("dataValidation")
        )
    return Rules(validated, coloured)


def stretches(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Join row indexes into stretches: [1, 2, 3, 7] gives [(1, 4), (7, 8)]."""
    joined: list[tuple[int, int]] = []
    for row in sorted(set(rows)):
        if joined and joined[-1][1] == row:
            joined[-1] = (joined[-1][0], row + 1)
        else:
            joined.append((row, row + 1))
    return joined


def effective(cell: Mapping[str, Any]) -> Cell:
    """Return a cell's value as an unformatted read would give it."""
    value = cell.get("effectiveValue") or {}
    if "errorValue" in value:
        names = {
            "NULL_VALUE": "#NULL!",
            "DIVIDE_BY_ZERO": "#DIV/0!",
            "VALUE": "#VALUE!",
            "REF": "#REF!",
            "NAME": "#NAME?",
            "NUM": "#NUM!",
            "N_A": "#N/A",
        }
        return names.get(value["errorValue"].get("type", ""), "#ERROR!")
    for kind in ("stringValue", "numberValue", "boolValue"):
        if kind in value:
            found: Cell = value[kind]
            return found
    return None
