"""The URL table.

Which call a method and an address mean, its query and body checked, its answer masked.

The calls themselves are thin functions in api/; those of Drive have a table of their own in
drive/routes.py.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sheetsync.emulator.api import batch, copies, metadata, values
from sheetsync.emulator.api.answers import Answer
from sheetsync.emulator.api.calls import Call
from sheetsync.emulator.api.locations import places_of, tab
from sheetsync.emulator.errors import (
    ApiError,
    FileProblem,
    bad,
    of_file,
    violations,
)
from sheetsync.emulator.model import a1, access
from sheetsync.emulator.model.access import OWNER
from sheetsync.emulator.wire import piecewise
from sheetsync.emulator.wire.check import check
from sheetsync.emulator.wire.http import Reply, Request, told
from sheetsync.emulator.wire.masks import of_response, project
from sheetsync.emulator.wire.schema import camel, document, enum_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.grid import Book, Json
    from sheetsync.emulator.workspace import Workspace

_ROOT = r"/v4/spreadsheets/(?P<id>[^/:]+)"
_VALUES = _ROOT + r"/values"
_TAB = _ROOT + r"/sheets/(?P<range>[^/:]+)"
_METADATA = _ROOT + r"/developerMetadata"
_METHODS = "sheets.spreadsheets."
_DRIVE = ("/drive/", "/upload/drive/")
# The npm package google-spreadsheet writes ID/:batchUpdate, and Google takes it.
_SLASH = re.compile(r"(?<!/v4/spreadsheets)/(?=:|$)")
_BATCH = "BatchUpdateSpreadsheetRequest"
# Bytes of a batch that may be in memory as a whole
_SMALL_BATCH = 2_000_000
_INT32 = 2**31
_FIRST_JSON_ERROR = "Invalid JSON payload received. "


@dataclass(frozen=True, slots=True)
class Route:
    """A call: HTTP method, path, name in the discovery document, what answers it, if it writes."""

    method: str
    path: re.Pattern[str]
    name: str
    answer: Callable[[Call], Json]
    writes: bool = False


def _get(call: Call) -> Json:
    tree = of_response(call.query.get("fields"), "Spreadsheet")
    texts = call.query.get("ranges", [])
    places = [values.seen(call.book, text) for text in texts] if texts else None
    answer = Answer(call.book, call.user, call.computed, tree)
    return answer.spreadsheet(
        grid=call.query.get("includeGridData", False), places=places
    )


def _get_by_filter(call: Call) -> Json:
    tree = of_response(call.query.get("fields"), "Spreadsheet")
    filters = call.body.get("dataFilters", [])
    places = (
        [place for item in filters for place in places_of(call.book, item)]
        if filters
        else None
    )
    answer = Answer(call.book, call.user, call.computed, tree)
    return answer.spreadsheet(
        grid=call.body.get("includeGridData", False), places=places
    )


def _batch(call: Call) -> Json:
    tree = of_response(
        call.query.get("fields"), "BatchUpdateSpreadsheetResponse"
    )
    out: Json = {"spreadsheetId": call.book.id, "replies": batch.run(call)}
    if call.body.get("includeSpreadsheetInResponse"):
        inner = None if not tree else tree.get("updatedSpreadsheet", {"": {}})
        texts = call.body.get("responseRanges", [])
        places = [
            (sheet, rect)
            for sheet, rect in (a1.read(text, call.book) for text in texts)
        ] or None
        grid = call.body.get("responseIncludeGridData", False) and not tree
        answer = Answer(call.book, call.user, call.computed, inner)
        out["updatedSpreadsheet"] = answer.spreadsheet(grid=grid, places=places)
    if tree and "updatedSpreadsheet" in tree:  # masked already as it was made
        tree = {**tree, "updatedSpreadsheet": {}}
    masked: Json = project(out, tree)
    return masked


def _route(
    method: str,
    path: str,
    name: str,
    answer: Callable[[Call], Json],
    *,
    writes: bool = False,
) -> Route:
    return Route(
        method, re.compile(path, re.DOTALL), _METHODS + name, answer, writes
    )


def _elsewhere(_call: Call) -> Json:
    raise RuntimeError("this call is not on one book: _special answers it")


_CREATE = _route("POST", "/v4/spreadsheets", "create", _elsewhere)
_COPY = _route("POST", _TAB + ":copyTo", "sheets.copyTo", _elsewhere)
ROUTES = (
    _CREATE,
    _COPY,
    _route("GET", _ROOT, "get", _get),
    _route(
        "GET",
        _METADATA + "/(?P<range>[^/:]+)",
        "developerMetadata.get",
        metadata.get,
    ),
    _route(
        "POST",
        _METADATA + ":search",
        "developerMetadata.search",
        metadata.search,
    ),
    _route(
        "POST", _ROOT + ":getByDataFilter", "getByDataFilter", _get_by_filter
    ),
    _route("POST", _ROOT + ":batchUpdate", "batchUpdate", _batch, writes=True),
    _route("GET", _VALUES + ":batchGet", "values.batchGet", values.batch_get),
    _route(
        "POST",
        _VALUES + ":batchUpdate",
        "values.batchUpdate",
        values.batch_update,
        writes=True,
    ),
    _route(
        "POST",
        _VALUES + ":batchClear",
        "values.batchClear",
        values.batch_clear,
        writes=True,
    ),
    _route(
        "POST",
        _VALUES + ":batchGetByDataFilter",
        "values.batchGetByDataFilter",
        values.batch_get_by_filter,
    ),
    _route(
        "POST",
        _VALUES + ":batchUpdateByDataFilter",
        "values.batchUpdateByDataFilter",
        values.batch_update_by_filter,
        writes=True,
    ),
    _route(
        "POST",
        _VALUES + ":batchClearByDataFilter",
        "values.batchClearByDataFilter",
        values.batch_clear_by_filter,
        writes=True,
    ),
    _route(
        "POST",
        _VALUES + "/(?P<range>[^/]+):append",
        "values.append",
        values.append,
        writes=True,
    ),
    _route(
        "POST",
        _VALUES + "/(?P<range>[^/]+):clear",
        "values.clear",
        values.clear,
        writes=True,
    ),
    _route("GET", _VALUES + "/(?P<range>[^/]+)", "values.get", values.get),
    _route(
        "PUT",
        _VALUES + "/(?P<range>[^/]+)",
        "values.update",
        values.update,
        writes=True,
    ),
)


def user_of(authorization: str | None, default: str = OWNER) -> str:
    """Who signs with this header: `Bearer user:EMAIL` is that person, anything else the default."""
    found = re.fullmatch(r"Bearer user:(\S+@\S+)", authorization or "")
    return found[1] if found else default


def answer(workspace: Workspace, request: Request) -> Reply:
    """Give the answer to a request.

    Never raises an Exception: a bug of ours is a 500 in Google's form.
    """
    try:
        if urlsplit(request.url).path.startswith(_DRIVE):
            # Most programs never ask for Drive.
            from sheetsync.emulator.drive import routes  # noqa: PLC0415

            return routes.answer(workspace, request)
        return told(_answer(workspace, request))
    except ApiError as error:
        return told(error.body(), error.code)
    except FileProblem as problem:
        return told(of_file(problem).body(), 409)
    except Exception as bug:  # noqa: BLE001  # the boundary: no request may take the server down
        text = f"Internal error encountered. ({type(bug).__name__}: {bug})"
        return told(ApiError(500, text).body(), 500)


def _answer(workspace: Workspace, request: Request) -> Json:
    parts = urlsplit(request.url)
    path = _SLASH.sub("", parts.path)
    for route in ROUTES:
        if route.method != request.method:
            continue
        match = route.path.fullmatch(path)
        if match:
            return _called(
                workspace,
                route,
                match.groupdict(),
                (parts.query, request.body),
                request.user,
            )
    raise ApiError(
        404,
        f"Requested entity was not found. ({request.method} {parts.path} is not emulated)",
    )


def _called(
    workspace: Workspace,
    route: Route,
    path: dict[str, str],
    given: tuple[str, bytes | None],
    user: str,
) -> Json:
    described = document()["methods"][route.name]
    query = _query(given[0], described["parameters"])
    body = _body(given[1], described["request"])
    if workspace.limited and route.answer is _batch:
        batch.check_count(body)
    if route.answer is _elsewhere:
        return _special(workspace, path, query, body, user)
    store = workspace.store(unquote(path["id"]))
    with store.lock:
        book = store.draft() if route.writes else store.current()
        access.check(book, user, "writer" if route.writes else "reader")
        call = Call(book, user, unquote(path.get("range", "")), query, body)
        answered = route.answer(call)
        if route.writes:
            store.commit(book)
    if route.answer in (_get, _get_by_filter, _batch):
        return answered
    masked: Json = project(
        answered, of_response(query.get("fields"), described["response"])
    )
    return masked


def _special(
    workspace: Workspace,
    path: dict[str, str],
    query: Json,
    body: Json,
    user: str,
) -> Json:
    return (
        _create(workspace, query, body, user)
        if not path
        else _copy_to(workspace, path, query, body, user)
    )


def _create(workspace: Workspace, query: Json, body: Json, user: str) -> Json:
    """spreadsheets.create: the new spreadsheet belongs to who asks, and is private."""
    tree = of_response(query.get("fields"), "Spreadsheet")
    title = body.get("properties", {}).get("title") or "Untitled spreadsheet"

    def fill(book: Book) -> None:
        copies.fill(book, user, body)

    store = workspace.create(
        title, owner=access.of_person(user, "owner"), fill=fill
    )
    with store.lock:
        call = Call(store.current(), user)
        return Answer(call.book, user, call.computed, tree).spreadsheet(
            grid=False, places=None
        )


def _copy_to(
    workspace: Workspace,
    path: dict[str, str],
    query: Json,
    body: Json,
    user: str,
) -> Json:
    """sheets.copyTo: the two books are locked one after the other, never both."""
    tree = of_response(query.get("fields"), "SheetProperties")
    source = workspace.store(unquote(path["id"]))
    with source.lock:
        access.check(source.current(), user, "reader")
        sheet = tab(
            source.current(), _int32("sheet_id", unquote(path["range"]))
        ).copy()
    if not body.get("destinationSpreadsheetId"):
        raise bad("destinationSpreadsheetId is required")
    target = workspace.store(body["destinationSpreadsheetId"])
    with target.lock:
        draft = target.draft()
        access.check(draft, user, "writer")
        out: Json = project(copies.copy_to(sheet, draft), tree)
        target.commit(draft)
    return out


def _int32(field: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) >= _INT32:
        raise violations(
            [(field, f"Invalid value at '{field}' (TYPE_INT32), \"{text}\"")]
        )
    return int(text)


def _body(data: bytes | None, name: str | None) -> Json:
    if name is None:
        return {}
    # A small one is no burden as a whole, and is read in a third of the time.
    if data and name == _BATCH and len(data) > _SMALL_BATCH:
        body = piecewise.body(data, name, _DECODER)
        if body is not None:
            return body
    try:
        parsed = json.loads(data, **_NUMBERS) if data else {}
    except (ValueError, RecursionError) as error:
        raise bad(
            f"{_FIRST_JSON_ERROR}Parse error: {str(error)[:200]}"
        ) from error
    return check(parsed, name, "data" if name == "ValueRange" else "")


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number in JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:50]} is out of range")
    return number


_NUMBERS: Json = {"parse_constant": _no_number, "parse_float": _finite}
# A number beyond the range is infinite to it, which no field takes: then the body is read whole
_DECODER = json.JSONDecoder(parse_constant=_no_number)


def _query(text: str, parameters: Json) -> Json:
    known = {**document()["parameters"], **parameters}
    out: Json = {}
    found = []
    for name, value in parse_qsl(text, keep_blank_values=True):
        # The parameter's own name from here on.
        name = name if name in known else camel(name)  # noqa: PLW2901
        node = known.get(name)
        if node is None or node.get("location") == "path":
            missing = f"Field '{name}' could not be found in request message."
            told = f"Cannot bind query parameter. {missing}"
            found.append(
                ("", f'{_FIRST_JSON_ERROR}Unknown name "{name}": {told}')
            )
        elif node.get("repeated"):
            out.setdefault(name, []).append(value)
        else:
            out[name] = _parameter(name, value, node, found)
    if found:
        raise violations(found)
    return out


def _parameter(
    name: str, value: str, node: Json, found: list[tuple[str, str]]
) -> Any:
    if node["type"] == "boolean":
        if value.lower() in ("true", "false", "1", "0", ""):
            return value.lower() in ("true", "1")
        found.append(
            (name, f"Invalid value at '{name}' (TYPE_BOOL), \"{value}\"")
        )
    elif "enum" in node and value and value not in node["enum"]:
        found.append(
            (
                name,
                f"Invalid value at '{name}' ({enum_type(name)}), \"{value}\"",
            )
        )
    return value
