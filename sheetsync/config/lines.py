"""In which line of a TOML file a setting stands, for the sentence that says what is wrong with it.

`tomllib` tells no lines, and tomlkit, which keeps a file's every blank, does not either. What is
read here is valid TOML, so that a look at the beginning of each line is enough.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_NAME = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_NAMES = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_TABLE = re.compile(rf"\s*\[(\[)?\s*({_NAMES})\s*\]")
_SETTING = re.compile(rf"\s*({_NAMES})\s*=")
_PART = re.compile(_NAME)
_LONG = re.compile('"""|' + "'''")
"""What begins and ends a text of several lines."""

Place = tuple[str | int, ...]


class _Line(NamedTuple):
    number: int
    place: Place


def line_of(content: str, place: Sequence[str | int]) -> int | None:
    """Return the number of the line (from 1) of the setting at a place, or of what it stands in.

    `place`: names, and numbers from 0 of blocks and of values in a list; None: it stands nowhere.
    """
    lines = [*_lines(content)]
    for length in range(len(place), 0, -1):
        wanted = tuple(place[:length])
        for line in lines:
            if line.place == wanted:
                return line.number
    return None


def _lines(content: str) -> Iterator[_Line]:
    """Go through the headings of tables and the settings, each with its place."""
    table: Place = ()
    blocks: Counter[Place] = Counter()
    inside = ""
    for number, line in enumerate(content.splitlines(), start=1):
        if inside:
            inside = "" if inside in line else inside
            continue
        heading = _TABLE.match(line)
        if heading is not None:
            table = _parts(heading[2])
            if heading[1]:
                blocks[table] += 1
                table = (*table, blocks[table] - 1)
            yield _Line(number, table)
            continue
        setting = _SETTING.match(line)
        if setting is not None:
            yield _Line(number, (*table, *_parts(setting[1])))
        inside = _begun(line)


def _parts(names: str) -> Place:
    return tuple(part.strip("\"'") for part in _PART.findall(names))


def _begun(line: str) -> str:
    """Return the sign of a text that begins in a line and does not end in it, "" for none."""
    signs = _LONG.findall(line)
    return str(signs[-1]) if len(signs) % 2 else ""
