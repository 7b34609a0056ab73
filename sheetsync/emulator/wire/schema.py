"""Checks JSON against the APIs' own schemas (schemas.json, drive.json): unknown names, wrong kinds, values of no enum.

What a valid request means is left to the calls; field masks are read in masks.py.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache
from pathlib import Path
from typing import Any

from sheetsync.emulator.errors import violations

_TYPES = {
    "string": "TYPE_STRING",
    "boolean": "TYPE_BOOL",
    "int32": "TYPE_INT32",
    "double": "TYPE_DOUBLE",
}
_TYPES["float"] = "TYPE_FLOAT"
_TYPES["google-datetime"] = "type.googleapis.com/google.protobuf.Timestamp"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
_LIMIT = 20  # a request full of nonsense is not answered with a megabyte of explanations
_DEPTH = 60
_INT32 = 2**31
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)  # XML cannot hold these
_GOOGLE = "type.googleapis.com/google.apps.sheets.v4."
_ENUMS = {
    "MajorDimension": "Dimension",
    "ShiftDimension": "Dimension",
    "HorizontalAlignment": "HorizontalAlign",
}
_ENUMS |= {"VerticalAlignment": "VerticalAlign", "Visibility": "DeveloperMetadataVisibility"}
_NESTED = {"Request": "BatchUpdateSpreadsheetRequest.Request"}  # as Google's texts call it
_LIST_VALUE = "type.googleapis.com/google.protobuf.ListValue"

Found = list[tuple[str, str]]


@cache
def document(name: str = "schemas") -> dict[str, Any]:
    """Give a compact discovery document ("schemas" of Sheets, or "drive"): schemas, methods, parameters."""
    loaded: dict[str, Any] = json.loads(
        Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8")
    )
    return loaded


def schema_of(name: str) -> dict[str, Any]:
    """Give the schema called `name`; those of Drive are called "drive.NAME"."""
    api, _, last = name.rpartition(".")
    found: dict[str, Any] = document(api or "schemas")["schemas"][last]
    return found


def request_kinds() -> frozenset[str]:
    """Every kind of request that batchUpdate knows at Google, emulated here or not."""
    return frozenset(schema_of("Request")["properties"])


def check(body: Any, name: str, prefix: str = "") -> dict[str, Any]:
    """`body` as a valid `name`, nulls left out and numbers made numbers; ApiError 400 lists what is wrong.

    `prefix` is the path that Google gives the body in its texts ("" or "data").
    """
    found: Found = []
    clean = _message({} if body is None else body, name, prefix, found, 0)
    if found:
        raise violations(found[:_LIMIT])
    return clean if isinstance(clean, dict) else {}


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    """Give the node itself, or what its $ref names."""
    return schema_of(node["$ref"]) if "$ref" in node else node


def plain(text: str) -> str:
    """Give a text as a file can hold it: no control characters, no halves of characters, one kind of line end."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


@cache
def camel(name: str) -> str:
    """Give a field's name as its schema has it: protobuf's JSON takes `sheet_id` for `sheetId`."""
    return re.sub(r"(?<=[a-z0-9])_([a-z0-9])", lambda m: m[1].upper(), name)


def enum_name(field: str) -> str:
    """Give the name of the enum that a field holds, as far as the field's own name tells it."""
    words = re.sub(r"\[\d+\]", "", field).split("_")
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return _ENUMS.get(name, name)


@cache
def _snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", lambda m: "_" + m[1].lower(), name)


def _message(value: Any, name: str, path: str, found: Found, depth: int) -> Any:
    if depth > _DEPTH:
        found.append((path, "Message too deep. Max recursion depth reached."))
        return None
    if isinstance(value, list):
        parent, _, last = path.rpartition(".")
        at = f" at '{parent}'" if parent else ""
        text = f'Unknown name "{last}"{at}: Proto field is not repeating, cannot start list.'
        found.append((parent, f"Invalid JSON payload received. {text}"))
        return None
    if not isinstance(value, dict):
        kind = _GOOGLE + _NESTED.get(name, name)
        found.append((path, f"Invalid value at '{path}' ({kind}), {_shown(value)}"))
        return None
    fields: dict[str, Any] = schema_of(name).get("properties", {})
    out: dict[str, Any] = {}
    for key, item in value.items():
        key = key if key in fields else camel(key)  # noqa: PLW2901  # the field's own name from here on
        if key not in fields:
            at = f" at '{path}'" if path else ""
            text = f'Invalid JSON payload received. Unknown name "{key}"{at}: Cannot find field.'
            found.append((path, text))
        elif item is not None:
            out[key] = _value(item, fields[key], _join(path, _snake(key)), found, depth + 1)
    return out


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _value(value: Any, node: dict[str, Any], path: str, found: Found, depth: int) -> Any:
    if "$ref" in node:
        return _message(value, node["$ref"], path, found, depth)
    kind = node.get("type")
    if kind == "array":
        return _array(value, node["items"], path, found, depth)
    if kind == "object":
        return _map(value, node, path, found, depth)
    if kind == "any":
        return value
    return _scalar(value, node, path, found)


def _array(value: Any, items: dict[str, Any], path: str, found: Found, depth: int) -> list[Any]:
    if not isinstance(value, list):
        kind = _LIST_VALUE if items.get("type") == "array" else _type_name(items)
        found.append((path, f"Invalid value at '{path}' ({kind}), {_shown(value)}"))
        return []
    if items.get("type") == "array":
        return [_row(item, f"{path}[{i}]", found) for i, item in enumerate(value)]
    out = []
    for i, item in enumerate(_flat(value)):
        if item is None:
            found.append(
                (f"{path}[{i}]", f"Invalid value at '{path}[{i}]' ({_type_name(items)}), null")
            )
        else:
            out.append(_value(item, items, f"{path}[{i}]", found, depth + 1))
    return out


def _flat(value: list[Any]) -> list[Any]:
    """Take a list within a list for more of the same, as Google does; gspread-formatting and pygsheets send such."""
    if not any(isinstance(item, list) for item in value):
        return value
    return [inner for item in value for inner in (item if isinstance(item, list) else [item])]


def _row(value: Any, path: str, found: Found) -> list[Any]:
    """One row of ValueRange.values: scalars and nulls."""
    if not isinstance(value, list):
        found.append((path, f"Invalid value at '{path}' ({_LIST_VALUE}), {_shown(value)}"))
        return []
    for i, item in enumerate(value):
        if isinstance(item, (dict, list)):
            kind = "struct_value" if isinstance(item, dict) else "list_value"
            found.append(
                (f"{path}[{i}]", f"Invalid {path.rsplit('.', maxsplit=1)[-1]}[{i}]: {kind}")
            )
    return [plain(item) if isinstance(item, str) else item for item in value]


def _map(value: Any, node: dict[str, Any], path: str, found: Found, depth: int) -> Any:
    if not isinstance(value, dict):
        found.append((path, f"Invalid value at '{path}' (Map), {_shown(value)}"))
        return {}
    inner = node.get("additionalProperties", {"type": "any"})
    return {
        key: _value(item, inner, f"{path}.{key}", found, depth + 1) for key, item in value.items()
    }


def _type_name(node: dict[str, Any]) -> str:
    if "$ref" in node:
        name: str = node["$ref"]
        return _GOOGLE + _NESTED.get(name, name)
    return _TYPES.get(node.get("format", ""), _TYPES.get(node.get("type", ""), "TYPE_ENUM"))


def _scalar(value: Any, node: dict[str, Any], path: str, found: Found) -> Any:
    ok, clean = _read_scalar(value, node)
    if ok:
        return clean
    if isinstance(value, list):
        parent, _, last = path.rpartition(".")
        text = f"Unknown name \"{last}\" at '{parent}': Proto field is not repeating, cannot start list."
        found.append((parent, f"Invalid JSON payload received. {text}"))
        return None
    kind = _GOOGLE + enum_name(path.rpartition(".")[2]) if "enum" in node else _type_name(node)
    found.append((path, f"Invalid value at '{path}' ({kind}), {_shown(value)}"))
    return None


def _read_scalar(value: Any, node: dict[str, Any]) -> tuple[bool, Any]:
    kind = node.get("type")
    if kind == "boolean":
        return isinstance(value, bool), value
    if "enum" in node:
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and 0 <= value < len(node["enum"])
        ):
            return True, node["enum"][value]  # protobuf's JSON takes an enum's number too
        return isinstance(value, str) and value in node["enum"], value
    if kind == "string" and node.get("format") == "google-datetime":
        return isinstance(value, str) and _MOMENT.fullmatch(value) is not None, value
    if kind == "string":
        return isinstance(value, str), plain(value) if isinstance(value, str) else value
    if kind == "integer":
        return _integer(value)
    return _number(value)


def _number(value: Any) -> tuple[bool, Any]:
    if isinstance(value, str) and re.fullmatch(
        r"-?\d{1,300}(\.\d{1,300})?([eE][+-]?\d{1,3})?", value
    ):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False, None
    try:
        return math.isfinite(float(value)), value
    except OverflowError:
        return False, None


def _integer(value: Any) -> tuple[bool, Any]:
    ok, number = _number(value)
    if not ok or number != int(number) or not -_INT32 <= number < _INT32:
        return False, None
    return True, int(number)
