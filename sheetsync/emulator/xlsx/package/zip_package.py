"""A workbook's zip.

Looked at before it is trusted, its parts read and replaced, all others carried over byte for byte.

What stands in the parts is left to the rest of xlsx/.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, NamedTuple

from sheetsync.emulator.errors import NotAWorkbook

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# An encrypted .xlsx, or an old .xls, is such a container
_OLE = b"\xd0\xcf\x11\xe0"
_MOST_PARTS = 20_000
_MOST_BYTES = 1 << 30  # unpacked: an .xlsx of ten million cells stays below
# Unpacked sizes up to this may be packed as tightly as they like
_UNSUSPICIOUS = 100 << 20
# Real sheets pack to a fifth, repetitive ones to a hundredth; zip bombs to a thousandth.
_TIGHTEST = 250
# Above this a part is packed fast rather than tight: a save should not take seconds.
_LARGE = 4 << 20
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_UTF8 = 0x800
_TEXT_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class _Entry(NamedTuple):
    """A part as it lies packed in the zip."""

    method: int
    crc: int
    size: int
    date: int
    time: int
    packed: bytes | memoryview


class Package:
    """The parts of a workbook by name, in the zip's order."""

    def __init__(self, entries: dict[str, _Entry]) -> None:
        self._entries = entries
        self._folded = {name.casefold() for name in entries}
        # The numbers up to which names are taken
        self._numbers: dict[tuple[str, str], int] = {}

    @classmethod
    def of(cls, data: bytes) -> Package:
        """Read the directory of a zip."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return cls(
                {
                    info.filename: _packed(data, info)
                    for info in archive.infolist()
                    if not info.is_dir()
                }
            )

    def copy(self) -> Package:
        """Give a package that may be changed without the first one noticing."""
        return Package(dict(self._entries))

    @property
    def names(self) -> list[str]:
        """The parts' names, in order."""
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """Give a part's bytes; KeyError where there is no such part."""
        entry = self._entries[name]
        if entry.method == zipfile.ZIP_STORED:
            return bytes(entry.packed)
        return zlib.decompress(entry.packed, -15, max(entry.size, 64))

    def free_name(self, start: str, end: str) -> str:
        """Give a name that no part has, made of the least number that can stand in it."""
        number = self._numbers.get((start, end), 0) + 1
        while f"{start}{number}{end}".casefold() in self._folded:
            number += 1
        self._numbers[start, end] = number - 1
        return f"{start}{number}{end}"

    def changed(self, other: Package) -> list[str]:
        """Give the names of the parts that are new here, or other than in another package."""
        return [
            name
            for name, entry in self._entries.items()
            if other._entries.get(name) is not entry
        ]  # its own kind

    def size(self, name: str) -> int:
        """Give how many bytes a part has unpacked."""
        return self._entries[name].size

    def put(self, name: str, data: bytes) -> None:
        """Replace a part, or add it as the last one; the same bytes leave it as it lies."""
        old = self._entries.get(name)
        crc = zlib.crc32(data)
        if (
            old is not None
            and (old.crc, old.size) == (crc, len(data))
            and self.read(name) == data
        ):
            return
        packer = zlib.compressobj(
            1 if len(data) > _LARGE else 6, zlib.DEFLATED, -15
        )
        packed = packer.compress(data) + packer.flush()
        date, time = (
            (old.date, old.time) if old is not None else (0x21, 0)
        )  # 1980-01-01, the zip format's first day
        self._folded.add(name.casefold())
        self._entries[name] = _Entry(
            zipfile.ZIP_DEFLATED, crc, len(data), date, time, packed
        )

    def drop(self, name: str) -> None:
        """Take a part out, if it is there."""
        if self._entries.pop(name, None) is not None:
            self._folded.discard(name.casefold())
            self._numbers.clear()

    def data(self) -> bytes:
        """Give the zip's bytes."""
        out = io.BytesIO()
        directory = [
            _write(out, name, entry) for name, entry in self._entries.items()
        ]
        start = out.tell()
        out.write(b"".join(directory))
        size = out.tell() - start
        out.write(
            _END.pack(
                b"PK\x05\x06",
                0,
                0,
                len(directory),
                len(directory),
                size,
                start,
                0,
            )
        )
        return out.getvalue()


def _packed(data: bytes, info: zipfile.ZipInfo) -> _Entry:
    head = _LOCAL.unpack_from(data, info.header_offset)
    start = info.header_offset + _LOCAL.size + head[9] + head[10]
    year, month, day, hour, minute, second = info.date_time
    date, time = (
        (year - 1980) << 9 | month << 5 | day,
        hour << 11 | minute << 5 | second // 2,
    )
    packed = memoryview(data)[start : start + info.compress_size]
    return _Entry(
        info.compress_type, info.CRC, info.file_size, date, time, packed
    )


def _write(out: io.BytesIO, name: str, entry: _Entry) -> bytes:
    """Write one part, and give its line of the directory."""
    offset, raw = out.tell(), name.encode("utf-8")
    flags = 0 if name.isascii() else _UTF8
    common = (
        flags,
        entry.method,
        entry.time,
        entry.date,
        entry.crc,
        len(entry.packed),
        entry.size,
        len(raw),
        0,
    )
    out.write(_LOCAL.pack(b"PK\x03\x04", 20, *common))
    out.write(raw)
    out.write(entry.packed)
    return (
        _CENTRAL.pack(b"PK\x01\x02", 20, 20, *common, 0, 0, 0, 0, offset) + raw
    )


def open_package(path: Path, data: bytes) -> Package:
    """Give the package of a workbook's bytes, after a look at what it claims.

    NotAWorkbook for anything else.
    """
    if data[:4] == _OLE:
        raise NotAWorkbook(
            path, "it is protected by a password, or an .xls of old"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            why = _suspicious(archive.infolist(), len(data))
            if why:
                raise NotAWorkbook(path, why)
            if (
                archive.testzip() is not None
                or "[Content_Types].xml" not in archive.namelist()
            ):
                raise NotAWorkbook(path, "it is damaged")
        return Package.of(data)
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
    ) as error:
        raise NotAWorkbook(
            path, "it is no .xlsx, or only a part of one"
        ) from error
    except RuntimeError as error:  # zipfile's word for a part under a password
        raise NotAWorkbook(path, "it is protected by a password") from error


def _suspicious(infos: list[zipfile.ZipInfo], length: int) -> str:
    """Tell why a zip is not to be unpacked, by its directory alone.

    "" where nothing speaks against it.
    """
    names = [info.filename for info in infos]
    bad = next((name for name in names if _outside(name)), None)
    if bad is not None:
        return (
            f"it holds a part with a path that leads out of it ({bad[:60]!r})"
        )
    twin = _twin(names)
    if twin is not None:
        return f"it holds the part {twin[:60]!r} twice"
    total, packed = (
        sum(info.file_size for info in infos),
        sum(info.compress_size for info in infos),
    )
    if len(infos) > _MOST_PARTS or total > _MOST_BYTES:
        size = f"{total >> 20} MB in {len(infos)} parts"
        return f"it would unpack to {size}, more than the limit of {_MOST_BYTES >> 20} MB"
    if total > _UNSUSPICIOUS and total > _TIGHTEST * length:
        return f"it is a zip bomb: {length >> 10} KB would unpack to {total >> 20} MB"
    if packed > length:
        return "its parts overlap"
    if any(info.compress_type not in _TEXT_METHODS for info in infos):
        return "it is packed in a way that no spreadsheet program uses"
    return ""


def _outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return (
        name.startswith(("/", "\\"))
        or ".." in parts
        or ":" in parts[0]
        or "\0" in name
    )


def _twin(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            return name
        seen.add(name.casefold())
    return None
