"""What can be seen of a request before it is answered.

Which call of Google's it is, on which spreadsheet, by whom.

Answering is left to service.py.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from sheetsync.emulator.wire.schema import document

if TYPE_CHECKING:
    from sheetsync.emulator.wire.http import Request

_PREFIX = "sheets.spreadsheets."
_DRIVE = "drive"

NAMES = (
    *(
        name.removeprefix(_PREFIX)
        for name in document()["methods"]
        if name.startswith(_PREFIX)
    ),
    _DRIVE,
)

_ID = r"/v4/spreadsheets/(?P<id>[^/:]+)"
_CALLS = tuple(
    (re.compile(pattern, re.DOTALL), name)
    for pattern, name in (
        (r"POST /v4/spreadsheets", "create"),
        (f"GET {_ID}", "get"),
        (f"POST {_ID}:(?P<verb>[A-Za-z]+)", "{verb}"),
        (
            f"(?:GET|POST) {_ID}/(?P<part>values|developerMetadata):(?P<verb>[A-Za-z]+)",
            "{part}.{verb}",
        ),
        (
            f"POST {_ID}/(?P<part>values|sheets)/[^/]+:(?P<verb>append|clear|copyTo)",
            "{part}.{verb}",
        ),
        (f"GET {_ID}/(?P<part>values|developerMetadata)/[^/]+", "{part}.get"),
        (f"PUT {_ID}/values/[^/]+", "values.update"),
        (r"[A-Z]+ (?:/upload)?/drive/v\d/files(?:/(?P<id>[^/]+).*)?", _DRIVE),
        (r"[A-Z]+ (?:/upload)?/drive/v\d/.*", _DRIVE),
    )
)
_READS = re.compile(
    r"get|.*\.get|getByDataFilter|values\.batchGet(ByDataFilter)?|developerMetadata\.search"
)


@dataclass(frozen=True, slots=True)
class Sight:
    """A request as faults, quotas and the log see it.

    `call` is "" where Google has no such call.
    """

    method: str
    path: str
    user: str
    call: str = ""
    spreadsheet: str | None = None
    body: bytes = b""

    @property
    def writes(self) -> bool:
        """Whether it counts as a write: whatever does not only read."""
        if self.call in (_DRIVE, ""):
            return self.method not in ("GET", "HEAD")
        return _READS.fullmatch(self.call) is None

    @property
    def spare(self) -> bool:
        """Whether no quota of the Sheets API counts it."""
        return self.call in (_DRIVE, "")

    @property
    def quota_user(self) -> str:
        """Whose quota it takes from: the parameter quotaUser names somebody else than who signs."""
        named = parse_qs(urlsplit(self.path).query).get("quotaUser")
        return f"={named[-1]}" if named else self.user

    @property
    def requests(self) -> frozenset[str]:
        """The kinds of request inside a batchUpdate."""
        if self.call != "batchUpdate":
            return frozenset()
        try:
            listed: Any = json.loads(self.body)["requests"]
            return frozenset(name for item in listed for name in item)
        except (ValueError, LookupError, TypeError, RecursionError):
            # Nonsense is refused by the service, in Google's words
            return frozenset()


def seen(request: Request) -> Sight:
    """Give what can be seen of a request."""
    parts = urlsplit(request.url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    for pattern, name in _CALLS:
        match = pattern.fullmatch(f"{request.method} {parts.path}")
        if match is not None:
            groups = match.groupdict()
            call = name.format_map(groups)
            if call in NAMES:
                number = groups.get("id")
                spreadsheet = unquote(number) if number else None
                return Sight(
                    request.method,
                    path,
                    request.user,
                    call,
                    spreadsheet,
                    request.body,
                )
    return Sight(request.method, path, request.user)
