"""How the blocks of the Settings tab look, and what their cells offer.

What stands in the cells is settings_tab.py's.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import (
    CODE,
    REMARK,
    SCALARS,
    SettingsBlock,
)
from sheetsync.method.settings_tab.cell_types import Kind, SettingsVocabulary
from sheetsync.method.settings_tab.mapping import (
    KINDS,
    kind_words,
    left_alone,
    own_column,
)
from sheetsync.method.settings_tab.write import choices
from sheetsync.method.terms import MIXED
from sheetsync.reporting.layout.theme import CELL_STYLES, CellStyle
from sheetsync.sheets.requests.cells import (
    GridRange,
    Request,
    color,
    format_of,
    grid_range,
)
from sheetsync.sheets.requests.dropdowns import (
    dropdown,
    one_of_list,
    one_of_range,
)
from sheetsync.sheets.requests.tab_requests import column_widths, hide_column

REMARK_WIDTH, CODE_WIDTH, GAP = 190, 40, 28
"""Pixels: of the remarks, of the codes that nobody sees, between two blocks."""
_WIDTHS = {REMARK: REMARK_WIDTH, CODE: CODE_WIDTH}


def number_format(kind: Kind, policy: Policy) -> dict[str, str]:
    """Return how the values of a setting are shown."""
    patterns = {
        "text": ("TEXT", "@"),
        "date": ("DATE", policy.words.date_format),
        "percent": ("PERCENT", "0%"),
        "amount": ("NUMBER", policy.words.amount_format),
        "number": ("NUMBER", "#,##0"),
    }
    number_type, pattern = patterns[kind.shown]
    return {"type": number_type, "pattern": pattern}


def cell_format(kind: Kind, policy: Policy) -> dict[str, Any]:
    """Return the format of a cell in which people answer."""
    return {
        **format_of(CellStyle(size=10, border_bottom="thin")),
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
    """Go through the widths of some columns of a block, and the formats of their cells.

    `columns`: 0-based, by key; `keys`: those that are meant; `rows`: from the first to the one
    after the last.
    """
    for key in keys:
        place = columns[key]
        column = block.column.get(key)
        width = column.width if column else _WIDTHS[key]
        yield from column_widths(sheet_id, [width], place)
        if block.key == SCALARS:
            continue  # each line has a format of its own
        yield {
            "repeatCell": {
                "range": grid_range(sheet_id, rows, (place, place + 1)),
                "cell": {
                    "userEnteredFormat": _format_of_column(block, key, policy)
                },
                "fields": "userEnteredFormat",
            }
        }
        if key == CODE:
            yield hide_column(sheet_id, place)


def _format_of_column(
    block: SettingsBlock, key: str, policy: Policy
) -> dict[str, Any]:
    if key == REMARK:
        return remark_format()
    if key == CODE:
        return _code_format()
    return cell_format(block.column[key].kind, policy)


def remark_format() -> dict[str, Any]:
    """Return the format of what the program says of a line."""
    return {**format_of(CELL_STYLES["text_amber"]), "wrapStrategy": "WRAP"}


def _code_format() -> dict[str, Any]:
    return {**format_of(CELL_STYLES["plain"]), "wrapStrategy": "CLIP"}


def setting_dropdown(
    area: GridRange,
    kind: Kind,
    vocabulary: SettingsVocabulary,
    ranges: Mapping[str, str],
) -> list[Request]:
    """Return the dropdown of a setting, or nothing.

    `ranges`: the lists of the tab, by the block that holds them.
    """
    source, words = choices(kind, vocabulary)
    if source in ranges:
        return [dropdown(area, one_of_range(ranges[source]))]
    if words:
        return [dropdown(area, one_of_list(words))]
    return []


def words_offered(block: SettingsBlock, key: str, policy: Policy) -> list[str]:
    """Return what is offered where a team's own names are given a meaning; else nothing."""
    if (block.key, key) == ("tabs", "section"):
        return _sections_offered(policy)
    if (block.key, key) == ("columns", "field"):
        return _fields_offered(policy)
    if (block.key, key) == ("words", "kind"):
        return [kind_words(kind, policy)[0] for kind in (*KINDS, "managers")]
    return []


def _sections_offered(policy: Policy) -> list[str]:
    codes = (*policy.codes("sections"), MIXED)
    names = [policy.words.name("sections", code) for code in codes]
    return [*names, left_alone(language(policy.words.language))]


def _fields_offered(policy: Policy) -> list[str]:
    names = []
    for column in policy.columns:
        if column.owner == "team":
            names.append(policy.words.name("columns", column.field))
    return [*names, own_column(language(policy.words.language))]


def group_format(tone: str) -> dict[str, Any]:
    """Return the format of a group's title within a block of this colour."""
    ink = CELL_STYLES[f"block_{tone}"].color
    style = CellStyle(bold=True, size=10, color=ink, border_bottom="medium")
    return {**format_of(style), "backgroundColorStyle": color("#FFFFFF")}
