"""What an answer must be before anything reads it: JSON of the discovery document's shape, ours.

A proxy, a portal or a mixed-up cache answers 200 too. Names that the document does not know are
passed over, as the service adds some every month; what a known name holds must be of its kind.
"""

import json
import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NoReturn

import requests

from sheetsync.emulator.wire.schema import schema_of

Check = Callable[[Any], None]
"""Raises WrongAnswer for a value that its place cannot hold."""
_SCALARS = frozenset({str, int, float, bool, type(None)})
_LONGEST_NUMBER = 30
"""Digits of a whole number at most: none of the service's numbers comes near."""


class WrongAnswer(requests.exceptions.InvalidJSONError):
    """A success that is none of the service's: no JSON, another shape, another book's or call's."""


def parsed(body: bytes) -> Any:
    """Read JSON of a stranger. Raises WrongAnswer for what is none, or would break its reader."""
    try:
        value = json.loads(
            body,
            parse_float=_finite,
            parse_int=_whole,
            parse_constant=_no_number,
        )
        if b"\\ud" in body or b"\\uD" in body:
            # Half a character stands in JSON, and nowhere else.
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError, MemoryError) as error:
        raise WrongAnswer("no JSON that can be read") from error
    return value


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("beyond all numbers")
    return number


def _whole(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError("beyond all numbers")
    return int(digits)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def answer_of(body: bytes, schema: str, book_id: str) -> Mapping[str, Any]:
    """Read a book's answer, a message of the `schema`. Raises WrongAnswer where it is none."""
    answer = parsed(body)
    _message(schema)(answer)
    # A stranger's answer, or another request's, bears another id or none.
    if answer.get("spreadsheetId") != book_id:
        raise WrongAnswer("an answer of no book, or of another one")
    checked: Mapping[str, Any] = answer
    return checked


def _wrong(value: object) -> NoReturn:
    raise WrongAnswer(f"a {type(value).__name__} out of place")


@cache
def _message(name: str) -> Check:
    """Return what checks a message of a schema, member by member."""

    def check(value: Any) -> None:
        if type(value) is not dict:
            _wrong(value)
        # Asked for only now, as messages hold others of their own kind.
        members = _members(name)
        for key, member in value.items():
            if key in members:
                members[key](member)

    return check


@cache
def _members(name: str) -> Mapping[str, Check]:
    nodes = schema_of(name).get("properties", {})
    return {key: _check_of(node) for key, node in nodes.items()}


def _check_of(node: Mapping[str, Any]) -> Check:
    """Return what checks a value by its node of the document."""
    if "$ref" in node:
        return _message(node["$ref"])
    if node.get("type") == "array":
        return _list_of(_check_of(node["items"]))
    return _KINDS.get(node.get("type", ""), _scalar)


def _list_of(check: Check) -> Check:
    def check_list(value: Any) -> None:
        if type(value) is not list:
            _wrong(value)
        # A row of plain cells is looked at as one: a base has millions of them.
        if check is _scalar and _SCALARS.issuperset(map(type, value)):
            return
        for member in value:
            check(member)

    return check_list


def _scalar(value: Any) -> None:
    if type(value) not in _SCALARS:
        _wrong(value)


def _of_type(*kinds: type) -> Check:
    def check(value: Any) -> None:
        if type(value) not in kinds:
            _wrong(value)

    return check


_KINDS: Mapping[str, Check] = {
    "string": _of_type(str),
    "boolean": _of_type(bool),
    "integer": _of_type(int),
    "number": _of_type(int, float),
    "object": _of_type(dict),
}
