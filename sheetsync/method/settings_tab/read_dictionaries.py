"""Reads the lines of the method's dictionaries: which entry each is, and what its cells say.

The first of two lines that contradict each other counts. The order of reading is `read`'s.
"""

from collections.abc import Mapping

from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import BLOCK
from sheetsync.method.settings_tab.cell_types import CellReading, Plain
from sheetsync.method.settings_tab.document import Line, SettingsDocument
from sheetsync.method.settings_tab.draft import (
    RawLine,
    SettingsDraft,
    SettingsEntry,
)
from sheetsync.method.settings_tab.line_identity import (
    Known,
    LineIdentity,
    Named,
    identify,
)
from sheetsync.method.settings_tab.vocabulary_in_force import NamedCode
from sheetsync.values import clean, fold

MOST_FORMER_NAMES = 12
"""Former names of an entry that are still understood."""


def read_name(line: RawLine, kind: str, draft: SettingsDraft) -> CellReading:
    """Read a line's name; nothing where the block has no such column."""
    if "name" not in draft.raw.columns[kind]:
        return CellReading(None)
    return (
        BLOCK[kind]
        .column["name"]
        .kind.read(line.cells.get("name"), draft.vocabulary)
    )


def code_of(line: RawLine) -> str:
    """Return the code that stands beside a line; "" where none does."""
    code = line.cells.get("code")
    return clean(code) if isinstance(code, str | int | float) else ""


def name_dictionary_lines(
    draft: SettingsDraft, kind: str, usual: SettingsDocument, policy: Policy
) -> list[NamedCode]:
    """Tell which entry each line of a dictionary is, and keep it in the draft."""
    lines = draft.raw.lines[kind]
    reserved = _reserved_names(kind, policy)
    readings = [read_name(line, kind, draft) for line in lines]
    names = [_usable_name(reading, reserved) for reading in readings]
    bare = [
        Named(name, code_of(line))
        for name, line in zip(names, lines, strict=True)
    ]
    identities = identify(bare, _known(draft, kind, usual))
    documents = (usual, draft.good)
    # The last good line of an entry goes before the method's own.
    before = {
        str(line["code"]): line
        for document in documents
        for line in document.lines[kind]
    }
    named: list[NamedCode] = []
    for line, name, reading, identity in zip(
        lines, names, readings, identities, strict=True
    ):
        values: dict[str, Plain] = {"name": name, "code": identity.code}
        entry = SettingsEntry(line.row, values, before.get(identity.code))
        draft.entries.setdefault(kind, []).append(entry)
        _judge_name(draft, kind, entry, identity, reading)
        if entry.counts:
            _remember_former_names(entry, before, line)
            named.append(NamedCode(entry.code, entry.name))
            draft.note_code(kind, line.row, entry.code, stands=code_of(line))
    return named


def _reserved_names(kind: str, policy: Policy) -> set[str]:
    """Return the folded names that no section may bear: those of the program's own tabs."""
    if kind != "sections":
        return set()
    # A section's tab of such a name could not be told from the program's own.
    titles = [
        title for words in policy.all_words for title in words.tabs.values()
    ]
    # Managers' tabs bear their names, and all of them begin alike.
    return {fold(title.split("{")[0]) for title in titles}


def _usable_name(reading: CellReading, reserved: set[str]) -> str:
    name = str(reading.value or "")
    if reading.wrong or not fold(name) or fold(name) in reserved:
        return ""
    return name


def _known(draft: SettingsDraft, kind: str, usual: SettingsDocument) -> Known:
    names = {}
    for line in (*usual.lines[kind], *draft.good.lines[kind]):
        names[str(line["code"])] = str(line["name"])
    return Known(names, draft.vocabulary.words[kind].spellings)


def _judge_name(
    draft: SettingsDraft,
    kind: str,
    entry: SettingsEntry,
    identity: LineIdentity,
    reading: CellReading,
) -> None:
    """Say what is wrong with a line's name, and let the last good one hold."""
    text = draft.vocabulary.language.text
    if identity.clash:
        why = text(
            "“{name}” stands twice: the first line counts. Give this one a name of its own, or "
            "delete it.",
            name=entry.name,
        )
        _without_name(draft, kind, entry, why)
    elif not entry.name and reading.value is not None and not reading.wrong:
        why = text(
            "“{name}” is the name of something else.", name=str(reading.value)
        )
        _without_name(draft, kind, entry, why)
    elif not entry.name:
        column = BLOCK[kind].column["name"]
        why = text(
            "“{column}” is empty or cannot be read. {accepted}",
            column=text(column.heading),
            accepted=column.kind.accepted(draft.vocabulary),
        )
        _without_name(draft, kind, entry, why)
    elif identity.new and kind == "sections":
        entry.counts = False
        why = text(
            "The method has six sections; no other can be added. Rename one of them, or delete "
            "the line."
        )
        draft.wrong(kind, entry.row, "name", why)


def _without_name(
    draft: SettingsDraft, kind: str, entry: SettingsEntry, why: str
) -> None:
    """Keep the last good name of an entry; a line that is nobody's does not count."""
    # Who deletes a column has not made a mistake in each of its lines.
    if "name" not in draft.raw.columns[kind] and entry.before is not None:
        entry.values["name"] = entry.before["name"]
    elif entry.before is None or not entry.code:
        entry.counts = False
        entry.values["name"] = ""
        draft.wrong(kind, entry.row, "name", why)
    else:
        draft.revert(kind, entry, "name", why)


def _remember_former_names(
    entry: SettingsEntry, before: Mapping[str, Line], line: RawLine
) -> None:
    """Keep the names that an entry bore before."""
    former = dict.fromkeys(_former_names(entry, before, line))
    # Rows are written with them, and are to be understood until somebody writes them anew.
    others = [word for word in former if fold(word) != fold(entry.name)]
    if others:
        entry.values["also"] = others[:MOST_FORMER_NAMES]


def _former_names(
    entry: SettingsEntry, before: Mapping[str, Line], line: RawLine
) -> list[str]:
    """Return the former names that a file gives, or else what was in force and its former names."""
    given = line.cells.get("also")
    if isinstance(given, list | tuple):
        return [str(word) for word in given]
    held = before.get(entry.code, {})
    names = [str(held["name"])] if held.get("name") else []
    also = held.get("also")
    return [*names, *map(str, also)] if isinstance(also, list) else names


def read_dictionary(draft: SettingsDraft, kind: str, *, there: bool) -> None:
    """Read the cells of a dictionary's lines; a block that is gone, or is empty, says nothing."""
    lines = draft.raw.lines.get(kind)
    entries = draft.entries.get(kind, ())
    if not there or not any(entry.counts for entry in entries):
        # A list that a slip has emptied must not take the words from every row of the base.
        draft.keep_last(kind)
        # A block that is gone is told of with the tab, so only one that is empty is told of here.
        if lines is not None:
            draft.say_list_is_empty(kind)
        return
    for entry, line in zip(entries, lines or (), strict=True):
        if entry.counts:
            read_cells(draft, kind, entry, line, but="name")


def read_cells(
    draft: SettingsDraft,
    kind: str,
    entry: SettingsEntry,
    line: RawLine,
    but: str = "",
) -> None:
    """Read the cells of a line into its entry, but for the column `but`, which is read already."""
    for column in BLOCK[kind].columns:
        if column.key != but:
            draft.cell(kind, column, line, entry)
