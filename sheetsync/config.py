"""Technical settings: which books, whose credentials, at what hours.

From `sheetsync.toml` and the environment.

The rules of selling are no settings of this kind: they are the policy.
"""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)

from sheetsync.errors import InputError
from sheetsync.i18n import Language

FILE = "sheetsync.toml"
ENVIRONMENT = {
    "api_endpoint": "SHEETSYNC_API_ENDPOINT",
    "credentials": "SHEETSYNC_CREDENTIALS",
    "language": "SHEETSYNC_LANG",
}
"""Settings that an environment variable overrides."""
NOTIFY_ENVIRONMENT = {
    "channels": "SHEETSYNC_NOTIFY_CHANNELS",
    "operator": "SHEETSYNC_NOTIFY_OPERATOR",
}
"""The same of `[notify]`; several addresses are separated by spaces."""


Hour = Annotated[str, Field(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")]
"""An hour of the day as `HH:MM`."""


class BookSettings(BaseModel):
    """One book of the daemon: `address` is a path, a Google address or an id.

    `at` the hours it runs, `HH:MM`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    address: str
    at: tuple[Hour, ...] = ("02:00",)
    language: str | None = None
    force_first: bool = False


def _listed(given: object) -> object:
    """Take one text for a list of one."""
    return (given,) if isinstance(given, str) else given


Secrets = Annotated[tuple[SecretStr, ...], BeforeValidator(_listed)]


class Notify(BaseModel):
    """How messages go out: the only place where their tokens and passwords stand.

    `channels`: apprise addresses with `{email}` or `{address}` where a person's own comes.
    `operator`: whole addresses, or an e-mail that goes through the channels. `timeout_seconds`: for
    one message by one channel.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True
    )

    channels: Secrets = ()
    operator: Secrets = ()
    timeout_seconds: float = Field(default=20, gt=0, le=60)


class Settings(BaseModel):
    """Everything `sheetsync.toml` may say.

    `timeout_seconds`: for one answer; Google itself gives up after 180 s.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True
    )

    books: tuple[BookSettings, ...] = ()
    credentials: Path | None = None
    api_endpoint: str | None = None
    language: str | None = None
    timeout_seconds: float = Field(default=60, gt=0, le=600)
    attempts: int = Field(default=5, ge=1, le=10)
    notify: Notify = Notify()

    def book(self, name: str) -> BookSettings | None:
        """Return the book of this name, if the settings know it."""
        return next((book for book in self.books if book.name == name), None)


def load(path: Path | None, language: Language) -> Settings:
    """Read the settings from `path`, or from `sheetsync.toml` here if there is one.

    The environment wins.

    Raises InputError, which lists every mistake.
    """
    source = path or Path(FILE)
    found: dict[str, Any] = {}
    if source.exists() or path is not None:
        found = _read(source, language)
    for name, variable in ENVIRONMENT.items():
        if os.environ.get(variable):
            found[name] = os.environ[variable]
    told = {}
    for name, variable in NOTIFY_ENVIRONMENT.items():
        if os.environ.get(variable):
            told[name] = os.environ[variable].split()
    if told:
        known = found.get("notify", {})
        found["notify"] = {**(known if isinstance(known, dict) else {}), **told}
    try:
        settings = Settings.model_validate(found)
    except ValidationError as error:
        lines = []
        for one in error.errors(include_input=False):
            lines.append(
                _mistake(one["loc"], one["type"], one["msg"], language)
            )
        message = (
            language.text("{file} cannot be used:", file=source.name)
            + "\n"
            + "\n".join(lines)
        )
        raise InputError(
            message, fix=language.text("Mend each line above.")
        ) from error
    if settings.credentials is not None and path is not None:
        return settings.model_copy(
            update={"credentials": source.parent / settings.credentials}
        )
    return settings


_BARE = re.compile(r"[\w.-]+")
"""What the name of a setting may be made of."""
HIDDEN = "…"
"""In place of any other name: an address on the wrong side of the sign has its secret in it."""
TABLES: Mapping[str, type[BaseModel]] = MappingProxyType(
    {"": Settings, "books": BookSettings, "notify": Notify}
)
"""The tables of the file, and what may stand in them."""


def _mistake(
    place: Sequence[str | int], kind: str, said: str, language: Language
) -> str:
    """Say where a mistake stands, as the file is written, and what is wrong.

    Never the value, which may be a secret.
    """
    table = str(place[0]) if len(place) > 1 else ""
    if len(place) > 1 and isinstance(place[1], int) and table == "books":
        number = place[1] + 1
    else:
        number = None
    names = [
        str(part) for part in place[bool(table) :] if isinstance(part, str)
    ]
    name = ".".join(names) or table
    name = name if _BARE.fullmatch(name) else HIDDEN
    if number is not None:
        head = f"[[{table}]] {number}, "
    elif table in TABLES and table:
        head = f"[{table}] "
    else:
        head = ""
    return f"{head}{name}: {_wrong(name, table, kind, said, language)}"


def _wrong(
    name: str, table: str, kind: str, said: str, language: Language
) -> str:
    text = language.text
    if kind in ("tuple_type", "model_type") and name == "books":
        return text(
            "each book is a block of its own that begins with [[books]]."
        )
    if kind == "extra_forbidden" and name == HIDDEN:
        return text("there is no such setting.")
    if kind == "extra_forbidden":
        known = TABLES.get(table, Settings).model_fields
        near = get_close_matches(name, known, n=1)
        if near:
            return text(
                "there is no such setting; perhaps “{word}”?", word=near[0]
            )
        return text(
            "there is no such setting; known are {names}.",
            names=", ".join(known),
        )
    if kind == "missing":
        return text("is missing.")
    if kind == "string_pattern_mismatch":
        return text("is no hour of the day, such as 02:00.")
    return text("does not fit ({why}).", why=said)


def _read(source: Path, language: Language) -> dict[str, Any]:
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        message = language.text("{file} cannot be read.", file=source)
        raise InputError(
            message, fix=language.text("Check the path and the permissions.")
        ) from error
    except tomllib.TOMLDecodeError as error:
        message = language.text(
            "{file} is not valid TOML: {error}", file=source, error=error
        )
        fix = language.text(
            "Mend the line it names; where none is named, a quote or a bracket is open at the end."
        )
        raise InputError(message, fix=fix) from error
