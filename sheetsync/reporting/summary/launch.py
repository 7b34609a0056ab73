"""The launch checklist of the summary: a percentage for each point of the method, what is missing.

Nothing where no tab of the playbook is there. What is asked of a tab's rows is `playbook.checks`'.
"""

from collections.abc import Iterator, Sequence

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.codes import LabelCode
from sheetsync.playbook.checks import CheckedBy, ChecklistItem
from sheetsync.playbook.launch import PointProgress, launch_progress
from sheetsync.reporting.layout.lines import (
    Allowance,
    head_cells,
    heading_lines,
    more_line,
)
from sheetsync.reporting.layout.model import BLANK, ReportCell, ReportLine
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.rules.draft.trial import TrialPhase, phase_of
from sheetsync.values import fold

MISSING_SHOWN = 2
"""Things missing that are told of a point; the others are counted."""
OBJECTIONS = "objections"
"""The key of the tab of objections, and of its table."""
OBJECTIONS_SHOWN = 15
"""Objections that are listed at most, the most frequent first."""


def launch_lines(facts: Facts, language: Language) -> Iterator[ReportLine]:
    """Go through the points with their shares; nothing where no playbook is laid out."""
    readings = facts.projection.snapshot.playbook
    if not readings:
        return
    by = CheckedBy(facts.policy, language, facts.today, _people(facts))
    told = _BaseItems(facts, language).by_point()
    points = launch_progress(readings, told, by)
    done = sum(point.share for point in points) / len(points)
    text = language.text
    note = text(
        "done in all: {percent}%; counted by the base and by the playbook's tabs",
        percent=language.number(int(100 * done)),
    )
    yield from heading_lines("launch", text("Launch of the department"), note)
    heads = head_cells(
        (text("Point"), text("Done"), "", text("What is missing"))
    )
    yield ReportLine("columns:launch", heads)
    for point in points:
        yield _point_line(point, language)


def _point_line(point: PointProgress, language: Language) -> ReportLine:
    name = f"{point.point}. {language.text(point.title)}"
    # Down, so that a hundred says that nothing is missing.
    share = int(100 * point.share) / 100
    missing = point.missing
    words = " ".join(missing[:MISSING_SHOWN])
    if len(missing) > MISSING_SHOWN:
        more = language.plural(
            "and {n} more", "and {n} more", len(missing) - MISSING_SHOWN
        )
        words = f"{words} ({more})"
    cells = (
        ReportCell(name, "text"),
        ReportCell(share, "percent"),
        BLANK,
        ReportCell(words or None, "note"),
    )
    return ReportLine(f"launch:{point.point}", cells)


def _people(facts: Facts) -> frozenset[str]:
    """Return the folded names of whoever may be named on the playbook's tabs."""
    policy = facts.policy
    names = [*policy.member, *facts.managers, policy.head.name]
    names.append(policy.deputy.name)
    return frozenset(fold(name) for name in names if name)


class _BaseItems:
    """What the base itself tells of the points."""

    def __init__(self, facts: Facts, language: Language) -> None:
        self.facts = facts
        self.policy = facts.policy
        self.text = language.text

    def by_point(self) -> dict[str, tuple[ChecklistItem, ...]]:
        """Return the items by the point that they are of."""
        return {
            "0": (self._head(),),
            "2": (self._owned(),),
            "3": (self._sections(),),
            "4": (self._thresholds(), self._labelled()),
            "5": (self._categorised(),),
            "6": (self._states(),),
            "7": (self._lists(),),
            "8": (self._in_time(),),
            "9": (self._trial(),),
            "10": (self._planned(), self._reviewed()),
        }

    def _head(self) -> ChecklistItem:
        named = bool(self.policy.head.name)
        message = self.text("The Settings tab names no head of sales.")
        return ChecklistItem(float(named), message)

    def _owned(self) -> ChecklistItem:
        rows = self.facts.rows
        return _share(
            rows.loc[rows["working"], "manager"].notna(),
            self.text("There are companies in work without a manager."),
        )

    def _sections(self) -> ChecklistItem:
        there = self.facts.projection.snapshot.tab
        codes = self.policy.codes("sections")
        missing = [code for code in codes if code not in there]
        names = ", ".join(
            self.policy.words.name("sections", code) for code in missing
        )
        message = self.text("No tabs: {tabs}.", tabs=names)
        done = 1 - len(missing) / len(codes)
        return ChecklistItem(done, message)

    def _thresholds(self) -> ChecklistItem:
        sizes = [
            label
            for label in self.policy.labels
            if label.code != LabelCode.OFF_PROFILE
        ]
        told = [label for label in sizes if label.at_least is not None]
        message = self.text(
            "The Settings tab does not say from what amount on a client is large, medium or small."
        )
        # Whatever no threshold tells is of the smallest size.
        wanted = max(1, len(sizes) - 1)
        return ChecklistItem(min(1.0, len(told) / wanted), message)

    def _labelled(self) -> ChecklistItem:
        return self._filled(
            "label", self.text("Not every company in work has a label.")
        )

    def _categorised(self) -> ChecklistItem:
        return self._filled(
            "category", self.text("Not every company in work has a category.")
        )

    def _filled(self, field: str, message: str) -> ChecklistItem:
        rows = self.facts.rows
        return _share(rows.loc[rows["load"], field].notna(), message)

    def _states(self) -> ChecklistItem:
        message = self.text("Not every company has a state that can be read.")
        return _share(self.facts.rows["state"].notna(), message)

    def _lists(self) -> ChecklistItem:
        facts = self.facts
        loads = facts.rows.loc[facts.rows["load"], "manager"].value_counts()
        least = self.policy.cap.min
        fitting = [
            least <= int(loads.get(name, 0)) <= facts.limit(name)
            for name in facts.managers
        ]
        message = self.text(
            "Not every working list holds as many companies as the Settings tab says."
        )
        return _share(pd.Series(fitting, dtype=bool), message)

    def _in_time(self) -> ChecklistItem:
        rows = self.facts.rows
        in_work = rows.loc[rows["working"]]
        states = self.policy.states_where("clocked")
        clocked = in_work[in_work["state"].isin(states)]
        message = self.text(
            "For some companies in work the deadline is unknown or over."
        )
        return _share(clocked["left"] >= 0, message)

    def _trial(self) -> ChecklistItem:
        phase = phase_of(self.facts.projection.trial, self.facts.today)
        if phase is TrialPhase.ENDED:
            return ChecklistItem(1.0, "")
        if phase is not TrialPhase.NONE:
            return ChecklistItem(0.5, self.text("The trial goes on."))
        message = self.text(
            "No trial of the model was held: its first day goes on the Settings tab."
        )
        return ChecklistItem(0.0, message)

    def _planned(self) -> ChecklistItem:
        rows = self.facts.rows
        in_work = rows.loc[rows["working"]]
        planned = ~(in_work["overdue"] | in_work["no_step"])
        message = self.text("There are overdue steps, or none is planned.")
        return _share(planned, message)

    def _reviewed(self) -> ChecklistItem:
        asked = self.policy.review.actions > 0
        message = self.text("The revision of actions is switched off.")
        return ChecklistItem(float(asked), message)


def _share(marks: "pd.Series[bool]", message: str) -> ChecklistItem:
    """Return which share of rows is marked; of no rows nothing is done yet."""
    if not len(marks):
        return ChecklistItem(0.0, message)
    return ChecklistItem(float(marks.mean()), message)


def objection_lines(facts: Facts, language: Language) -> Iterator[ReportLine]:
    """Go through the objections of the playbook that refusals name as their reason, by number."""
    counted = _counted_objections(facts)
    if not counted:
        return
    text = language.text
    title = text("Objections that refusals end with")
    note = text(
        "refusals that stand in the archives, by the reason of the objection"
    )
    yield from heading_lines("objections", title, note)
    for number, (objection, count, answer) in enumerate(
        Allowance(OBJECTIONS_SHOWN).take(counted)
    ):
        cells = (
            ReportCell(objection, "text"),
            ReportCell(count, "number"),
            BLANK,
            ReportCell(answer or None, "note"),
        )
        yield ReportLine(f"objection:{number}", cells)
    if len(counted) > OBJECTIONS_SHOWN:
        left = len(counted) - OBJECTIONS_SHOWN
        yield more_line("objections:more", left, language)


def _counted_objections(facts: Facts) -> Sequence[tuple[str, int, str]]:
    """Return the objections with their refusals and answers, the most frequent first."""
    counts = facts.rows["refusal_reason"].value_counts()
    counted: list[tuple[str, int, str]] = []
    for reading in facts.projection.snapshot.playbook:
        table = reading.section(OBJECTIONS)
        if reading.tab.key != OBJECTIONS or table is None:
            continue
        for row in table.rows:
            reason = row.cell("reason").value
            refusals = int(counts.get(reason, 0)) if reason else 0
            if refusals:
                answer = row.cell("answer").raw
                counted.append((row.cell("objection").raw, refusals, answer))
    return sorted(counted, key=lambda line: -line[1])
