"""A request and its answer as plain values, whatever carries them.

An adapter in-process, a socket, a test.

What is answered is decided in service.py; carrying is left to transport/.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request: `url` is a path with its query, or a whole address.

    `user` is the email of who signs it.
    """

    method: str
    url: str
    user: str
    body: bytes = b""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer: its status, its body's bytes and what they are."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


def told(data: Any, status: int = 200) -> Reply:
    """Give the answer that says `data` as JSON."""
    return Reply(
        status, json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
    )
