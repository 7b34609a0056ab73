"""Labels against what a client is worth (METHOD point 4): one that contradicts the thresholds, one that is missing, one out of place.

Nothing is written: what a client is, people say. A label without a threshold is not told by an amount, and not checked.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, Column, Label
from sheetsync.rules.deadlines.clocks import at_work, kinds
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.routes import first, target
from sheetsync.schema import Severity, money, read_column
from sheetsync.values import fold
from sheetsync.workbook.snapshot import Record, Tab

CODES = (
    "label_differs",
    "label_suggested",
    "off_profile_here",
    "unknown_label",
    "unknown_category",
)
"""The findings about labels and categories, as the summary counts them."""
OFF_PROFILE, OUTSIDE = "off_profile", ("hard_refusal",)
"""The label of who is not ours; and the sections where nobody is measured any more."""


def measures(tabs: tuple[Tab, ...], policy: Policy) -> "pd.Series[float]":
    """Return what each row's label is told by, on the index of the base; NaN where there is no amount that can be read."""
    found = [_measured(tab, policy) for tab in tabs]
    return pd.concat(found, ignore_index=True) if found else pd.Series(dtype="float64")


def _measured(tab: Tab, policy: Policy) -> "pd.Series[float]":
    by = policy.label_by
    if by in policy.column:
        return pd.to_numeric(tab.frame[by], errors="coerce").astype("float64")
    at = next((at for at, heading in enumerate(tab.headings) if fold(heading) == fold(by)), None)
    if at is None:
        return pd.Series(float("nan"), index=tab.frame.index, dtype="float64")
    cells = [tab.grid.cell(int(row) - 1, at) for row in tab.frame["row"]]
    readings = read_column(cells, Column(field=by, type="amount"), policy)
    return pd.Series(
        [reading.value for reading in readings], index=tab.frame.index, dtype="float64"
    )


def fitting(amount: float, policy: Policy) -> Label | None:
    """Return the label that an amount tells: the one with the highest threshold that it reaches."""
    reached = [
        label for label in policy.labels if label.at_least is not None and amount >= label.at_least
    ]
    return max(reached, key=lambda label: label.at_least or 0, default=None)


def check_labels(draft: PlanDraft, after: pd.DataFrame) -> None:
    """Report labels that contradict the thresholds, that are missing, or that belong elsewhere. `after`: with the deadline `due`."""
    if any(label.at_least is not None for label in draft.policy.labels):
        _against_thresholds(draft, after)
    _off_profile(draft, after)


def _against_thresholds(draft: PlanDraft, after: pd.DataFrame) -> None:
    policy, amount = draft.policy, measures(draft.snapshot.tabs, draft.policy)
    steps = sorted(
        (label for label in policy.labels if label.at_least is not None),
        key=lambda one: one.at_least or 0,
    )
    edges = [label.at_least for label in steps]
    told = pd.Series(
        pd.Index(edges).searchsorted(amount.fillna(-1), side="right"), index=after.index
    )
    fits = told.map({at: label.code for at, label in enumerate(steps, start=1)})
    checked = amount.notna() & ~after["section"].isin(OUTSIDE)
    wrong = (
        checked & after["label"].isin([label.code for label in steps]) & (after["label"] != fits)
    )
    having = [section for section, tab in draft.snapshot.tab.items() if "label" in tab.fields]
    empty = (
        checked
        & after["label"].isna()
        & fits.notna()
        & after["section"].isin(having)
        & ~draft.faults(["label"])
    )
    names = {label.code: _names(draft, label) for label in steps}
    for at, row in _records(after[["label", "state"]], wrong | empty):
        if empty[at]:
            _suggest(draft, at, row, float(amount[at]))
        else:
            _differs(draft, at, row, float(amount[at]), names)


def _records(after: pd.DataFrame, mask: "pd.Series[bool]") -> Iterator[tuple[int, Record]]:
    if mask.any():
        for at, row in after[mask].to_dict("index").items():
            yield int(str(at)), row


def _report(draft: PlanDraft, at: int, found: tuple[str, Severity], texts: tuple[str, str]) -> None:
    base = draft.base
    place = {"section": base.at[at, "section"], "row": base.at[at, "row"]}
    draft.report(found[0], found[1], place, "label", texts)


def _names(draft: PlanDraft, label: Label) -> dict[str, str]:
    limit = money(label.at_least or 0, draft.policy, draft.language)
    return {"label": draft.policy.words.name("labels", label.code), "limit": limit}


def _by(policy: Policy) -> str:
    return (
        policy.words.name("columns", policy.label_by)
        if policy.label_by in policy.column
        else policy.label_by
    )


def _differs(
    draft: PlanDraft, at: int, row: Record, amount: float, names: Mapping[str, dict[str, str]]
) -> None:
    """Report one label; `names`: how labels and their thresholds are written."""
    policy, text = draft.policy, draft.language.text
    own, fits, worth = (
        policy.label[row["label"]],
        fitting(amount, policy),
        money(amount, policy, draft.language),
    )
    message = text(
        "“{column}” is {amount}, and “{label}” begins at {limit}.",
        column=_by(policy),
        amount=worth,
        **names[own.code],
    )
    if fits is None:
        fix = text("Correct the label or the amount.")
    elif amount >= (own.at_least or 0):
        message = text(
            "“{column}” is {amount}; from {limit} on that is “{label}”.",
            column=_by(policy),
            amount=worth,
            **names[fits.code],
        )
        fix = text("Correct the label or the amount.")
    else:
        fix = text(
            "By the amount it is “{label}” (from {limit} on): correct one of the two.",
            **names[fits.code],
        )
    _report(draft, at, ("label_differs", Severity.WARNING), (message, fix))


def _suggest(draft: PlanDraft, at: int, row: Record, amount: float) -> None:
    policy, text, fits = draft.policy, draft.language.text, fitting(amount, draft.policy)
    if fits is None or pd.isna(row["state"]):
        return
    worth = money(amount, policy, draft.language)
    message = text(
        "No label; by “{column}” ({amount}) it is “{label}”.",
        column=_by(policy),
        amount=worth,
        label=_names(draft, fits)["label"],
    )
    _report(draft, at, ("label_suggested", Severity.NOTICE), (message, ""))


def _off_profile(draft: PlanDraft, after: pd.DataFrame) -> None:
    """Report off-profile companies outside their section that no rule moves: no deadline runs there, and no state sends them."""
    policy, text = draft.policy, draft.language.text
    if OFF_PROFILE not in policy.label or "hard_refusal" not in policy.section:
        return
    here = (
        (after["label"] == OFF_PROFILE)
        & (after["section"] != "hard_refusal")
        & (kinds(after) != MIXED)
    )
    here &= after["state"].notna() & ~(at_work(after) & after["due"].notna())
    label, section = (
        policy.words.name("labels", OFF_PROFILE),
        policy.words.name("sections", "hard_refusal"),
    )
    for at, row in _records(after, here):
        rule = first(policy.by_state, row)
        if rule is None or _stays(rule.to, row, target(rule, row, policy)):
            message = text(
                "“{label}” belongs in “{section}”, and no rule takes the row there from here.",
                label=label,
                section=section,
            )
            fix = text(
                "Set the state “{state}”, or correct the label.",
                state=policy.words.name("states", "refusal"),
            )
            _report(draft, at, ("off_profile_here", Severity.WARNING), (message, fix))


def _stays(to: str, row: Record, goal: str | None) -> bool:
    return to != "person" and goal == row["section"]
