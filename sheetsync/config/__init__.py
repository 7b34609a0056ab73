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
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_core import PydanticCustomError

from sheetsync.config.environment import (
    Override,
    Place,
    overrides,
    put_over,
)
from sheetsync.config.lines import line_of
from sheetsync.errors import InputError
from sheetsync.i18n import Language, marked

FILE = "sheetsync.toml"

Hour = Annotated[str, Field(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")]
"""An hour of the day as `HH:MM`."""


_WEB = re.compile(r"https?://[^/\s]+", re.IGNORECASE)


class BookSettings(BaseModel):
    """One book of the daemon.

    `ping` is a secret: whoever knows such an address can say that all is well.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True
    )

    name: str = Field(
        min_length=1,
        description=marked("What you call the book in every command."),
    )
    address: str = Field(
        min_length=1,
        description=marked(
            "A path, the address of a Google spreadsheet, or its id."
        ),
    )
    at: tuple[Hour, ...] = Field(
        default=("02:00",),
        description=marked(
            "The hours it runs, HH:MM, in the book's own time zone."
        ),
    )
    language: str | None = Field(
        default=None,
        description=marked(
            "What the base is kept in, ru or en; found out where it is not given."
        ),
    )
    force_first: bool = Field(
        default=False,
        description=marked(
            "Go past the question before a first run, and past every limit of safety."
        ),
    )
    ping: SecretStr | None = Field(
        default=None,
        description=marked(
            "The address of a check at healthchecks.io or a service like it: it is told of "
            "each run's start, success, or failure with its exit code."
        ),
    )

    @field_validator("ping")
    @classmethod
    def _is_web_address(cls, ping: SecretStr | None) -> SecretStr | None:
        if ping is not None and not _WEB.match(ping.get_secret_value()):
            raise PydanticCustomError("no_web_address", "no web address")
        return ping


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

    channels: Secrets = Field(
        default=(),
        description=marked(
            "Addresses of apprise, with a place for each person's own (docs/notify.md)."
        ),
    )
    operator: Secrets = Field(
        default=(),
        description=marked(
            "Who is told what nobody of the team can mend: whole addresses, or an e-mail "
            "that goes through the channels."
        ),
    )
    timeout_seconds: float = Field(
        default=20,
        gt=0,
        le=60,
        description=marked("For one message by one channel."),
    )


class DaemonSettings(BaseModel):
    """How the daemon goes about its books."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threads: int = Field(
        default=4,
        ge=1,
        le=32,
        description=marked("How many books run beside each other at most."),
    )
    longest_run_minutes: float = Field(
        default=60,
        gt=0,
        le=1440,
        description=marked(
            "A run that takes longer counts as hanging: it is told, and its thread is no "
            "longer counted among `threads`. The book itself waits until it has ended."
        ),
    )
    make_up: Literal["careful", "at_once", "never"] = Field(
        default="careful",
        description=marked(
            "What becomes of a night that was missed while the daemon was down. careful: "
            "in working hours the reports at once and the moves at the next night, else all of "
            "it at once. at_once: all of it, at any hour. never: nothing."
        ),
    )
    working_hours: tuple[Hour, Hour] = Field(
        default=("08:00", "19:00"),
        description=marked(
            "When people are at work in the base, in its own time zone: for `make_up`."
        ),
    )
    log: Literal["console", "json"] = Field(
        default="console",
        description=marked(
            "How its lines are written: for people, or an object a line."
        ),
    )


class MonitorSettings(BaseModel):
    """How others see whether all is well. Both need the extra `daemon`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description=marked(
            "A port of 127.0.0.1 on which the daemon shows its status page, /healthz and "
            "/metrics."
        ),
    )
    textfile: Path | None = Field(
        default=None,
        description=marked(
            "A .prom file for node_exporter's textfile collector, written after each run: "
            "for runs by cron, too."
        ),
    )


class Settings(BaseModel):
    """Everything `sheetsync.toml` may say.

    `timeout_seconds`: for one answer; Google itself gives up after 180 s.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True
    )

    books: tuple[BookSettings, ...] = Field(
        default=(), description=marked("The books of the daemon, a block each.")
    )
    credentials: Path | None = Field(
        default=None,
        description=marked(
            "The file of the service account's key; beside this file where the path is "
            "relative."
        ),
    )
    api_endpoint: str | None = Field(
        default=None,
        description=marked(
            "Another root of the Sheets API, such as an emulator's."
        ),
    )
    trust_endpoint: bool = Field(
        default=False,
        description=marked(
            "Whether credentials may go to that root, where it is not Google's."
        ),
    )
    language: str | None = Field(
        default=None, description=marked("The language of messages, ru or en.")
    )
    state: Path | None = Field(
        default=None,
        description=marked(
            "The folder of the run log; by default where the system keeps state of "
            "programs."
        ),
    )
    timeout_seconds: float = Field(
        default=60,
        gt=0,
        le=600,
        description=marked("How long one answer of Google's is waited for."),
    )
    attempts: int = Field(
        default=5,
        ge=1,
        le=10,
        description=marked("How often a read is sent that failed in passing."),
    )
    notify: Notify = Field(
        default=Notify(), description=marked("How messages go out.")
    )
    daemon: DaemonSettings = Field(
        default=DaemonSettings(),
        description=marked("How the daemon goes about its books."),
    )
    monitor: MonitorSettings = Field(
        default=MonitorSettings(),
        description=marked("How others see whether all is well."),
    )

    @field_validator("books")
    @classmethod
    def _each_once(
        cls, books: tuple[BookSettings, ...]
    ) -> tuple[BookSettings, ...]:
        """Refuse a name or an address that stands twice: one book is never run twice at a time."""
        for kind, words in (
            ("name_twice", [book.name for book in books]),
            ("address_twice", [plain_address(book.address) for book in books]),
        ):
            repeated = [word for word in words if words.count(word) > 1]
            if repeated:
                raise PydanticCustomError(kind, "{word}", {"word": repeated[0]})
        return books

    def book(self, name: str) -> BookSettings | None:
        """Return the book of this name, if the settings know it."""
        return next((book for book in self.books if book.name == name), None)


_GOOGLE = re.compile(r"https?://docs\.google\.com/.*/d/([\w-]+)")


def plain_address(address: str) -> str:
    """Return what two addresses of one book have in common."""
    match = _GOOGLE.match(address.strip())
    # A path may be written in several ways; a name of no file is left as it stands.
    return match[1] if match else os.path.normpath(address.strip())


def load(path: Path | None, language: Language) -> Settings:
    """Read the settings from `path`, or from `sheetsync.toml` here if there is one.

    The environment wins.

    Raises InputError, which lists every mistake.
    """
    source = path or Path(FILE)
    content = ""
    # Only a file that somebody has named may not be missing.
    if source.exists() or path is not None:
        content = _read(source, language)
    stated = _parsed(content, source, language)
    given = overrides(Settings, stated.get("books"), language)
    try:
        settings = Settings.model_validate(put_over(stated, given))
    except ValidationError as error:
        written = _Written(source.name, content, given)
        raise _refusal(error, written, language) from error
    in_file = ("credentials",) not in given
    if settings.credentials is not None and path is not None and in_file:
        return settings.model_copy(
            update={"credentials": source.parent / settings.credentials}
        )
    return settings


class _Written(NamedTuple):
    """Where settings come from: a file's name and content, and the environment."""

    file: str
    content: str
    given: Mapping[Place, Override]

    def where(self, place: Place, language: Language) -> str:
        """Say in which variable or line a setting stands; "" where it stands in none."""
        for length in range(len(place), 0, -1):
            override = self.given.get(place[:length])
            if override is not None:
                return f"{override.variable}, "
        line = line_of(self.content, place)
        return "" if line is None else language.text("line {n}, ", n=line)


def _refusal(
    error: ValidationError, written: _Written, language: Language
) -> InputError:
    """Return the error of settings that cannot be used, a line for each mistake."""
    lines = [language.text("{file} cannot be used:", file=written.file)]
    # What stands there may be a token or a password, so it is left out of the message.
    for mistake in error.errors(include_input=False):
        words = _mistake(
            mistake["loc"], mistake["type"], mistake["msg"], language
        )
        lines.append(f"{written.where(mistake['loc'], language)}{words}")
    return InputError(
        "\n".join(lines), fix=language.text("Mend each line above.")
    )


_BARE = re.compile(r"[\w.-]+")
"""What the name of a setting may be made of."""
HIDDEN = "…"
"""In place of any other name: an address on the wrong side of the sign has its secret in it."""
TABLES: Mapping[str, type[BaseModel]] = MappingProxyType(
    {
        "": Settings,
        "books": BookSettings,
        "notify": Notify,
        "daemon": DaemonSettings,
        "monitor": MonitorSettings,
    }
)
"""The tables of the file, and what may stand in them."""


PLAIN_MISTAKES: Mapping[str, str] = MappingProxyType(
    {
        "missing": marked("is missing."),
        "string_pattern_mismatch": marked(
            "is no hour of the day, such as 02:00."
        ),
        "name_twice": marked("two books are named “{word}”."),
        "address_twice": marked("“{word}” stands there twice."),
        "no_web_address": marked("is no address that begins with https://."),
    }
)
"""What is said of mistakes, by pydantic's kinds and our own."""


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
    if kind in PLAIN_MISTAKES:
        return text(PLAIN_MISTAKES[kind], word=said)
    return text("does not fit ({why}).", why=said)


def _read(source: Path, language: Language) -> str:
    try:
        return source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = language.text("{file} cannot be read.", file=source)
        raise InputError(
            message, fix=language.text("Check the path and the permissions.")
        ) from error


def _parsed(content: str, source: Path, language: Language) -> dict[str, Any]:
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        last = f"line {len(content.splitlines())}, the end of the file"
        why = str(error).replace("end of document", last)
        message = language.text(
            "{file} is not valid TOML: {error}", file=source, error=why
        )
        fix = language.text(
            "Mend the line it names; where none is named, a quote or a bracket is open at the end."
        )
        raise InputError(message, fix=fix) from error
