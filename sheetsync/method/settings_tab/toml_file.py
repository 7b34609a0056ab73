"""Settings as a file that people keep under version control: TOML, complete, in a stable order.

Codes stand for words, so that a file may be read in any language; "" stands for nothing. What a
file does not name stays as it is. What the settings must be to each other is `validation`'s.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, NamedTuple

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import (
    BLOCK,
    BLOCKS,
    CODE,
    OWN,
    SCALARS,
    SettingsBlock,
)
from sheetsync.method.settings_tab.cell_types import Kind, Plain
from sheetsync.method.settings_tab.document import Line, SettingsDocument
from sheetsync.method.settings_tab.draft import Raw, RawLine, Wrong
from sheetsync.method.settings_tab.locate import headings
from sheetsync.method.settings_tab.read import MethodReading, read
from sheetsync.method.settings_tab.scalars import GROUPS, SCALAR, Scalar
from sheetsync.values import clean

LANGUAGE = "language"
"""The key that says in which language the names are."""
NEAR = 0.6
"""How alike a name must be to one that there is, to be suggested (difflib's ratio)."""


class Parsed(NamedTuple):
    """A file as it was read: what holds with it, and every mistake, each with its place."""

    reading: MethodReading
    mistakes: tuple[str, ...]


def to_toml(doc: SettingsDocument, language: Language) -> str:
    """Return settings as a file."""
    return "\n".join(_written(doc, language)).strip() + "\n"


def are_settings(source: str) -> bool:
    """Tell whether a text is such a file. Raises ValueError where it is no TOML."""
    data = tomllib.loads(source)
    known = {block.key for block in BLOCKS} | {
        path.partition(".")[0] for path in SCALAR
    }
    # An export writes over no other file, and many a TOML file has a key called `language`.
    return LANGUAGE in data and not known.isdisjoint(data)


def _written(doc: SettingsDocument, language: Language) -> Iterator[str]:
    """Go through the lines of a file: what stands before tables, single settings, then blocks."""
    text = language.text
    purpose = text(
        "The settings of a base: `sheetsync settings BOOK --import FILE` puts them onto its "
        "Settings tab."
    )
    how = text(
        "Codes stand for words; an empty text stands for nothing. What is left out stays as it is."
    )
    yield f"# {purpose}"
    yield f"# {how}"
    yield f"{LANGUAGE} = {_value(language.code)}"
    blocks = [block for block in BLOCKS if block.key != SCALARS]
    for block in blocks:
        # An empty list is stated too, as what is left out stays as it is; TOML has it
        # before any table.
        if not doc.lines[block.key]:
            yield f"{block.key} = []"
    for table, scalars in _tables():
        yield from _table(table, scalars, doc, language)
    for block in blocks:
        if doc.lines[block.key]:
            yield from _block(block, doc, language)


def _tables() -> list[tuple[str, list[Scalar]]]:
    """Return the single settings by table; those of no table come first."""
    tables: dict[str, list[Scalar]] = {}
    for group in GROUPS:
        for scalar in group.scalars:
            table = scalar.path.rpartition(".")[0]
            tables.setdefault(table, []).append(scalar)
    # A key that stands below a table's heading would be that table's.
    return sorted(tables.items(), key=lambda item: item[0] != "")


def _table(
    table: str, scalars: list[Scalar], doc: SettingsDocument, language: Language
) -> Iterator[str]:
    yield ""
    if table:
        yield f"[{table}]"
    for scalar in scalars:
        name = scalar.path.rpartition(".")[2]
        value = _value(doc.scalars[scalar.path], scalar.kind)
        yield f"{name} = {value}  # {language.text(scalar.label)}"


def _block(
    block: SettingsBlock, doc: SettingsDocument, language: Language
) -> Iterator[str]:
    text = language.text
    names = headings(block)
    yield ""
    yield f"# {text(block.title)}. {text(block.help, mixed='mixed')}"
    yield "# " + "; ".join(
        f"{column.key}: {text(names[column.key])}" for column in block.columns
    )
    kinds: dict[str, Kind | None] = {
        column.key: column.kind for column in block.columns
    }
    if block.coded:
        kinds[CODE] = None
    for line in doc.lines[block.key]:
        yield f"[[{block.key}]]"
        for key, kind in kinds.items():
            if line.get(key) is not None:
                yield f"{key} = {_value(line[key], kind)}"


def _value(value: Plain, kind: Kind | None = None) -> str:
    if value is None:
        # TOML has no null.
        return '""'
    if kind is not None and kind.shown in ("date", "month"):
        return str(value)
    # TOML's strings are JSON's, but for this one sign, which TOML forbids bare.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def parse(
    source: str, policy: Policy, current: SettingsDocument, language: Language
) -> Parsed:
    """Read a file over the settings in force. Never raises; every mistake is listed."""
    try:
        data = tomllib.loads(source)
    # A file of thousands of opening brackets is a mistake like any other, and ends no command.
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        mistake = language.text("This is not valid TOML: {error}", error=error)
        return Parsed(read(Raw(), policy, current), (mistake,))
    sorter = _Sorter(language)
    reading = read(sorter.raw_of(data), policy, current)
    mistakes = [
        *sorter.mistakes,
        *(f"{_place(wrong)}: {wrong.text}" for wrong in reading.wrongs),
    ]
    doc = SettingsDocument(
        reading.doc.scalars, {**reading.doc.lines, **_own_lines(data)}
    )
    return Parsed(reading._replace(doc=doc), tuple(mistakes))


def _place(wrong: Wrong) -> str:
    """Return where a mistake is, as the file has it."""
    if wrong.block == SCALARS:
        return wrong.column
    if not wrong.row:
        return wrong.block
    line = f"{wrong.block}[{wrong.row}]"
    return f"{line}.{wrong.column}" if wrong.column else line


def _own_lines(data: Mapping[str, Any]) -> dict[str, tuple[Line, ...]]:
    """Return the lines of a team's own names, which are taken as they stand."""
    own: dict[str, tuple[Line, ...]] = {}
    for key in OWN:
        lines = data.get(key)
        if isinstance(lines, list):
            tables = [line for line in lines if isinstance(line, dict)]
            own[key] = tuple(_own_line(line, key) for line in tables)
    return own


def _own_line(line: Mapping[str, Any], key: str) -> Line:
    columns = [column.key for column in BLOCK[key].columns]
    return {name: clean(str(line.get(name, ""))) or None for name in columns}


class _Sorter:
    """Sorts a file's tables into blocks and single settings, and gathers mistakes of form."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.mistakes: list[str] = []
        self.lines: dict[str, list[RawLine]] = {}
        self.scalars: dict[str, RawLine] = {}

    def raw_of(self, data: Mapping[str, Any]) -> Raw:
        """Return what a file says, as it is read of."""
        tables = {path.rpartition(".")[0] for path in SCALAR} - {""}
        bare = {path for path in SCALAR if "." not in path}
        known = {*BLOCK, *tables, *bare, LANGUAGE} - {SCALARS}
        for key, value in data.items():
            if key not in known:
                self._unknown(key, key, known)
            elif key in BLOCK:
                self.lines[key] = [*self._block_lines(key, value)]
            elif key in tables:
                self._table(key, value)
            elif key != LANGUAGE:
                self.scalars[key] = RawLine(0, {"value": value})
        lines = {
            key: lines for key, lines in self.lines.items() if key not in OWN
        }
        # A line of a file names only the cells that it fills: what it leaves out is
        # empty, not missing.
        columns = {key: frozenset(BLOCK[key].keys) for key in lines}
        # Row 0 is no line's number, so that a mistake of a whole list is told by the list alone.
        return Raw(
            lines, columns, self.scalars, dict.fromkeys(lines, 0), file=True
        )

    def _table(self, key: str, value: Any) -> None:
        if not isinstance(value, dict):
            why = self.language.text(
                "A table is expected here: [{key}].", key=key
            )
            self.mistakes.append(f"{key}: {why}")
            return
        known = {
            path.rpartition(".")[2]
            for path in SCALAR
            if path.startswith(f"{key}.")
        }
        for name, setting in value.items():
            if name in known:
                self.scalars[f"{key}.{name}"] = RawLine(0, {"value": setting})
            else:
                self._unknown(f"{key}.{name}", name, known)

    def _block_lines(self, key: str, value: Any) -> Iterator[RawLine]:
        """Go through the lines of a block; a mistake of its form is noted."""
        if not isinstance(value, list) or not all(
            isinstance(line, dict) for line in value
        ):
            why = self.language.text(
                "Lines are expected here: [[{key}]].", key=key
            )
            self.mistakes.append(f"{key}: {why}")
            return
        block = BLOCK[key]
        known = {*block.column, CODE} if block.coded else {*block.column}
        for number, line in enumerate(value, start=1):
            for name in line:
                if name not in known:
                    self._unknown(f"{key}[{number}].{name}", name, known)
            cells = {name: _given(line[name]) for name in line if name in known}
            yield RawLine(number, cells)

    def _unknown(self, place: str, name: str, known: set[str]) -> None:
        """Note a setting that there is none of, with the name that was perhaps meant."""
        text = self.language.text
        why = text("There is no setting of this name.")
        near = get_close_matches(name, sorted(known), 1, NEAR)
        if near:
            why += f" {text('Perhaps “{word}”?', word=near[0])}"
        self.mistakes.append(f"{place}: {why}")


def _given(value: Any) -> Any:
    return (
        value
        if isinstance(value, str | int | float | bool | list | date)
        else "?"
    )
