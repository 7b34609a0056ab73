"""What the playbook's tabs say of the night: steps of the algorithm (METHOD point 3a), tabs gone.

A suggestion stands beside a row that lacks its next step; nothing moves by it.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sheetsync.i18n import Language
from sheetsync.playbook.algorithm import Suggestion, algorithm_of
from sheetsync.rules.draft.changes import Changes
from sheetsync.rules.draft.night import RowPlace
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.schema import Problem, Severity
from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.playbook_tabs import GONE_DAYS, missing_playbook
from sheetsync.workbook.snapshot import Snapshot, as_date, as_text

if TYPE_CHECKING:
    from sheetsync.playbook.reading import SectionReading

SUGGESTED = "suggested_step"
"""The code of what the algorithm suggests for a row without a next step."""
LATE = "late_by_algorithm"
"""The code of a row that is late by the algorithm, and for which nothing is planned."""


class _Step(NamedTuple):
    """What is known of a row's next step."""

    text: str
    day: date | None


def playbook_problems(
    snapshot: Snapshot, language: Language, today: date
) -> Iterator[Problem]:
    """Go through the playbook's tabs that are gone, and the tables and columns that are."""
    yield from _gone(snapshot, language, today)
    for reading in snapshot.playbook:
        for table in reading.sections:
            yield from _changed(reading.title, table, language)


def _gone(
    snapshot: Snapshot, language: Language, today: date
) -> Iterator[Problem]:
    text = language.text
    for tab in missing_playbook(snapshot.book):
        gone_on = tab.gone_on or today
        if today >= gone_on + timedelta(days=GONE_DAYS):
            continue
        message = text(
            "The playbook's tab “{tab}” is gone: nothing goes by it any more.",
            tab=tab.title,
        )
        fix = text(
            "`sheetsync init BOOK --playbook-tab {key}` lays it out again as it began. "
            "If it is not needed, nothing is to be done.",
            key=tab.key,
        )
        yield Problem(
            "playbook_gone", Severity.WARNING, tab.title, 0, "", message, fix
        )


def _changed(
    title: str, table: "SectionReading", language: Language
) -> Iterator[Problem]:
    text = language.text
    name = table.section.title
    if not table.found:
        message = text("The headings of “{table}” are gone.", table=name)
    elif table.missing:
        columns = ", ".join(
            language.quoted(column.title) for column in table.missing
        )
        message = text(
            "“{table}” has no columns {columns} any more: nothing goes by them.",
            table=name,
            columns=columns,
        )
    else:
        return
    fix = text(
        "Write the headings as they were; where they stand is no matter."
    )
    yield Problem(
        "playbook_headings", Severity.WARNING, title, 0, name, message, fix
    )


def algorithm_findings(draft: PlanDraft) -> Changes:
    """Say what comes next by the algorithm, of rows in work for which nothing is planned."""
    night = draft.night
    algorithm = algorithm_of(night.snapshot.playbook)
    if not algorithm.steps:
        return Changes()
    after = draft.after.clocked
    states = [
        state
        for state in night.policy.states_where("in_work")
        if state in algorithm.steps
    ]
    wanted = after["state"].isin(states)
    sections = night.base["section"].tolist()
    numbers = night.base["row"].tolist()
    problems = []
    names = ("state", "last_contact", "next_step", "next_on")
    for index, row in records_of(after, wanted, names):
        suggestion = algorithm.suggestion(
            as_text(row["state"]), as_date(row["last_contact"])
        )
        step = _Step(as_text(row["next_step"]), as_date(row["next_on"]))
        finding = _finding(suggestion, step, night.today, night.language)
        if finding is None:
            continue
        place = RowPlace(sections[index], int(numbers[index]))
        code, severity, message = finding
        problems.append(
            night.problem(code, severity, place, "next_step", (message, ""))
        )
    return Changes(problems=tuple(problems))


def _finding(
    suggestion: Suggestion | None, step: _Step, today: date, language: Language
) -> tuple[str, Severity, str] | None:
    """Return code, severity and words of what is said of a row; None where nothing is."""
    if suggestion is None:
        return None
    planned = step.day is not None and step.day >= today
    if (
        suggestion.until is not None
        and suggestion.until < today
        and not planned
    ):
        message = language.text(
            "Late by the algorithm: {action}, by {day}.",
            action=suggestion.action,
            day=language.day(suggestion.until),
        )
        return LATE, Severity.WARNING, message
    if step.text and step.day is not None:
        return None
    return SUGGESTED, Severity.NOTICE, suggestion_words(suggestion, language)


def suggestion_words(suggestion: Suggestion, language: Language) -> str:
    """Say what the algorithm suggests."""
    if suggestion.until is None:
        return language.text(
            "By the algorithm: {action}.", action=suggestion.action
        )
    return language.text(
        "By the algorithm: {action}, by {day}.",
        action=suggestion.action,
        day=language.day(suggestion.until),
    )
