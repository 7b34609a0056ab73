"""What is made of the settings' model: an example to begin with, the reference page, a schema."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from sheetsync.config import TABLES, Settings
from sheetsync.config.environment import PING, variables
from sheetsync.i18n import Language, marked

EXAMPLES: Mapping[str, object] = MappingProxyType(
    {
        "books.name": "sales",
        "books.address": "https://docs.google.com/spreadsheets/d/…",
        "books.language": "ru",
        "books.ping": "https://hc-ping.com/…",
        "credentials": "service_account.json",
        "api_endpoint": "http://127.0.0.1:8765",
        "language": "ru",
        "state": "/var/lib/sheetsync",
        "notify.channels": [
            "mailtos://robot%40firm.com:PASSWORD@smtp.firm.com?from=robot@firm.com&to={email}"
        ],
        "notify.operator": ["ops@firm.com"],
        "monitor.port": 9187,
        "monitor.textfile": "/var/lib/node_exporter/textfile/sheetsync.prom",
    }
)
"""What the example shows for settings that have no value by default."""
ORDER = ("", "books", "notify", "daemon", "monitor")
ABOUT = MappingProxyType(
    {
        "books": marked("A block for each book."),
        "notify": marked("How messages go out (docs/notify.md)."),
        "daemon": marked("How the daemon goes about its books."),
        "monitor": marked("How others see whether all is well."),
    }
)
"""What each table is about."""


def example(language: Language) -> str:
    """Return a sheetsync.toml that says every setting; what need not be said is commented out."""
    text = language.text
    head = text(
        "The settings of sheetsync. A line with # before its name holds what is so anyway, or an "
        "example."
    )
    lines = [f"# {head}"]
    for table in ORDER:
        if table:
            heading = f"[[{table}]]" if table == "books" else f"[{table}]"
            lines += ["", f"# {text(ABOUT[table])}", heading]
        for name, field in _settings_of(table):
            lines += ["", f"# {text(field.description or '')}"]
            lines.append(_example_line(table, name, field))
    return "\n".join([*lines, ""])


def _example_line(table: str, name: str, field: FieldInfo) -> str:
    place = f"{table}.{name}".lstrip(".")
    sign = "" if field.is_required() else "# "
    value = EXAMPLES[place] if place in EXAMPLES else field.get_default()
    return f"{sign}{name} = {toml_value(value)}"


def _settings_of(table: str) -> Iterator[tuple[str, FieldInfo]]:
    """Go through the settings of a table, but for tables in it."""
    for name, field in TABLES[table].model_fields.items():
        if table or name not in TABLES:
            yield name, field


def toml_value(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    # In these TOML writes what JSON does.
    return json.dumps(
        str(value) if isinstance(value, Path) else value, ensure_ascii=False
    )


def schema() -> dict[str, Any]:
    """Return the JSON Schema of sheetsync.toml, for editors."""
    made = Settings.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sheetsync.toml",
        **{key: value for key, value in made.items() if key != "title"},
    }


REFERENCE_HEAD = """\
# sheetsync.toml

Made from the program's own model; a test keeps it so. `sheetsync config --example` prints a file to
begin with, `sheetsync config --check` says every mistake with its line, and
[sheetsync.schema.json](sheetsync.schema.json) teaches an editor.

The file is `sheetsync.toml` of the working folder, or what `--config` names. A variable of the
environment goes before the file; several values in it are separated by spaces. With `_FILE` behind
its name it names a file that holds the value, for the secrets of containers and units. Secrets
stand in the file, in such files or in the environment; no command takes one as an option, and none
is ever printed. The variable of a ping ends in the name of its book: `SHEETSYNC_PING_SALES`.
"""
TABLE_HEAD = (
    "| setting | kind | default | what it is | variable |",
    "|---|---|---|---|---|",
)


def reference() -> str:
    """Return the reference page: every setting, its kind, its default, its variable."""
    lines = REFERENCE_HEAD.splitlines()
    for table in ORDER:
        lines += ["", f"## {_title(table)}", ""]
        if table:
            lines += [ABOUT[table], ""]
        lines += TABLE_HEAD
        for name, field in _settings_of(table):
            lines.append(_reference_line(table, name, field))
    return "\n".join([*lines, ""])


def _title(table: str) -> str:
    if not table:
        return "At the top"
    return "`[[books]]`" if table == "books" else f"`[{table}]`"


def _reference_line(table: str, name: str, field: FieldInfo) -> str:
    variable = _variable_of(table, name)
    cells = (
        f"`{name}`",
        kind_of(field),
        _default(field),
        field.description or "",
        f"`{variable}`" if variable else "",
    )
    return f"| {' | '.join(cells)} |"


def _variable_of(table: str, name: str) -> str:
    if (table, name) == ("books", "ping"):
        return f"{PING}_…"
    places = {place: variable for place, variable, _ in variables(Settings)}
    return places.get((table, name) if table else (name,), "")


def kind_of(field: FieldInfo) -> str:
    """Say in words what a setting may hold."""
    words = _words_of_kind(field.annotation)
    bounds = [
        f"{sign} {getattr(rule, name):g}"
        for rule in field.metadata
        for name, sign in (("gt", "over"), ("ge", "from"), ("le", "up to"))
        if getattr(rule, name, None) is not None
    ]
    return " ".join([words, *bounds])


def _words_of_kind(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(kind))
    if get_origin(kind) is tuple:
        inner, *rest = get_args(kind)
        several = "a list of" if rest == [...] else f"{len(rest) + 1} ×"
        return f"{several} {_words_of_kind(inner)}"
    inner_kinds = [inner for inner in get_args(kind) if inner is not type(None)]
    if inner_kinds:
        return _words_of_kind(inner_kinds[0])
    names = {
        str: "text",
        bool: "true, false",
        int: "whole number",
        float: "number",
        Path: "path",
        SecretStr: "text, secret",
    }
    return names.get(kind, "text")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "to be given"
    value = field.get_default()
    return "" if value in (None, ()) else f"`{toml_value(value)}`"
