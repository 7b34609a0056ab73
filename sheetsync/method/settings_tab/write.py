"""Settings as the cells of the tab: each line of a block as it would be typed, and the words of its dropdowns."""

from collections.abc import Iterator
from typing import NamedTuple

from sheetsync.method.settings_tab.blocks import BLOCK, CODE, OWN, SettingsBlock
from sheetsync.method.settings_tab.cell_types import Kind, SettingsVocabulary
from sheetsync.method.settings_tab.document import Line, SettingsDocument
from sheetsync.method.settings_tab.number_types import Flag
from sheetsync.method.settings_tab.scalars import GROUPS, Scalar
from sheetsync.method.settings_tab.text_types import Country
from sheetsync.method.settings_tab.word_types import OneOf, WordChoice
from sheetsync.values import Cell


class Setting(NamedTuple):
    """A line of the single settings: a group's title (no scalar), or a setting and its cell; nothing: an empty line."""

    label: str
    scalar: Scalar | None = None
    cell: Cell = None


def cells_of(block: SettingsBlock, line: Line, speech: SettingsVocabulary) -> dict[str, Cell]:
    """Return the cells of a line by column."""
    if block.key in OWN:
        return {name: str(value) for name, value in line.items() if value is not None}
    made = {column.key: column.kind.write(line.get(column.key), speech) for column in block.columns}
    return {**made, **({CODE: str(line.get(CODE) or "")} if block.coded else {})}


def settings_of(doc: SettingsDocument, speech: SettingsVocabulary) -> Iterator[Setting]:
    """Go through the single settings as they are laid out: group by group, with an empty line between."""
    for number, group in enumerate(GROUPS):
        if number:
            yield Setting("")
        yield Setting(speech.language.text(group.title))
        for scalar in group.scalars:
            yield Setting(
                speech.language.text(scalar.label),
                scalar,
                scalar.kind.write(doc.scalars[scalar.path], speech),
            )


def choices(kind: Kind, speech: SettingsVocabulary) -> tuple[str, list[str]]:
    """Return what a dropdown offers: the block whose names feed it, or else words; nothing of either: no dropdown."""
    if isinstance(kind, OneOf) and not kind.special and kind.dictionary in BLOCK:
        return kind.dictionary, []
    if isinstance(kind, OneOf | WordChoice | Flag | Country):
        return "", kind.options(speech)
    return "", []
