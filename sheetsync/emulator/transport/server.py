"""The emulator on a loopback port, for any Sheets client: http://127.0.0.1:PORT/v4/spreadsheets/...

Standard library only; what is answered is left to service.py.
"""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from sheetsync.emulator.errors import ApiError
from sheetsync.emulator.model.protect import OWNER
from sheetsync.emulator.service import answer, user_of
from sheetsync.emulator.wire.http import Request, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.workspace import Workspace

_LARGEST = 64 * 1024 * 1024  # bytes of a body; Google recommends 2 MB
_PATIENCE = 60  # seconds that an idle connection is kept


def _loopback(host: str) -> str:
    """Give the host, if nobody but this machine can reach it; ValueError otherwise."""
    if host == "localhost":
        return host
    try:
        if ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass
    raise ValueError(f"{host} is not a loopback address: the emulator knows no passwords and stays on this machine")


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that hangs up is no news."""


class Server:
    """A running emulator: start(), url, stop(). Also a context manager."""

    def __init__(self, workspace: Workspace, host: str = "127.0.0.1", port: int = 0) -> None:
        self._workspace = workspace
        self._address = (_loopback(host), port)
        self._http: _Threads | None = None
        self._thread: threading.Thread | None = None
        self._open: set[socket.socket] = set()

    @property
    def url(self) -> str:
        """The root address, without a slash at its end; RuntimeError before the start."""
        if self._http is None:
            raise RuntimeError("the server has not been started")
        host = self._address[0]
        return f"http://{f'[{host}]' if ':' in host else host}:{self._http.server_address[1]}"

    def bind(self) -> None:
        """Take the port; OSError where it is in use."""
        kind = type(
            "_Server", (_Threads,), {"address_family": socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET}
        )
        self._http = kind(self._address, _handler(self._workspace, self._open))

    def start(self) -> str:
        """Listen in a thread of its own; the root address. Starting it twice is starting it once."""
        if self._thread is not None:
            return self.url
        if self._http is None:
            self.bind()
        self._thread = threading.Thread(target=self.run, name="sheetsync-emulator", daemon=True)
        self._thread.start()
        return self.url

    def run(self) -> None:
        """Listen here until stop() is called elsewhere."""
        if self._http is not None:
            self._http.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """Stop listening, hang up, give the port back."""
        if self._http is None:
            return
        if self._thread is not None:
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()
        for connection in list(self._open):
            connection.close()
        self._http = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve(
    workspace: Workspace,
    host: str = "127.0.0.1",
    port: int = 0,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until KeyboardInterrupt. `ready` is told the root address once it listens.

    ValueError for a host that is not loopback, OSError for a port in use.
    """
    server = Server(workspace, host, port)
    server.bind()
    try:
        if ready is not None:
            ready(server.url)
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()


def _handler(workspace: Workspace, connections: set[socket.socket]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _PATIENCE

        def setup(self) -> None:
            super().setup()
            connections.add(self.connection)

        def finish(self) -> None:
            connections.discard(self.connection)
            super().finish()

        def _serve(self) -> None:
            try:
                body = _read_body(self)
                user = user_of(self.headers.get("Authorization"), OWNER)
                kind = self.headers.get("Content-Type", "")
                reply = answer(workspace, Request(self.command, self.path, user, body, kind))
            except ApiError as error:
                self.close_connection = True
                reply = told(error.body(), error.code)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's own name
            """Say nothing: requests are nobody's news."""

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = _serve  # noqa: N815  # the base class's names

    return Handler


def _read_body(request: BaseHTTPRequestHandler) -> bytes:
    """Give the body, unpacked; ApiError where its length is missing, wrong or too much."""
    length = request.headers.get("Content-Length", "0")
    if not length.isdigit() or request.headers.get("Transfer-Encoding"):
        raise ApiError(400, "Invalid Content-Length.")
    if int(length) > _LARGEST:
        raise ApiError(413, "Request payload size exceeds the limit.")
    data = request.rfile.read(int(length))
    if request.headers.get("Content-Encoding") != "gzip":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError) as error:
        raise ApiError(400, "Invalid gzip body.") from error
