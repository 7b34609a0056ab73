"""How the blocks of the Settings tab look, and what their cells offer: number formats, dropdowns, widths, hidden codes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import CODE, REMARK, SCALARS, SettingsBlock
from sheetsync.method.settings_tab.cell_types import Kind, SettingsVocabulary
from sheetsync.method.settings_tab.mapping import KINDS, kind_words, left_alone, own_column
from sheetsync.method.settings_tab.write import choices
from sheetsync.method.terms import MIXED
from sheetsync.reporting.layout.theme import CELL_STYLES, CellStyle
from sheetsync.sheets.requests.cells import Request, color, format_of, grid_range
from sheetsync.sheets.requests.own_tab_requests import hide_column, widths

REMARK_WIDTH, CODE_WIDTH, GAP = 190, 40, 28
"""Pixels: of the remarks, of the codes that nobody sees, between two blocks."""


def number_format(kind: Kind, policy: Policy) -> dict[str, str]:
    """Return how the values of a setting are shown."""
    patterns = {
        "text": ("TEXT", "@"),
        "date": ("DATE", policy.words.date_format),
        "month": ("DATE", "mmmm yyyy"),
        "percent": ("PERCENT", "0%"),
        "amount": ("NUMBER", policy.words.amount_format),
        "number": ("NUMBER", "#,##0"),
    }
    named, pattern = patterns[kind.shown]
    return {"type": named, "pattern": pattern}


def cell_format(kind: Kind, policy: Policy) -> dict[str, Any]:
    """Return the format of a cell in which people answer."""
    shown = format_of(CellStyle(size=10, border_bottom="thin"))
    return {
        **shown,
        "numberFormat": number_format(kind, policy),
        "horizontalAlignment": "LEFT",
        "wrapStrategy": "CLIP",
    }


def block_format(
    sheet_id: int,
    block: SettingsBlock,
    columns: Mapping[str, int],
    keys: Sequence[str],
    rows: tuple[int, int],
    policy: Policy,
) -> Iterator[Request]:
    """Return the widths of some columns of a block, and the formats of their cells from the first row to the last."""
    for key in keys:
        at, column = columns[key], block.column.get(key)
        width = column.width if column else REMARK_WIDTH if key == REMARK else CODE_WIDTH
        yield from widths(sheet_id, [width], at)
        shown = (
            cell_format(column.kind, policy)
            if column
            else remark_format()
            if key == REMARK
            else _code()
        )
        cell = {"userEnteredFormat": shown}
        if block.key == SCALARS:
            continue  # each line has a look of its own
        yield {
            "repeatCell": {
                "range": grid_range(sheet_id, rows, (at, at + 1)),
                "cell": cell,
                "fields": "userEnteredFormat",
            }
        }
        if key == CODE:
            yield hide_column(sheet_id, at)


def remark_format() -> dict[str, Any]:
    """Return the format of what the program says of a line."""
    return {**format_of(CELL_STYLES["text_amber"]), "wrapStrategy": "WRAP"}


def _code() -> dict[str, Any]:
    return {**format_of(CELL_STYLES["plain"]), "wrapStrategy": "CLIP"}


def dropdown(
    sheet_id: int,
    area: Mapping[str, int],
    kind: Kind,
    speech: SettingsVocabulary,
    ranges: Mapping[str, str],
) -> Iterator[Request]:
    """Return the dropdown of a setting; a word of one's own is explained beside it, never refused."""
    source, words = choices(kind, speech)
    if source in ranges:
        yield offering(
            sheet_id,
            area,
            {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": ranges[source]}]},
        )
    elif words:
        yield offering(sheet_id, area, listed(words))


def listed(words: Sequence[str]) -> dict[str, Any]:
    """Return the condition of a dropdown of these words."""
    return {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": word} for word in words]}


def offering(sheet_id: int, area: Mapping[str, int], condition: Mapping[str, Any]) -> Request:
    """Give an area (without its sheet) a dropdown."""
    rule = {"condition": dict(condition), "showCustomUi": True, "strict": False}
    return {"setDataValidation": {"range": {"sheetId": sheet_id, **area}, "rule": rule}}


def own_words(block: SettingsBlock, policy: Policy) -> dict[str, list[str]]:
    """Return the dropdowns of the blocks that say what a team's own names mean, by column."""
    words, spoken = policy.words, language(policy.words.language)
    sections = [words.name("sections", code) for code in (*policy.codes("sections"), MIXED)]
    fields = [
        words.name("columns", column.field) for column in policy.columns if column.owner == "team"
    ]
    lists = {
        ("tabs", "section"): [*sections, left_alone(spoken)],
        ("columns", "field"): [*fields, own_column(spoken)],
        ("words", "kind"): [kind_words(kind, policy)[0] for kind in (*KINDS, "managers")],
    }
    return {column: named for (key, column), named in lists.items() if key == block.key}


def tinted(tone: str) -> dict[str, Any]:
    """Return the format of a group's title within a block of this colour."""
    look = CELL_STYLES[f"block_{tone}"]
    return {
        **format_of(CellStyle(bold=True, size=10, color=look.color, border_bottom="medium")),
        "backgroundColorStyle": color("#FFFFFF"),
    }
