"""Validations that read another tab, which Excel keeps among a tab's extensions.

They are read as all others, and written among these: Excel reads both alike, and so they follow
their rows and are copied with them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.xlsx.package.xml_text import attributes, decoded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_RULE = re.compile(
    r"(<(?:\w+:)?dataValidation\b[^>]*[^/>]>)(.*?)</(?:\w+:)?dataValidation>",
    re.DOTALL,
)
_CELLS = re.compile(r"<(?:\w+:)?sqref>([^<]*)</")
_FORMULA = r"<(?:\w+:)?formula{}>\s*<(?:\w+:)?f>([^<]*)</"
_GROUP = re.compile(
    r"<(\w+:)?ext\b(?:(?!</(?:\w+:)?ext>).)*?<(?:\w+:)?dataValidations\b.*?</(?:\w+:)?ext>",
    re.DOTALL,
)
_NOTHING_LEFT = re.compile(
    r"<(?:\w+:)?extLst[^>]*>\s*</(?:\w+:)?extLst>|<(?:\w+:)?extLst[^>]*/>"
)
_FLAGS = {
    "allowBlank": "allow_blank",
    "showInputMessage": "showInputMessage",
    "showErrorMessage": "showErrorMessage",
    "showDropDown": "showDropDown",
}
_TEXTS = {
    "type",
    "operator",
    "errorStyle",
    "error",
    "errorTitle",
    "prompt",
    "promptTitle",
}


def of_extensions(data: bytes) -> Iterator[Any]:
    """Go through the validations among a tab's extensions, as openpyxl has the others."""
    # The import takes time.
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    end = data.find(b"</sheetData>")
    if end < 0 or b"dataValidations" not in data[end:]:
        return
    for rule in _RULE.finditer(decoded(data[end:])):
        cells = _CELLS.search(rule[2])
        if cells is None:
            continue
        marks = attributes(rule[1])
        given: dict[str, Any] = {
            name: plain(text) for name, text in marks.items() if name in _TEXTS
        }
        for name, field in _FLAGS.items():
            given[field] = marks.get(name) in ("1", "true")
        for number in "12":
            formula = re.search(_FORMULA.format(number), rule[2])
            if formula is not None:
                given[f"formula{number}"] = plain(formula[1])
        yield DataValidation(sqref=plain(cells[1]), **given)


def without_validations(extensions: str) -> str:
    """Give a tab's extensions without its validations; "" where nothing else is left."""
    left = _GROUP.sub("", extensions)
    return "" if _NOTHING_LEFT.fullmatch(left.strip()) else left
