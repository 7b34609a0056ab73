"""Which entry a line of a dictionary is: by its name and its code together, so that a word itself can be changed.

A line whose name is known is that entry, wherever it stands; one whose code is known has been renamed; any other is new.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sheetsync.values import fold

_CODE = re.compile(r"[\w.\-]{1,80}")


class Named(NamedTuple):
    """A line's name, "" where it has none that can be read, and the code that stands beside it."""

    name: str
    code: str


class Known(NamedTuple):
    """What is known of a dictionary: names in force by code, and what else is understood: folded spelling -> code."""

    names: Mapping[str, str]
    spelt: Mapping[str, str]


class LineIdentity(NamedTuple):
    """Which entry a line is. `code`: "" where it is none; `clash`: whose name it bears, "" where it bears its own."""

    code: str
    new: bool = False
    clash: str = ""


def identify(lines: Sequence[Named], known: Known) -> list[LineIdentity]:
    """Tell which entry each line is; no two are the same."""
    names = {fold(name): code for code, name in reversed([*known.names.items()])}
    codes = {*known.names, *known.spelt.values()}
    fresh = {
        line.code
        for line in lines
        if line.code in codes and line.name and fold(line.name) not in names
    }
    found: dict[int, str] = {}

    def claim(ask: Callable[[Named], str | None]) -> None:
        for at, line in enumerate(lines):
            code = ask(line) if at not in found else None
            if code and code in codes and code not in found.values():
                found[at] = code

    claim(lambda line: line.code if names.get(fold(line.name)) == line.code else None)
    claim(lambda line: code if (code := names.get(fold(line.name))) not in fresh else None)
    claim(lambda line: line.code)
    claim(lambda line: known.spelt.get(fold(line.name)) if line.name and not line.code else None)
    return _settled(lines, found, known, codes)


def _settled(
    lines: Sequence[Named], found: Mapping[int, str], known: Known, codes: set[str]
) -> list[LineIdentity]:
    """Give new entries their codes, and find names that are another entry's."""
    taken, made = {*codes}, list[LineIdentity | None]()
    owner: dict[str, int] = {}
    for at, code in found.items():  # who keeps a known name has the first right to it
        if fold(lines[at].name) == fold(known.names.get(code, "")):
            owner.setdefault(fold(lines[at].name), at)
    for at, line in enumerate(lines):
        if line.name:
            owner.setdefault(fold(line.name), at)
    for at, line in enumerate(lines):
        first = owner.get(fold(line.name), at)
        clash = lines[first].name if line.name and first != at else ""
        if at in found:
            made.append(LineIdentity(found[at], clash=clash))
        elif not line.name or clash:
            made.append(LineIdentity("", clash=clash))
        else:
            made.append(LineIdentity(new_code(line, taken), new=True))
    return [entry for entry in made if entry is not None]


def new_code(line: Named, taken: set[str]) -> str:
    """Return a code for a new entry: the one that stands there, or its name's letters and digits; never one in use."""
    wanted = (
        line.code
        if _CODE.fullmatch(line.code) and line.code not in taken
        else fold(line.name)[:60] or "entry"
    )
    code, number = wanted, 1
    while code in taken:
        number += 1
        code = f"{wanted}{number}"
    taken.add(code)
    return code


def identify_rules(lines: Sequence[Named], known: Mapping[str, str]) -> list[LineIdentity]:
    """Tell which rule each line is. Names of rules need not differ: they are for people alone."""
    taken, made, names = (
        {*known},
        list[LineIdentity](),
        {fold(name): code for code, name in reversed([*known.items()])},
    )
    claimed: set[str] = set()
    for line in lines:
        code = (
            line.code if line.code in known else "" if line.code else names.get(fold(line.name), "")
        )
        if code and code not in claimed:
            claimed.add(code)
            made.append(LineIdentity(code))
        else:
            made.append(LineIdentity(new_code(line, taken), new=True))
    return made
