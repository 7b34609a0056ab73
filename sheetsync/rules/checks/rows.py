"""What is wrong with each row, in words: unreadable cells, what its state requires, a contradiction, an odd date.

Gathers and never raises; a finding says what to do. Which findings stop a move is the enforcer's.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.rules.draft.plan_draft import DECIDING
from sheetsync.schema import Problem, Severity, explain
from sheetsync.values import clean
from sheetsync.workbook.snapshot import Tab


def unreadable(tab: Tab, policy: Policy, language: Language) -> Iterator[Problem]:
    """Explain every cell that could not be read."""
    for faulty in tab.faulty:
        message, fix = explain(faulty, tab.heading(faulty.field, policy), policy, language)
        severity = Severity.ERROR if faulty.field in (*DECIDING, "began") else Severity.WARNING
        code = (
            "unknown_" + faulty.field if faulty.fault.code == "unknown_word" else faulty.fault.code
        )
        yield Problem(
            code, severity, tab.title, faulty.row, tab.heading(faulty.field, policy), message, fix
        )


def _rows(tab: Tab, mask: "pd.Series[bool]", *fields: str) -> Iterator[dict[str, Any]]:
    """Go through the marked rows: the number of each, and these fields of it."""
    if mask.any():
        yield from tab.frame.loc[mask, ["row", *fields]].to_dict("records")


def _asked(tab: Tab, policy: Policy, language: Language) -> Iterator[Problem]:
    """Rows without what is asked of everyone: company, state, manager, phone or e-mail."""
    frame, text = tab.frame, language.text
    bad = {(faulty.row, faulty.field) for faulty in tab.faulty}
    wanted = ["company", "state"] + (["manager"] if tab.section in ("working", "clients") else [])
    for field in (name for name in wanted if name in tab.fields):
        heading = tab.heading(field, policy)
        for row in _rows(tab, frame[field].isna()):
            if (row["row"], field) not in bad:
                message, fix = text("{column}: empty.", column=heading), text("Fill it in.")
                yield Problem(
                    f"no_{field}", Severity.ERROR, tab.title, row["row"], heading, message, fix
                )
    contacts = [name for name in ("phone", "email") if name in tab.fields]
    if contacts:
        for row in _rows(tab, frame[contacts].isna().all(axis=1)):
            if not any((row["row"], name) in bad for name in contacts):
                heading = tab.heading(contacts[0], policy)
                message, fix = text("Neither phone nor e-mail."), text("Fill in one of them.")
                yield Problem(
                    "no_contact", Severity.WARNING, tab.title, row["row"], heading, message, fix
                )


def _required(
    tab: Tab, policy: Policy, language: Language, told: frozenset[tuple[int, str]] = frozenset()
) -> Iterator[Problem]:
    """Rows that lack what their state requires; a column that the tab lacks altogether is one finding."""
    frame, absent = tab.frame, dict[str, list[str]]()
    for state in policy.states:
        in_state = frame["state"] == state.code
        if not state.requires or not in_state.any():
            continue
        name = policy.words.name("states", state.code)
        for field in (field for field in state.requires if field not in tab.fields):
            absent.setdefault(field, []).append(name)
        present = [field for field in state.requires if field in tab.fields]
        missing = frame[present].isna()
        bad = {(faulty.row, faulty.field) for faulty in tab.faulty} | told
        for row, lacks in zip(
            _rows(tab, in_state), missing[in_state].to_dict("records"), strict=True
        ):
            fields = [field for field in present if lacks[field] and (row["row"], field) not in bad]
            if fields:
                headings = ", ".join(
                    language.quoted(tab.heading(field, policy)) for field in fields
                )
                message = language.text(
                    "For the state “{state}” fill in: {columns}.", state=name, columns=headings
                )
                yield Problem(
                    "incomplete",
                    Severity.WARNING,
                    tab.title,
                    row["row"],
                    tab.heading(fields[0], policy),
                    message,
                    "",
                )
    for field, states in absent.items():
        heading = tab.heading(field, policy)
        message = language.text(
            "The tab has no column “{heading}”; the states {states} ask for it.",
            heading=heading,
            states=", ".join(states),
        )
        yield Problem(
            "no_column",
            Severity.NOTICE,
            tab.title,
            0,
            heading,
            message,
            language.text("Add the column when you want it checked."),
        )


def _odd_dates(tab: Tab, policy: Policy, language: Language, today: date) -> Iterator[Problem]:
    """Dates that cannot be: work or a contact in the future."""
    now = pd.Timestamp(today)
    for field in (name for name in ("began", "last_contact") if name in tab.fields):
        heading = tab.heading(field, policy)
        for row in _rows(tab, tab.frame[field] > now, field):
            message = language.text(
                "{column}: {date} is in the future.",
                column=heading,
                date=language.date(row[field].date()),
            )
            yield Problem(
                "future_date",
                Severity.WARNING,
                tab.title,
                row["row"],
                heading,
                message,
                language.text("Check the date."),
            )


def row_findings(
    tabs: Sequence[Tab],
    policy: Policy,
    language: Language,
    today: date,
    told: frozenset[tuple[int, str]] = frozenset(),
) -> Iterator[Problem]:
    """Everything that can be said of the rows of these tabs, tab by tab.

    `told`: cells (row, field) of which it is said elsewhere that they are empty.
    """
    for tab in tabs:
        yield from unreadable(tab, policy, language)
        yield from _asked(tab, policy, language)
        yield from _required(tab, policy, language, told)
        yield from _odd_dates(tab, policy, language, today)


def sentence(problem: Problem) -> str:
    """Join what is wrong and what to do into the words of the Problems column."""
    return f"{problem.message} {problem.fix}".strip()


def by_row(
    problems: Mapping[tuple[str, int], list[Problem]], limit: int = 3
) -> dict[tuple[str, int], str]:
    """Return the Problems column's text per (tab, row): the worst first, at most `limit` and then a count."""
    order = list(Severity)
    texts = {}
    for place, found in problems.items():
        worst = sorted(found, key=lambda problem: order.index(problem.severity))
        shown = " ".join(dict.fromkeys(sentence(problem) for problem in worst[:limit]))
        texts[place] = clean(shown + (f" (+{len(worst) - limit})" if len(worst) > limit else ""))
    return texts
