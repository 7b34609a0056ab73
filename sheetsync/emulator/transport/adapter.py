"""Answers a `requests` session in-process.

Mount LocalAdapter on "https://" and no call leaves the machine.

Calls go the same way as over HTTP (gate.py); here only what `requests` itself would make of each
outcome.
"""

from __future__ import annotations

import sys
import time
from http import HTTPStatus
from http.client import IncompleteRead, RemoteDisconnected
from io import BytesIO
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.exceptions import ChunkedEncodingError, ReadTimeout
from requests.exceptions import ConnectionError as ConnectionLost
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPSConnectionPool, Timeout
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from sheetsync.emulator.errors import ApiError
from sheetsync.emulator.model.protections import OWNER
from sheetsync.emulator.service import user_of
from sheetsync.emulator.transport.bodies import limit_of, meant, unpacked
from sheetsync.emulator.transport.gate import Entry, Gate, Outcome
from sheetsync.emulator.wire.http import Reply, Request, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.transport.faults import Faults
    from sheetsync.emulator.workspace import Workspace

HOSTS = (
    "sheets.googleapis.com",
    "www.googleapis.com",
    "content.googleapis.com",
)


class Crashed(BaseException):
    """A crash fault struck, as if the process had died at `point`.

    No `except Exception` catches it.

    The adapter is dead from then on, and so is its workspace: open the file anew, as a new process
    would.
    """

    def __init__(self, point: str) -> None:
        super().__init__(f"the emulator has crashed: {point}")
        self.point = point


class NeverAnswered(BaseException):
    """A hang without end met a client without a timeout.

    In real life the program would stand still for ever.
    """


class LocalAdapter(BaseAdapter):
    """A transport that answers sheets.googleapis.com and www.googleapis.com from a workspace.

    Every other host is a 404.

    `user` signs requests that carry no `Bearer user:EMAIL` of their own; None is the owner.
    `faults` is what goes wrong, and may be set anew at any time; `clock` counts the seconds of the
    quotas; `sleep` passes those of a delay.
    """

    def __init__(
        self,
        workspace: Workspace,
        user: str | None = None,
        *,
        faults: Faults | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        super().__init__()
        self._gate = Gate(workspace, faults, self._die, clock)
        self._user = user or OWNER
        self._sleep = sleep
        self._dead: str | None = None

    @property
    def requests(self) -> tuple[tuple[str, str], ...]:
        """The requests seen so far, in order: (method, path with query)."""
        return tuple(
            (entry.method, entry.path) for entry in tuple(self._gate.log)
        )

    @property
    def log(self) -> tuple[Entry, ...]:
        """The same with who sent them, which call they are, and what went wrong."""
        return tuple(self._gate.log)

    @property
    def faults(self) -> Faults:
        """What goes wrong; setting it begins every count anew."""
        return self._gate.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._gate.faults = faults

    def send(
        self,
        request: PreparedRequest,
        # The base class's signature; an answer is whole anyway.
        stream: bool = False,  # noqa: FBT001, FBT002, ARG002
        timeout: Any = None,
        *_args: Any,
        **_options: Any,
    ) -> Response:
        """Answer one request; certificates and proxies do not matter here."""
        if self._dead is not None:
            raise Crashed(self._dead)
        limit = _read_seconds(timeout)
        host = urlsplit(request.url or "").hostname
        try:
            sent = self._sent(request)
        except ApiError as error:
            return _response(request, told(error.body(), error.code))
        if host not in HOSTS:
            self._gate.note(sent)
            gone = ApiError(
                404, f"Requested entity was not found. ({host} is not emulated)"
            )
            return _response(request, told(gone.body(), 404))
        late: list[bool] = []
        outcome = self._gate.go(
            sent, lambda seconds: self._wait(seconds, limit, late)
        )
        if late:
            raise _timed_out(request, limit)
        return _delivered(request, outcome, limit)

    def close(self) -> None:
        """Nothing is held open."""

    def _sent(self, request: PreparedRequest) -> Request:
        headers = CaseInsensitiveDict(
            {str(name): _text(value) for name, value in request.headers.items()}
        )
        limit = sys.maxsize
        if self._gate.workspace.limited:
            limit = limit_of(request.url or "")
        data = unpacked(_whole(request.body), headers, limit)
        method, url, data = meant(
            request.method or "GET", request.url or "", headers, data
        )
        user = user_of(headers.get("Authorization"), self._user)
        return Request(
            method, url, user, data, headers.get("Content-Type") or ""
        )

    def _wait(
        self, seconds: float, limit: float | None, late: list[bool]
    ) -> None:
        """Pass a delay. Where the client loses patience first, it need not pass.

        The call is carried out all the same.
        """
        if limit is not None and seconds >= limit:
            late.append(True)
        else:
            self._sleep(seconds)

    def _die(self, point: str) -> NoReturn:
        self._dead = point
        raise Crashed(point)


def _whole(body: Any) -> bytes:
    """Read a body of any kind that `requests` takes.

    Bytes, text, a file, pieces one after another.
    """
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        return body.encode()
    if body is None or isinstance(body, bytes | bytearray):
        return bytes(body or b"")
    return b"".join(
        piece.encode() if isinstance(piece, str) else piece for piece in body
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _read_seconds(timeout: Any) -> float | None:
    """How long the client waits for an answer, of all the forms that `requests` takes."""
    if isinstance(timeout, Timeout):
        timeout = timeout.read_timeout
    elif isinstance(timeout, tuple):
        timeout = timeout[1]
    return float(timeout) if isinstance(timeout, int | float) else None


def _delivered(
    request: PreparedRequest, outcome: Outcome, limit: float | None
) -> Response:
    """Give the response, or raise what `requests` raises where there is none.

    A hang passes at once.
    """
    if outcome.end == "hang" and (
        outcome.seconds is None
        or (limit is not None and outcome.seconds >= limit)
    ):
        if limit is None:
            raise NeverAnswered(
                f"{request.method} {request.url} is never answered, and the client has no timeout"
            )
        raise _timed_out(request, limit)
    if outcome.reply is not None and outcome.end == "truncate":
        raise _cut_short(request, len(outcome.reply.body))
    if outcome.reply is None or outcome.end != "answer":
        gone = RemoteDisconnected(
            "Remote end closed connection without response"
        )
        raise ConnectionLost(
            ProtocolError("Connection aborted.", gone), request=request
        )
    return _response(request, outcome.reply)


def _timed_out(request: PreparedRequest, limit: float | None) -> ReadTimeout:
    pool = HTTPSConnectionPool(urlsplit(request.url or "").hostname or "", 443)
    said = f"Read timed out. (read timeout={limit:g})"
    return ReadTimeout(
        ReadTimeoutError(pool, request.url or "", said), request=request
    )


def _cut_short(request: PreparedRequest, length: int) -> ChunkedEncodingError:
    broken = IncompleteRead(b" " * (length // 2), length - length // 2)
    return ChunkedEncodingError(
        ProtocolError(f"Connection broken: {broken!r}", broken), request=request
    )


def _response(request: PreparedRequest, reply: Reply) -> Response:
    out = Response()
    out.status_code = reply.status
    out.reason = HTTPStatus(reply.status).phrase
    out.headers = CaseInsensitiveDict(
        {"Content-Type": reply.content_type, **reply.headers}
    )
    out.raw = BytesIO(reply.body)
    # What requests itself sets once a body is read.
    out._content = reply.body  # noqa: SLF001
    out.encoding = "utf-8"
    out.url = request.url or ""
    out.request = request
    return out
