"""Answers a `requests` session in-process: mount LocalAdapter on "https://" and no call leaves the machine.

Calls go through the same service as over HTTP (server.py).
"""

from __future__ import annotations

import threading
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from sheetsync.emulator.errors import ApiError
from sheetsync.emulator.model.protect import OWNER
from sheetsync.emulator.service import answer, user_of
from sheetsync.emulator.wire.http import Reply, Request, told

if TYPE_CHECKING:
    from sheetsync.emulator.workspace import Workspace

HOST = "sheets.googleapis.com"


class LocalAdapter(BaseAdapter):
    """A transport that answers https://sheets.googleapis.com/ from a workspace; every other host is a 404.

    `user` signs requests that carry no `Bearer user:EMAIL` of their own; None is the owner.
    """

    def __init__(self, workspace: Workspace, user: str | None = None) -> None:
        super().__init__()
        self._workspace = workspace
        self._user = user or OWNER
        self._seen: list[tuple[str, str]] = []
        self._lock = threading.Lock()

    @property
    def requests(self) -> tuple[tuple[str, str], ...]:
        """The requests seen so far, in order: (method, path with query)."""
        return tuple(self._seen)

    def send(self, request: PreparedRequest, *_args: Any, **_options: Any) -> Response:
        """Answer one request; timeouts, proxies and certificates do not matter here."""
        url, method = request.url or "", request.method or "GET"
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        with self._lock:
            self._seen.append((method, path))
        if parts.hostname != HOST:
            error = ApiError(404, f"Requested entity was not found. ({parts.hostname} is not emulated)")
            return _response(request, told(error.body(), 404))
        body = request.body.encode() if isinstance(request.body, str) else request.body
        user = user_of(request.headers.get("Authorization"), self._user)
        kind = str(request.headers.get("Content-Type") or "")
        sent = Request(method, url, user, body if isinstance(body, bytes) else b"", kind)
        return _response(request, answer(self._workspace, sent))

    def close(self) -> None:
        """Nothing is held open."""


def _response(request: PreparedRequest, reply: Reply) -> Response:
    out = Response()
    out.status_code = reply.status
    out.reason = HTTPStatus(reply.status).phrase
    out.headers = CaseInsensitiveDict({"Content-Type": reply.content_type, **reply.headers})
    out.raw = BytesIO(reply.body)
    out._content = reply.body  # noqa: SLF001  # what requests itself sets once a body is read
    out.encoding = "utf-8"
    out.url = request.url or ""
    out.request = request
    return out
