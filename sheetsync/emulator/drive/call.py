"""One call to Drive: who asks, for which file, with which parameters and body; and its answer.

Which call it is, is decided in routes.py.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.drive.errors import bad_request, invalid
from sheetsync.emulator.errors import ApiError
from sheetsync.emulator.wire.check import check
from sheetsync.emulator.wire.schema import schema_of

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Json
    from sheetsync.emulator.wire.http import Request
    from sheetsync.emulator.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Asked:
    """A call: `path` holds what the address names (file, permission, comment)."""

    workspace: Workspace
    request: Request
    path: dict[str, str]
    query: dict[str, str]

    @property
    def user(self) -> str:
        """Who signs the request."""
        return self.request.user

    @property
    def file(self) -> str:
        """The id of the file."""
        return self.path["file"]

    @property
    def fields(self) -> str | None:
        """The field mask, if any."""
        return self.query.get("fields")

    def flag(self, name: str) -> bool:
        """Whether a boolean parameter is set."""
        return self.query.get(name, "").lower() in ("true", "1")

    def number(self, name: str, usual: int, most: int) -> int:
        """Give a whole number from 1 to `most`; DriveError 400 for another."""
        text = self.query.get(name, str(usual))
        if not text.isdecimal() or not text.isascii():
            raise invalid(
                name,
                f"Invalid value '{text}' for {name}. It must be a whole number.",
            )
        if not 1 <= int(text[:9]) <= most:
            raise invalid(
                name,
                f"Invalid value '{text}'. Values must be within the range: [1, {most}]",
            )
        return int(text)

    def body(self, name: str) -> Json:
        """Give the JSON body as a Drive resource of that name."""
        return resource(self.request.body, name)


def resource(data: bytes, name: str) -> Json:
    """Give JSON as a resource; what the API does not know is passed over, as Drive does.

    DriveError 400 for nonsense.
    """
    try:
        parsed = json.loads(data) if data.strip() else {}
    except (ValueError, RecursionError) as error:
        raise bad_request("Parse Error") from error
    if not isinstance(parsed, dict):
        raise bad_request("Parse Error")
    try:
        return check(_known(parsed, name), f"drive.{name}")
    except ApiError as error:
        raise bad_request(error.message) from error


def _known(data: Any, name: str) -> Json:
    fields = schema_of(f"drive.{name}")["properties"]
    return {key: value for key, value in data.items() if key in fields}
