"""The query language of files.list: name = 'x' and (trashed = false or 'ID' in parents).

`and` and `or` hold from left to right, as Google documents. What is listed is left to listing.py.
"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.drive.errors import invalid
from sheetsync.emulator.drive.items import root_of
from sheetsync.emulator.model import access
from sheetsync.emulator.model.grid import Formula
from sheetsync.emulator.wire.times import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.drive.items import Item

    Test = Callable[[Item, str], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"""|(?P<mark><=|>=|!=|[=<>(){}])|(?P<word>[A-Za-z]\w*))""",
    re.DOTALL,
)
_ORDER = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
}
_TIMES = ("modifiedTime", "createdTime", "viewedByMeTime", "sharedWithMeTime")
_FLAGS = ("trashed", "starred", "sharedWithMe")
_PEOPLE = ("owners", "writers", "readers")
_DEEPEST = 40


def compiled(text: str) -> Test:
    """Give the test that a query makes; DriveError 400 where it cannot be read."""
    reader = _Reader(text)
    test = reader.expression(0)
    if reader.peek() is not None:
        raise _wrong()
    return test


def _wrong() -> Exception:
    return invalid("q")


class _Reader:
    """A cursor over the query's tokens: (kind, text)."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.at = 0
        start, end = 0, len(text.rstrip())
        while start < end:
            match = _TOKEN.match(text, start, end)
            if match is None or match.lastgroup is None:
                raise _wrong()
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            start = match.end()

    def peek(self) -> str | None:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else None

    def take(self, *expected: str) -> tuple[str, str]:
        if self.at >= len(self.tokens) or (
            expected and self.tokens[self.at][1] not in expected
        ):
            raise _wrong()
        self.at += 1
        return self.tokens[self.at - 1]

    def expression(self, depth: int) -> Test:
        test = self.term(depth)
        while self.peek() in ("and", "or"):
            both = self.take()[1] == "and"
            test = _joined(test, self.term(depth), both=both)
        return test

    def term(self, depth: int) -> Test:
        if depth > _DEEPEST:
            raise _wrong()
        if self.peek() == "not":
            self.take()
            inner = self.term(depth + 1)
            return lambda item, user: not inner(item, user)
        if self.peek() == "(":
            self.take()
            test = self.expression(depth + 1)
            self.take(")")
            return test
        return self.comparison()

    def comparison(self) -> Test:
        kind, first = self.take()
        if kind == "text":
            self.take("in")
            return _inside(self.take()[1], _unquoted(first))
        if kind != "word":
            raise _wrong()
        if first in _FLAGS and self.peek() not in ("=", "!="):
            return _flag(first, "=", "true")
        mark = self.take()[1]
        if mark == "has":
            return self.pair(first)
        kind, value = self.take()
        if mark == "in":  # the other way round, as some clients write it
            return _inside(first, _text(kind, value))
        if first in _FLAGS:
            return _flag(first, mark, value)
        return _compared(first, mark, _text(kind, value))

    def pair(self, name: str) -> Test:
        """Give the test of `properties has { key='k' and value='v' }`."""
        self.take("{")
        self.take("key")
        self.take("=")
        key = _text(*self.take())
        for word in ("and", "value", "="):
            self.take(word)
        value = _text(*self.take())
        self.take("}")
        if name not in ("properties", "appProperties"):
            raise _wrong()
        return lambda item, _: item.drive.get(name, {}).get(key) == value


def _joined(left: Test, right: Test, *, both: bool) -> Test:
    if both:
        return lambda item, user: left(item, user) and right(item, user)
    return lambda item, user: left(item, user) or right(item, user)


def _text(kind: str, value: str) -> str:
    if kind != "text":
        raise _wrong()
    return _unquoted(value)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


def _inside(name: str, value: str) -> Test:
    if name == "parents":
        return lambda item, user: (
            (root_of(user) if value == "root" else value) in item.parents(user)
        )
    if name not in _PEOPLE:
        raise _wrong()
    role = name[:-1]

    def test(item: Item, user: str) -> bool:
        whom = user if value == "me" else value
        return (
            access.may(item, whom, role)
            if role != "owner"
            else item.owner.casefold() == whom.casefold()
        )

    return test


def _flag(name: str, mark: str, value: str) -> Test:
    if value not in ("true", "false") or mark not in ("=", "!="):
        raise _wrong()
    wanted = (value == "true") == (mark == "=")
    return lambda item, user: _is(item, user, name) is wanted


def _is(item: Item, user: str, name: str) -> bool:
    if name == "trashed":
        return bool(item.drive.get("trashed"))
    if name == "starred":
        return user in item.drive.get("starredBy", ())
    return item.owner != user


def _compared(name: str, mark: str, value: str) -> Test:
    if name in _TIMES and mark in _ORDER:
        return _timed(name, mark, value)
    if name == "fullText" and mark == "contains":
        return lambda item, _: _has_words(item, value)
    if name == "visibility" and mark in ("=", "!="):
        return lambda item, _: (_visibility(item) == value) is (mark == "=")
    if name not in ("name", "mimeType") or mark not in ("=", "!=", "contains"):
        raise _wrong()
    if name == "mimeType":
        return lambda item, _: (
            value in item.kind
            if mark == "contains"
            else (item.kind == value) is (mark == "=")
        )
    if mark == "contains":
        return lambda item, _: _begins(item.name, value)
    return lambda item, _: (
        (item.name.casefold() == value.casefold()) is (mark == "=")
    )


def _timed(name: str, mark: str, value: str) -> Test:
    try:
        limit = read(value)
    except ValueError as error:
        raise _wrong() from error
    if name == "createdTime":
        return lambda item, _: bool(_ORDER[mark](read(item.created), limit))
    return lambda item, _: bool(_ORDER[mark](read(item.modified), limit))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _begins(name: str, value: str) -> bool:
    """Whether each word asked for begins some word of the name."""
    words = _words(name)
    return all(
        any(word.startswith(wanted) for word in words)
        for wanted in _words(value)
    )


def _has_words(item: Item, value: str) -> bool:
    words = _words(" ".join(_all_texts(item)))
    if value.startswith('"') and value.endswith('"') and len(value) > 1:
        phrase = _words(value)
        return any(
            words[at : at + len(phrase)] == phrase
            for at in range(len(words) - len(phrase) + 1)
        )
    return set(_words(value)) <= set(words)


def _all_texts(item: Item) -> list[str]:
    out = [item.name, str(item.drive.get("description", ""))]
    if item.store is not None:
        for sheet in item.store.current().sheets:
            values: list[Any] = [
                cell.value for row in sheet.rows for cell in row.values()
            ]
            out += [
                str(value)
                for value in values
                if value is not None and not isinstance(value, Formula)
            ]
    return out


def _visibility(item: Item) -> str:
    for kept in access.permissions(item):
        if kept["type"] in ("anyone", "domain"):
            open_to = "anyone" if kept["type"] == "anyone" else "domain"
            return f"{open_to}{'CanFind' if kept.get('allowFileDiscovery') else 'WithLink'}"
    return "limited"
