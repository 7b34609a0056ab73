"""Settings as they are read: raw lines, the entries they become, and what is wrong with them.

An entry whose cell cannot be read keeps its last good value; a new one that lacks what it needs
does not count. What lines say is `read`'s.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sheetsync.method.settings_tab.blocks import (
    BLOCK,
    RULES,
    SCALARS,
    BlockColumn,
)
from sheetsync.method.settings_tab.cell_types import (
    Given,
    Plain,
    SettingsVocabulary,
)
from sheetsync.method.settings_tab.document import Line, SettingsDocument
from sheetsync.method.settings_tab.scalars import SCALAR
from sheetsync.values import Cell, clean

STRICT = (*RULES, "plan")
"""Blocks whose new lines do not count at all where a cell cannot be read."""
LONGEST_VALUE = 60
"""Characters of a cell that are repeated in a message."""


class RawLine(NamedTuple):
    """A line as it stands: its 0-based row on the tab (or number in a file), cells by column."""

    row: int
    cells: Mapping[str, Given]


@dataclass(frozen=True)
class Raw:
    """What is read of: lines by block, the columns that are there, single settings by path.

    `ends`: the row at which a block ends. `file`: whether it is a file, not the tab.
    """

    lines: Mapping[str, Sequence[RawLine]] = field(default_factory=dict)
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    scalars: Mapping[str, RawLine] = field(default_factory=dict)
    ends: Mapping[str, int] = field(default_factory=dict)
    file: bool = False


class Wrong(NamedTuple):
    """A mistake: its block, 0-based row, the column's key ("" for the whole line), a sentence."""

    block: str
    row: int
    column: str
    text: str


@dataclass
class SettingsEntry:
    """An entry as it is worked out.

    `row` None: no line speaks of it. `before`: its last good values, None where it is new.
    """

    row: int | None
    values: dict[str, Plain]
    before: Line | None = None
    counts: bool = True

    @property
    def code(self) -> str:
        """The code it is known by."""
        return str(self.values.get("code", ""))

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.values.get("name") or "")


@dataclass
class SettingsDraft:
    """All settings as they are worked out. `good`: what was in force last."""

    raw: Raw
    good: SettingsDocument
    vocabulary: SettingsVocabulary
    entries: dict[str, list[SettingsEntry]] = field(default_factory=dict)
    scalars: dict[str, Plain] = field(default_factory=dict)
    wrongs: list[Wrong] = field(default_factory=list)
    codes: dict[tuple[str, int], str] = field(default_factory=dict)

    def wrong(
        self, block: str, row: int | None, column: str, text: str
    ) -> None:
        """Note a mistake; one of an entry without a line stands below the block's last."""
        place = self.raw.ends.get(block, 0) if row is None else row
        self.wrongs.append(Wrong(block, place, column, text))

    def say_list_is_empty(self, block: str) -> None:
        """Note that a block stands there without lines."""
        text = self.vocabulary.language.text
        why = text("The list is empty: what stood there last still holds.")
        self.wrong(block, None, "", why)

    def note_code(
        self, block: str, row: int, code: str, *, stands: str
    ) -> None:
        """Note the code of a line where another one, or none, stands beside it."""
        if code != stands and "code" in self.raw.columns[block]:
            self.codes[block, row] = code

    def counting(self, block: str) -> Iterator[SettingsEntry]:
        """Go through the entries of a block that count."""
        return (entry for entry in self.entries.get(block, ()) if entry.counts)

    def keep_last(self, block: str) -> None:
        """Take a block's lines as they were in force last."""
        lines = self.good.lines[block]
        self.entries[block] = [
            SettingsEntry(None, dict(line), line) for line in lines
        ]

    def revert(
        self, block: str, entry: SettingsEntry, column: str, why: str
    ) -> None:
        """Take an entry's last good value instead of what stands in a cell, and say why."""
        before = entry.before.get(column) if entry.before else None
        block_column = BLOCK[block].column[column]
        if block_column.needed and before is None:
            entry.counts = False
        entry.values[column] = before
        until = self._until(block_column, before, entry)
        self.wrong(block, entry.row, column, f"{why} {until}".strip())

    def revert_scalar(self, path: str, why: str) -> None:
        """Take a setting's last good value, and say why."""
        before = self.good.scalars[path]
        self.scalars[path] = before
        row = self.raw.scalars[path].row if path in self.raw.scalars else None
        if self.raw.file:
            self.wrong(SCALARS, row, path, why)
            return
        cell = SCALAR[path].kind.write(before, self.vocabulary)
        until = "" if cell is None else self._holds(_shown(cell))
        self.wrong(SCALARS, row, "value", f"{why} {until}".strip())

    def cell(
        self,
        block: str,
        column: BlockColumn,
        line: RawLine,
        entry: SettingsEntry,
    ) -> None:
        """Read one cell of an entry into its values."""
        given = line.cells.get(column.key)
        if column.key not in self.raw.columns[block]:
            self._cell_of_missing_column(block, column, entry, given)
            return
        reading = column.kind.read(given, self.vocabulary)
        if reading.wrong or (column.needed and reading.value is None):
            self._lacks(block, column, entry, given)
        else:
            entry.values[column.key] = reading.value

    def _cell_of_missing_column(
        self,
        block: str,
        column: BlockColumn,
        entry: SettingsEntry,
        given: Given,
    ) -> None:
        """Take the last good value, or what an empty cell means."""
        # A column that somebody has deleted does not empty the cells that it had.
        if entry.before:
            value = entry.before.get(column.key)
        else:
            value = column.kind.read(None, self.vocabulary).value
        entry.values[column.key] = value
        if column.needed and value is None:
            self._lacks(block, column, entry, given)

    def _lacks(
        self,
        block: str,
        column: BlockColumn,
        entry: SettingsEntry,
        given: Given,
    ) -> None:
        text = self.vocabulary.language.text
        heading = text(column.heading)
        accepted = column.kind.accepted(self.vocabulary)
        if _empty(given):
            why = text(
                "“{column}” is empty. {accepted}",
                column=heading,
                accepted=accepted,
            )
        else:
            why = text(
                "“{column}”: “{value}” does not fit. {accepted}",
                column=heading,
                value=_shown(given),
                accepted=accepted,
            )
        # Half of a rule, or of a figure of the plan, says something else than the whole.
        if block in STRICT and entry.before is None:
            entry.counts = False
        self.revert(block, entry, column.key, why)

    def _until(
        self, column: BlockColumn, before: Plain, entry: SettingsEntry
    ) -> str:
        """Say what holds until a cell is put right."""
        text = self.vocabulary.language.text
        # A file with a mistake is refused whole, so nothing of it holds in the meantime.
        if self.raw.file:
            return ""
        if not entry.counts:
            return text("The line does not count until it is put right.")
        cell = column.kind.write(before, self.vocabulary)
        if cell is not None:
            return self._holds(
                _value_in_words(column, before, cell, self.vocabulary)
            )
        return (
            text("Until it is put right, nothing holds there.")
            if entry.before
            else ""
        )

    def _holds(self, value: str) -> str:
        text = self.vocabulary.language.text
        return text("Until it is put right, {value} holds.", value=value)

    def document(self) -> SettingsDocument:
        """Return what has come of it."""
        lines = {}
        for block in self.entries:
            lines[block] = tuple(
                dict(entry.values) for entry in self.counting(block)
            )
        # Blocks that are not read here, those of a team's own names, go on as they were.
        return SettingsDocument(
            dict(self.scalars), {**self.good.lines, **lines}
        )


def _empty(given: Given) -> bool:
    if isinstance(given, str):
        return not given.strip()
    return given is None or given in ((), [])


def _shown(given: Given) -> str:
    if given is None or isinstance(given, str | int | float | bool):
        return clean(given)[:LONGEST_VALUE]
    return clean(str(given))[:LONGEST_VALUE]


def _value_in_words(
    column: BlockColumn,
    before: Plain,
    cell: Cell,
    vocabulary: SettingsVocabulary,
) -> str:
    """Write a value as people read it in a sentence. `cell`: the same as it is written."""
    if column.kind.shown in ("date", "month") and isinstance(before, str):
        return vocabulary.language.date(date.fromisoformat(before))
    if column.kind.shown == "percent" and isinstance(before, float):
        return f"{round(before * 100, 2):g} %"
    return _shown(cell)
