"""The body of an HTTP request.

Whole, chunked or packed, and never more of it than the emulator takes.

Also the method that a header says instead of the one in the first line, as clients do with long
addresses.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import urlsplit

from sheetsync.emulator.errors import ApiError

if TYPE_CHECKING:
    from io import BufferedIOBase

LARGEST = 10_485_760
"""Bytes of a body that the API takes, unpacked; Google recommends 2 MB (API fact)."""
LARGEST_UPLOAD = 64 * 1024 * 1024
"""Bytes of a file that is uploaded; Drive itself takes far more."""

_UPLOADS = "/upload/"

_LINE = 8192  # bytes of a chunk's first line or of a trailer
_PIECE = 1024 * 1024
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}")
_FORM = "application/x-www-form-urlencoded"
_GZIP = 16 + zlib.MAX_WBITS


class Headers(Protocol):
    """The headers of a request, found by their names in any case."""

    def get(self, name: str, /) -> str | None:
        """Give the value of one, or None."""


class HungUp(Exception):
    """The client went away in the middle of its request, which is therefore not carried out."""


class Meant(NamedTuple):
    """A request as it is meant, once X-HTTP-Method-Override is read."""

    method: str
    url: str
    body: bytes


def limit_of(url: str) -> int:
    """Give the most bytes of a body that are taken at an address, absolute or not."""
    path = urlsplit(url).path
    return LARGEST_UPLOAD if path.startswith(_UPLOADS) else LARGEST


def too_large(limit: int) -> ApiError:
    """Give the refusal of a body beyond a limit: the API's own 400, or a 413 of uploads."""
    return ApiError(
        400 if limit == LARGEST else 413,
        f"Request payload size exceeds the limit: {limit} bytes.",
    )


def read_body(stream: BufferedIOBase, headers: Headers, limit: int) -> bytes:
    """Give the body, unpacked; `limit`: its bytes at most.

    ApiError where its length or packing is wrong or too much, HungUp where it breaks off.
    """
    coding = (headers.get("Transfer-Encoding") or "").strip().lower()
    length = headers.get("Content-Length")
    if coding and (coding != "chunked" or length is not None):
        raise ApiError(400, "Invalid Transfer-Encoding.")
    if coding:
        return unpacked(_chunked(stream, limit), headers, limit)
    return unpacked(_whole(stream, length or "0", limit), headers, limit)


def unpacked(data: bytes, headers: Headers, limit: int) -> bytes:
    """Give a body as it was before Content-Encoding; ApiError where that is wrong, or too much.

    Whether Google counts the bytes of a packed body before or after unpacking is not documented:
    here after.
    """
    packing = (headers.get("Content-Encoding") or "identity").strip().lower()
    if packing in ("gzip", "x-gzip"):
        return _gunzipped(data, limit)
    if packing != "identity":
        raise ApiError(400, f"not emulated: Content-Encoding {packing}")
    if len(data) > limit:
        raise too_large(limit)
    return data


def _whole(stream: BufferedIOBase, length: str, limit: int) -> bytes:
    if not (length.isascii() and length.isdigit()):
        raise ApiError(400, "Invalid Content-Length.")
    if int(length) > limit:
        _discard(stream, int(length))
        raise too_large(limit)
    return _exactly(stream, int(length))


def _exactly(stream: BufferedIOBase, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise HungUp
    return data


def _discard(stream: BufferedIOBase, count: int) -> None:
    """Read a body away, so that its sender comes to read the refusal.

    Give up on one that has no end.
    """
    left = min(count, 16 * LARGEST_UPLOAD)
    while left > 0 and (piece := stream.read(min(left, _PIECE))):
        left -= len(piece)


def _chunked(stream: BufferedIOBase, limit: int) -> bytes:
    pieces, total = [], 0
    while size := _chunk_size(stream):
        total += size
        if total > limit:
            _discard(stream, size)
            raise too_large(limit)
        pieces.append(_exactly(stream, size))
        if _exactly(stream, 2) != b"\r\n":
            raise ApiError(400, "Invalid chunked body.")
    while _line(stream):  # trailers say nothing here
        pass
    return b"".join(pieces)


def _chunk_size(stream: BufferedIOBase) -> int:
    size = _line(stream).partition(b";")[0].strip()
    if not _SIZE.fullmatch(size):
        raise ApiError(400, "Invalid chunked body.")
    return int(size, 16)


def _line(stream: BufferedIOBase) -> bytes:
    line = stream.readline(_LINE)
    if not line:
        raise HungUp
    if not line.endswith(b"\n"):
        raise ApiError(400, "Invalid chunked body.")
    return line.rstrip(b"\r\n")


def _gunzipped(data: bytes, limit: int) -> bytes:
    """Unpack gzip, one part after another, and stop as soon as the whole is too large."""
    parts, total = [], 0
    try:
        while data:
            member = zlib.decompressobj(_GZIP)
            parts.append(member.decompress(data, limit - total + 1))
            total += len(parts[-1])
            if total > limit:
                raise too_large(limit)
            if not member.eof:
                raise ApiError(400, "Invalid gzip body.")
            data = member.unused_data
    except zlib.error as error:
        raise ApiError(400, "Invalid gzip body.") from error
    return b"".join(parts)


def meant(method: str, url: str, headers: Headers, body: bytes) -> Meant:
    """Read X-HTTP-Method-Override.

    A POST that stands for a GET carries the query as a form, too long for an address.
    """
    instead = (headers.get("X-HTTP-Method-Override") or "").strip().upper()
    if method != "POST" or not instead:
        return Meant(method, url, body)
    if (headers.get("Content-Type") or "").partition(";")[
        0
    ].strip().lower() == _FORM:
        query = body.decode("ascii", "replace").strip()
        joined = f"{url}{'&' if '?' in url else '?'}{query}" if query else url
        return Meant(instead, joined, b"")
    return Meant(instead, url, body)
