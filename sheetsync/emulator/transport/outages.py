"""What Google sends when a call fails for no fault of the client's.

Its JSON bodies, and the HTML page of its front end.

When they are sent is left to gate.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetsync.emulator.transport.quotas import Limit, Quotas
from sheetsync.emulator.wire.http import Reply, told

if TYPE_CHECKING:
    from sheetsync.emulator.transport.inspect_request import Sight

_UNSIGNED = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
    "cookie or other valid "
    "authentication credential. See "
    "https://developers.google.com/identity/sign-in/web/devconsole-project."
)
_BODIES = {
    401: ("UNAUTHENTICATED", _UNSIGNED),
    403: ("PERMISSION_DENIED", "The caller does not have permission"),
    500: ("INTERNAL", "Internal error encountered."),
    503: ("UNAVAILABLE", "The service is currently unavailable."),
}
_PAGES = {
    502: (
        "The server encountered a temporary error and could not complete your request."
        "<p>Please try again in 30 seconds."
    ),
    504: "The server didn&rsquo;t respond in time.",
}
STATUSES = tuple(sorted({*_BODIES, *_PAGES, 429}))


def outage(status: int, sight: Sight) -> Reply:
    """Give the answer of that status: HTML where a proxy writes it (502, 504), else JSON."""
    if status == 429:  # noqa: PLR2004  # too many requests
        most = Quotas()
        return Limit(
            sight.writes,
            of_user=True,
            most=most.user_writes if sight.writes else most.user_reads,
        ).refusal()
    if status in _PAGES:
        return _page(status)
    name, message = _BODIES[status]
    return told(
        {"error": {"code": status, "message": message, "status": name}}, status
    )


def expired() -> Reply:
    """Give the answer to a call that took longer than the service allows.

    That there is one after 180 seconds is documented, how it reads is not: here as Google's other
    services say it.
    """
    body = {
        "code": 504,
        "message": "Deadline expired before operation could complete.",
        "status": "DEADLINE_EXCEEDED",
    }
    return told({"error": body}, 504)


def _page(status: int) -> Reply:
    text = (
        "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n"
        '  <meta name=viewport content="initial-scale=1, minimum-scale=1, width=device-width">\n'
        f"  <title>Error {status} (Server Error)!!1</title>\n"
        f"  <p><b>{status}.</b> <ins>That’s an error.</ins>\n"
        f"  <p>{_PAGES[status]}  <ins>That’s all we know.</ins>\n"
    )
    return Reply(status, text.encode(), "text/html; charset=UTF-8")
