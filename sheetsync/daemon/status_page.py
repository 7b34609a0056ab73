"""The daemon's status page: one file that fetches nothing, runs nothing, and is read anew."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sheetsync.i18n import Language, marked
from sheetsync.services.status import BookStatus
from sheetsync.services.status_words import moment, status_line

FOLDER = Path(__file__).parent / "template"
WORDS = {
    "title": marked("How the books stand"),
    "last": marked("Last run"),
    "next": marked("Next run"),
    "as_of": marked("Reports as of"),
    "plan": marked("Moves of the last plan"),
}


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        # Whatever a book or a tab is called stays text: nothing of it may come alive on the page.
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def status_page(
    books: Sequence[BookStatus], now: datetime, language: Language
) -> str:
    """Return the page. `now`: in the machine's zone."""
    return (
        _environment()
        .get_template("status.html")
        .render(
            language=language.code,
            words={key: language.text(text) for key, text in WORDS.items()},
            made=language.text("As of {time}", time=moment(now, language)),
            books=[status_line(status, language) for status in books],
        )
    )
