"""A transport whose requests end in time: one deadline for the whole of each, and a largest answer.

The timeouts of `requests` are of single readings, so a server that sends a byte now and then holds
its client for ever; urllib3 has no deadline either. Here the socket is hung up on from outside.
"""

import socket
import threading
from types import TracebackType
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

LARGEST = 512 * 1024 * 1024
"""Bytes of an answer, unpacked, at most: no spreadsheet tells of as much."""
_PIECE = 1024 * 1024


class OverDeadline(requests.exceptions.ReadTimeout):
    """A request took longer than it may as a whole; it may have been carried out."""


class TooLarge(requests.exceptions.InvalidJSONError):
    """An answer is longer than any of the service's."""


class _Deadline:
    """A request's time, which hangs up on its sockets once it is over."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        _current.deadline = self
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _current.deadline = None
        self._timer.cancel()
        with self._lock:
            for connected in self._sockets:
                connected.close()
            self._sockets.clear()

    def watch(self, connected: socket.socket) -> None:
        # By a copy of its own: a connection is closed before its last answer is read.
        with self._lock:
            self._sockets.append(connected.dup())
            if self.over:
                _hang_up(connected)

    def _end(self) -> None:
        with self._lock:
            self.over = True
            for connected in self._sockets:
                _hang_up(connected)


class _Current(threading.local):
    """The deadline of the request that a thread is sending."""

    deadline: _Deadline | None = None


_current = _Current()


def _hang_up(connected: socket.socket) -> None:
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It is closed by now.
        return


class _Watched(HTTPConnection):
    """A connection whose socket the request's deadline knows.

    By a copy of it, as TLS puts another object in its place before the first word is said.
    """

    _copy: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        self._copy = connected.dup()
        self._watch()
        return connected

    def request(self, *args: Any, **options: Any) -> None:
        # One that was kept open from an earlier request.
        self._watch()
        super().request(*args, **options)

    def close(self) -> None:
        super().close()
        if self._copy is not None:
            self._copy.close()
            self._copy = None

    def _watch(self) -> None:
        if self._copy is not None and _current.deadline is not None:
            _current.deadline.watch(self._copy)


class _WatchedTls(_Watched, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedTls


_POOLS = {"http": _Pool, "https": _TlsPool}


class BoundedAdapter(HTTPAdapter):
    """Sends requests that may take `seconds` each, from the first byte sent to the last received.

    Raises OverDeadline and TooLarge beside what `requests` raises.
    """

    def __init__(self, seconds: float, largest: int = LARGEST) -> None:
        self._seconds = seconds
        self._largest = largest
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make the connections such as can be hung up on."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Make the connections by way of a proxy such too."""
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(
        self, request: requests.PreparedRequest, *args: Any, **options: Any
    ) -> requests.Response:
        """Send one request and read its answer whole."""
        with _Deadline(self._seconds) as deadline:
            try:
                response = super().send(request, *args, **options)
                # Where requests itself keeps a body that is read.
                response._content = self._body_of(response)  # noqa: SLF001
            except requests.exceptions.RequestException as error:
                if deadline.over:
                    raise _over(request) from error
                raise
        # What was hung up on may look like the end of an answer without a length.
        if deadline.over:
            raise _over(request)
        return response

    def _body_of(self, response: requests.Response) -> bytes:
        body = bytearray()
        for piece in response.iter_content(_PIECE):
            body += piece
            if len(body) > self._largest:
                response.close()
                raise TooLarge("an answer longer than any of the service's")
        return bytes(body)


def _over(request: requests.PreparedRequest) -> OverDeadline:
    return OverDeadline("the request took too long as a whole", request=request)


def bound(session: requests.Session, seconds: float) -> None:
    """Have every request of a session end in time; none of them follows another address."""
    session.mount("https://", BoundedAdapter(seconds))
    session.mount("http://", BoundedAdapter(seconds))
    # The service sends nobody elsewhere; a portal in between does.
    session.max_redirects = 0
