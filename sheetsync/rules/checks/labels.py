"""Labels against what a client is worth: contradicting, missing, out of place (METHOD point 4).

Nothing is written: what a client is, people say. A label without a threshold is not told by an
amount, and not checked.
"""

from collections.abc import Iterator

import pandas as pd

from sheetsync.method.codes import LabelCode, SectionCode, StateCode
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, Label
from sheetsync.rules.deadlines.clocks import at_work, kinds
from sheetsync.rules.deadlines.label_time import fitting, steps, threshold
from sheetsync.rules.deadlines.measures import measures
from sheetsync.rules.draft.changes import Changes
from sheetsync.rules.draft.night import ClockedRow, Night, RowPlace, records
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.routes import first_rule, target_section
from sheetsync.schema import Problem, Severity, money

CODES = (
    "label_differs",
    "label_suggested",
    "off_profile_here",
    "unknown_label",
    "unknown_category",
)
"""The findings about labels and categories, as the summary counts them."""
UNMEASURED = (SectionCode.HARD_REFUSAL,)
"""The sections in which nobody's label is measured any more."""


def label_findings(draft: PlanDraft) -> Changes:
    """Report labels that contradict the thresholds, that are missing, or that belong elsewhere."""
    after = draft.after.clocked.assign(due=draft.after.times["due"])
    problems: list[Problem] = []
    measured = steps(draft.night.policy)
    if measured:
        problems.extend(_Thresholds(draft.night, measured).against(after))
    problems.extend(_off_profile_elsewhere(draft.night, after))
    return Changes(problems=tuple(problems))


def _problem(
    night: Night,
    index: int,
    code: str,
    severity: Severity,
    texts: tuple[str, str],
) -> Problem:
    """Make a problem of a row's label, under the place where the row was read."""
    place = RowPlace(
        night.base.at[index, "section"], int(night.base.at[index, "row"])
    )
    return night.problem(code, severity, place, "label", texts)


class _Thresholds:
    """Words what the thresholds say of rows. `steps`: labels that have one, the lowest first."""

    def __init__(self, night: Night, steps: list[Label]) -> None:
        self.night = night
        self.steps = steps
        self.policy = night.policy
        self.text = night.language.text
        self.amounts = measures(night.snapshot.tabs, night.policy)

    def against(self, after: pd.DataFrame) -> Iterator[Problem]:
        """Go through the rows whose label differs from what their amount tells, or is missing."""
        fits = self._fitting_codes(after)
        checked = self.amounts.notna() & ~after["section"].isin(UNMEASURED)
        stepped = after["label"].isin([label.code for label in self.steps])
        differs = checked & stepped & (after["label"] != fits)
        having = after["section"].isin(self.night.sections_with("label"))
        # A label that cannot be read is not missing: it has a finding of its own.
        readable = having & ~self.night.faults(["label"])
        empty = checked & readable & after["label"].isna() & fits.notna()
        for index, row in records(after[["label", "state"]], differs | empty):
            amount = float(self.amounts[index])
            label = fitting(amount, self.policy)
            if not empty[index]:
                yield self._differing(index, str(row["label"]), amount, label)
            elif label is not None and pd.notna(row["state"]):
                yield self._suggested(index, amount, label)

    def _fitting_codes(self, after: pd.DataFrame) -> "pd.Series[object]":
        """Return the code that each row's amount tells; NaN where it reaches no threshold."""
        edges = pd.Index([label.at_least for label in self.steps])
        # -1 lies below every threshold: without an amount no label is told.
        reached = edges.searchsorted(self.amounts.fillna(-1), side="right")
        codes = {
            count: label.code for count, label in enumerate(self.steps, start=1)
        }
        fits: pd.Series[object] = pd.Series(reached, index=after.index).map(
            codes
        )
        return fits

    def _differing(
        self, index: int, code: str, amount: float, fits: Label | None
    ) -> Problem:
        own = self.policy.label[code]
        if fits is not None and amount >= threshold(own):
            message = self.text(
                "“{column}” is {amount}; from {limit} on that is “{label}”.",
                column=self._measure,
                amount=self._money(amount),
                **self._words(fits),
            )
        else:
            message = self.text(
                "“{column}” is {amount}, and “{label}” begins at {limit}.",
                column=self._measure,
                amount=self._money(amount),
                **self._words(own),
            )
        if fits is None or amount >= threshold(own):
            fix = self.text("Correct the label or the amount.")
        else:
            fix = self.text(
                "By the amount it is “{label}” (from {limit} on): correct one of the two.",
                **self._words(fits),
            )
        return _problem(
            self.night, index, "label_differs", Severity.WARNING, (message, fix)
        )

    def _suggested(self, index: int, amount: float, fits: Label) -> Problem:
        message = self.text(
            "No label; by “{column}” ({amount}) it is “{label}”.",
            column=self._measure,
            amount=self._money(amount),
            label=self.policy.words.name("labels", fits.code),
        )
        return _problem(
            self.night, index, "label_suggested", Severity.NOTICE, (message, "")
        )

    @property
    def _measure(self) -> str:
        """The heading of the column that labels are told by."""
        heading = self.policy.label_by
        if heading in self.policy.column:
            return self.policy.words.name("columns", heading)
        return heading

    def _money(self, amount: float) -> str:
        return money(amount, self.policy, self.night.language)

    def _words(self, label: Label) -> dict[str, str]:
        """Return how a label and its threshold are written."""
        name = self.policy.words.name("labels", label.code)
        return {"label": name, "limit": self._money(threshold(label))}


def _off_profile_elsewhere(
    night: Night, after: pd.DataFrame
) -> Iterator[Problem]:
    """Go through the off-profile companies outside their section that no rule takes there."""
    policy = night.policy
    text = night.language.text
    label_code = LabelCode.OFF_PROFILE
    home = SectionCode.HARD_REFUSAL
    if label_code not in policy.label or home not in policy.section:
        return
    misplaced = (after["label"] == label_code) & (after["section"] != home)
    misplaced &= (kinds(after) != MIXED) & after["state"].notna()
    # Where a deadline runs, the rules on expiry take the row there by themselves.
    misplaced &= ~(at_work(after) & after["due"].notna())
    for index, row in records(after, misplaced):
        if _rests(row, policy):
            message = text(
                "“{label}” belongs in “{section}”, and no rule takes the row there from here.",
                label=policy.words.name("labels", label_code),
                section=policy.words.name("sections", home),
            )
            refusal = policy.words.name("states", StateCode.REFUSAL)
            fix = text(
                "Set the state “{state}”, or correct the label.", state=refusal
            )
            yield _problem(
                night,
                index,
                "off_profile_here",
                Severity.WARNING,
                (message, fix),
            )


def _rests(row: ClockedRow, policy: Policy) -> bool:
    """Tell whether no rule by state takes a row away, or to a person."""
    rule = first_rule(policy.by_state, row)
    if rule is None:
        return True
    return (
        rule.to != "person"
        and target_section(rule, row, policy) == row["section"]
    )
