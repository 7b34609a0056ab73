"""The APIs' own schemas (schemas.json, drive.json), and the names that Google's texts give to them.

Holding JSON against them is left to check.py; field masks are read in masks.py.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

_TYPES = {
    "string": "TYPE_STRING",
    "boolean": "TYPE_BOOL",
    "int32": "TYPE_INT32",
    "double": "TYPE_DOUBLE",
    "float": "TYPE_FLOAT",
    "google-datetime": "type.googleapis.com/google.protobuf.Timestamp",
}
_GOOGLE = "type.googleapis.com/google.apps.sheets.v4."
_ENUMS = {
    "MajorDimension": "Dimension",
    "ShiftDimension": "Dimension",
    "HorizontalAlignment": "HorizontalAlign",
    "VerticalAlignment": "VerticalAlign",
    "Visibility": "DeveloperMetadataVisibility",
}
# As Google's texts call it
_NESTED = {"Request": "BatchUpdateSpreadsheetRequest.Request"}


@cache
def document(name: str = "schemas") -> dict[str, Any]:
    """Give a compact discovery document ("schemas" of Sheets, or "drive").

    It holds schemas, methods and parameters.
    """
    path = Path(__file__).with_name(f"{name}.json")
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def schema_of(name: str) -> dict[str, Any]:
    """Give the schema called `name`; those of Drive are called "drive.NAME"."""
    api, _, last = name.rpartition(".")
    schema: dict[str, Any] = document(api or "schemas")["schemas"][last]
    return schema


def request_kinds() -> frozenset[str]:
    """Every kind of request that batchUpdate knows at Google, emulated here or not."""
    return frozenset(schema_of("Request")["properties"])


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    """Give the node itself, or what its $ref names."""
    return schema_of(node["$ref"]) if "$ref" in node else node


@cache
def camel(name: str) -> str:
    """Give a field's name as its schema has it: protobuf's JSON takes `sheet_id` for `sheetId`."""
    return re.sub(
        r"(?<=[a-z0-9])_([a-z0-9])", lambda match: match[1].upper(), name
    )


def snake(name: str) -> str:
    """Give a field's name as it stands in the paths of Google's texts: `sheet_id` for `sheetId`."""
    return re.sub(r"(?<!^)([A-Z])", lambda match: "_" + match[1].lower(), name)


def enum_name(field: str) -> str:
    """Give the name of the enum that a field holds, as far as the field's own name tells it."""
    words = re.sub(r"\[\d+\]", "", field).split("_")
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return _ENUMS.get(name, name)


def enum_type(field: str) -> str:
    """Give the type of a field that holds an enum, as Google's texts name it."""
    return _GOOGLE + enum_name(field)


def message_type(name: str) -> str:
    """Give the type of the messages of a schema, as Google's texts name it."""
    return _GOOGLE + _NESTED.get(name, name)


def type_name(node: dict[str, Any]) -> str:
    """Give the type of a field's values by its node, as Google's texts name it."""
    if "$ref" in node:
        return message_type(node["$ref"])
    by_type = _TYPES.get(node.get("type", ""), "TYPE_ENUM")
    return _TYPES.get(node.get("format", ""), by_type)
