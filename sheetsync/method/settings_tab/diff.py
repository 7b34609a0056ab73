"""What differs between two states of the settings, as people read it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sheetsync.method.settings_tab.blocks import BLOCK, BLOCKS, CODE, SCALARS, SettingsBlock
from sheetsync.method.settings_tab.cell_types import Kind, Plain, SettingsVocabulary
from sheetsync.method.settings_tab.document import Line, SettingsDocument
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
    """One difference. `name`: of the entry, "" for a single setting or a list as a whole; `before`, `after`: "" for nothing."""

    block: str
    name: str
    setting: str
    before: str
    after: str


def changes(
    before: SettingsDocument,
    after: SettingsDocument,
    speech: SettingsVocabulary,
    then: SettingsVocabulary,
) -> Iterator[Change]:
    """Go through what differs; `speech` and `then` are the words before and after."""
    text = then.language.text
    for path, scalar in SCALAR.items():
        if before.scalars[path] != after.scalars[path]:
            yield Change(
                text(BLOCK[SCALARS].title),
                "",
                text(scalar.label),
                _said(scalar.kind, before.scalars[path], speech),
                _said(scalar.kind, after.scalars[path], then),
            )
    for block in BLOCKS:
        if block.key != SCALARS:
            yield from _lines(block, before.lines[block.key], after.lines[block.key], speech, then)


def _said(kind: Kind, value: Plain, speech: SettingsVocabulary) -> str:
    if value is None:
        return ""
    if kind.shown in ("date", "month"):
        return str(value)
    if kind.shown == "percent" and isinstance(value, int | float):
        return f"{round(value * 100, 2):g} %"
    return clean(kind.write(value, speech))


def _keyed(block: SettingsBlock, lines: Sequence[Line]) -> dict[tuple[str, ...], Line]:
    found: dict[tuple[str, ...], Line] = {}
    for line in lines:
        key = (
            (str(line[CODE]),)
            if block.coded
            else tuple(fold(str(line.get(name) or "")) for name in KEYS[block.key])
        )
        while key in found:
            key = (*key, "again")
        found[key] = line
    return found


def _lines(
    block: SettingsBlock,
    before: Sequence[Line],
    after: Sequence[Line],
    speech: SettingsVocabulary,
    then: SettingsVocabulary,
) -> Iterator[Change]:
    text, old, new = then.language.text, _keyed(block, before), _keyed(block, after)
    title = text(block.title)
    for key, line in old.items():
        if key not in new:
            yield Change(title, _name(block, line, speech), "", text("there"), text("taken away"))
    for key, line in new.items():
        if key not in old:
            told = "; ".join(
                said
                for column in block.columns
                if (said := _said(column.kind, line.get(column.key), then))
            )
            yield Change(title, _name(block, line, then), "", "", told)
            continue
        for column in block.columns:
            was, now = old[key].get(column.key), line.get(column.key)
            if was != now:
                yield Change(
                    title,
                    _name(block, old[key], speech),
                    text(column.heading),
                    _said(column.kind, was, speech),
                    _said(column.kind, now, then),
                )
    kept = [key for key in old if key in new]
    if kept != [key for key in new if key in old]:
        yield Change(title, "", text("the order of the lines"), "", text("another"))


def _name(block: SettingsBlock, line: Mapping[str, Plain], speech: SettingsVocabulary) -> str:
    names = ("name",) if "name" in block.column else KEYS[block.key]
    return ", ".join(
        said for name in names if (said := _said(block.column[name].kind, line.get(name), speech))
    )
