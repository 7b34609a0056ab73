"""What an .xlsx has no place for, kept in it all the same.

Ids, grid sizes, protections, metadata, locale, zone.

Tab ids are tab-scoped hidden names (they survive a tab's renaming in Excel and LibreOffice), all
else is JSON cut into custom document properties (they survive both programs). Which object holds
what is left to load and save.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from sheetsync.emulator.xlsx.package.xml_text import (
    children,
    decoded,
    element,
    rebuilt,
    root_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheetsync.emulator.model.grid import Json

ID_NAME = "_sheetsync_id"
_PREFIX = "sheetsync.state."
_FORMAT = (
    # The format's name for properties of the user's own
    "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
)
_VARIANT = (
    "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
)
_NO_PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties">'
    b"</Properties>"
)
_CHUNK = 250  # Excel's own dialog shows 255 characters of a property


def read_state(workbook: Any) -> Json:
    """Give the stored JSON, or {} where there is none that can be read."""
    chunks = {}
    for prop in workbook.custom_doc_props.props:
        if prop.name and prop.name.startswith(_PREFIX):
            chunks[prop.name] = str(prop.value or "")
    try:
        state = json.loads("".join(chunks[name] for name in sorted(chunks)))
    except ValueError:
        return {}
    return state if isinstance(state, dict) else {}


def write_state(workbook: Any, state: Json) -> None:
    """Replace the stored JSON."""
    # Loaded for files only.
    from openpyxl.packaging.custom import StringProperty  # noqa: PLC0415

    props = workbook.custom_doc_props
    props.props = [
        prop
        for prop in props.props
        if not (prop.name or "").startswith(_PREFIX)
    ]
    text = json.dumps(state, separators=(",", ":"), sort_keys=True)
    for number, start in enumerate(range(0, len(text), _CHUNK)):
        props.append(
            StringProperty(
                name=f"{_PREFIX}{number:05d}",
                value=text[start : start + _CHUNK],
            )
        )


def with_state(data: bytes | None, state: Json) -> bytes:
    """Give docProps/custom.xml with the stored JSON replaced.

    Properties of others stay as they are.
    """
    prolog, root = root_of(decoded(data or _NO_PROPERTIES))
    kept = [
        child
        for child in children(root.inner)
        if not (child.get("name") or "").startswith(_PREFIX)
    ]
    taken = {int(child.get("pid") or 0) for child in kept}
    free = (number for number in itertools.count(2) if number not in taken)
    text = json.dumps(state, separators=(",", ":"), sort_keys=True)
    lines = [child.text for child in kept]
    for number, start in enumerate(range(0, len(text), _CHUNK)):
        given = {
            "fmtid": _FORMAT,
            "pid": str(next(free)),
            "name": f"{_PREFIX}{number:05d}",
        }
        value = escape(text[start : start + _CHUNK])
        lines.append(
            element(
                "property",
                given,
                f'<vt:lpwstr xmlns:vt="{_VARIANT}">{value}</vt:lpwstr>',
            )
        )
    return (prolog + rebuilt(root, lines)).encode()


def stored_id(worksheet: Any) -> int | None:
    """Give the id written into a tab, if any."""
    name = worksheet.defined_names.get(ID_NAME)
    text = str(name.attr_text or "") if name is not None else ""
    return int(text) if text.isdigit() else None


def store_id(worksheet: Any, sheet_id: int) -> None:
    """Write a tab's id into it."""
    # Loaded for files only.
    from openpyxl.workbook.defined_name import DefinedName  # noqa: PLC0415

    worksheet.defined_names[ID_NAME] = DefinedName(
        ID_NAME, attr_text=str(sheet_id), hidden=True
    )


def stable_number(text: str, taken: Iterable[int] = ()) -> int:
    """Give a positive int32 made of a text, the same in every run; moved on where it is taken."""
    number = (
        int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
        & 0x7FFFFFFF
    )
    used = taken if isinstance(taken, AbstractSet) else set(taken)
    while number in used or number == 0:
        number = (number + 1) & 0x7FFFFFFF
    return number


def tab_ids(worksheets: list[Any], state: Json) -> list[int]:
    """Give an id for each tab.

    The one written into it, else the one stored under its title, else a new one.

    In a file without any, the first tab is 0 as at Google and the others get a number made of their
    title.
    """
    by_title = {
        str(s.get("title")): s.get("id")
        for s in state.get("sheets", [])
        if isinstance(s, dict)
    }
    found: list[int | None] = []
    taken: set[int] = set()
    for worksheet in worksheets:
        known = stored_id(worksheet)
        known = by_title.get(worksheet.title) if known is None else known
        is_new = isinstance(known, int) and known not in taken
        found.append(known if is_new else None)
        if isinstance(known, int):
            taken.add(known)
    fresh = not taken
    out: list[int] = []
    for number, known in enumerate(found):
        if known is not None:
            out.append(known)
        elif fresh and number == 0:
            out.append(0)
        else:
            out.append(stable_number(worksheets[number].title, taken))
        taken.add(out[-1])
    return out
