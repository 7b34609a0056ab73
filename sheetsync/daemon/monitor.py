"""A port of this machine's own on which the daemon is looked at: a page, /healthz, /metrics.

It listens on loopback alone and answers by no other name, so that no page of a browser can ask it
under a name of its own. All is read out of the run log at each request.
"""

import json
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sheetsync.daemon.status_page import status_page
from sheetsync.errors import InputError
from sheetsync.runlog.store import RunLogFailed
from sheetsync.services.metrics import check_installed, exposition
from sheetsync.services.status import exit_code, statuses
from sheetsync.services.watched_run import Watch

HOST = "127.0.0.1"
NAMES = frozenset({HOST, "localhost"})
ALIVE_SECONDS = 60
"""After so long without a look around the daemon does not count as alive."""
READ_SECONDS = 10
"""How long a client may take to say what it wants."""
TEXT = "text/plain; charset=utf-8"
METRICS = "text/plain; version=0.0.4; charset=utf-8"


class Answer(NamedTuple):
    """What a request is answered with."""

    status: HTTPStatus
    kind: str
    body: bytes


class Monitor:
    """The port, and the daemon's sign of life."""

    def __init__(
        self, watch: Watch, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.watch = watch
        self._clock = clock
        self._last_beat = clock()
        self._server: ThreadingHTTPServer | None = None

    @property
    def port(self) -> int | None:
        """The port that is open, None where none is."""
        return None if self._server is None else self._server.server_port

    def beat(self) -> None:
        """Note that the daemon has looked around."""
        self._last_beat = self._clock()

    def open(self, port: int | None) -> None:
        """Listen on a port, in the place of the one before; None: on none.

        Raises InputError where it is taken or the extra `daemon` is missing; the one before stays.
        """
        if port == self.port:
            return
        server = None if port is None else self._listening(port)
        self.close()
        self._server = server
        if server is not None:
            threading.Thread(
                target=server.serve_forever, name="monitor", daemon=True
            ).start()

    def _listening(self, port: int) -> ThreadingHTTPServer:
        language = self.watch.language
        check_installed(language)
        try:
            server = _Server((HOST, port), _handler(self))
        except OSError as error:
            text = language.text
            raise InputError(
                text(
                    "Port {port} of this machine cannot be used: {why}.",
                    port=port,
                    why=error.strerror or error,
                ),
                fix=text("Give another `port` in [monitor] of sheetsync.toml."),
            ) from error
        return server

    def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, path: str) -> Answer:
        """Answer a request for a path."""
        try:
            return self._answer(path)
        except RunLogFailed as error:
            body = f"{error.message}\n{error.fix}\n".encode()
            return Answer(HTTPStatus.SERVICE_UNAVAILABLE, TEXT, body)

    def _answer(self, path: str) -> Answer:
        watch = self.watch
        now = watch.now().astimezone()
        if path == "/healthz":
            return self._health()
        if path == "/metrics":
            body = exposition(
                watch.log, watch.settings, now, dict(watch.failures)
            )
            return Answer(HTTPStatus.OK, METRICS, body)
        if path not in ("/", "/status.json"):
            return Answer(HTTPStatus.NOT_FOUND, TEXT, b"not here\n")
        books = statuses(watch.settings, watch.log, now)
        if path == "/":
            page = status_page(books, now, watch.language)
            return Answer(
                HTTPStatus.OK, "text/html; charset=utf-8", page.encode()
            )
        summary = {
            "version": 1,
            "exit_code": int(exit_code(books)),
            "books": [status.json() for status in books],
        }
        body = json.dumps(summary, ensure_ascii=False).encode()
        return Answer(HTTPStatus.OK, "application/json", body)

    def _health(self) -> Answer:
        """Say whether the daemon looks around; how the books stand is `/status.json`'s to say."""
        if self._clock() - self._last_beat > ALIVE_SECONDS:
            return Answer(
                HTTPStatus.SERVICE_UNAVAILABLE, TEXT, b"the daemon stands\n"
            )
        return Answer(HTTPStatus.OK, TEXT, b"ok\n")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A port that another program listens on is taken, on Windows too.
    allow_reuse_port = False


def _handler(monitor: Monitor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = READ_SECONDS
        server_version = "sheetsync"
        sys_version = ""

        def do_GET(self) -> None:  # http.server's own name
            self._send(self._wanted())

        def do_HEAD(self) -> None:  # the same
            self._send(self._wanted())

        def _wanted(self) -> Answer:
            name = urlsplit(f"//{self.headers.get('Host', '')}").hostname
            if name not in NAMES:
                return Answer(HTTPStatus.FORBIDDEN, TEXT, b"not by this name\n")
            return monitor.answer(urlsplit(self.path).path)

        def _send(self, answer: Answer) -> None:
            self.send_response(answer.status)
            headers = {
                "Content-Type": answer.kind,
                "Content-Length": str(len(answer.body)),
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
                "frame-ancestors 'none'",
            }
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Keep silent: a scrape each quarter of a minute is no news."""

    return Handler
