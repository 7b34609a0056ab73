"""Settings as they are read: raw lines, the entries they become, and what is wrong with them.

An entry whose cell cannot be read keeps its last good value; a new one that lacks what it needs does not count.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sheetsync.method.settings_tab.blocks import BLOCK, RULES, SCALARS, BlockColumn
from sheetsync.method.settings_tab.cell_types import Given, Plain, SettingsVocabulary
from sheetsync.method.settings_tab.document import Line, SettingsDocument
from sheetsync.method.settings_tab.scalars import SCALAR
from sheetsync.values import Cell, clean

STRICT = (*RULES, "plan")
"""Blocks whose new lines do not count at all where one of their cells cannot be read: half of such a line says something else."""
SAID = 60
"""Characters of a cell that are told."""


class RawLine(NamedTuple):
    """A line as it stands: its 0-based row on the tab (or its number in a file), and its cells by column."""

    row: int
    cells: Mapping[str, Given]


@dataclass(frozen=True)
class Raw:
    """What is read of: lines by block, the columns that are there, single settings by path, and where a block ends."""

    lines: Mapping[str, Sequence[RawLine]] = field(default_factory=dict)
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    scalars: Mapping[str, RawLine] = field(default_factory=dict)
    ends: Mapping[str, int] = field(default_factory=dict)
    file: bool = False
    """Whether it is a file, in which no mistake is let pass: what would hold instead is not told."""


class Wrong(NamedTuple):
    """A mistake: its block, its 0-based row, the column's key ("" for the line as a whole), and a sentence."""

    block: str
    row: int
    column: str
    text: str


@dataclass
class SettingsEntry:
    """An entry as it is worked out. `row` None: no line speaks of it. `before`: its last good values, None where it is new."""

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
    speech: SettingsVocabulary
    entries: dict[str, list[SettingsEntry]] = field(default_factory=dict)
    scalars: dict[str, Plain] = field(default_factory=dict)
    wrongs: list[Wrong] = field(default_factory=list)
    codes: dict[tuple[str, int], str] = field(default_factory=dict)

    def wrong(self, block: str, row: int | None, column: str, text: str) -> None:
        """Note a mistake; one of an entry without a line stands below the block's last."""
        self.wrongs.append(
            Wrong(block, self.raw.ends.get(block, 0) if row is None else row, column, text)
        )

    def counting(self, block: str) -> Iterator[SettingsEntry]:
        """Go through the entries of a block that count."""
        return (entry for entry in self.entries.get(block, ()) if entry.counts)

    def revert(self, block: str, entry: SettingsEntry, column: str, why: str) -> None:
        """Take an entry's last good value instead of what stands in a cell, and say why."""
        before = entry.before.get(column) if entry.before else None
        held = BLOCK[block].column[column]
        if held.needed and before is None:
            entry.counts = False
        entry.values[column] = before
        self.wrong(block, entry.row, column, f"{why} {self._until(held, before, entry)}".strip())

    def revert_scalar(self, path: str, why: str) -> None:
        """Take a setting's last good value, and say why."""
        before, text = self.good.scalars[path], self.speech.language.text
        self.scalars[path] = before
        shown = SCALAR[path].kind.write(before, self.speech)
        row = self.raw.scalars[path].row if path in self.raw.scalars else None
        if self.raw.file:
            self.wrong(SCALARS, row, path, why)
            return
        until = (
            text("Until it is put right, {value} holds.", value=_shown(shown))
            if shown is not None
            else ""
        )
        self.wrong(SCALARS, row, "value", f"{why} {until}".strip())

    def cell(self, block: str, column: BlockColumn, line: RawLine, entry: SettingsEntry) -> None:
        """Read one cell of an entry into its values."""
        given = line.cells.get(column.key)
        if column.key not in self.raw.columns[block]:
            entry.values[column.key] = (
                entry.before.get(column.key)
                if entry.before
                else column.kind.read(None, self.speech).value
            )
            if column.needed and entry.values[column.key] is None:
                self._lacks(block, column, entry, given)
            return
        read = column.kind.read(given, self.speech)
        if read.wrong or (column.needed and read.value is None):
            self._lacks(block, column, entry, given)
        else:
            entry.values[column.key] = read.value

    def _lacks(self, block: str, column: BlockColumn, entry: SettingsEntry, given: Given) -> None:
        text = self.speech.language.text
        heading, accepted = text(column.heading), column.kind.accepted(self.speech)
        if _empty(given):
            why = text("“{column}” is empty. {accepted}", column=heading, accepted=accepted)
        else:
            why = text(
                "“{column}”: “{value}” does not fit. {accepted}",
                column=heading,
                value=_shown(given),
                accepted=accepted,
            )
        if block in STRICT and entry.before is None:
            entry.counts = False
        self.revert(block, entry, column.key, why)

    def _until(self, column: BlockColumn, before: Plain, entry: SettingsEntry) -> str:
        text = self.speech.language.text
        if self.raw.file:
            return ""
        if not entry.counts:
            return text("The line does not count until it is put right.")
        shown = column.kind.write(before, self.speech)
        if shown is None:
            return text("Until it is put right, nothing holds there.") if entry.before else ""
        return text(
            "Until it is put right, {value} holds.",
            value=_words_of(column, before, shown, self.speech),
        )

    def doc(self) -> SettingsDocument:
        """Return what has come of it."""
        lines = {
            block: tuple(dict(entry.values) for entry in self.counting(block))
            for block in self.entries
        }
        return SettingsDocument(dict(self.scalars), {**self.good.lines, **lines})


def _empty(given: Given) -> bool:
    return given in (None, "", ()) or (isinstance(given, str) and not given.strip()) or given == []


def _shown(given: Given) -> str:
    cell: Cell = (
        given if given is None or isinstance(given, str | int | float | bool) else str(given)
    )
    return clean(cell)[:SAID]


def _words_of(column: BlockColumn, before: Plain, shown: Cell, speech: SettingsVocabulary) -> str:
    """Write a value as people read it in a sentence."""
    if column.kind.shown in ("date", "month") and isinstance(before, str):
        from datetime import date  # noqa: PLC0415  # for this sentence alone

        return speech.language.date(date.fromisoformat(before))
    if column.kind.shown == "percent" and isinstance(before, float):
        return f"{round(before * 100, 2):g} %"
    return _shown(shown)
