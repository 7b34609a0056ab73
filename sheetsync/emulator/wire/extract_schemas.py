"""Makes schemas.json and drive.json of the discovery documents in google-api-python-client.

Run by hand when an API grows; reading the results is left to schema.py.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_KEPT = (
    "type",
    "format",
    "enum",
    "$ref",
    "items",
    "properties",
    "additionalProperties",
    "repeated",
    "location",
    "minimum",
    "maximum",
)
_DRIVE = ("about", "comments", "files", "permissions")


def slim(node: Any) -> Any:
    """Give a schema without its prose."""
    if not isinstance(node, dict):
        return node
    out = {
        key: slim(node[key])
        for key in _KEPT
        if key in node and key != "properties"
    }
    if "properties" in node:
        out["properties"] = {
            name: slim(value) for name, value in node["properties"].items()
        }
    return out


def methods(resource: dict[str, Any], out: dict[str, Any]) -> dict[str, Any]:
    """Every call below `resource`, by its id.

    Its query parameters and its request and response types.
    """
    for call in resource.get("methods", {}).values():
        out[call["id"]] = {
            "parameters": {
                name: slim(value)
                for name, value in call.get("parameters", {}).items()
            },
            "request": call.get("request", {}).get("$ref"),
            "response": call.get("response", {}).get("$ref"),
        }
    for child in resource.get("resources", {}).values():
        methods(child, out)
    return out


def extract(document: dict[str, Any]) -> dict[str, Any]:
    """Give the compact form of a discovery document."""
    return {
        "revision": document["revision"],
        "parameters": {
            name: slim(value) for name, value in document["parameters"].items()
        },
        "methods": methods(document, {}),
        "schemas": {
            name: slim(value) for name, value in document["schemas"].items()
        },
    }


def extract_drive(document: dict[str, Any]) -> dict[str, Any]:
    """Give the part of Drive's document that is emulated; its types get the prefix "drive."."""
    calls: dict[str, Any] = {}
    for name in _DRIVE:
        methods(document["resources"][name], calls)
    wanted = [
        call[kind]
        for call in calls.values()
        for kind in ("request", "response")
        if call[kind]
    ]
    schemas: dict[str, Any] = {}
    while wanted:
        name = wanted.pop()
        if name in schemas:
            continue
        schemas[name] = slim(document["schemas"][name])
        wanted += re.findall(r'"\$ref": "(\w+)"', json.dumps(schemas[name]))
    text = json.dumps({"methods": calls, "schemas": schemas})
    text = re.sub(
        r'"(\$ref|request|response)": "(\w+)"', r'"\1": "drive.\2"', text
    )
    out: dict[str, Any] = {"revision": document["revision"], **json.loads(text)}
    out["parameters"] = {
        name: slim(value) for name, value in document["parameters"].items()
    }
    return out


def main() -> None:
    """Write schemas.json and drive.json beside this file."""
    # A development dependency, needed only here.
    import googleapiclient  # noqa: PLC0415

    documents = (
        Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
    )
    for source, made_by, target in (
        ("sheets.v4.json", extract, "schemas.json"),
        ("drive.v3.json", extract_drive, "drive.json"),
    ):
        made = made_by(
            json.loads((documents / source).read_text(encoding="utf-8"))
        )
        text = json.dumps(made, separators=(",", ":"))
        Path(__file__).with_name(target).write_text(
            text + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
