"""The settings of a base shown, written to a file, and taken from one onto the Settings tab.

One write under the lock. What settings mean is the method's; where their cells stand the sheets
room's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sheetsync.delivery.files import place_for, save
from sheetsync.errors import InputError, PolicyError
from sheetsync.i18n import Language, language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.diff import Change, changes
from sheetsync.method.settings_tab.document import SettingsDocument, default
from sheetsync.method.settings_tab.mapping import (
    SettingsReading,
    in_force,
    settings_of,
)
from sheetsync.method.settings_tab.toml_file import are_settings, parse, to_toml
from sheetsync.method.settings_tab.vocabulary_in_force import (
    vocabulary_in_force,
)
from sheetsync.services.being_edited import busy
from sheetsync.services.locked import locked
from sheetsync.services.read_and_decide import Options
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.read.book_structure import read_structure
from sheetsync.sheets.read.reader import (
    choose_policy,
    last_good_settings,
    own_cells,
)
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import Request, color
from sheetsync.sheets.requests.own_tab_requests import own_tab
from sheetsync.sheets.requests.settings_tab import SettingsTab
from sheetsync.values import Cell
from sheetsync.workbook.snapshot import Book, Grid, own_titles


@dataclass(frozen=True)
class SettingsInForce:
    """The settings of a base as they hold. `policy`: the method in its own words, without them."""

    book: Book
    policy: Policy
    reading: SettingsReading
    doc: SettingsDocument

    @property
    def grid(self) -> Grid | None:
        """The Settings tab, where there is one."""
        return self.book.titled(*own_titles(self.policy, "settings"))

    @property
    def language(self) -> Language:
        """The language of the base."""
        return language(self.policy.words.language)

    def differs(self) -> tuple[Change, ...]:
        """Return what is not as the method has it."""
        return self.changes(default(self.policy), self.doc)

    def changes(
        self, before: SettingsDocument, after: SettingsDocument
    ) -> tuple[Change, ...]:
        """Return what differs between two settings, in the words that each of them gives."""
        words_before = vocabulary_in_force(self.policy, before)
        words_after = vocabulary_in_force(self.policy, after)
        return tuple(changes(before, after, words_before, words_after))


class SettingsImport(NamedTuple):
    """What an import did: the differences, and whether anything was written."""

    changes: tuple[Change, ...]
    wrote: bool


def read_settings(opened: Opened, wanted: str | None) -> SettingsInForce:
    """Read the settings of a base: two requests. `wanted`: the language it is to be read in."""
    book = read_structure(opened.line, opened.name)
    policy = choose_policy(book, wanted)
    book = own_cells(opened.line, book, policy)
    grid = book.titled(*own_titles(policy, "settings"))
    reading = settings_of(
        grid.cells if grid else (), policy, last_good_settings(book, policy)
    )
    return SettingsInForce(book, policy, reading, in_force(policy, reading))


def export_settings(
    held: SettingsInForce, path: Path, language: Language
) -> None:
    """Write the settings in force to a file, also over settings written before.

    Raises InputError where it cannot be written.
    """
    place_for(path, are_settings, language)
    save(settings_file(held), path, language)


def settings_file(held: SettingsInForce) -> bytes:
    """Return the settings in force as a file holds them."""
    return to_toml(held.doc, held.language).encode()


def settings_with_file(
    held: SettingsInForce, path: Path, language: Language
) -> SettingsDocument:
    """Return the settings that hold together with a file's.

    Raises InputError where it cannot be read, PolicyError, which lists every mistake by its place.
    """
    text = language.text
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fix = text("Check the path and the permissions.")
        raise InputError(
            text("{file} cannot be read.", file=path), fix=fix
        ) from error
    parsed = parse(source, held.policy, held.doc, language)
    if parsed.mistakes:
        lines = "\n".join(parsed.mistakes)
        message = text("{file} cannot be used:", file=path.name) + "\n" + lines
        raise PolicyError(
            message, fix=text("Mend each line above; nothing was written.")
        )
    return parsed.reading.doc


def put_settings(
    opened: Opened,
    held: SettingsInForce,
    wanted: SettingsDocument,
    options: Options,
) -> SettingsImport:
    """Write settings onto the Settings tab, where they differ from those in force.

    What of the tab is missing is laid out. Raises PolicyError where they could not be read back
    from the tab as they are meant, BookLocked, and BookChanged where the tab was edited meanwhile.
    """
    differences = held.changes(held.doc, wanted)
    if not differences:
        return SettingsImport((), wrote=False)
    canvas = Canvas()
    tab = _settings_tab(held, canvas)
    shade = {} if held.grid else {"tabColorStyle": color("#1F2937")}
    # What is missing is laid out first, as a setting without a cell cannot be restated.
    before, after = tab.requests({}, **shade)
    tab.restate(held.doc, wanted)
    _check_reads_back(held, tab, wanted)
    _write_under_lock(
        opened, held, options, lambda: [*before, *canvas.requests(), *after]
    )
    return SettingsImport(differences, wrote=True)


def _settings_tab(held: SettingsInForce, canvas: Canvas) -> SettingsTab:
    """Return the tab as it stands, or the one to be added."""
    grid, sheet_id, title = own_tab(held.book, held.policy, "settings", set())
    return SettingsTab(grid, sheet_id, title, held.policy, canvas, held.doc)


def _check_reads_back(
    held: SettingsInForce, tab: SettingsTab, wanted: SettingsDocument
) -> None:
    """See that the tab will say what was meant, before anything is sent. Raises PolicyError."""
    reading = settings_of(tab.after(), held.policy, held.doc)
    # A mistake that stood on the tab before is not the file's, and keeps nobody from an import.
    known = {remark.text for remark in held.reading.remarks}
    remarks = [remark.text for remark in reading.remarks if not remark.asked]
    lost = held.changes(wanted, reading.method or default(held.policy))
    mistakes = [
        *(sentence for sentence in remarks if sentence not in known),
        *(
            f"{change.block}: {change.name} {change.setting}".strip()
            for change in lost
        ),
    ]
    if mistakes:
        message = "\n".join(dict.fromkeys(mistakes))
        fix = held.language.text("Mend each line above; nothing was written.")
        raise PolicyError(message, fix=fix)


def _write_under_lock(
    opened: Opened,
    held: SettingsInForce,
    options: Options,
    requests: Callable[[], list[Request]],
) -> None:
    """Write, unless the tab was edited since it was read. Raises BookLocked, BookChanged."""
    tabs = [held.grid.sheet_id] if held.grid else []
    with locked(opened, held.book, held.language, tabs, options) as lock:
        book = own_cells(opened.line, held.book, held.policy)
        # The service knows no precondition, and would write over what was typed since the reading.
        if _cells_of_tab(book, held.policy) != _cells_of_tab(
            held.book, held.policy
        ):
            raise busy(held.language)
        lock.write({"requests": requests()}, "spreadsheetId")


def _cells_of_tab(book: Book, policy: Policy) -> Sequence[Sequence[Cell]]:
    """Return the cells of the Settings tab, none where there is no such tab."""
    grid = book.titled(*own_titles(policy, "settings"))
    return grid.cells if grid else ()
