"""What has changed on the Settings tab since the last run, and who leads until it is told.

METHOD point 8: every change is journalled and told; the head's own address comes into force only
once the head of before was told and a night has passed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import BLOCK, SCALARS
from sheetsync.method.settings_tab.cell_types import Plain
from sheetsync.method.settings_tab.diff import Change, changes
from sheetsync.method.settings_tab.document import SettingsDocument
from sheetsync.method.settings_tab.mapping import SettingsReading
from sheetsync.method.settings_tab.scalars import SCALAR
from sheetsync.method.settings_tab.vocabulary_in_force import (
    vocabulary_in_force,
)
from sheetsync.rules.changes.journal_data import data_of, mark_of
from sheetsync.values import EPOCH
from sheetsync.workbook.journal import JournalLine, LineKind
from sheetsync.workbook.snapshot import Snapshot

HELD = ("head.email", "head.address")
"""Single settings that say where the head of sales is told something."""
TOLD_DAYS = 7
"""How long a change of the settings stands on the summary.

So long the new address of a head waits whom no message has reached.
"""


class SettingChange(NamedTuple):
    """A change that a run finds. `held`: it is typed, and not in force yet."""

    change: Change
    held: bool = False


class JournalledSetting(NamedTuple):
    """A change of a setting as the Journal tells it. `named`: whether only the head could do it."""

    day: date
    line: JournalLine
    place: str
    looser: bool
    held: bool
    named: bool

    @property
    def key(self) -> str:
        """What names it among all that is told."""
        line = self.line
        return f"setting:{line.run}:{self.place}:{line.before}:{line.after}"


def setting_changes(
    snapshot: Snapshot, policy: Policy
) -> tuple[SettingChange, ...]:
    """Return what of the settings is another than at the last run; nothing on the first one."""
    reading = snapshot.settings_reading
    before = reading.before
    after = reading.method
    if snapshot.first_run or before is None or after is None:
        return ()
    in_force = _differences(before, after, policy)
    waiting = _differences(after, _as_typed(after, reading), policy)
    waits_already = {
        (setting.line.before, setting.line.after)
        for setting in _waiting(snapshot.journal)
    }
    found = [SettingChange(change) for change in in_force]
    for change in waiting:
        if (change.before, change.after) not in waits_already:
            found.append(SettingChange(change, held=True))
    for change in _taken_back(snapshot, policy):
        found.append(SettingChange(change))
    return tuple(found)


def _taken_back(snapshot: Snapshot, policy: Policy) -> Iterator[Change]:
    """Go through the addresses that waited and are typed no more.

    Told, so that the same address waits anew if it comes again.
    """
    reading = snapshot.settings_reading
    before = reading.before
    after = reading.method
    text = language(policy.words.language).text
    for setting in _waiting(snapshot.journal):
        path = str((data_of(setting.line, "path") or {})["path"])
        if before is None or after is None or path in reading.held:
            continue
        if after.scalars[path] == before.scalars[path]:
            yield Change(
                text(BLOCK[SCALARS].title),
                "",
                text(SCALAR[path].label),
                setting.line.after,
                setting.line.before,
                path,
            )


def _differences(
    before: SettingsDocument, after: SettingsDocument, policy: Policy
) -> list[Change]:
    words_before = vocabulary_in_force(policy, before)
    words_after = vocabulary_in_force(policy, after)
    return [*changes(before, after, words_before, words_after)]


def _as_typed(
    doc: SettingsDocument, reading: SettingsReading
) -> SettingsDocument:
    return doc._replace(scalars={**doc.scalars, **reading.held})


def journalled_settings(
    journal: Iterable[JournalLine],
) -> Iterator[JournalledSetting]:
    """Go through the changes of settings that the Journal tells of, the newest first."""
    for line in journal:
        if line.what != LineKind.SETTING:
            continue
        data = data_of(line, "place", "looser", "held", "named")
        if data is not None:
            yield _journalled(line, data)


def _journalled(line: JournalLine, data: Any) -> JournalledSetting:
    return JournalledSetting(
        EPOCH + timedelta(days=int(line.when)),
        line,
        str(data["place"]),
        data["looser"] is True,
        data["held"] is True,
        data["named"] is True,
    )


def _waiting(journal: Iterable[JournalLine]) -> list[JournalledSetting]:
    """Return the addresses that wait: the newest word on each, where it is not in force."""
    newest: dict[str, JournalledSetting] = {}
    for setting in journalled_settings(journal):
        data = data_of(setting.line, "path") or {}
        path = str(data.get("path"))
        if path in HELD:
            newest.setdefault(path, setting)
    return [setting for setting in newest.values() if setting.held]


def under_known_head(
    snapshot: Snapshot, policy: Policy, today: date
) -> tuple[Snapshot, Policy]:
    """Return what was read under the head of before, while a new address of theirs has to wait."""
    reading = snapshot.settings_reading
    before = reading.before
    after = reading.method
    # Whoever had no address could be told nothing, and lost no authority.
    if before is None or after is None or not before.scalars["head.email"]:
        return snapshot, policy
    typed = {
        path: after.scalars[path]
        for path in HELD
        if after.scalars[path] != before.scalars[path]
    }
    if not typed or _may_come(snapshot, typed, today):
        return snapshot, policy
    known = {path: before.scalars[path] for path in HELD}
    doc = after._replace(scalars={**after.scalars, **known})
    head = policy.head.model_copy(
        update={
            "email": known["head.email"] or "",
            "address": known["head.address"] or "",
        }
    )
    waiting = replace(reading, method=doc, held=typed)
    return (
        replace(snapshot, settings_reading=waiting),
        policy.model_copy(update={"head": head}),
    )


def _may_come(snapshot: Snapshot, typed: dict[str, Plain], today: date) -> bool:
    """Tell whether the head of before was told of all of these, and a night has passed."""
    told_on = _told_on(snapshot.journal)
    waiting = {
        str((data_of(setting.line, "path") or {})["path"]): setting
        for setting in _waiting(snapshot.journal)
    }
    for path, value in typed.items():
        setting = waiting.get(path)
        if setting is None or setting.line.after != str(value or ""):
            return False
        heard = told_on.get(mark_of(setting.key))
        heard_before = heard is not None and heard < today
        long_shown = setting.day + timedelta(days=TOLD_DAYS) <= today
        if not heard_before and not long_shown:
            return False
    return True


def _told_on(journal: Iterable[JournalLine]) -> dict[str, date]:
    """Return on which day the head of sales was first told a thing, by its mark."""
    days: dict[str, date] = {}
    for line in journal:
        if line.what != LineKind.TOLD:
            continue
        data = data_of(line, "to", "items")
        if data is None or data["to"] != "head":
            continue
        items = data["items"]
        # The newest line comes first, so the oldest day is written last.
        for mark in items if isinstance(items, list) else ():
            days[str(mark)] = EPOCH + timedelta(days=int(line.when))
    return days
