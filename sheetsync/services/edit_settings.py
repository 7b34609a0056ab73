"""The settings of a base shown, written to a file, and taken from one: onto the Settings tab, in one write under the lock.

What they mean is method_tab's; where their cells stand the sheets room's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sheetsync.delivery.files import place_for, save
from sheetsync.errors import BookChanged, InputError, PolicyError
from sheetsync.i18n import Language, language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.diff import Change, changes
from sheetsync.method.settings_tab.document import SettingsDocument, default
from sheetsync.method.settings_tab.mapping import SettingsReading, in_force, settings_of
from sheetsync.method.settings_tab.toml_file import are_settings, parse, to_toml
from sheetsync.method.settings_tab.vocabulary_in_force import vocabulary_in_force
from sheetsync.services.read_and_decide import Options
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.read.reader import (
    choose_policy,
    last_good_settings,
    own_cells,
    read_structure,
)
from sheetsync.sheets.requests.cells import Canvas, Request, color
from sheetsync.sheets.requests.own_tab_requests import new_sheet_id
from sheetsync.sheets.requests.settings_tab import SettingsTab
from sheetsync.sheets.session.lock import Claim
from sheetsync.workbook.snapshot import Book, Grid, own_title, own_titles


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
        usual = default(self.policy)
        return tuple(
            changes(
                usual,
                self.doc,
                vocabulary_in_force(self.policy, usual),
                vocabulary_in_force(self.policy, self.doc),
            )
        )


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
    told = settings_of(grid.cells if grid else (), policy, last_good_settings(book, policy))
    return SettingsInForce(book, policy, told, in_force(policy, told))


def export_settings(found: SettingsInForce, path: Path, spoken: Language) -> None:
    """Write the settings in force to a file, also over settings written before. Raises InputError where it cannot be written."""
    place_for(path, are_settings, spoken)
    save(to_toml(found.doc, found.language).encode(), path, spoken)


def settings_with_file(found: SettingsInForce, path: Path, spoken: Language) -> SettingsDocument:
    """Return the settings that hold with a file. Raises PolicyError, which lists every mistake by its place."""
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fix = spoken.text("Check the path and the permissions.")
        raise InputError(spoken.text("{file} cannot be read.", file=path), fix=fix) from error
    parsed = parse(source, found.policy, found.doc, spoken)
    if parsed.mistakes:
        lines = "\n".join(parsed.mistakes)
        message = spoken.text("{file} cannot be used:", file=path.name) + "\n" + lines
        raise PolicyError(message, fix=spoken.text("Mend each line above; nothing was written."))
    return parsed.reading.doc


def put_settings(
    opened: Opened, found: SettingsInForce, wanted: SettingsDocument, options: Options
) -> SettingsImport:
    """Write settings onto the Settings tab, where they differ from those in force; lay out what of the tab is missing.

    Raises PolicyError where they could not be read back from the tab as they are meant, BookLocked, and BookChanged where the tab
    was edited meanwhile.
    """
    policy = found.policy
    told = tuple(
        changes(
            found.doc,
            wanted,
            vocabulary_in_force(policy, found.doc),
            vocabulary_in_force(policy, wanted),
        )
    )
    if not told:
        return SettingsImport((), wrote=False)
    canvas, held = Canvas(), found.grid
    title = held.title if held else own_title(found.book, policy, "settings")
    sheet_id = held.sheet_id if held else new_sheet_id(title, found.book, set())
    tab = SettingsTab(held, sheet_id, title, policy, canvas, found.doc)
    shade = {} if held else {"tabColorStyle": color("#1F2937")}
    before, after = tab.requests({}, **shade)
    tab.restate(found.doc, wanted)
    _holds(found, tab, wanted)
    _written(opened, found, options, lambda: [*before, *canvas.requests(), *after])
    return SettingsImport(told, wrote=True)


def _holds(found: SettingsInForce, tab: SettingsTab, wanted: SettingsDocument) -> None:
    """See that the tab will say what was meant, before anything is sent."""
    then = settings_of(tab.after(), found.policy, found.doc)
    known = {remark.text for remark in found.reading.remarks}
    fresh = [
        remark.text for remark in then.remarks if remark.text not in known and not remark.asked
    ]
    got = then.method or default(found.policy)
    left = [
        *changes(
            wanted,
            got,
            vocabulary_in_force(found.policy, wanted),
            vocabulary_in_force(found.policy, got),
        )
    ]
    said = found.language.text
    lines = [*fresh, *(f"{one.block}: {one.name} {one.setting}".strip() for one in left)]
    if lines:
        raise PolicyError(
            "\n".join(dict.fromkeys(lines)), fix=said("Mend each line above; nothing was written.")
        )


def _written(
    opened: Opened, found: SettingsInForce, options: Options, requests: Callable[[], list[Request]]
) -> None:
    """Write under the lock, unless the tab was edited since it was read."""
    tabs = (found.grid.sheet_id,) if found.grid else ()
    claim = Claim(opened.line, found.language, opened.account, tabs, options.now, options.holder)
    lock = claim.take(found.book.standing)
    try:
        now = own_cells(opened.line, found.book, found.policy).titled(
            *own_titles(found.policy, "settings")
        )
        if (now.cells if now else ()) != (found.grid.cells if found.grid else ()):
            text = found.language.text
            fix = text("Run the command again in a few minutes; nothing was written.")
            raise BookChanged(text("The base is being edited just now."), fix=fix)
        lock.write({"requests": requests()}, "spreadsheetId")
    finally:
        lock.release()
