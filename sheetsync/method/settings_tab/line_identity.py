"""Which entry a line of a dictionary is: by its name and its code together, so that words change.

A line whose name is known is that entry, wherever it stands, so that a sort which leaves the hidden
codes behind renames nothing; one whose code is known has been renamed; any other is new.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sheetsync.values import fold

_CODE = re.compile(r"[\w.\-]{1,80}")
LONGEST_CODE = 60
"""Characters of a name that become a code."""


class Named(NamedTuple):
    """A line's name, "" where it has none that can be read, and the code that stands beside it."""

    name: str
    code: str


class Known(NamedTuple):
    """What is known of a dictionary: names in force by code, and folded spelling -> code."""

    names: Mapping[str, str]
    spelt: Mapping[str, str]


class LineIdentity(NamedTuple):
    """Which entry a line is. `code`: "" where it is none.

    `clash`: whose name it bears, "" where it bears its own.
    """

    code: str
    new: bool = False
    clash: str = ""


def identify(lines: Sequence[Named], known: Known) -> list[LineIdentity]:
    """Tell which entry each line is; no two are the same."""
    codes = {*known.names, *known.spelt.values()}
    code_of: dict[int, str] = {}
    for candidates in _candidates(lines, known, codes):
        for index, code in enumerate(candidates):
            free = code in codes and code not in code_of.values()
            if index not in code_of and code and free:
                code_of[index] = code
    return _settled(lines, code_of, known, codes)


def _candidates(
    lines: Sequence[Named], known: Known, codes: set[str]
) -> tuple[list[str | None], ...]:
    """Return which entry each line might be, by four questions, the surest first."""
    # Read from the end, so that of two entries of one name the first has it.
    code_of_name = {
        fold(name): code for code, name in reversed([*known.names.items()])
    }
    by_name = [code_of_name.get(fold(line.name)) for line in lines]
    by_code: list[str | None] = [line.code for line in lines]
    # A code beside a name that nobody knows is a rename, and goes before others of its old name.
    renamed = {
        line.code
        for line, code in zip(lines, by_name, strict=True)
        if line.code in codes and line.name and code is None
    }
    both = [
        code if code == line.code else None
        for line, code in zip(lines, by_name, strict=True)
    ]
    name_alone = [code if code not in renamed else None for code in by_name]
    by_spelling = []
    for line in lines:
        by_spelling.append(
            # Beside a code a former word is a name that the line has now, and may
            # mean something else.
            known.spelt.get(fold(line.name))
            if line.name and not line.code
            else None
        )
    # By name before by code, as a sort of the names alone leaves the hidden codes behind.
    return both, name_alone, by_code, by_spelling


def _settled(
    lines: Sequence[Named],
    code_of: Mapping[int, str],
    known: Known,
    codes: set[str],
) -> list[LineIdentity]:
    """Give new entries their codes, and find names that are another entry's."""
    taken = {*codes}
    owners = _owners(lines, code_of, known)
    identities = []
    for index, line in enumerate(lines):
        first = owners.get(fold(line.name), index)
        clash = lines[first].name if line.name and first != index else ""
        if index in code_of:
            identities.append(LineIdentity(code_of[index], clash=clash))
        elif not line.name or clash:
            identities.append(LineIdentity("", clash=clash))
        else:
            identities.append(LineIdentity(new_code(line, taken), new=True))
    return identities


def _owners(
    lines: Sequence[Named], code_of: Mapping[int, str], known: Known
) -> dict[str, int]:
    """Return the line that has the first right to each folded name: who keeps a known name."""
    owners: dict[str, int] = {}
    # Who bore a name before keeps it, wherever it stands: the mistake is told beside the new one.
    for index, code in code_of.items():
        if fold(lines[index].name) == fold(known.names.get(code, "")):
            owners.setdefault(fold(lines[index].name), index)
    for index, line in enumerate(lines):
        if line.name:
            owners.setdefault(fold(line.name), index)
    return owners


def new_code(line: Named, taken: set[str]) -> str:
    """Return a code for a new entry, never one in use: the one that stands there, or its name's."""
    if _CODE.fullmatch(line.code) and line.code not in taken:
        wanted = line.code
    else:
        # A rule may be called by signs alone, of which folding leaves nothing.
        wanted = fold(line.name)[:LONGEST_CODE] or "entry"
    code = wanted
    number = 1
    while code in taken:
        number += 1
        code = f"{wanted}{number}"
    taken.add(code)
    return code


def identify_rules(
    lines: Sequence[Named], known: Mapping[str, str]
) -> list[LineIdentity]:
    """Tell which rule each line is. No two lines are the same one."""
    taken = {*known}
    code_of_name = {
        fold(name): code for code, name in reversed([*known.items()])
    }
    claimed: set[str] = set()
    identities = []
    for line in lines:
        code = _code_of_rule(line, known, code_of_name)
        if code and code not in claimed:
            claimed.add(code)
            identities.append(LineIdentity(code))
        else:
            identities.append(LineIdentity(new_code(line, taken), new=True))
    return identities


def _code_of_rule(
    line: Named, known: Mapping[str, str], code_of_name: Mapping[str, str]
) -> str:
    # By code before by name: names of rules are for people alone, and need not differ.
    if line.code in known:
        return line.code
    return "" if line.code else code_of_name.get(fold(line.name), "")
