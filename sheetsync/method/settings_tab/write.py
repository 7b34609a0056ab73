"""Settings as the cells of the tab: each line as it would be typed, and the words of dropdowns.

Where the cells stand is the sheets room's.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sheetsync.method.settings_tab.blocks import BLOCK, CODE, OWN, SettingsBlock
from sheetsync.method.settings_tab.cell_types import Kind, SettingsVocabulary
from sheetsync.method.settings_tab.document import Line, SettingsDocument
from sheetsync.method.settings_tab.location_types import Offering
from sheetsync.method.settings_tab.number_types import Flag
from sheetsync.method.settings_tab.scalars import GROUPS, Scalar
from sheetsync.method.settings_tab.word_types import OneOf, WordChoice
from sheetsync.values import Cell


class Setting(NamedTuple):
    """A line of the single settings: a setting and its cell, a group's title, or an empty line."""

    label: str
    scalar: Scalar | None = None
    cell: Cell = None


def cells_of(
    block: SettingsBlock, line: Line, vocabulary: SettingsVocabulary
) -> dict[str, Cell]:
    """Return the cells of a line by column."""
    if block.key in OWN:
        return {
            name: str(value)
            for name, value in line.items()
            if value is not None
        }
    cells = {}
    for column in block.columns:
        cells[column.key] = column.kind.write(line.get(column.key), vocabulary)
    if block.coded:
        cells[CODE] = str(line.get(CODE) or "")
    return cells


def settings_of(
    doc: SettingsDocument, vocabulary: SettingsVocabulary
) -> Iterator[Setting]:
    """Go through the single settings as they are laid out, an empty line between two groups."""
    text = vocabulary.language.text
    for number, group in enumerate(GROUPS):
        if number:
            yield Setting("")
        yield Setting(text(group.title))
        for scalar in group.scalars:
            cell = scalar.kind.write(doc.scalars[scalar.path], vocabulary)
            yield Setting(text(scalar.label), scalar, cell)


def choices(
    kind: Kind, vocabulary: SettingsVocabulary
) -> tuple[str, list[str]]:
    """Return what a dropdown offers: the block whose names feed it, or else words.

    Neither: no dropdown.
    """
    # Special words stand in no block, so a range of names could not offer them.
    if (
        isinstance(kind, OneOf)
        and not kind.special
        and kind.dictionary in BLOCK
    ):
        return kind.dictionary, []
    if isinstance(kind, OneOf | WordChoice | Flag | Offering):
        return "", kind.options(vocabulary)
    return "", []
