"""New workbooks: the bytes of an empty one, and a name for its file that nobody has yet.

What comes into it, and when it is written, is left to workspace.py.
"""

from __future__ import annotations

import io
import itertools
import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_ROWS, _COLUMNS = 1000, 26  # the size of a new tab at Google
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_RESERVED = re.compile(
    r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE
)  # names that Windows keeps for devices
_LONGEST = (
    # Bytes of a name: file systems have 255, and room is left for numbers and lock files
    180
)


def first_title(locale: str) -> str:
    """Give the title of a new spreadsheet's only tab."""
    return "Лист1" if locale.startswith("ru") else "Sheet1"


def blank(title: str, locale: str, time_zone: str) -> bytes:
    """Give an .xlsx with one empty tab."""
    # Rarely used: kept off the way of every start.
    import openpyxl  # noqa: PLC0415

    from sheetsync.emulator.xlsx.parts.stored_state import store_id, write_state  # noqa: PLC0415

    workbook = openpyxl.Workbook()
    tab: Any = workbook.active
    tab.title = first_title(locale)
    store_id(tab, 0)
    sheets = [{"id": 0, "title": tab.title, "rows": _ROWS, "columns": _COLUMNS}]
    write_state(
        workbook,
        {
            "v": 1,
            "title": title,
            "locale": locale,
            "timeZone": time_zone,
            "sheets": sheets,
        },
    )
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


def file_stem(title: str) -> str:
    """Give a title as any file system takes it for a name."""
    text = _UNSAFE.sub(" ", unicodedata.normalize("NFC", title))
    text = " ".join(text.encode("utf-8", "ignore").decode().split()).strip(
        ". ~$"
    )
    text = text.encode()[:_LONGEST].decode("utf-8", "ignore").strip(". ")
    return f"_{text}" if _RESERVED.fullmatch(text) else text or "spreadsheet"


def free_path(folder: Path, title: str) -> Path:
    """Give a path for a new file of that title.

    With a number where the name is taken, capitals aside.
    """
    taken = {path.name.casefold() for path in folder.iterdir()}
    stem = file_stem(title)
    names = itertools.chain(
        [f"{stem}.xlsx"],
        (f"{stem} ({number}).xlsx" for number in itertools.count(2)),
    )
    return folder / next(name for name in names if name.casefold() not in taken)
