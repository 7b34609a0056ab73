"""The emulator on a loopback port, for any client: http://127.0.0.1:PORT/TOKEN/v4/spreadsheets/...

Standard library only. What happens to a request is left to gate.py, the bytes of one connection to
connection.py.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NoReturn, Self

from sheetsync.emulator.transport.admission import is_loopback, new_token
from sheetsync.emulator.transport.connection import Connection, Line
from sheetsync.emulator.transport.gate import Gate
from sheetsync.emulator.transport.test_control import Control

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.transport.faults import Faults
    from sheetsync.emulator.workspace import Workspace

_KILLED = 137  # the exit code of a process that kill -9 has ended


def _loopback(host: str) -> str:
    """Give the host, if nobody but this machine can reach it; ValueError otherwise."""
    if is_loopback(host):
        return host
    raise ValueError(
        f"{host} is not a loopback address: the emulator knows no passwords and stays on this "
        f"machine"
    )


def _die(_point: str) -> NoReturn:
    os._exit(_KILLED)


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512  # clients that may knock at the same moment

    def __init__(self, address: tuple[str, int], line: Line) -> None:
        self.address_family = (
            socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        )
        self._line = line
        super().__init__(address, self._speak)

    def _speak(
        self, request: Any, client_address: Any, server: Any
    ) -> Connection:
        return Connection(request, client_address, server, self._line)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that hangs up is no news."""


class Server:
    """A running emulator: start(), url, stop(). Also a context manager.

    `faults` is what goes wrong, and may be set anew at any time, here or, with `control`, at
    /__emulator__/faults. A crash ends the whole process at once, as kill -9 does. `clock` counts
    the seconds of the quotas. `token`: the first part of every path, None for a random one, "" for
    none: then every program of this machine that finds the port may change the books.
    """

    def __init__(
        self,
        workspace: Workspace,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        faults: Faults | None = None,
        clock: Callable[[], float] = time.monotonic,
        token: str | None = None,
        control: bool = False,
    ) -> None:
        self._address = (_loopback(host), port)
        self._gate = Gate(workspace, faults, _die, clock)
        self._token = new_token() if token is None else token
        self._line = Line(
            self._gate,
            Control(self._gate) if control else None,
            self._token,
        )
        self._http: _Threads | None = None
        self._thread: threading.Thread | None = None

    @property
    def faults(self) -> Faults:
        """What goes wrong; setting it begins every count anew."""
        return self._gate.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._gate.faults = faults

    @property
    def url(self) -> str:
        """The root address, the token with it, without a slash at its end.

        RuntimeError before the start.
        """
        if self._http is None:
            raise RuntimeError("the server has not been started")
        host = self._address[0]
        name = f"[{host}]" if ":" in host else host
        root = f"http://{name}:{self._http.server_address[1]}"
        return f"{root}/{self._token}" if self._token else root

    def bind(self) -> None:
        """Take the port; OSError where it is in use."""
        self._line.stopping.clear()
        self._http = _Threads(self._address, self._line)

    def start(self) -> str:
        """Listen in a thread of its own; the root address.

        Starting it twice is starting it once.
        """
        if self._thread is not None:
            return self.url
        if self._http is None:
            self.bind()
        self._thread = threading.Thread(
            target=self.run, name="sheetsync-emulator", daemon=True
        )
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
        self._line.stopping.set()
        if self._thread is not None:
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()
        for connection in list(self._line.open):
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
    *,
    faults: Faults | None = None,
    token: str | None = None,
    control: bool = False,
) -> None:
    """Serve until KeyboardInterrupt. `ready` is told the root address once it listens.

    The rest is a Server's.

    ValueError for a host that is not loopback, OSError for a port in use.
    """
    server = Server(
        workspace, host, port, faults=faults, token=token, control=control
    )
    server.bind()
    try:
        if ready is not None:
            ready(server.url)
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()
