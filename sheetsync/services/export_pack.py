"""The pack of a planning meeting made of a book: read, put together, written to a file.

Two requests, and nothing is written to the book. How the page is made is the reporting's, how it
becomes a PDF the delivery's.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sheetsync.delivery.files import place_for
from sheetsync.delivery.pdf import Press, pdf_of, press
from sheetsync.errors import InputError
from sheetsync.i18n import Language
from sheetsync.reporting.meeting_pack import (
    Pack,
    Page,
    html_of,
    office_html_of,
    page_of,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.services.book_address import book_address
from sheetsync.services.read_and_decide import Options, Planned, read_and_decide
from sheetsync.services.refresh_reports import standing_base
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.simulation.tab import simulation_charts

STDOUT = "-"
_ODD = re.compile(r"[^\w.()-]+")
"""What is left out of a file's name that is made of a spreadsheet's."""
NAME_LENGTH = 80
KINDS = (".html", ".htm", ".pdf")


class PackDestination(NamedTuple):
    """Where a pack goes. `path` None: to standard output, or to the default name.

    `press`: what makes the PDF, None: it is HTML.
    """

    path: Path | None = None
    stdout: bool = False
    press: Press | None = None


@dataclass(frozen=True)
class MeetingPack:
    """A pack as it was made of a book."""

    planned: Planned
    page: Page
    pack: Pack

    def content(self, press: Press | None) -> bytes:
        """Return the page as a file holds it: HTML, or a PDF where something makes one."""
        language = self.planned.language
        if press is None:
            return html_of(self.page, language).encode("utf-8")
        to_html = office_html_of if press.office else html_of
        return pdf_of(to_html(self.page, language), press, language)

    def name(self, opened: Opened) -> Path:
        """Return the name of the file where none was given.

        It stands beside a local book, else in the working folder.
        """
        folder = Path()
        title = self.planned.snapshot.book.title or opened.name
        if opened.path:
            folder = opened.path.parent
            title = opened.path.stem
        stem = _ODD.sub("-", title).strip("-.") or "book"
        day = self.planned.plan.today.isoformat()
        return folder / f"{stem[:NAME_LENGTH]}-{self.pack}-{day}.html"


def destination_of(output: str | None, language: Language) -> PackDestination:
    """Understand where a pack is to go.

    Raises InputError where it cannot go there, so before anything is read.
    """
    if output is None:
        return PackDestination()
    if output == STDOUT:
        return PackDestination(stdout=True)
    text = language.text
    path = Path(output)
    kind = path.suffix.lower()
    if kind not in KINDS:
        fix = text(
            "Give a name that ends in .html or .pdf, or - for HTML on standard output."
        )
        raise InputError(
            text("{file}: a pack is an .html or a .pdf.", file=output), fix=fix
        )
    place_for(path, None, language)
    return PackDestination(
        path, press=press(language) if kind == ".pdf" else None
    )


def make_pack(
    opened: Opened, options: Options, pack: Pack, *, shown: bool
) -> MeetingPack:
    """Read a book and put its pack together; writes nothing.

    `shown`: whether the book's address is one that people can open. Raises BookUnrecognised where
    there is no base or no row.
    """
    planned = read_and_decide(opened, options)
    snapshot = planned.snapshot
    projection, journal = standing_base(opened, planned, options)
    if snapshot.first_run:
        # Nothing has been counted yet, and the day that is not over is no history.
        journal = snapshot.journal
    facts = Facts(projection, planned.policy, journal)
    address = book_address(opened, snapshot.book, shown=shown)
    name = snapshot.book.title or opened.name
    # What a limit does changes over weeks, and is no matter of a day.
    more = () if pack == "day" else simulation_charts(facts, planned.language)
    page = page_of(
        facts, planned.language, pack, address, planned.alarms, name, more
    )
    return MeetingPack(planned, page, pack)
