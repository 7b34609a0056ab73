"""Laying out a new base: a workbook made where there is none, and all that it lacks added.

What is there is not touched. An existing base is left to the run, which widens it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from sheetsync.errors import InputError
from sheetsync.i18n import Language
from sheetsync.method.policy import Policy, template
from sheetsync.method.settings_tab.document import SettingsDocument
from sheetsync.method.terms import Location
from sheetsync.method.vocabulary import section_of
from sheetsync.services.base_layout import BaseLayout
from sheetsync.services.context import Context
from sheetsync.sheets.batch.verification import ANSWER
from sheetsync.sheets.connection.file_problems import of_problem
from sheetsync.sheets.connection.open_book import Opened, is_file, open_book
from sheetsync.sheets.read.book_structure import read_structure
from sheetsync.sheets.read.reader import own_cells
from sheetsync.sheets.read.tab_cells import read_cells
from sheetsync.values import Cell
from sheetsync.workbook.snapshot import NO_ZONE


class Home(NamedTuple):
    """How a new base begins: where the team works, and the first day of a trial, None for none."""

    location: Location = Location()
    trial_begins: date | None = None


class LaidOut(NamedTuple):
    """What was laid out: the book's id, and the titles of the tabs that were added.

    `completed`: the title of a Settings tab that got what it lacked.
    """

    book: str
    added: tuple[str, ...]
    completed: str = ""


def create_file(
    path: Path, policy: Policy, title: str, language: Language
) -> None:
    """Create an empty workbook in the policy's locale and zone, unless the file is there.

    Without a zone it lives in the machine's. Raises InputError where it cannot be made.
    """
    # Only for local files.
    from sheetsync.emulator import create_workbook  # noqa: PLC0415
    from sheetsync.emulator.errors import FileProblem  # noqa: PLC0415  # as above

    if path.exists():
        return
    words = policy.words
    zone = policy.location.time_zone or NO_ZONE
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        create_workbook(path, title=title, locale=words.locale, time_zone=zone)
    except FileExistsError as error:
        message = language.text(
            "{file} is there already and holds something else; it is left as it is.",
            file=path,
        )
        fix = language.text("Give another name.")
        raise InputError(message, fix=fix) from error
    except FileProblem as problem:
        raise of_problem(problem, language) from problem


def lay_out(
    book: str,
    ctx: Context,
    managers: Sequence[str],
    now: Callable[[], datetime],
    home: Home | None = None,
) -> LaidOut:
    """Lay out a base at `book`: one read and one write. A local file that is not there is created.

    `home`: where the team works and how it begins, as its Settings tab will say.

    Raises InputError where that file would be no workbook.
    """
    home = home or Home()
    own = template(ctx.asked or ctx.language.code)
    trial = own.trial.model_copy(update={"begins": home.trial_begins})
    policy = own.model_copy(update={"location": home.location, "trial": trial})
    named = ctx.settings.book(book)
    address = named.address if named else book
    if is_file(address):
        path = Path(address)
        if path.suffix.lower() != ".xlsx":
            text = ctx.language.text
            fix = text("Give a name that ends in .xlsx.")
            raise InputError(
                text("{file} would be no workbook.", file=address), fix=fix
            )
        create_file(path, policy, path.stem, ctx.language)
    opened = open_book(book, ctx.settings, ctx.language, now)
    return fill(opened, policy, managers, {})


def fill(
    opened: Opened,
    policy: Policy,
    managers: Sequence[str],
    rows: Mapping[str, Sequence[Mapping[str, Cell]]],
    doc: SettingsDocument | None = None,
) -> LaidOut:
    """Add the missing section tabs, with starter `rows` by section (field -> cell), in one batch.

    `doc`: the settings that the new base begins with, the method's own where none are given.
    """
    book = read_structure(opened.line, opened.name)
    # The one tab of a new spreadsheet may be its blank one; among several all are somebody's.
    is_blank = False
    if len(book.grids) == 1:
        cells = read_cells(opened.line, book.grids, {})
        is_blank = not any(cells.values())
    held = {section_of(grid.title, policy) for grid in book.grids}
    if held.intersection(policy.codes("sections")):
        # Where a base that stands is at home is its own Settings tab's to say.
        policy = policy.model_copy(update={"location": Location()})
    elif opened.path is None:
        # A Google spreadsheet has a zone of its own, which the Settings tab shows.
        location = policy.location.model_copy(
            update={"time_zone": book.time_zone}
        )
        policy = policy.model_copy(update={"location": location})
    layout = BaseLayout(
        own_cells(opened.line, book, policy), policy, opened.account, doc
    )
    for section in policy.codes("sections"):
        if section not in held:
            layout.add_section(section, rows.get(section, []))
    layout.add_settings(managers)
    # A spreadsheet cannot be without a tab, so its blank one goes last.
    first_tab = book.grids[0]
    if layout.added and is_blank and not layout.is_section(first_tab.title):
        layout.drop_blank(first_tab.sheet_id)
    requests = layout.requests()
    if requests:
        opened.line.write({"requests": requests}, ANSWER)
    completed = layout.settings_title if requests and not layout.added else ""
    return LaidOut(book.id, tuple(layout.added), completed)
