"""What a period holds that somebody should answer for: more time, sales without proof, settings.

METHOD points 8 and 10. Out of the Journal, and of the base as it stands where the period reaches
up to today. Pure; how it is shown is the command line's and the tab's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sheetsync.i18n import Language, marked
from sheetsync.method.codes import SectionCode
from sheetsync.reporting.layout.model import words_of
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.rules.changes.authority import is_guarded, why_unguarded
from sheetsync.rules.changes.journal_data import data_of
from sheetsync.rules.changes.settings_changes import journalled_settings
from sheetsync.rules.checks.method_violations import CODES
from sheetsync.schema import Problem, Severity
from sheetsync.values import EPOCH
from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.journal import JournalLine, LineKind

MORE_TIME, NO_PROOF, SETTING, FINDING = (
    "more_time",
    "sales_without_proof",
    "settings",
    "findings",
)
TITLES: Mapping[str, str] = {
    MORE_TIME: marked("More time than the method gives"),
    NO_PROOF: marked("Sales without proof"),
    SETTING: marked("Changes of settings"),
    FINDING: marked("Findings that nobody has answered"),
}
"""The lists of an audit in their order."""
_UNDO = "undo"
YEAR = 366
"""Days that findings reach back."""


class Period(NamedTuple):
    """The days that an audit is about, both included."""

    first: date
    last: date

    def has(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.first <= day <= self.last


class AuditLine(NamedTuple):
    """One thing to answer for. `day`: None where it stands now and since when is not known."""

    day: date | None
    id: str
    company: str
    manager: str
    what: str


class Audit(NamedTuple):
    """An audit. `unguarded`: why whoever did it has no name, "" where authority is guarded."""

    period: Period
    unguarded: str
    lists: Mapping[str, tuple[AuditLine, ...]]


def audit_of(facts: Facts, period: Period, language: Language) -> Audit:
    """Return everything in a period that somebody should answer for, the oldest first."""
    auditor = _Auditor(facts, period, language)
    lists = {
        MORE_TIME: auditor.more_time(),
        NO_PROOF: auditor.without_proof(),
        SETTING: auditor.settings(),
        FINDING: auditor.findings(),
    }
    snapshot = facts.projection.snapshot
    unguarded = ""
    if not is_guarded(snapshot, facts.policy):
        unguarded = why_unguarded(snapshot, language)
    in_order = {name: _in_order(lines) for name, lines in lists.items()}
    return Audit(period, unguarded, in_order)


def _in_order(lines: Iterator[AuditLine]) -> tuple[AuditLine, ...]:
    def place(line: AuditLine) -> tuple[date, str, str, str]:
        return line.day or date.max, line.company, line.id, line.what

    return tuple(sorted(dict.fromkeys(lines), key=place))


class _Auditor:
    """What is read, and how it is worded."""

    def __init__(
        self, facts: Facts, period: Period, language: Language
    ) -> None:
        self.facts = facts
        self.period = period
        self.language = language
        self.text = language.text
        lately = [line for line in facts.journal if period.has(_day_of(line))]
        self.lines: Sequence[JournalLine] = lately
        self.up_to_now = period.last >= facts.today

    def _line(self, line: JournalLine, what: str) -> AuditLine:
        return AuditLine(
            _day_of(line), line.id, line.company, line.manager, what
        )

    def more_time(self) -> Iterator[AuditLine]:
        """Go through what gave a row time: extensions, new clocks, holds."""
        for line in self.lines:
            what = self._time_given(line)
            if what:
                yield self._line(line, what)
        if self.up_to_now:
            yield from self._standing_extensions()

    def _time_given(self, line: JournalLine) -> str:
        """Say what a line of the Journal gave a row; "" for no time."""
        data = data_of(line) or {}
        change = f"{line.before or '—'} → {line.after or '—'}"
        if line.what == LineKind.EDITED and _extends(data):
            return f"{line.why}: {change}"
        if line.what == LineKind.MOVED and data.get("rule") == _UNDO:
            return self.text("brought back by an undo, and held")
        if line.what != LineKind.NOTICED:
            return ""
        kind = str(data.get("kind"))
        if kind.startswith("exten"):
            return f"{line.why}: {change}"
        if kind == "returned" and _has_new_clock(data):
            return self.text("came back into work with a new clock")
        return ""

    def _standing_extensions(self) -> Iterator[AuditLine]:
        """Go through the rows whose deadline stands moved now, whoever typed it."""
        base = self.facts.projection.base
        moved = base["extensions"] > 0
        for index, row in records_of(base, moved & base["due"].notna()):
            what = self.language.plural(
                "deadline moved {n} time, until {date}",
                "deadline moved {n} times, until {date}",
                int(base.at[index, "extensions"]),
                date=self.language.date(row["due"].date()),
            )
            yield self._of_row(row, what)

    def _of_row(
        self, row: Mapping[str, Any], what: str, day: date | None = None
    ) -> AuditLine:
        return AuditLine(
            day,
            words_of(row["id"]),
            words_of(row["company"]),
            words_of(row["manager"]),
            what,
        )

    def without_proof(self) -> Iterator[AuditLine]:
        """Go through the rows that came to the clients and have no payment."""
        fields = self.facts.projection.fields.get(SectionCode.CLIENTS, ())
        # Of a base that writes no payments down nothing is known.
        if "paid_on" not in fields:
            return
        came = {line.id: line for line in self.lines if _to_clients(line)}
        base = self.facts.projection.base
        unpaid = (base["section"] == SectionCode.CLIENTS) & base[
            "paid_on"
        ].isna()
        for _, row in records_of(base, unpaid & base["id"].isin(came)):
            line = came[str(row["id"])]
            what = self.text("stands with the clients without a payment")
            yield self._of_row(row, what, _day_of(line))

    def settings(self) -> Iterator[AuditLine]:
        """Go through the changes of settings."""
        for setting in journalled_settings(self.lines):
            line = setting.line
            change = f"{line.before or '—'} → {line.after or '—'}"
            yield self._line(line, f"{line.why}: {change}")

    def findings(self) -> Iterator[AuditLine]:
        """Go through what is against the method and was not put right, and what is wrong now."""
        rows = self.facts.projection.base
        for violation in _of_a_year(self.facts).violations:
            grave = violation.severity is Severity.WARNING
            day = violation.day
            if grave and (day is None or self.period.has(day)):
                row = rows.loc[violation.row_index].to_dict()
                yield self._of_row(
                    {**row, "manager": violation.manager},
                    violation.message,
                    day,
                )
        if self.up_to_now:
            yield from self._standing_problems()

    def _standing_problems(self) -> Iterator[AuditLine]:
        snapshot = self.facts.projection.snapshot
        sections = {tab.title: tab.section for tab in snapshot.tabs}
        for problem in self.facts.projection.plan.problems:
            if not _is_open(problem):
                continue
            place = (sections.get(problem.tab, ""), problem.row)
            index = snapshot.index_by_place.get(place)
            if index is not None:
                row = snapshot.base.loc[index].to_dict()
                yield self._of_row(row, problem.message)


def _of_a_year(facts: Facts) -> Facts:
    """Return facts whose findings reach back a year: a period may be over for long."""
    time = facts.policy.time.model_copy(update={"findings_days": YEAR})
    policy = facts.policy.model_copy(update={"time": time})
    return replace(facts, policy=policy)


def _is_open(problem: Problem) -> bool:
    return (
        problem.row > 0
        and problem.severity is not Severity.NOTICE
        and problem.code not in CODES
    )


def _extends(data: Mapping[str, Any]) -> bool:
    """Tell whether an edit moved a deadline; one that only tidied the cell gave no time."""
    return data.get("field") == "extended_to" and not data.get("repair")


def _has_new_clock(data: Mapping[str, Any]) -> bool:
    left = data.get("left_on")
    since = data.get("since")
    return bool(left) and bool(since) and str(since) >= str(left)


def _to_clients(line: JournalLine) -> bool:
    """Tell whether a line says that a row came to the clients."""
    if line.what == LineKind.MOVED:
        return line.after == SectionCode.CLIENTS
    data = data_of(line, "kind") if line.what == LineKind.NOTICED else None
    if data is None:
        return False
    came = data.get("after") if data["kind"] == "section" else None
    if data["kind"] == "added":
        came = data.get("section")
    return came == SectionCode.CLIENTS


def _day_of(line: JournalLine) -> date:
    return EPOCH + timedelta(days=int(line.when))


def month_before(today: date) -> Period:
    """Return the calendar month before a day's."""
    last = today.replace(day=1) - timedelta(days=1)
    return Period(last.replace(day=1), last)
