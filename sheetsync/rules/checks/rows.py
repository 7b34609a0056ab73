"""What is wrong with each row, in words: unreadable cells, what its state requires, an odd date.

Gathers and never raises; a finding says what to do. Which findings stop a move is the enforcer's.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import cast

import numpy as np
import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.method.terms import State
from sheetsync.schema import Problem, Severity, explain
from sheetsync.values import clean
from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.snapshot import DECIDING, RowRecord, Tab

LED = (SectionCode.WORKING, SectionCode.CLIENTS)
"""The sections in which every row is asked for its manager."""


def row_findings(
    tabs: Sequence[Tab],
    policy: Policy,
    language: Language,
    today: date,
    contradicted: Collection[tuple[int, str]] = frozenset(),
) -> Iterator[Problem]:
    """Go through everything that can be said of the rows of these tabs, tab by tab.

    `contradicted`: cells (row, field) of which a contradiction says already that they are empty.
    """
    for tab in tabs:
        findings = _TabFindings(tab, policy, language)
        yield from findings.unreadable()
        yield from findings.without_what_everyone_is_asked()
        yield from findings.without_what_states_require(contradicted)
        yield from findings.dates_in_the_future(today)


@dataclass(frozen=True)
class _TabFindings:
    """What is wrong with the rows of one tab."""

    tab: Tab
    policy: Policy
    language: Language

    def unreadable(self) -> Iterator[Problem]:
        """Explain every cell that could not be read."""
        for faulty in self.tab.faulty:
            heading = self._heading(faulty.field)
            fault = faulty.fault.code
            message, fix = explain(faulty, heading, self.policy, self.language)
            stops_moves = faulty.field in (*DECIDING, "began")
            severity = Severity.ERROR if stops_moves else Severity.WARNING
            code = (
                f"unknown_{faulty.field}" if fault == "unknown_word" else fault
            )
            yield Problem(
                code,
                severity,
                self.tab.title,
                faulty.row,
                heading,
                message,
                fix,
            )

    def without_what_everyone_is_asked(self) -> Iterator[Problem]:
        """Go through the rows without company, state, manager, phone or e-mail."""
        asked = ["company", "state"]
        if self.tab.section in LED:
            asked.append("manager")
        for field in asked:
            if field in self.tab.fields:
                yield from self._empty(field)
        yield from self._without_contact()

    def _empty(self, field: str) -> Iterator[Problem]:
        """Go through the rows in which nothing stands in a field."""
        text = self.language.text
        message = text("{column}: empty.", column=self._heading(field))
        for row in self._rows(self.tab.frame[field].isna()):
            # A cell that cannot be read is not empty, and has been explained as what it is.
            if (row["row"], field) not in self._unread:
                yield self._problem(
                    f"no_{field}",
                    Severity.ERROR,
                    row,
                    field,
                    (message, text("Fill it in.")),
                )

    def _without_contact(self) -> Iterator[Problem]:
        contacts = [
            field for field in ("phone", "email") if field in self.tab.fields
        ]
        if not contacts:
            return
        text = self.language.text
        texts = (
            text("Neither phone nor e-mail."),
            text("Fill in one of them."),
        )
        for row in self._rows(self.tab.frame[contacts].isna().all(axis=1)):
            if not any(
                (row["row"], field) in self._unread for field in contacts
            ):
                yield self._problem(
                    "no_contact", Severity.WARNING, row, contacts[0], texts
                )

    def without_what_states_require(
        self, contradicted: Collection[tuple[int, str]]
    ) -> Iterator[Problem]:
        """Go through the rows that lack what their state requires."""
        asking: dict[str, list[str]] = {}
        present = set(self.tab.frame["state"].dropna().tolist())
        for state in self.policy.states:
            if state.requires and state.code in present:
                in_state = self.tab.frame["state"] == state.code
                for field in state.requires:
                    # A column that the tab lacks is one finding: no row can be asked to fill it in.
                    if field not in self.tab.fields:
                        name = self.policy.words.name("states", state.code)
                        asking.setdefault(field, []).append(name)
                yield from self._incomplete(state, in_state, contradicted)
        for field, states in asking.items():
            yield self._no_column(field, states)

    def _incomplete(
        self,
        state: State,
        in_state: "pd.Series[bool]",
        contradicted: Collection[tuple[int, str]],
    ) -> Iterator[Problem]:
        present = [
            field for field in state.requires if field in self.tab.fields
        ]
        if not present:
            return
        name = self.policy.words.name("states", state.code)
        lacks = {field: self.tab.frame[field].isna() for field in present}
        lacks_any = in_state & np.logical_or.reduce([*lacks.values()])
        of_rows = [lacks[field][lacks_any].tolist() for field in present]
        lacking = zip(*of_rows, strict=True)
        for row, empty in zip(self._rows(lacks_any), lacking, strict=True):
            fields = []
            for field, is_empty in zip(present, empty, strict=True):
                cell = (row["row"], field)
                if (
                    is_empty
                    and cell not in self._unread
                    # A contradiction says already that it is empty, and one thing is told once.
                    and cell not in contradicted
                ):
                    fields.append(field)
            if fields:
                headings = ", ".join(
                    self.language.quoted(self._heading(field))
                    for field in fields
                )
                message = self.language.text(
                    "For the state “{state}” fill in: {columns}.",
                    state=name,
                    columns=headings,
                )
                yield self._problem(
                    "incomplete",
                    Severity.WARNING,
                    row,
                    fields[0],
                    (message, ""),
                )

    def _no_column(self, field: str, states: Sequence[str]) -> Problem:
        text = self.language.text
        heading = self._heading(field)
        message = text(
            "The tab has no column “{heading}”; the states {states} ask for it.",
            heading=heading,
            states=", ".join(states),
        )
        fix = text("Add the column when you want it checked.")
        return Problem(
            "no_column",
            Severity.NOTICE,
            self.tab.title,
            0,
            heading,
            message,
            fix,
        )

    def dates_in_the_future(self, today: date) -> Iterator[Problem]:
        """Go through the dates that cannot be: work or a contact in the future."""
        text = self.language.text
        for field in ("began", "last_contact"):
            if field not in self.tab.fields:
                continue
            for row in self._rows(
                self.tab.frame[field] > pd.Timestamp(today), field
            ):
                day: pd.Timestamp = row[field]
                message = text(
                    "{column}: {date} is in the future.",
                    column=self._heading(field),
                    date=self.language.date(day.date()),
                )
                texts = (message, text("Check the date."))
                yield self._problem(
                    "future_date", Severity.WARNING, row, field, texts
                )

    @cached_property
    def _unread(self) -> frozenset[tuple[int, str]]:
        """Cells (row, field) that hold what cannot be read: they are not empty."""
        return frozenset(
            (faulty.row, faulty.field) for faulty in self.tab.faulty
        )

    def _rows(
        self, mask: "pd.Series[bool]", *fields: str
    ) -> Iterator[RowRecord]:
        """Go through the marked rows: the number of each, and these fields of it."""
        for _, row in records_of(self.tab.frame, mask, ("row", *fields)):
            yield cast("RowRecord", row)

    def _heading(self, field: str) -> str:
        return self.tab.heading(field, self.policy)

    def _problem(
        self,
        code: str,
        severity: Severity,
        row: RowRecord,
        field: str,
        texts: tuple[str, str],
    ) -> Problem:
        place = (self.tab.title, row["row"], self._heading(field))
        return Problem(code, severity, *place, *texts)


def sentence(problem: Problem) -> str:
    """Join what is wrong and what to do into the words of the Problems column."""
    return f"{problem.message} {problem.fix}".strip()


def by_row(
    problems: Mapping[tuple[str, int], list[Problem]], limit: int = 3
) -> dict[tuple[str, int], str]:
    """Return the Problems column's text per (tab, row).

    The worst come first, at most `limit` of them, and then how many more there are.
    """
    order = list(Severity)
    texts = {}
    for place, found in problems.items():
        worst = sorted(found, key=lambda problem: order.index(problem.severity))
        shown = " ".join(
            dict.fromkeys(sentence(problem) for problem in worst[:limit])
        )
        more = f" (+{len(worst) - limit})" if len(worst) > limit else ""
        texts[place] = clean(shown + more)
    return texts
