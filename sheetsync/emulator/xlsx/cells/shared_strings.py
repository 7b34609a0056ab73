"""The file's table of shared texts.

A text that no cell has any more is blanked, so that what was deleted is gone.

Texts that edits bring stand in their cells; the table never grows, and its numbers stay.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheetsync.emulator.xlsx.package.zip_package import Package

_SHARED = re.compile(rb"""\bt=["']s["'][^>]*>\s*<v>\s*(\d+)\s*</v>""")
_ENTRY = re.compile(
    rb"<((?:\w+:)?)si\b[^>]*?(?:/>|>.*?</(?:\w+:)?si>)", re.DOTALL
)
# Up to so many are looked for one by one, which takes no time in a large tab
_FEW = 200


def shared_in(xml: bytes) -> set[int]:
    """Give the numbers of the shared texts that cells have."""
    return {int(number) for number in _SHARED.findall(xml)}


def forget(
    package: Package, table: str, dropped: set[int], tabs: Iterable[str]
) -> None:
    """Blank those of the dropped texts that no tab has any more."""
    left = set(dropped)
    for tab in tabs:
        if left and tab in package:
            xml = package.read(tab)
            left -= _among(xml, left) if len(left) <= _FEW else shared_in(xml)
    if left and table in package:
        package.put(table, _blanked(package.read(table), left))


def _among(xml: bytes, wanted: set[int]) -> set[int]:
    return {
        number
        for number in wanted
        if _has(xml, b"<v>" + str(number).encode() + b"</v>")
    }


def _has(xml: bytes, value: bytes) -> bool:
    at = xml.find(value)
    while at >= 0:
        start = xml.rfind(b"<", 0, at)
        if re.search(rb"""\bt=["']s["']""", xml[start:at]):
            return True
        at = xml.find(value, at + 1)
    return False


def _blanked(table: bytes, numbers: set[int]) -> bytes:
    out: list[bytes] = []
    done = 0
    for number, entry in enumerate(_ENTRY.finditer(table)):
        if number in numbers:
            prefix = entry[1]
            out += [
                table[done : entry.start()],
                b"<%ssi><%st/></%ssi>" % (prefix, prefix, prefix),
            ]
            done = entry.end()
    return b"".join((*out, table[done:]))
