"""Who may speak to a served emulator: whoever knows its address, and no web page of a stranger's.

Any page that a browser shows may send requests to loopback. It does not know the random first part
of the path; and it says where it comes from, or cannot send JSON without asking first.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sheetsync.emulator.errors import ApiError

if TYPE_CHECKING:
    from sheetsync.emulator.transport.bodies import Headers

_BYTES = 24
_ELSEWHERE = frozenset({"cross-site", "same-site"})
_FORMS = frozenset(
    {
        "text/plain",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
    }
)
"""What a page of another site may send without asking first."""


def new_token() -> str:
    """Give the first part of a served path, which nobody guesses."""
    return secrets.token_urlsafe(_BYTES)


def is_loopback(host: str) -> bool:
    """Tell whether a name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def admitted(url: str, headers: Headers, token: str) -> str:
    """Give what a request asks for, without the token. `token`: "" where none is asked.

    ApiError 403 for a page of a stranger's and a name that is not this machine's, 404 for a path
    that does not begin with the token.
    """
    parts = urlsplit(url)
    for host in (headers.get("Host"), parts.netloc):
        if host and not _is_ours(host):
            raise ApiError(403, "The emulator answers to loopback names only.")
    origin = headers.get("Origin")
    from_elsewhere = headers.get("Sec-Fetch-Site") in _ELSEWHERE
    if from_elsewhere or (origin and not _is_same(origin, headers)):
        raise ApiError(403, "The emulator answers no page of another origin.")
    path = parts.path
    if token:
        first, _, rest = path.lstrip("/").partition("/")
        if not hmac.compare_digest(first.encode(), token.encode()):
            raise ApiError(
                404,
                "Requested entity was not found: the whole address is what `serve` has printed.",
            )
        path = f"/{rest}"
    # A root that ends with a slash, and a path that begins with one.
    path = f"/{path.lstrip('/')}"
    return f"{path}?{parts.query}" if parts.query else path


def check_kind(method: str, headers: Headers, body: bytes) -> None:
    """Refuse a body that a page could send without asking first. ApiError 400."""
    # Where a POST stands for a GET: a header that no page sends without asking.
    if not body or headers.get("X-HTTP-Method-Override"):
        return
    kind = (headers.get("Content-Type") or "").partition(";")[0]
    kind = kind.strip().lower()
    # A page may leave out the kind too, but no method other than POST.
    if kind in _FORMS or (not kind and method == "POST"):
        raise ApiError(400, "Content-Type must be application/json.")


def _is_ours(host: str) -> bool:
    """Tell whether a Host header, with or without a port, names this machine."""
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False


def _is_same(origin: str, headers: Headers) -> bool:
    return origin == f"http://{headers.get('Host') or ''}"
