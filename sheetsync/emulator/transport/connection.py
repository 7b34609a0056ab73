"""One client's connection over HTTP/1.1.

Requests read, answers written as Google's front end writes them.

What is answered, and what goes wrong, is decided in gate.py; listening is left to server.py.
"""

from __future__ import annotations

import gzip
import select
import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Final

from sheetsync.emulator.errors import ApiError
from sheetsync.emulator.model.protections import OWNER
from sheetsync.emulator.service import user_of
from sheetsync.emulator.transport.admission import admitted, check_kind
from sheetsync.emulator.transport.bodies import (
    HungUp,
    limit_of,
    meant,
    read_body,
    too_large,
)
from sheetsync.emulator.transport.gate import Outcome
from sheetsync.emulator.transport.test_control import ROOT
from sheetsync.emulator.wire.http import Reply, Request, told

if TYPE_CHECKING:
    from sheetsync.emulator.transport.gate import Gate
    from sheetsync.emulator.transport.test_control import Control

_PATIENCE = 60  # seconds that an idle connection is kept
# Seconds between looks at whether a client that waits is still there
_GLANCE = 0.1
_WORTH_PACKING = 1024  # bytes; below, gzip gains nothing
# What Google's front end says with every answer, and clients see in their logs.
_HEADERS: Final = {
    "Vary": "Origin, X-Origin, Referer",
    "Cache-Control": "private",
    "X-XSS-Protection": "0",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Line:
    """What every connection of a server shares. `control`: None where nobody may steer it."""

    gate: Gate
    control: Control | None
    token: str = ""
    stopping: threading.Event = field(default_factory=threading.Event)
    open: set[socket.socket] = field(default_factory=set)


class Connection(BaseHTTPRequestHandler):
    """Answers the requests of one client, one after another."""

    protocol_version = "HTTP/1.1"
    server_version = "ESF"
    sys_version = ""
    timeout = _PATIENCE
    wbufsize = -1  # head and body leave together
    disable_nagle_algorithm = True

    def __init__(
        self, request: Any, client_address: Any, server: Any, line: Line
    ) -> None:
        self._line = line
        super().__init__(request, client_address, server)

    def setup(self) -> None:
        """Begin to speak."""
        super().setup()
        self._line.open.add(self.connection)

    def finish(self) -> None:
        """Hang up."""
        self._line.open.discard(self.connection)
        super().finish()

    def version_string(self) -> str:
        """Say who answers: what Google's front end says."""
        return self.server_version

    # The base class's own name.
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: requests are nobody's news."""

    def send_error(
        self, code: int, message: str | None = None, explain: str | None = None
    ) -> None:
        """Refuse what is no HTTP that this server speaks, in Google's form."""
        self.close_connection = True
        refused = {501: 405, 505: 400}.get(code, code)
        self._write(
            told(
                ApiError(refused, message or explain or "Bad Request").body(),
                refused,
            )
        )

    def handle_expect_100(self) -> bool:
        """Let the client send the body that it asks about, unless it is too large."""
        length = self.headers.get("Content-Length", "0")
        # The token stands before the path, and is asked for with the rest.
        try:
            limit = limit_of(
                admitted(self.path, self.headers, self._line.token)
            )
        except ApiError as error:
            self.close_connection = True
            self._write(told(error.body(), error.code))
            return False
        if length.isdigit() and int(length) > limit:
            self.close_connection = True
            refusal = too_large(limit)
            self._write(told(refusal.body(), refusal.code))
            return False
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def _serve(self) -> None:
        try:
            url = admitted(self.path, self.headers, self._line.token)
            body = read_body(self.rfile, self.headers, limit_of(url))
            check_kind(self.command, self.headers, body)
        except HungUp:
            self.close_connection = True
            return
        except ApiError as error:
            # What is left of the body is not another request
            self.close_connection = True
            self._write(told(error.body(), error.code))
            return
        self._finish(self._outcome(url, body))

    def _outcome(self, url: str, body: bytes) -> Outcome:
        method, url, body = meant(self.command, url, self.headers, body)
        if url.startswith(ROOT + "/"):
            return Outcome(self._steered(method, url, body))
        user = user_of(self.headers.get("Authorization"), OWNER)
        request = Request(
            method, url, user, body, self.headers.get("Content-Type", "")
        )
        return self._line.gate.go(request, self._line.stopping.wait)

    def _steered(self, method: str, url: str, body: bytes) -> Reply:
        if self._line.control is not None:
            return self._line.control.answer(method, url, body)
        off = ApiError(404, f"{ROOT} is off: `serve --control` opens it.")
        return told(off.body(), off.code)

    def _finish(self, outcome: Outcome) -> None:
        if outcome.end == "hang":
            self._stand_still(outcome.seconds)
        if outcome.reply is None or outcome.end in ("hang", "drop"):
            self.close_connection = True
        else:
            self._write(outcome.reply, cut=outcome.end == "truncate")

    def _stand_still(self, seconds: float | None) -> None:
        """Give no answer for so long (None: for ever), or until client or server has enough."""
        end = None if seconds is None else time.monotonic() + seconds
        while (
            end is None or time.monotonic() < end
        ) and not self._line.stopping.wait(_GLANCE):
            readable, _, _ = select.select([self.connection], [], [], 0)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def _write(self, reply: Reply, *, cut: bool = False) -> None:
        body, packed = (
            reply.body,
            self._takes_gzip() and len(reply.body) >= _WORTH_PACKING,
        )
        if packed:
            body = gzip.compress(body, 1)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in {**_HEADERS, **reply.headers}.items():
            self.send_header(name, value)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        if cut or self.close_connection:
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if cut else body)

    def _takes_gzip(self) -> bool:
        headers = getattr(
            self, "headers", None
        )  # there are none where the request could not be read
        accepted = (
            (headers.get("Accept-Encoding", "") if headers else "")
            .lower()
            .replace(" ", "")
            .split(",")
        )
        return any(
            item.partition(";")[0] == "gzip"
            and not item.endswith((";q=0", ";q=0.0"))
            for item in accepted
        )

    # The base class's names.
    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = (  # noqa: N815
        _serve
    )
