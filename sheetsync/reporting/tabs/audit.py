"""The tab that tells, once a month, what of the month before somebody should answer for."""

from collections.abc import Iterator, Sequence

from sheetsync.i18n import Language
from sheetsync.reporting.audit import (
    TITLES,
    Audit,
    AuditLine,
    audit_of,
    month_before,
)
from sheetsync.reporting.layout import theme
from sheetsync.reporting.layout.lines import (
    Allowance,
    BlockHeading,
    gap,
    head_cells,
    more_line,
    sentence,
    subtitle_line,
    title_line,
)
from sheetsync.reporting.layout.model import (
    BLANK,
    ReportCell,
    ReportLine,
    ReportSheet,
    company_name_cell,
    date_cell,
    unique_keys,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.values import EPOCH
from sheetsync.workbook.snapshot import own_title

AUDIT = "audit"
"""The key of the tab."""
WIDTHS = (110, 250, 150, 700)
SHOWN = 1000
"""Things listed at most."""
FROZEN = 2


def audit_sheets(facts: Facts, language: Language) -> tuple[ReportSheet, ...]:
    """Return the tab, from the first month on that follows one of which the Journal tells."""
    period = month_before(facts.today)
    if not _tells_of(facts, period.last.toordinal()):
        return ()
    audit = audit_of(facts, period, language)
    book = facts.projection.snapshot.book
    title = own_title(book, facts.policy, AUDIT)
    lines = unique_keys(_lines(audit, facts, language))
    return (ReportSheet(AUDIT, title, WIDTHS, lines, FROZEN, theme.AMBER),)


def _tells_of(facts: Facts, day: int) -> bool:
    """Tell whether the Journal has a line of a day (ordinal) or of one before it."""
    after = day + 1 - EPOCH.toordinal()
    # People can reach the Journal: a line without a moment is of no day.
    return any(0 < line.when < after for line in facts.journal)


def _lines(
    audit: Audit, facts: Facts, language: Language
) -> Iterator[ReportLine]:
    month = language.month(audit.period.first)
    yield title_line(language.text("Audit of {month}", month=month))
    note = language.text("what somebody should answer for; once a month")
    yield subtitle_line(audit.unguarded or note)
    yield gap("audit", 12)
    allowance = Allowance(SHOWN)
    for name, lines in audit.lists.items():
        yield from _list(name, lines, allowance, facts, language)


def _list(
    name: str,
    lines: Sequence[AuditLine],
    allowance: Allowance,
    facts: Facts,
    language: Language,
) -> Iterator[ReportLine]:
    text = language.text
    title = f"{text(TITLES[name])}: {language.number(len(lines))}"
    yield from BlockHeading(f"audit:{name}", "amber", title).lines(len(WIDTHS))
    if not lines:
        yield sentence(f"none:{name}", "—")
        return
    columns = facts.policy.words.columns
    heads = (
        text("Day"),
        columns["company"][0],
        columns["manager"][0],
        text("What was seen"),
    )
    yield ReportLine(f"columns:audit:{name}", head_cells(heads))
    listed = allowance.take(lines)
    for line in listed:
        place = facts.places.get(line.id)
        cells = (
            BLANK if line.day is None else date_cell(line.day),
            company_name_cell(line.company, place, language)
            if line.id
            else BLANK,
            ReportCell(line.manager, "text"),
            ReportCell(line.what, "text"),
        )
        yield ReportLine(f"audit:{name}:{line.id}", cells)
    if len(listed) < len(lines):
        more = len(lines) - len(listed)
        yield more_line(f"more:audit:{name}", more, language)
