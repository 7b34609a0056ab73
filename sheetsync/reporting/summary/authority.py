"""What the head alone may change: whether anything guards it, and what of it has changed."""

from collections.abc import Iterator

from sheetsync.i18n import Language
from sheetsync.reporting.layout.lines import (
    Allowance,
    heading_lines,
    more_line,
    sentence,
)
from sheetsync.reporting.layout.model import (
    BLANK,
    ReportCell,
    ReportLine,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.rules.changes.authority import is_guarded, why_unguarded

SHOWN = 20
"""Changes of settings that are listed at most; what loosens comes first."""


def authority_lines(facts: Facts, language: Language) -> Iterator[ReportLine]:
    """Go through the changes of settings of a week; say where authority is unguarded."""
    changed = facts.settings_changed
    snapshot = facts.projection.snapshot
    guarded = is_guarded(snapshot, facts.policy)
    if guarded and not changed:
        return
    title = language.text("Settings and authority")
    note = language.text("changes of settings stand here for a week")
    yield from heading_lines("authority", title, note)
    if not guarded:
        yield sentence("unguarded", why_unguarded(snapshot, language), "note")
    for number, setting in enumerate(Allowance(SHOWN).take(changed)):
        line = setting.line
        before = line.before or "—"
        after = line.after or "—"
        style = "text_amber" if setting.looser else "text"
        day = language.day(setting.day)
        cells = (
            ReportCell(f"{before} → {after}", style),
            ReportCell(day, "text"),
            BLANK,
            ReportCell(f"{line.why} ({line.run})", style),
        )
        yield ReportLine(f"setting:{line.run}:{number}", cells)
    if len(changed) > SHOWN:
        yield more_line("settings:more", len(changed) - SHOWN, language)
