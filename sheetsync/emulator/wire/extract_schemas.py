"""Makes schemas.json out of the discovery document that ships in google-api-python-client.

Run by hand when the API grows; reading the result is left to schema.py.
"""

from __future__ import annotations

import json
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
)


def slim(node: Any) -> Any:
    """Give a schema without its prose."""
    if not isinstance(node, dict):
        return node
    out = {key: slim(node[key]) for key in _KEPT if key in node and key != "properties"}
    if "properties" in node:
        out["properties"] = {name: slim(value) for name, value in node["properties"].items()}
    return out


def methods(resource: dict[str, Any], out: dict[str, Any]) -> dict[str, Any]:
    """Every call below `resource`, by its id: its query parameters and its request and response types."""
    for call in resource.get("methods", {}).values():
        out[call["id"]] = {
            "parameters": {name: slim(value) for name, value in call.get("parameters", {}).items()},
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
        "parameters": {name: slim(value) for name, value in document["parameters"].items()},
        "methods": methods(document, {}),
        "schemas": {name: slim(value) for name, value in document["schemas"].items()},
    }


def main() -> None:
    """Write schemas.json beside this file."""
    import googleapiclient  # noqa: PLC0415  # a development dependency, needed only here

    source = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents" / "sheets.v4.json"
    document = json.loads(source.read_text(encoding="utf-8"))
    target = Path(__file__).with_name("schemas.json")
    target.write_text(json.dumps(extract(document), separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
