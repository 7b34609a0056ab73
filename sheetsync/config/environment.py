"""Settings that the environment puts over the file: `SHEETSYNC_MONITOR_PORT` for `monitor.port`.

A variable that ends in `_FILE` names a file that holds the value: a secret of a container, or of a
unit of systemd's.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, get_origin

from pydantic import BaseModel

from sheetsync.errors import InputError
from sheetsync.i18n import Language

PREFIX = "SHEETSYNC"
OWN_NAMES: Mapping[str, str] = MappingProxyType({"language": f"{PREFIX}_LANG"})
"""Variables whose name is not their setting's."""
FILE = "_FILE"
PING = f"{PREFIX}_PING"
"""With a book's name behind it: its ping."""

Place = tuple[str | int, ...]
"""Where a setting stands: the names of its table and its own; of a book its number, from 0."""


class Override(NamedTuple):
    """What the environment gives for a setting, and the variable that does."""

    variable: str
    value: str | list[str]


def variables(
    model: type[BaseModel], table: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str, bool]]:
    """Go through the settings that the environment may give, but for those of books.

    Each with its place, its variable, and whether it is a list.
    """
    for name, field in model.model_fields.items():
        kind = field.annotation
        place = (*table, name)
        if name == "books":
            continue
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from variables(kind, place)
            continue
        usual = "_".join((PREFIX, *place)).upper()
        yield place, OWN_NAMES.get(".".join(place), usual), _is_list(kind)


def _is_list(kind: Any) -> bool:
    return get_origin(kind) is tuple


def overrides(
    model: type[BaseModel], books: object, language: Language
) -> dict[Place, Override]:
    """Return what the environment gives, by place. `books`: as the file states them.

    Raises InputError for a file that cannot be read.
    """
    given: dict[Place, Override] = {}
    for place, variable, is_list in variables(model):
        words = _words_of(variable, language)
        if words:
            # Several are separated by spaces.
            value = words.split() if is_list else words
            given[place] = Override(variable, value)
    for number, variable in _pings(books):
        words = _words_of(variable, language)
        if words:
            given["books", number, "ping"] = Override(variable, words)
    return given


def _pings(books: object) -> Iterator[tuple[int, str]]:
    """Go through the books of the file with the variable that may give their ping."""
    for number, book in enumerate(books if isinstance(books, list) else ()):
        if isinstance(book, dict) and isinstance(book.get("name"), str):
            yield number, ping_variable(book["name"])


def ping_variable(name: str) -> str:
    """Return the variable of a book's ping; what no variable may be called is an underscore."""
    return f"{PING}_{re.sub(r'[^0-9A-Za-z]+', '_', name).strip('_').upper()}"


def _words_of(variable: str, language: Language) -> str:
    """Return what a variable gives, or the file that its companion names; "" for neither."""
    # An empty variable is how a shell takes one away.
    if os.environ.get(variable):
        return os.environ[variable]
    file = os.environ.get(variable + FILE)
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        text = language.text
        message = text(
            "{variable} names {file}, which cannot be read.",
            variable=variable + FILE,
            file=file,
        )
        fix = text("Check the path and the permissions.")
        raise InputError(message, fix=fix) from error


def put_over(
    stated: Mapping[str, Any], given: Mapping[Place, Override]
) -> dict[str, Any]:
    """Return what a file states, with what the environment gives put over it."""
    merged: dict[str, Any] = dict(stated)
    for place, override in given.items():
        _put(merged, place, override.value)
    return merged


def _put(merged: dict[str, Any], place: Place, value: object) -> None:
    """Put a value in its place; tables on the way are copied, as they are the file's."""
    first, *rest = place
    if not rest:
        merged[str(first)] = value
        return
    if first == "books":
        number, name = rest
        books = list(merged["books"])
        books[int(number)] = {**books[int(number)], str(name): value}
        merged["books"] = books
        return
    table = merged.get(str(first))
    inner = dict(table) if isinstance(table, dict) else {}
    _put(inner, tuple(rest), value)
    merged[str(first)] = inner
