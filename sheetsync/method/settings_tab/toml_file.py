"""Settings as a file that people keep under version control: TOML, complete, in a stable order, with a sentence for each block.

Codes stand for words, so that a file may be read in any language; "" stands for nothing. What a file does not name stays as it is.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, NamedTuple

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import BLOCK, BLOCKS, CODE, OWN, SCALARS, SettingsBlock
from sheetsync.method.settings_tab.cell_types import Kind, Plain
from sheetsync.method.settings_tab.document import Line, SettingsDocument
from sheetsync.method.settings_tab.draft import Raw, RawLine
from sheetsync.method.settings_tab.locate import headings
from sheetsync.method.settings_tab.read import MethodReading, read
from sheetsync.method.settings_tab.scalars import GROUPS, SCALAR, Scalar
from sheetsync.values import clean

LANGUAGE = "language"
"""The key that says in which language the names are."""


class Parsed(NamedTuple):
    """A file as it was read: what holds with it, and every mistake, each with its place."""

    reading: MethodReading
    mistakes: tuple[str, ...]


def to_toml(doc: SettingsDocument, spoken: Language) -> str:
    """Return settings as a file."""
    return "\n".join(_written(doc, spoken)).strip() + "\n"


def are_settings(source: str) -> bool:
    """Tell whether a text is such a file. Raises ValueError where it is no TOML."""
    found = tomllib.loads(source)
    known = {block.key for block in BLOCKS} | {path.partition(".")[0] for path in SCALAR}
    return LANGUAGE in found and not known.isdisjoint(found)


def _written(doc: SettingsDocument, spoken: Language) -> Iterator[str]:
    text = spoken.text
    yield f"# {text('The settings of a base: `sheetsync settings BOOK --import FILE` puts them onto its Settings tab.')}"
    yield f"# {text('Codes stand for words; an empty text stands for nothing. What is left out stays as it is.')}"
    yield f"{LANGUAGE} = {_value(spoken.code)}"
    for block in BLOCKS:
        if block.key != SCALARS and not doc.lines[block.key]:
            yield f"{block.key} = []"
    tables: dict[str, list[Scalar]] = {}
    for scalar in (scalar for group in GROUPS for scalar in group.scalars):
        tables.setdefault(scalar.path.rpartition(".")[0], []).append(scalar)
    for table, scalars in sorted(tables.items(), key=lambda item: item[0] != ""):
        yield ""
        if table:
            yield f"[{table}]"
        for scalar in scalars:
            name = scalar.path.rpartition(".")[2]
            yield f"{name} = {_value(doc.scalars[scalar.path], scalar.kind)}  # {text(scalar.label)}"
    for block in BLOCKS:
        if block.key != SCALARS and doc.lines[block.key]:
            yield from _block(block, doc, spoken)


def _block(block: SettingsBlock, doc: SettingsDocument, spoken: Language) -> Iterator[str]:
    yield ""
    yield f"# {spoken.text(block.title)}. {spoken.text(block.help, mixed='mixed')}"
    named = headings(block)
    yield "# " + "; ".join(
        f"{column.key}: {spoken.text(named[column.key])}" for column in block.columns
    )
    for line in doc.lines[block.key]:
        yield f"[[{block.key}]]"
        for key, kind in (
            *((column.key, column.kind) for column in block.columns),
            *([(CODE, None)] if block.coded else []),
        ):
            if line.get(key) is not None:
                yield f"{key} = {_value(line[key], kind)}"


def _value(value: Plain, kind: Kind | None = None) -> str:
    if value is None:
        return '""'
    if kind is not None and kind.shown in ("date", "month"):
        return str(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def parse(source: str, policy: Policy, current: SettingsDocument, spoken: Language) -> Parsed:
    """Read a file over the settings in force. Never raises; every mistake is listed."""
    text, mistakes = spoken.text, list[str]()
    try:
        data = tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Parsed(
            read(Raw(), policy, current), (text("This is not valid TOML: {error}", error=error),)
        )
    raw, own = _raw(data, spoken, mistakes), dict[str, tuple[Line, ...]]()
    reading = read(raw, policy, current)
    for wrong in reading.wrongs:
        where = f"{wrong.block}[{wrong.row}]" if wrong.block != SCALARS else wrong.column
        where += f".{wrong.column}" if wrong.column and wrong.block != SCALARS else ""
        mistakes.append(
            f"{where if wrong.row else wrong.block}: {wrong.text}"
            if wrong.block != SCALARS
            else f"{where}: {wrong.text}"
        )
    for key in (key for key in OWN if key in data and isinstance(data[key], list)):
        own[key] = tuple(
            {column.key: _own(line, column.key) for column in BLOCK[key].columns}
            for line in data[key]
            if isinstance(line, dict)
        )
    doc = SettingsDocument(reading.doc.scalars, {**reading.doc.lines, **own})
    return Parsed(reading._replace(doc=doc), tuple(mistakes))


def _own(line: Mapping[str, Any], key: str) -> str | None:
    return clean(str(line.get(key, ""))) or None


def _raw(data: Mapping[str, Any], spoken: Language, mistakes: list[str]) -> Raw:
    """Sort a file's tables into blocks and single settings."""
    tables = {path.rpartition(".")[0] for path in SCALAR} - {""}
    known = {*BLOCK, *tables, *(path for path in SCALAR if "." not in path), LANGUAGE} - {SCALARS}
    lines: dict[str, list[RawLine]] = {}
    scalars: dict[str, RawLine] = {}
    for key, value in data.items():
        if key not in known:
            mistakes.append(_unknown(key, key, known, spoken))
        elif key in BLOCK:
            lines[key] = [*_lines(key, value, spoken, mistakes)]
        elif key in tables and isinstance(value, dict):
            inner = {path.rpartition(".")[2] for path in SCALAR if path.startswith(f"{key}.")}
            for name, said in value.items():
                if name in inner:
                    scalars[f"{key}.{name}"] = RawLine(0, {"value": said})
                else:
                    mistakes.append(_unknown(f"{key}.{name}", name, inner, spoken))
        elif key in tables:
            mistakes.append(f"{key}: {spoken.text('A table is expected here: [{key}].', key=key)}")
        elif key != LANGUAGE:
            scalars[key] = RawLine(0, {"value": value})
    read_of = {key: found for key, found in lines.items() if key not in OWN}
    return Raw(
        read_of,
        {key: frozenset(BLOCK[key].keys) for key in read_of},
        scalars,
        dict.fromkeys(read_of, 0),
        file=True,
    )


def _lines(key: str, value: Any, spoken: Language, mistakes: list[str]) -> Iterator[RawLine]:
    """Go through the lines of a block; a mistake of its form is noted."""
    if not isinstance(value, list) or not all(isinstance(line, dict) for line in value):
        mistakes.append(f"{key}: {spoken.text('Lines are expected here: [[{key}]].', key=key)}")
        return
    block = BLOCK[key]
    known = {*block.column, *([CODE] if block.coded else [])}
    for number, line in enumerate(value, start=1):
        mistakes += [
            _unknown(f"{key}[{number}].{name}", name, known, spoken)
            for name in line
            if name not in known
        ]
        yield RawLine(number, {name: _given(said) for name, said in line.items() if name in known})


def _given(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | date) else "?"


def _unknown(where: str, name: str, known: set[str], spoken: Language) -> str:
    near = get_close_matches(name, sorted(known), 1, 0.6)
    said = spoken.text("There is no setting of this name.")
    return (
        f"{where}: {said} {spoken.text('Perhaps “{word}”?', word=near[0])}"
        if near
        else f"{where}: {said}"
    )
