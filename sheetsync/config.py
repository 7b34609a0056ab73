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
    "trust_endpoint": "SHEETSYNC_TRUST_ENDPOINT",
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

    # pydantic's own message would repeat a token or a password.
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
    trust_endpoint: bool = False
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
    stated: dict[str, Any] = {}
    # Only a file that somebody has named may not be missing.
    if source.exists() or path is not None:
        stated = _read(source, language)
    try:
        settings = Settings.model_validate(_with_environment(stated))
    except ValidationError as error:
        raise _refusal(error, source.name, language) from error
    if settings.credentials is not None and path is not None:
        return settings.model_copy(
            update={"credentials": source.parent / settings.credentials}
        )
    return settings


def _with_environment(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a file states, with what the environment states put over it."""
    merged = {**stated, **_words_of(ENVIRONMENT)}
    notify = {
        name: words.split()
        for name, words in _words_of(NOTIFY_ENVIRONMENT).items()
    }
    if notify:
        in_file = stated.get("notify", {})
        merged["notify"] = {
            **(in_file if isinstance(in_file, dict) else {}),
            **notify,
        }
    return merged


def _words_of(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that the environment gives, by name."""
    # An empty variable is how a shell takes one away.
    return {
        name: os.environ[variable]
        for name, variable in variables.items()
        if os.environ.get(variable)
    }


def _refusal(
    error: ValidationError, file: str, language: Language
) -> InputError:
    """Return the error of settings that cannot be used, a line for each mistake."""
    lines = [language.text("{file} cannot be used:", file=file)]
    # What stands there may be a token or a password, so it is left out of the message.
    for mistake in error.errors(include_input=False):
        lines.append(
            _mistake(mistake["loc"], mistake["type"], mistake["msg"], language)
        )
    return InputError(
        "\n".join(lines), fix=language.text("Mend each line above.")
    )


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
    name = _name_in(table, place)
    why = _wrong(name, table, kind, said, language)
    return f"{_heading_of(table, place)}{name}: {why}"


def _name_in(table: str, place: Sequence[str | int]) -> str:
    """Return the name of the setting at a place, `HIDDEN` where it may be no name."""
    names = [
        str(part) for part in place[bool(table) :] if isinstance(part, str)
    ]
    name = ".".join(names) or table
    return name if _BARE.fullmatch(name) else HIDDEN


def _heading_of(table: str, place: Sequence[str | int]) -> str:
    """Return the line of the file below which a place stands; "" for the file's top."""
    # Of the tables only books are a list, whose blocks are told by their number.
    if table == "books" and isinstance(place[1], int):
        return f"[[{table}]] {place[1] + 1}, "
    return f"[{table}] " if table in TABLES and table else ""


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
