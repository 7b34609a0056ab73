"""Google's own discovery documents, as they ship in google-api-python-client, made judges of requests and answers.

Shares no code with the emulator's schema check, so that neither can hide the other's mistakes.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import googleapiclient.discovery_cache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Problems = list[str]
    Way = str | tuple["Way", str, object]
    """The way to a value: a text, or the way to what holds it, a pattern, and its name in there."""
    Judge = Callable[[Any, Way, Problems], None]

DOCUMENTS = Path(str(googleapiclient.discovery_cache.__file__)).with_name("documents")
APIS = ("sheets.v4", "drive.v3")
CANONICAL = frozenset(
    {
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "UNAUTHENTICATED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
    }
)
_SCALARS = frozenset((str, int, float, bool))
_INT32 = range(-(2**31), 2**31)


class Method(NamedTuple):
    """One call of the document: its address as a pattern, and the names of what goes in and comes out."""

    api: str
    id: str
    http: str
    path: re.Pattern[str]
    parameters: dict[str, Any]
    request: str | None
    response: str | None


@cache
def document(api: str) -> dict[str, Any]:
    """Give Google's document as it is."""
    out: dict[str, Any] = json.loads((DOCUMENTS / f"{api}.json").read_text(encoding="utf-8"))
    return out


def _methods(api: str, node: dict[str, Any]) -> Iterator[Method]:
    whole = document(api)
    for method in node.get("methods", {}).values():
        path = "/" + whole["servicePath"] + method["path"]
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+?)", re.escape(path))
        yield Method(
            api,
            method["id"],
            method["httpMethod"],
            re.compile(pattern),
            {**whole["parameters"], **method.get("parameters", {})},
            method.get("request", {}).get("$ref"),
            method.get("response", {}).get("$ref"),
        )
    for inner in node.get("resources", {}).values():
        yield from _methods(api, inner)


@cache
def methods() -> tuple[Method, ...]:
    """Give every call of both APIs; those with more fixed text in their address come first."""
    found = [method for api in APIS for method in _methods(api, document(api))]
    return tuple(sorted(found, key=lambda method: (method.path.groups, -len(method.path.pattern))))


def called(http: str, url: str) -> Method | None:
    """Find the call that a method and an address mean; None where Google has no such call."""
    path = re.sub(
        r"/(?=:|$)", "", urlsplit(url).path
    )  # google-spreadsheet writes ID/:batchUpdate, and Google takes it
    return next(
        (method for method in methods() if method.http == http and method.path.fullmatch(path)),
        None,
    )


def wrong_query(method: Method, url: str) -> list[str]:
    """List what the document has against an address's query."""
    given = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    strict = (
        method.api == "sheets.v4"
    )  # Drive passes over parameters that it does not know, as the recordings show
    out = [f"no parameter {name}" for name, _ in given if strict and name not in method.parameters]
    for name, node in method.parameters.items():
        if node.get("required") and node["location"] == "query" and name not in dict(given):
            out.append(f"parameter {name} is required")
    for name, value in given:
        words = method.parameters.get(name, {}).get("enum")
        if words and value and value not in words:
            out.append(f"parameter {name}: {value!r} is not one of {words}")
    return out


def wrong_request(method: Method, body: bytes) -> list[str]:
    """List what the document has against a request's body; nulls are as good as absent."""
    parsed = json.loads(body) if body.strip() else None
    if method.request is None:
        return ["this call takes no body"] if parsed else []
    problems: list[str] = []
    body_judge = judge(method.api, method.request, lenient=True)
    body_judge({} if parsed is None else parsed, "", problems)
    return problems


def wrong_answer(method: Method, body: bytes) -> list[str]:
    """List what the document has against the body of a successful answer."""
    if method.response is None:
        return ["this call answers with no body"] if body.strip() else []
    problems: list[str] = []
    judge(method.api, method.response, lenient=False)(json.loads(body), "", problems)
    return problems


def wrong_error(status: int, body: bytes, api: str) -> list[str]:
    """List where an error has not the form of Google's errors."""
    told = json.loads(body)
    if not isinstance(told, dict) or set(told) != {"error"} or not isinstance(told["error"], dict):
        return ['an error is {"error": {...}} and nothing else']
    error = told["error"]
    out = [f"no {name}" for name in ("code", "message") if name not in error]
    out += [
        f"unknown field {name}"
        for name in set(error) - {"code", "message", "status", "details", "errors"}
    ]
    if error.get("code") != status:
        out.append(f"code {error.get('code')} under HTTP status {status}")
    if not isinstance(error.get("message"), str) or not error.get("message"):
        out.append("an empty message")
    if api == "sheets.v4" and error.get("status") not in CANONICAL:
        out.append(f"status {error.get('status')!r}")
    if api == "drive.v3" and not all(
        {"domain", "reason", "message"} <= set(one) for one in error.get("errors", [{}])
    ):
        out.append("no list of errors with domain, reason, message")
    if not all(isinstance(one, dict) and "@type" in one for one in error.get("details", [])):
        out.append("details without @type")
    return out


def _spelled(path: Way) -> str:
    """Write a path out. Only what is wrong needs it: spelling all took longer than judging."""
    if isinstance(path, str):
        return path
    holder, pattern, name = path
    return _spelled(holder) + pattern.format(name)


@cache
def judge(api: str, name: str, *, lenient: bool) -> Judge:
    """Make the judge of a schema: called with a value and its path, it adds what is wrong to a list.

    Lenient is how JSON is read by Google: numbers as texts, enums as numbers, nulls as good as absent. Answers are
    written in one form only.
    """
    fields: dict[str, Judge] = {}
    # Schemas name each other in circles: the fields' judges are made when the first value comes.

    def check(value: Any, path: Way, problems: Problems) -> None:
        if not fields:
            nodes = document(api)["schemas"][name].get("properties", {})
            fields.update({field: _of(api, node, lenient=lenient) for field, node in nodes.items()})
        if not isinstance(value, dict):
            problems.append(f"{_spelled(path)}: {name} is an object, not {value!r:.80}")
            return
        for field, item in value.items():
            if item is None and lenient:
                continue
            if field in fields:
                fields[field](item, (path, ".{}", field), problems)
            elif (
                api == "sheets.v4" or not lenient
            ):  # Drive passes over fields of a request that it does not know
                problems.append(f"{_spelled(path)}: {name} has no field {field}")

    return check


def _of(api: str, node: dict[str, Any], *, lenient: bool) -> Judge:
    if "$ref" in node:
        return judge(api, node["$ref"], lenient=lenient)
    if node["type"] == "array":
        return _array(api, node["items"], lenient=lenient)
    if node["type"] == "object":
        inner = _of(api, node.get("additionalProperties", {"type": "any"}), lenient=lenient)
        return _each(dict, inner, _named_values if lenient else dict.items)
    if node["type"] == "any":
        return _anything
    return _scalar(node, lenient=lenient)


def _array(api: str, items: dict[str, Any], *, lenient: bool) -> Judge:
    if items.get("type") == "array" and items["items"].get("type") == "any":
        return _each(list, _row_of_scalars(lenient=lenient), enumerate)
    inner = _each(list, _of(api, items, lenient=lenient), enumerate)
    return _flattened(inner) if lenient else inner


def _named_values(value: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, item) for name, item in value.items() if item is not None]


def _flattened(inner: Judge) -> Judge:
    """Take a list within a list for more of the same, as Google's reader does; gspread-formatting relies on it."""

    def check(value: Any, path: Way, problems: Problems) -> None:
        if isinstance(value, list):
            value = [one for item in value for one in (item if isinstance(item, list) else [item])]
        inner(value, path, problems)

    return check


def _each(kind: type, inner: Judge, pairs: Callable[[Any], Any]) -> Judge:
    def check(value: Any, path: Way, problems: Problems) -> None:
        if not isinstance(value, kind):
            problems.append(f"{_spelled(path)}: {kind.__name__} wanted, not {value!r:.80}")
            return
        for name, item in pairs(value):
            inner(item, (path, "[{}]", name), problems)

    return check


def _row_of_scalars(*, lenient: bool) -> Judge:
    allowed = _SCALARS | {type(None)} if lenient else _SCALARS

    def check(value: Any, path: Way, problems: Problems) -> None:
        if not isinstance(value, list) or not allowed.issuperset(map(type, value)):
            problems.append(
                f"{_spelled(path)}: a row of values holds texts, numbers and booleans, not {value!r:.80}"
            )

    return check


def _anything(value: Any, path: Way, problems: Problems) -> None:
    if value is None:
        problems.append(f"{_spelled(path)}: null is never written")


def _scalar(node: dict[str, Any], *, lenient: bool) -> Judge:
    right = _rule(node, lenient=lenient)
    words = (
        f"one of {node['enum']}"
        if "enum" in node
        else f"{node['type']} ({node.get('format', 'any')})"
    )

    def check(value: Any, path: Way, problems: Problems) -> None:
        if not right(value):
            problems.append(f"{_spelled(path)}: {words} wanted, not {value!r:.80}")

    return check


def _rule(node: dict[str, Any], *, lenient: bool) -> Callable[[Any], bool]:
    if "enum" in node:
        words = frozenset(node["enum"])
        return lambda value: (
            value in words if isinstance(value, str) else lenient and type(value) is int
        )
    kind = node["type"]
    if kind == "boolean":
        return lambda value: type(value) is bool
    if kind == "string":
        return _TEXTS.get(node.get("format", ""), _is_text)
    if lenient:
        return lambda value: _is_number(_read(value), kind)
    return lambda value: _is_number(value, kind)


def _read(value: Any) -> Any:
    """Read a number as protobuf's JSON does: texts of numbers are numbers, 5.0 is a whole one."""
    try:
        number = float(value) if isinstance(value, str) else value
    except ValueError:
        return value
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _is_number(value: Any, kind: str) -> bool:
    if kind == "integer":
        return type(value) is int and value in _INT32
    return type(value) is int or (type(value) is float and abs(value) < float("inf"))


def _is_text(value: Any) -> bool:
    return type(value) is str


def _is_long(value: Any) -> bool:
    return _is_text(value) and re.fullmatch(r"-?\d{1,19}", value) is not None


def _is_moment(value: Any) -> bool:
    return (
        _is_text(value)
        and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value)
        is not None
    )


def _is_day(value: Any) -> bool:
    try:
        return datetime.strptime(value, "%Y-%m-%d").tzinfo is None  # noqa: DTZ007  # a day has no zone
    except (TypeError, ValueError):
        return False


def _is_base64(value: Any) -> bool:
    try:
        base64.b64decode(value, altchars=b"-_", validate=True)
    except (TypeError, ValueError, binascii.Error):
        return False
    return True


_TEXTS: dict[str, Callable[[Any], bool]] = {
    "int64": _is_long,
    "date-time": _is_moment,
    "google-datetime": _is_moment,
    "date": _is_day,
    "byte": _is_base64,
}
