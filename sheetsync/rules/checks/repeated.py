"""Companies that may stand twice, said in the rows of both, and values that many companies share.

Only what is nearly sure is said in rows: the same tax number, phone or e-mail, or the same name
twice in a tab. All pairs stand on the revision; whether two rows are one client is `duplicates`'.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from sheetsync.rules.draft.changes import Changes
from sheetsync.rules.draft.night import Night, RowPlace
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.duplicates import (
    Crowd,
    Pair,
    crowds,
    find,
    reason_text,
)
from sheetsync.schema import Problem, Severity
from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.snapshot import as_text

if TYPE_CHECKING:
    from sheetsync.i18n import Language

REPEATED = "repeated"
"""The code of a row whose client seems to stand in another row too."""
SHARED = "shared_contact"
"""The code of a phone or an e-mail that is no single company's."""
SURE = ("tax_number", "phone", "email")
"""Reasons that are said in rows wherever the other one stands."""
CROWDS_NAMED = 3
"""Values that are reported one by one at most; more of them are one finding."""
_FORMS = re.compile(
    r"\b(?:ооо|оао|зао|пао|ао|ип|тоо|llc|ltd|inc|gmbh)\b|[\W_]+"
)
_COLUMNS = (
    "section",
    "company",
    "id",
    "manager",
    "tax_number",
    "phone",
    "email",
)


class Twin(NamedTuple):
    """A row that may be the same client as another, by its label in the base, and why."""

    row_index: int
    pair: Pair


Twins = Mapping[int, Sequence[Twin]]
"""By label: the rows that may be the same client, the surest first."""


def twins(base: pd.DataFrame) -> Twins:
    """Return which rows repeat which, as far as that is nearly sure.

    `base`: rows with `_COLUMNS`; the order of its rows does not matter.
    """
    candidates = base.loc[_sharing(base), [*_COLUMNS]]
    if not len(candidates):
        return {}
    ordered = candidates.sort_values(["company", "id"], kind="stable")
    sections = ordered["section"].to_dict()
    by_row = defaultdict[int, list[Twin]](list)
    for pair in find(ordered):
        here, there = sections[pair.first], sections[pair.second]
        in_one_tab = here == there and "company" in pair.reasons
        if in_one_tab or any(reason in SURE for reason in pair.reasons):
            by_row[pair.first].append(Twin(pair.second, pair))
            by_row[pair.second].append(Twin(pair.first, pair))
    return {
        index: sorted(of_row, key=lambda twin: -twin.pair.score)
        for index, of_row in by_row.items()
    }


def _sharing(base: pd.DataFrame) -> "pd.Series[bool]":
    """Mark the rows that share a value with another one: only these are compared."""
    sharing = pd.Series(data=False, index=base.index)
    for field in SURE:
        held = base[field]
        sharing |= held.notna() & held.duplicated(keep=False)
    names = [_bare_name(name) for name in base["company"].tolist()]
    named = pd.DataFrame({"section": base["section"], "name": names})
    in_one_tab = named.duplicated(keep=False) & (named["name"] != "")
    return sharing | in_one_tab


@lru_cache(maxsize=200_000)
def _bare_name(company: object) -> str:
    """Return a name without what tells no names apart: case, signs and legal forms.

    What is spelled otherwise stands on the revision.
    """
    return (
        _FORMS.sub("", company.casefold()) if isinstance(company, str) else ""
    )


def repeated_findings(draft: PlanDraft) -> Changes:
    """Say in the rows of each pair that the client may stand twice, and what many share."""
    rows = draft.after.rows
    words = _RepeatedWords(draft.night, rows)
    problems = [*words.of_rows(twins(rows)), *words.of_crowds(_crowds(rows))]
    return Changes(problems=tuple(problems))


def _crowds(rows: pd.DataFrame) -> tuple[Crowd, ...]:
    """Return the crowds of a base; of most rows nothing is shared, and they are not looked at."""
    shared = pd.Series(data=False, index=rows.index)
    for field in ("phone", "email"):
        held = rows[field]
        shared |= held.notna() & held.duplicated(keep=False)
    return crowds(rows.loc[shared, [*_COLUMNS]])


class _RepeatedWords:
    """Words what repeats. `rows`: every row as the moves leave it, by its label."""

    def __init__(self, night: Night, rows: pd.DataFrame) -> None:
        self.night = night
        self.rows = rows
        self.language: Language = night.language
        self.text = night.language.text

    def of_rows(self, twins_by_row: Twins) -> Iterator[Problem]:
        """Go through the findings of rows, each under the place where it was read."""
        labels = [*twins_by_row]
        read = dict(
            records_of(self.night.base.loc[labels], names=("section", "row"))
        )
        after = dict(records_of(self.rows.loc[labels], names=_COLUMNS))
        for index in labels:
            of_row = twins_by_row[index]
            place = RowPlace(
                str(read[index]["section"]), int(read[index]["row"])
            )
            twin = of_row[0]
            field = twin.pair.reasons[0]
            column = field if field in SURE else "company"
            texts = (
                self._message(twin, after[twin.row_index], len(of_row) - 1),
                self.text(
                    "If it is one client, decide “same as {id}”.",
                    id=after[twin.row_index]["id"],
                ),
            )
            yield self.night.problem(
                REPEATED, Severity.NOTICE, place, column, texts
            )

    def _message(self, twin: Twin, other: Mapping[str, Any], more: int) -> str:
        tab = self.night.snapshot.tab[str(other["section"])]
        parts = (tab.title, as_text(other["manager"]), as_text(other["id"]))
        message = self.text(
            "Perhaps the same client as “{company}” ({place}): {reasons}.",
            company=as_text(other["company"]) or self.text("(no name)"),
            place=" · ".join(part for part in parts if part),
            reasons=reason_text(twin.pair, self.language),
        )
        if not more:
            return message
        others = self.language.plural(
            "And in {n} more row.", "And in {n} more rows.", more
        )
        return f"{message} {others}"

    def of_crowds(self, crowds: Sequence[Crowd]) -> Iterator[Problem]:
        """Go through the values that no single company owns; many of a kind are one finding."""
        for field in ("phone", "email"):
            of_field = [crowd for crowd in crowds if crowd.field == field]
            if len(of_field) > CROWDS_NAMED:
                yield self._all_crowds(field, of_field)
            else:
                for crowd in of_field:
                    yield self._crowd(crowd)

    def _crowd(self, crowd: Crowd) -> Problem:
        message = self.language.plural(
            "{value} stands on {n} company: a switchboard or a sample?",
            "{value} stands on {n} companies: a switchboard or a sample?",
            crowd.companies,
            value=crowd.value,
        )
        return self._problem(crowd, message)

    def _all_crowds(self, field: str, crowds: Sequence[Crowd]) -> Problem:
        heading = self.night.policy.words.name("columns", field)
        message = self.text(
            "{column}: {values} values stand on several companies each, in {rows} rows: "
            "switchboards or samples? For example {value}.",
            column=heading,
            values=self.language.number(len(crowds)),
            rows=self.language.number(sum(len(crowd.rows) for crowd in crowds)),
            value=crowds[0].value,
        )
        return self._problem(crowds[0], message)

    def _problem(self, crowd: Crowd, message: str) -> Problem:
        # Of several tabs, the first of the method's order.
        sections = {str(self.rows.at[row, "section"]) for row in crowd.rows}
        section = min(sections, key=self.night.policy.rank)
        tab = self.night.snapshot.tab[section]
        heading = tab.heading(crowd.field, self.night.policy)
        fix = self.text(
            "It tells no companies apart, and is not taken for a repetition."
        )
        return Problem(
            SHARED, Severity.NOTICE, tab.title, 0, heading, message, fix
        )
