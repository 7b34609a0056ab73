"""What a tab of the playbook is made of, as its template file says.

A file is a tab, its name the tab's key: nothing else is to be done to add one.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from sheetsync.errors import PolicyError
from sheetsync.i18n import LANGUAGES
from sheetsync.method.policy import templates_folder
from sheetsync.method.terms import Frozen
from sheetsync.values import fold

ColumnType = Literal[
    "text",
    "link",
    "date",
    "integer",
    "amount",
    "flag",
    "phone",
    "email",
    "state",
    "reason",
    "manager",
    "choice",
    "required_cells",
]
"""How a column is read. `flag`: a box to tick; `required_cells`: what the Settings tab asks for in
the state of the row."""


class PlaybookColumn(Frozen):
    """A column of a table. `width` in pixels.

    `required`: a row without it is not complete. `choices`: what its dropdown offers.
    `not_future`, `not_past`: days that cannot be, or are over. `stale_days`: from when on a day is
    too long ago. `on_team`: a person who is to be on the Settings tab. `unique`: twice is once too
    often.
    """

    key: str
    title: str
    type: ColumnType = "text"
    width: int = Field(default=180, ge=20, le=1000)
    required: bool = False
    choices: tuple[str, ...] = ()
    not_future: bool = False
    not_past: bool = False
    stale_days: int | None = Field(default=None, ge=1, le=3660)
    on_team: bool = False
    unique: bool = False


class PlaybookSection(Frozen):
    """A table of a tab. `spare`: empty rows below those that it begins with.

    `rows`: those, each cell by its column's key; of a state or reason its code. The first column
    names a row. `counts`: whether its rows are asked for on the launch checklist.
    """

    key: str
    title: str
    note: str = ""
    spare: int = Field(default=3, ge=1, le=200)
    counts: bool = True
    columns: tuple[PlaybookColumn, ...] = Field(min_length=2)
    rows: tuple[dict[str, str | bool | int | float], ...] = ()

    @model_validator(mode="after")
    def _rows_fit(self) -> Self:
        keys = {column.key for column in self.columns}
        for row in self.rows:
            unknown = row.keys() - keys
            if unknown:
                raise ValueError(f"no column {', '.join(sorted(unknown))}")
        return self


class PlaybookTab(Frozen):
    """A tab. `point`: of the method (0 to 13, "3a"), or one of its own.

    `order`: where it stands among the others, the smaller the further left. `heads`: its first
    table drives what the program says, and who types there is warned.
    """

    key: str
    title: str
    point: str
    order: int = 100
    intro: str = ""
    heads: bool = False
    sections: tuple[PlaybookSection, ...] = Field(min_length=1)


def playbook_tabs(code: str) -> tuple[PlaybookTab, ...]:
    """Return the tabs of a language (`ru`, `en`), in their order.

    Raises PolicyError where a file cannot be read, with every mistake of it.
    """
    return _tabs_in(templates_folder() / code / "playbook")


@cache
def _tabs_in(folder: Path) -> tuple[PlaybookTab, ...]:
    tabs = [_tab_of(path) for path in folder.glob("*.toml")]
    return tuple(sorted(tabs, key=lambda tab: (tab.order, tab.key)))


def _tab_of(path: Path) -> PlaybookTab:
    try:
        content: dict[str, Any] = tomllib.loads(
            path.read_text(encoding="utf-8")
        )
        return PlaybookTab.model_validate({**content, "key": path.stem})
    except (OSError, ValueError) as error:
        raise PolicyError(
            f"playbook/{path.name}: {_mistakes(error)}",
            fix="Mend the file, or take the one that came with the program.",
        ) from error


def _mistakes(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    lines = []
    for mistake in error.errors():
        place = ".".join(map(str, mistake["loc"])) or "tab"
        lines.append(f"{place}: {mistake['msg']}")
    return "; ".join(lines)


def spellings_of(key: str) -> Iterator[PlaybookTab]:
    """Go through a tab as each language has it."""
    for code in LANGUAGES:
        for tab in playbook_tabs(code):
            if tab.key == key:
                yield tab


def key_named(name: str) -> str | None:
    """Return the key of the tab that is called so in any language, or by its key."""
    for code in LANGUAGES:
        for tab in playbook_tabs(code):
            if fold(name) in (fold(tab.key), fold(tab.title)):
                return tab.key
    return None
