"""What the last run knew of a book's structure: which tab is which section, by id, and where each column stood.

Kept in the book as developer metadata, so that a renamed tab and a moved or renamed column are followed and a deleted one
is missed. Reading the cells is left to the sheets room, recognising to snapshot.py.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

ROOM = 28_000
"""Characters that are kept at most: Google allows 30,000 of metadata on a spreadsheet (API fact)."""


class Seat(NamedTuple):
    """Where a field's column stood (0-based) and how it was headed."""

    at: int
    heading: str


@dataclass(frozen=True)
class TabLayout:
    """One section's tab. `section`: a code of the policy's, or `mixed`, `mixed.2`, … for tabs of several sections."""

    section: str
    sheet_id: int
    title: str
    fields: Mapping[str, Seat] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """The structure of a book as it was last seen. `language`: the code of the language it is kept in."""

    language: str = ""
    tabs: tuple[TabLayout, ...] = ()

    @property
    def by_id(self) -> dict[int, TabLayout]:
        """Tabs by sheetId."""
        return {tab.sheet_id: tab for tab in self.tabs}

    @property
    def by_title(self) -> dict[str, TabLayout]:
        """Tabs by the title that they had."""
        return {tab.title: tab for tab in self.tabs}

    def text(self) -> str:
        """Return the layout as it is kept; columns are left out where there is no room for them."""
        tabs = [
            [
                tab.section,
                tab.sheet_id,
                tab.title,
                {name: [*seat] for name, seat in sorted(tab.fields.items())},
            ]
            for tab in self.tabs
        ]
        said: dict[str, Any] = {"language": self.language}
        whole = _packed({**said, "tabs": tabs})
        return (
            whole
            if len(whole) <= ROOM
            else _packed({**said, "tabs": [[*tab[:3], {}] for tab in tabs]})
        )


UNKNOWN = Layout()
"""The layout of a book that no run has seen."""


def _packed(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def of_text(text: str) -> Layout:
    """Read a layout back. One that cannot be read is one that was never kept."""
    try:
        data = json.loads(text)
        tabs = tuple(
            TabLayout(
                str(section),
                int(sheet_id),
                str(title),
                {str(name): Seat(int(at), str(heading)) for name, (at, heading) in fields.items()},
            )
            for section, sheet_id, title, fields in data["tabs"]
        )
        return Layout(str(data["language"]), tabs)
    except (KeyError, TypeError, ValueError, AttributeError):
        return UNKNOWN
