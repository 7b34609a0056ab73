"""What differs between two states of the settings, as people read it.

How the list is shown is the command line's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sheetsync.method.settings_tab.blocks import (
    BLOCK,
    BLOCKS,
    CODE,
    RULES,
    SCALARS,
    SettingsBlock,
)
from sheetsync.method.settings_tab.cell_types import (
    Kind,
    Plain,
    SettingsVocabulary,
)
from sheetsync.method.settings_tab.document import Line, SettingsDocument
from sheetsync.method.settings_tab.loosening import (
    coming_line_loosens,
    line_loosens,
    loosens,
)
from sheetsync.method.settings_tab.scalars import SCALAR
from sheetsync.values import clean, fold

KEYS = {
    "managers": ("name",),
    "days": ("day",),
    "plan": ("month", "manager"),
    "tabs": ("tab",),
    "columns": ("tab", "heading"),
    "words": ("kind", "word"),
}


class Change(NamedTuple):
    """One difference; `before` and `after` are "" for nothing.

    `name`: of the entry, "" for a single setting or a list as a whole. `path`: of a single setting,
    else the key of the block. `looser`: whether it leaves more time or room, or other limits.
    """

    block: str
    name: str
    setting: str
    before: str
    after: str
    path: str = ""
    looser: bool = False


@dataclass(frozen=True)
class _BlockDiff:
    """The lines of one block before and after, each with the words of its time."""

    block: SettingsBlock
    before: Sequence[Line]
    after: Sequence[Line]
    words_before: SettingsVocabulary
    words_after: SettingsVocabulary

    def changes(self) -> Iterator[Change]:
        """Go through lines taken away, then those added or changed, then their order."""
        text = self.words_after.language.text
        title = text(self.block.title)
        old = _by_key(self.block, self.before)
        new = _by_key(self.block, self.after)
        for key, line in old.items():
            if key not in new:
                name = _name(self.block, line, self.words_before)
                yield Change(
                    title,
                    name,
                    "",
                    text("there"),
                    text("taken away"),
                    self.block.key,
                    coming_line_loosens(self.block.key, line),
                )
        for key, line in new.items():
            if key in old:
                yield from self._cells(old[key], line)
            else:
                yield Change(
                    title,
                    _name(self.block, line, self.words_after),
                    "",
                    "",
                    self._all_cells(line),
                    self.block.key,
                    coming_line_loosens(self.block.key, line),
                )
        # The order of states, labels and rules means something; lines that come or go
        # do not change it.
        if [key for key in old if key in new] != [
            key for key in new if key in old
        ]:
            yield Change(
                title,
                "",
                text("the order of the lines"),
                "",
                text("another"),
                self.block.key,
                # Of rules the first that fits decides.
                self.block.key in RULES,
            )

    def _cells(self, before: Line, after: Line) -> Iterator[Change]:
        text = self.words_after.language.text
        for column in self.block.columns:
            old = before.get(column.key)
            new = after.get(column.key)
            if old != new:
                yield Change(
                    text(self.block.title),
                    # Under the name that people know it by, as the change may be of its name.
                    _name(self.block, before, self.words_before),
                    text(column.heading),
                    in_words(column.kind, old, self.words_before),
                    in_words(column.kind, new, self.words_after),
                    self.block.key,
                    line_loosens(self.block.key, column.key, old, new),
                )

    def _all_cells(self, line: Line) -> str:
        cells = []
        for column in self.block.columns:
            cells.append(
                in_words(column.kind, line.get(column.key), self.words_after)
            )
        return "; ".join(cell for cell in cells if cell)


def changes(
    before: SettingsDocument,
    after: SettingsDocument,
    words_before: SettingsVocabulary,
    words_after: SettingsVocabulary,
) -> Iterator[Change]:
    """Go through what differs between two states of the settings."""
    text = words_after.language.text
    for path, scalar in SCALAR.items():
        if before.scalars[path] != after.scalars[path]:
            yield Change(
                text(BLOCK[SCALARS].title),
                "",
                text(scalar.label),
                in_words(scalar.kind, before.scalars[path], words_before),
                in_words(scalar.kind, after.scalars[path], words_after),
                path,
                loosens(path, before.scalars[path], after.scalars[path]),
            )
    for block in BLOCKS:
        if block.key != SCALARS:
            lines = (before.lines[block.key], after.lines[block.key])
            yield from _BlockDiff(
                block, *lines, words_before, words_after
            ).changes()


def in_words(kind: Kind, value: Plain, vocabulary: SettingsVocabulary) -> str:
    """Return a value as people read it in a sentence or a table: 20 %, a day, a word of a list."""
    if value is None:
        return ""
    # Cells of days and shares hold bare numbers, which only the sheet's format makes readable.
    if kind.shown == "date":
        return str(value)
    if kind.shown == "percent" and isinstance(value, int | float):
        return f"{round(value * 100, 2):g} %"
    return clean(kind.write(value, vocabulary))


def _by_key(
    block: SettingsBlock, lines: Sequence[Line]
) -> dict[tuple[str, ...], Line]:
    by_key: dict[tuple[str, ...], Line] = {}
    for line in lines:
        key = _key(block, line)
        # People may write a line twice, and both are shown.
        while key in by_key:
            key = (*key, "again")
        by_key[key] = line
    return by_key


def _key(block: SettingsBlock, line: Line) -> tuple[str, ...]:
    if block.coded:
        return (str(line[CODE]),)
    return tuple(fold(str(line.get(name) or "")) for name in KEYS[block.key])


def _name(
    block: SettingsBlock, line: Line, vocabulary: SettingsVocabulary
) -> str:
    keys = ("name",) if "name" in block.column else KEYS[block.key]
    cells = [
        in_words(block.column[key].kind, line.get(key), vocabulary)
        for key in keys
    ]
    return ", ".join(cell for cell in cells if cell)
