"""What the last run knew of a book's structure: which tab is which section, where columns stood.

Reading the cells is left to the sheets room, recognising to recognition.py.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sheetsync.workbook.journal_periods import Period, period_of_code

# The layout is kept in the book as developer metadata, as it must be known before the cells of any
# tab are read: so a renamed tab costs no request, a moved or renamed column is followed, and a
# deleted one is missed.
ROOM = 28_000
"""Characters that are kept at most: Google allows 30,000 on a spreadsheet (API fact)."""


LARGEST_ID = 2**31 - 1
"""The largest id that a tab or a chart may have."""


def id_of_title(title: str) -> int:
    """Return the id (sheetId) that a tab of ours is given where no other has it."""
    return zlib.crc32(title.encode()) & LARGEST_ID


class Seat(NamedTuple):
    """Where a field's column stood (0-based) and how it was headed."""

    column: int
    heading: str


@dataclass(frozen=True)
class TabLayout:
    """One section's tab, and where the column of each field stood (`fields`).

    `section`: a code of the policy's, or `mixed`, `mixed.2`, … for tabs of several sections.
    """

    section: str
    sheet_id: int
    title: str
    fields: Mapping[str, Seat] = field(default_factory=dict)

    def as_list(self, *, with_fields: bool = True) -> list[Any]:
        """Return the tab as it is kept; the fields in the order of the alphabet."""
        seats = {name: list(seat) for name, seat in sorted(self.fields.items())}
        return [
            self.section,
            self.sheet_id,
            self.title,
            seats if with_fields else {},
        ]


class VolumeLayout(NamedTuple):
    """A tab of old lines of the Journal, a volume. `gone_on`: the day a run first missed it."""

    sheet_id: int
    period: Period
    title: str
    gone_on: date | None = None

    def as_list(self) -> list[Any]:
        """Return the volume as it is kept."""
        kept = [self.sheet_id, self.period.code, self.title]
        return kept if self.gone_on is None else [*kept, str(self.gone_on)]


class PlaybookLayout(NamedTuple):
    """A tab of the playbook, by its key. `gone_on`: the day a run first missed it."""

    key: str
    sheet_id: int
    title: str
    gone_on: date | None = None

    def as_list(self) -> list[Any]:
        """Return the tab as it is kept."""
        kept = [self.key, self.sheet_id, self.title]
        return kept if self.gone_on is None else [*kept, str(self.gone_on)]


@dataclass(frozen=True)
class Layout:
    """The structure of a book as it was last seen. `language`: the code of its language.

    `volumes`: the tabs of the Journal's old lines, those that are gone among them; `playbook`: the
    playbook's, likewise.
    """

    language: str = ""
    tabs: tuple[TabLayout, ...] = ()
    volumes: tuple[VolumeLayout, ...] = ()
    playbook: tuple[PlaybookLayout, ...] = ()

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
        whole = self._packed([tab.as_list() for tab in self.tabs])
        if len(whole) <= ROOM:
            return whole
        return self._packed(
            [tab.as_list(with_fields=False) for tab in self.tabs]
        )

    def _packed(self, tabs: Sequence[Any]) -> str:
        content: dict[str, Any] = {"language": self.language, "tabs": tabs}
        # A book without volumes is kept as it was before there were any.
        if self.volumes:
            content["volumes"] = [volume.as_list() for volume in self.volumes]
        if self.playbook:
            content["playbook"] = [tab.as_list() for tab in self.playbook]
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


UNKNOWN = Layout()
"""The layout of a book that no run has seen."""


def of_text(text: str) -> Layout:
    """Read a layout back. One that cannot be read is one that was never kept."""
    try:
        data = json.loads(text)
        return Layout(
            str(data["language"]),
            tuple(_tab_of(*tab) for tab in data["tabs"]),
            tuple(_volume_of(*volume) for volume in data.get("volumes", ())),
            tuple(_playbook_of(*tab) for tab in data.get("playbook", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return UNKNOWN


def _tab_of(section: Any, sheet_id: Any, title: Any, fields: Any) -> TabLayout:
    """Read one tab. Raises TypeError, ValueError or AttributeError where it is none."""
    seats = {}
    for name, (column, heading) in fields.items():
        seats[str(name)] = Seat(int(column), str(heading))
    return TabLayout(str(section), int(sheet_id), str(title), seats)


def _volume_of(
    sheet_id: Any, period: Any, title: Any, gone_on: Any = None
) -> VolumeLayout:
    """Read one volume. Raises TypeError, ValueError or AttributeError where it is none."""
    day = None if gone_on is None else date.fromisoformat(gone_on)
    return VolumeLayout(int(sheet_id), period_of_code(period), str(title), day)


def _playbook_of(
    key: Any, sheet_id: Any, title: Any, gone_on: Any = None
) -> PlaybookLayout:
    """Read one tab of the playbook. Raises TypeError or ValueError where it is none."""
    day = None if gone_on is None else date.fromisoformat(gone_on)
    return PlaybookLayout(str(key), int(sheet_id), str(title), day)
