"""Holds JSON against the APIs' own schemas: unknown names, wrong kinds, values of no enum.

What a valid request means is left to the calls. A night's batch holds half a million values, so
that the reader of each field is made once, and a path is only spelled out where something is wrong.
"""

from __future__ import annotations

import json
import marshal
import math
import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sheetsync.emulator.errors import violations
from sheetsync.emulator.wire.schema import (
    camel,
    enum_type,
    message_type,
    schema_of,
    snake,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Path = str | tuple["Path", str | int]
    """The way to a value: a text, or the way to what holds it and its name or index in there."""
    Problems = list[tuple[str, str]]
    """(path, what is wrong there), in the order of the JSON."""
    Reader = Callable[[Any, Path, Problems, int], Any]
    """Gives a value as it is kept, and adds what is wrong with it.

    The last argument is its depth.
    """

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)"
)
_NUMBER = re.compile(r"-?\d{1,300}(\.\d{1,300})?([eE][+-]?\d{1,3})?")
# A request full of nonsense is not answered with a megabyte of explanations
_LIMIT = 20
_DEPTH = 60
_INT32 = 2**31
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)  # XML cannot hold these
# Messages that a request repeats from cell to cell: of equal ones one is kept
_REPEATED = ("CellData", "CellFormat")
_MOST_REPEATED = 20_000
_LIST_VALUE = "type.googleapis.com/google.protobuf.ListValue"
_PAYLOAD = "Invalid JSON payload received."
# What a scalar's reader gives for a value that its field cannot hold
_WRONG: Any = object()


def check(body: Any, name: str, prefix: str = "") -> dict[str, Any]:
    """`body` as a valid `name`, nulls left out and numbers made numbers.

    ApiError 400 lists what is wrong.

    `prefix` is the path that Google gives the body in its texts ("" or "data").
    """
    problems: Problems = []
    clean = _message({} if body is None else body, name, prefix, problems, 0)
    if problems:
        raise violations(problems[:_LIMIT])
    return clean if isinstance(clean, dict) else {}


def plain(text: str) -> str:
    """Give a text as a file can hold it: no control characters, no halves of characters.

    Ends of lines are of one kind.
    """
    if text.isprintable():
        return text
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _spelled(path: Path) -> str:
    """Give a path as Google's texts have it, such as `requests[0].update_cells.fields`."""
    if isinstance(path, str):
        return path
    holder, step = path
    before = _spelled(holder)
    if isinstance(step, int):
        return f"{before}[{step}]"
    return f"{before}.{step}" if before else step


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _refuse(value: Any, kind: str, path: Path, problems: Problems) -> None:
    place = _spelled(path)
    problems.append(
        (place, f"Invalid value at '{place}' ({kind}), {_shown(value)}")
    )


def _refuse_list(path: Path, problems: Problems) -> None:
    parent, _, last = _spelled(path).rpartition(".")
    text = f"{_named(last, parent)}: Proto field is not repeating, cannot start list."
    problems.append((parent, f"{_PAYLOAD} {text}"))


def _named(name: str, parent: str) -> str:
    place = f" at '{parent}'" if parent else ""
    return f'Unknown name "{name}"{place}'


class _Field(NamedTuple):
    """A field of a schema: its name there, its name in paths, and what reads its values."""

    name: str
    step: str
    read: Reader


@cache
def _fields(schema: str) -> dict[str, _Field]:
    nodes = schema_of(schema).get("properties", {})
    return {
        name: _Field(name, snake(name), _reader(node))
        for name, node in nodes.items()
    }


def _once(read: Reader) -> Reader:
    """Make a reader that gives one object, never to be changed, for equal values."""
    known: dict[bytes, Any] = {}

    def read_once(
        value: Any, path: Path, problems: Problems, depth: int
    ) -> Any:
        try:
            # Without references, so that equal values give equal bytes
            key = marshal.dumps(value, 2)
        except ValueError:
            return read(value, path, problems, depth)
        clean = known.get(key)
        if clean is None:
            before = len(problems)
            clean = read(value, path, problems, depth)
            if len(problems) == before:
                if len(known) >= _MOST_REPEATED:
                    known.clear()
                known[key] = clean
        return clean

    return read_once


def _message(
    value: Any, schema: str, path: Path, problems: Problems, depth: int
) -> Any:
    if depth > _DEPTH:
        problems.append(
            (_spelled(path), "Message too deep. Max recursion depth reached.")
        )
        return None
    if isinstance(value, list):
        return _refuse_list(path, problems)
    if not isinstance(value, dict):
        return _refuse(value, message_type(schema), path, problems)
    fields = _fields(schema)
    out: dict[str, Any] = {}
    for key, item in value.items():
        field = fields.get(key) or fields.get(camel(key))
        if field is None:
            _refuse_name(camel(key), path, problems)
        elif item is not None:
            out[field.name] = field.read(
                item, (path, field.step), problems, depth + 1
            )
    return out


def _refuse_name(name: str, path: Path, problems: Problems) -> None:
    parent = _spelled(path)
    problems.append(
        (parent, f"{_PAYLOAD} {_named(name, parent)}: Cannot find field.")
    )


def _reader(node: dict[str, Any]) -> Reader:
    """Make the reader of a node.

    Schemas name each other in circles: theirs are made when called.
    """
    if "$ref" in node:
        return _message_reader(node["$ref"])
    kind = node.get("type")
    if kind == "array":
        return (
            _rows
            if node["items"].get("type") == "array"
            else _array_reader(node["items"])
        )
    if kind == "object":
        return _map_reader(node.get("additionalProperties", {"type": "any"}))
    return _as_it_is if kind == "any" else _scalar_reader(node)


def _message_reader(schema: str) -> Reader:
    def read(value: Any, path: Path, problems: Problems, depth: int) -> Any:
        return _message(value, schema, path, problems, depth)

    return _once(read) if schema in _REPEATED else read


def _as_it_is(value: Any, _path: Path, _problems: Problems, _depth: int) -> Any:
    return value


def _array_reader(items: dict[str, Any]) -> Reader:
    kind = type_name(items)
    read_item = _reader(items)

    def read(
        value: Any, path: Path, problems: Problems, depth: int
    ) -> list[Any]:
        if not isinstance(value, list):
            _refuse(value, kind, path, problems)
            return []
        out = []
        for index, item in enumerate(_flat(value)):
            if item is None:
                _refuse(None, kind, (path, index), problems)
            else:
                out.append(read_item(item, (path, index), problems, depth + 1))
        return out

    return read


def _flat(value: list[Any]) -> Iterator[Any]:
    """Take a list within a list for more of the same, as Google does.

    gspread-formatting and pygsheets send such.
    """
    for item in value:
        if isinstance(item, list):
            yield from item
        else:
            yield item


def _rows(value: Any, path: Path, problems: Problems, _depth: int) -> list[Any]:
    """Read ValueRange.values: lists of scalars and nulls."""
    if not isinstance(value, list):
        _refuse(value, _LIST_VALUE, path, problems)
        return []
    return [
        _row(row, (path, index), problems) for index, row in enumerate(value)
    ]


def _row(value: Any, path: Path, problems: Problems) -> list[Any]:
    if not isinstance(value, list):
        _refuse(value, _LIST_VALUE, path, problems)
        return []
    for index, item in enumerate(value):
        if isinstance(item, (dict, list)):
            kind = "struct_value" if isinstance(item, dict) else "list_value"
            last = _spelled(path).rsplit(".", maxsplit=1)[-1]
            problems.append(
                (_spelled((path, index)), f"Invalid {last}[{index}]: {kind}")
            )
    return [plain(item) if isinstance(item, str) else item for item in value]


def _map_reader(inner: dict[str, Any]) -> Reader:
    read_item = _reader(inner)

    def read(
        value: Any, path: Path, problems: Problems, depth: int
    ) -> dict[str, Any]:
        if not isinstance(value, dict):
            _refuse(value, "Map", path, problems)
            return {}
        return {
            key: read_item(item, (path, key), problems, depth + 1)
            for key, item in value.items()
        }

    return read


def _scalar_reader(node: dict[str, Any]) -> Reader:
    convert = _converter(node)

    def read(value: Any, path: Path, problems: Problems, _depth: int) -> Any:
        clean = convert(value)
        if clean is not _WRONG:
            return clean
        if isinstance(value, list):
            return _refuse_list_of_scalars(path, problems)
        return _refuse(value, _scalar_type(node, path), path, problems)

    return read


def _refuse_list_of_scalars(path: Path, problems: Problems) -> None:
    parent, _, last = _spelled(path).rpartition(".")
    text = (
        f"Unknown name \"{last}\" at '{parent}': "
        "Proto field is not repeating, cannot start list."
    )
    problems.append((parent, f"{_PAYLOAD} {text}"))


def _scalar_type(node: dict[str, Any], path: Path) -> str:
    """Give a scalar's type; an enum has its name from the field that holds it."""
    if "enum" in node:
        return enum_type(_spelled(path).rpartition(".")[2])
    return type_name(node)


def _converter(node: dict[str, Any]) -> Callable[[Any], Any]:
    """Make what gives a scalar as it is kept, or _WRONG."""
    kind = node.get("type")
    if kind == "boolean":
        return _boolean
    if "enum" in node:
        return _enum_converter(node["enum"])
    if kind == "string":
        return _moment if node.get("format") == "google-datetime" else _text
    return _integer if kind == "integer" else _number


def _boolean(value: Any) -> Any:
    return value if isinstance(value, bool) else _WRONG


def _enum_converter(words: list[str]) -> Callable[[Any], Any]:
    known = frozenset(words)

    def convert(value: Any) -> Any:
        if isinstance(value, str):
            return value if value in known else _WRONG
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if is_number and 0 <= value < len(words):
            return words[value]  # protobuf's JSON takes an enum's number too
        return _WRONG

    return convert


def _moment(value: Any) -> Any:
    return (
        value if isinstance(value, str) and _MOMENT.fullmatch(value) else _WRONG
    )


def _text(value: Any) -> Any:
    return plain(value) if isinstance(value, str) else _WRONG


def _number(value: Any) -> Any:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _WRONG
    try:
        return value if math.isfinite(value) else _WRONG
    except OverflowError:
        return _WRONG


def _integer(value: Any) -> Any:
    number = _number(value)
    if (
        number is _WRONG
        or number != int(number)
        or not -_INT32 <= number < _INT32
    ):
        return _WRONG
    return int(number)
