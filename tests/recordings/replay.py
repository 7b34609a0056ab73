"""Sends what was once sent to Google to a fresh emulator, and compares the answers, one by one.

Which differences are known is said in known.py.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from http.client import FORBIDDEN
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import requests

from sheetsync.emulator import LocalAdapter, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).with_name("data")
FILES = tuple(sorted(DATA.glob("*.json")))
# Fields whose values the service makes up, and hands out again to be called by them later.
_IDS = frozenset(
    {"spreadsheetId", "id", "sheetId", "namedRangeId", "protectedRangeId", "permissionId"}
)
_MOMENTS = frozenset({"createdTime", "modifiedTime"})
_ABSENT = object()
_FILES = "https://www.googleapis.com/drive/v3/files"
_SHEET = "application/vnd.google-apps.spreadsheet"
_STRANGER = {"Authorization": "Bearer user:stranger@example.com"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One interaction that was answered otherwise than by Google; `where` is the first place that differs."""

    index: int
    sent: str
    where: str
    google: Any
    ours: Any

    def __str__(self) -> str:
        """Say it on one line."""
        return f"[{self.index}] {self.sent:.150}: {self.where}: Google {self.google!r:.200}, ours {self.ours!r:.200}"


class Outcome(NamedTuple):
    """What became of one file: how many interactions it has, how many of each kind, and which differ."""

    name: str
    total: int
    differences: tuple[Difference, ...]

    @property
    def same(self) -> int:
        """The interactions that were answered as Google did."""
        return self.total - len(self.differences)


@dataclass
class Ids:
    """Which of our ids, and which of our people, stand for those of the recording."""

    ours: dict[Any, Any] = field(default_factory=dict)

    def learn(self, theirs: Any, ours: Any) -> None:
        """Take note of an id when Google's answer names it for the first time."""
        self.ours.setdefault(theirs, ours)

    def text(self, told: str) -> str:
        """Put our ids in the place of theirs, wherever they stand in a text."""
        for theirs, ours in self.ours.items():
            if isinstance(theirs, str) and len(theirs) > 5:
                told = told.replace(theirs, str(ours))
                told = told.replace(quote(theirs, safe=""), quote(str(ours), safe=""))
        return told

    def value(self, told: Any) -> Any:
        """Put our ids in the place of theirs, in JSON."""
        if isinstance(told, dict):
            return {name: self.value(item) for name, item in told.items()}
        if isinstance(told, list):
            return [self.value(item) for item in told]
        if isinstance(told, str):
            return self.text(told)
        return self.ours.get(told, told) if type(told) is int and told > 10**5 else told


def interactions(path: Path) -> list[dict[str, Any]]:
    """Read a recording."""
    out: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return out


def replay(path: Path) -> Outcome:
    """Send the requests of one recording, in order, to an emulator that holds nothing yet."""
    ids = Ids()
    with requests.Session() as session:
        session.mount("https://", LocalAdapter(Workspace.in_memory()))
        recorded = interactions(path)
        for number in _strangers(recorded):
            made = session.post(
                _FILES, json={"name": "Private", "mimeType": _SHEET}, headers=_STRANGER
            )
            ids.learn(number, made.json()["id"])
        told = [_answered(session, item, ids, index) for index, item in enumerate(recorded)]
    return Outcome(path.stem, len(recorded), tuple(found for found in told if found))


def _strangers(recorded: list[dict[str, Any]]) -> list[str]:
    """List the spreadsheets that were there before the recording, and were refused to who recorded."""
    return [
        re.findall(r"/([A-Za-z0-9_-]{30,})", item["uri"])[0]
        for item in recorded
        if item["status"] == FORBIDDEN
    ]


def _answered(
    session: requests.Session, item: dict[str, Any], ids: Ids, index: int
) -> Difference | None:
    body = ids.value(item["body"])
    response = session.request(item["method"], ids.text(item["uri"]), json=body)
    sent = f"{item['method']} {re.sub('^https://[^/]+', '', item['uri'])} {json.dumps(body, ensure_ascii=False)}"
    if response.status_code != item["status"]:
        return Difference(
            index, sent, "status", item["status"], f"{response.status_code} {response.text}"
        )
    ours, theirs = _body(response), item["response"]
    _learn(theirs, ours, ids)
    for where, google, got in _differences(ids.value(theirs), ours):
        return Difference(index, sent, where, google, got)
    return None


def _body(response: requests.Response) -> Any:
    if not response.content:
        return None
    return response.json() if "json" in response.headers["Content-Type"] else response.text


def _learn(theirs: Any, ours: Any, ids: Ids) -> None:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for name in theirs.keys() & ours.keys():
            one, other = theirs[name], ours[name]
            if name in _IDS and type(one) is type(other):
                ids.learn(one, other)
            elif name == "users" and len(one) == len(other):
                _learn(
                    [{"id": person} for person in one], [{"id": person} for person in other], ids
                )
            else:
                _learn(one, other, ids)
    elif isinstance(theirs, list) and isinstance(ours, list):
        for one, other in zip(theirs, ours, strict=False):
            _learn(one, other, ids)


def _differences(google: Any, ours: Any, where: str = "") -> Iterator[tuple[str, Any, Any]]:
    if isinstance(google, dict) and isinstance(ours, dict):
        for name in (*google, *(name for name in ours if name not in google)):
            pair = (google.get(name, _ABSENT), ours.get(name, _ABSENT))
            yield from (
                _moments(*pair, where)
                if name in _MOMENTS
                else _differences(*pair, f"{where}.{name}")
            )
    elif isinstance(google, list) and isinstance(ours, list) and len(google) == len(ours):
        for index, (one, other) in enumerate(zip(google, ours, strict=True)):
            yield from _differences(one, other, f"{where}[{index}]")
    elif (
        google is _ABSENT
        or ours is _ABSENT
        or google != ours
        or isinstance(google, bool) != isinstance(ours, bool)
    ):
        yield where, _named(google), _named(ours)


def _moments(google: Any, ours: Any, where: str) -> Iterator[tuple[str, Any, Any]]:
    """Compare the form in which times are written; the times themselves differ."""
    shapes = [re.sub(r"\d", "0", str(moment)) for moment in (google, ours)]
    if shapes[0] != shapes[1]:
        yield where, google, _named(ours)


def _named(value: Any) -> Any:
    return "nothing" if value is _ABSENT else value
