"""What every output begins with: a console, a table without rows, one JSON object.

What stands in them is left to the modules beside this one.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Literal

from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.segment import Segment
from rich.table import Table

from sheetsync.i18n import Language
from sheetsync.printable import printable, printable_json

VERSION = 1
"""Version of the JSON objects; documented in docs/json.md."""
SHOWN = 200
"""How many lines of one table are shown to a person; --json shows all."""
WIDTH = 200
"""Characters of a line where the output is no terminal: a file or a pipe gets it unbroken."""


class _HarmlessConsole(Console):
    """A console that prints no order to the terminal but those of its own."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Render something, without the controls that stand in its text."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                yield segment._replace(text=printable(segment.text))


def console(*, stderr: bool = False) -> Console:
    """Return a console that wraps at the terminal's width, or never where there is none."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else WIDTH
    # Not highlighted, as that colours any number or name as it likes.
    return _HarmlessConsole(stderr=stderr, highlight=False, width=width)


_emitted: ContextVar[bool] = ContextVar("_emitted", default=False)


def begin_output() -> None:
    """Forget what a command before this one has printed."""
    _emitted.set(False)


def has_emitted() -> bool:
    """Tell whether the command has printed its JSON object."""
    return _emitted.get()


def emit(value: Mapping[str, Any]) -> None:
    """Print one JSON object."""
    _emitted.set(True)
    text = json.dumps({"version": VERSION, **value}, ensure_ascii=False)
    sys.stdout.write(f"{printable_json(text)}\n")


def print_plain(text: str) -> None:
    """Print a line as it is, at once: whoever reads a pipe waits for it."""
    print(printable(text), flush=True)  # noqa: T201  # what is asked for


def ask_line(text: str) -> str:
    """Ask a person at the terminal; their answer."""
    return input(printable(text))


STDOUT = Path("-")
"""What `-o` takes for standard output."""


def print_bytes(content: bytes) -> None:
    """Print a file's content as it is: it says itself how it is encoded."""
    sys.stdout.buffer.write(content)
    sys.stdout.flush()


def table_of(
    *headings: str,
    title: str | None = None,
    overflow: Literal["fold", "ellipsis"] = "fold",
) -> Table:
    """Return a table without rows. `overflow`: what becomes of words wider than a column."""
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow=overflow)
    return table


def show_left_out(count: int, language: Language, out: Console) -> None:
    """Say how many of so many lines were not shown, if any."""
    if count > SHOWN:
        out.print(
            escape(
                language.text(
                    "… and {n} more; --json shows all.", n=count - SHOWN
                )
            )
        )
