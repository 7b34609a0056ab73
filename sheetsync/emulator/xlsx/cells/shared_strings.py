"""The file's table of shared texts.

A text that no cell has any more is blanked, so that what was deleted is gone.

Texts that edits bring stand in their cells; the table never grows, and its numbers stay.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from openpyxl.reader.strings import read_rich_text

from sheetsync.emulator.xlsx.package.xml_text import (
    MAIN,
    decoded,
    is_xml,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheetsync.emulator.xlsx.package.zip_package import Package

_SHARED = re.compile(rb"""\bt=["']s["'][^>]*>\s*<v>\s*(\d+)\s*</v>""")
_ENTRY = re.compile(
    rb"<((?:\w+:)?)si\b[^>]*?(?:/>|>.*?</(?:\w+:)?si>)", re.DOTALL
)
_TABLE = re.compile(r"<sst\b([^<>]*)>")
_TEXT = re.compile(
    r'\s*<si>(?:<t(?: xml:space="preserve")?>([^<]*)</t></si>'
    r"|[^<]*(?:<(?!/si>)[^<]*)*</si>)"
)
# Up to so many are looked for one by one, which takes no time in a large tab
_FEW = 200


def without_escapes(text: str) -> str:
    """Give a text as openpyxl tells it: without the escape of an underscore."""
    return text.replace("x005F_", "") if "x005F_" in text else text


def shared_texts(data: bytes) -> list[Any]:
    """Give the texts of the table: plain ones as they are, those in several formats by openpyxl."""
    texts = _plain_texts(data)
    return read_rich_text(io.BytesIO(data)) if texts is None else texts


def _plain_texts(data: bytes) -> list[Any] | None:
    """Give the same with nothing but text looked at; None where that could be misread."""
    text = decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    table = _TABLE.search(text)
    if table is None or f'xmlns="{MAIN}"' not in table[1] or not is_xml(data):
        return None
    if "<!" in text or text.find("<?", table.start()) >= 0:
        return None
    out: list[Any] = []
    odd: dict[int, str] = {}
    at = table.end()
    while (match := _TEXT.match(text, at)) is not None:
        if not match[1]:
            odd[len(out)] = match[0]
        out.append(without_escapes(plain(match[1] or "")))
        at = match.end()
    if text[at:].strip() != "</sst>":
        return None
    read = _by_openpyxl(table[0], odd)
    if len(read) != len(odd):
        return None
    for number, value in zip(odd, read, strict=True):
        out[number] = value
    return out


def _by_openpyxl(table: str, entries: dict[int, str]) -> list[Any]:
    """Give texts in several formats, and empty ones, as openpyxl reads them."""
    if not entries:
        return []
    whole = f"{table}{''.join(entries.values())}</sst>"
    return list(read_rich_text(io.BytesIO(whole.encode())))


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
