"""References in the charts of a file.

Found, read as cells of tabs, and written back where those are now.

What a chart looks like is left to chart_read.py and chart_write.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model import a1
from sheetsync.emulator.model.charts import FileRef
from sheetsync.emulator.model.formulas import LAST_COLUMN, LAST_ROW
from sheetsync.emulator.model.rects import OPEN, Rect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PART = re.compile(r"('(?:[^']|'')+'|[^'!,()]+)!([^!,()]+)")
_HOLDERS = ("NumRef", "StrRef", "MultiLevelStrRef")


def holders(chart: Any) -> Iterator[Any]:
    """Give every object of an openpyxl chart that holds a reference (`f`), always in one order."""
    seen: set[int] = set()
    todo = [chart]
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, (list, tuple)):
            todo.extend(reversed(node))
        elif hasattr(node, "__dict__") and type(node).__module__.startswith(
            "openpyxl."
        ):
            if type(node).__name__ in _HOLDERS and node.f:
                yield node
            todo.extend(
                value
                for name, value in sorted(vars(node).items(), reverse=True)
                if name != "anchor"
            )


def read(text: str, titles: Mapping[str, int]) -> FileRef:
    """Give a reference's text with the cells that it stands for.

    Names, other files and lost cells stand for none.
    """
    bare = text.strip().removeprefix("=")
    inner = bare[1:-1] if bare.startswith("(") and bare.endswith(")") else bare
    parts = list(_PART.finditer(inner))
    if not parts or ",".join(part[0] for part in parts) != inner:
        return FileRef(text, None)
    places = []
    for part in parts:
        title = part[1].removeprefix("'").removesuffix("'").replace("''", "'")
        rect = a1.read_cells(part[2].replace("$", ""))
        if rect is None or title not in titles:
            return FileRef(text, None)
        places.append((titles[title], opened(rect)))
    return FileRef(text, tuple(places))


def opened(rect: Rect) -> Rect:
    """Give a rectangle of a file: a side at the format's last row or column is open."""
    bottom = OPEN if rect.bottom >= LAST_ROW else rect.bottom
    return rect._replace(
        bottom=bottom, right=OPEN if rect.right >= LAST_COLUMN else rect.right
    )


def write(
    places: tuple[tuple[int, Rect], ...], titles: Mapping[int, str]
) -> str:
    """Give the text of a reference to these cells; #REF! where none of them is left."""
    texts = [
        f"{a1.quoted(titles[tab])}!{absolute(rect)}"
        for tab, rect in places
        if tab in titles
    ]
    if not texts:
        return "#REF!"
    return texts[0] if len(texts) == 1 else f"({','.join(texts)})"


def absolute(rect: Rect) -> str:
    """Give a rectangle's A1 with $ everywhere, open sides closed at the format's end."""
    bottom, right = min(rect.bottom, LAST_ROW), min(rect.right, LAST_COLUMN)
    start = f"${a1.letters(rect.left)}${rect.top + 1}"
    end = f"${a1.letters(right - 1)}${bottom}"
    return start if start == end else f"{start}:{end}"
