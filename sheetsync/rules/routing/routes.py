"""Where a row goes: the policy's ordered rules, applied to rows whose time is up or whose state says so.

Which rows are asked about, and whether there is room for them, is the enforcer's.
"""

from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import Condition, Rule, kind_of
from sheetsync.rules.deadlines.clocks import kinds
from sheetsync.values import Cell, to_serial
from sheetsync.workbook.snapshot import Record, as_date


class Route(NamedTuple):
    """The rule that held, the section it sends the row to (None: the row stays, a person decides), and why.

    `sets`: (field, cell) written on arrival beside what the rule writes.
    """

    rule: Rule
    target: str | None
    reason: str
    sets: tuple[tuple[str, Cell], ...] = ()


def _given(value: object) -> bool:
    return value is not None and not pd.isna(value)  # type: ignore[call-overload,unused-ignore]  # a scalar of a frame


def holds(when: Condition, row: Record) -> bool:
    """Tell whether a condition holds of a row (a frame's record with `section` and `reached`)."""
    listed = all(
        codes is None or held in codes
        for held, codes in (
            (kind_of(row["section"]), when.section),
            (row["state"], when.state),
            (row["label"], when.label),
            (row["reached"], when.reached),
        )
    )
    flags = (
        (
            when.chosen,
            _given(row["on_expiry"]) and row["on_expiry"] not in (row["section"], "working"),
        ),
        (when.has_reason, _given(row["refusal_reason"])),
        (when.has_amount, _amount(row)),
        (when.assigned, _given(row["manager"])),
    )
    return listed and all(wanted is None or wanted == found for wanted, found in flags)


def _amount(row: Record) -> bool | None:
    """Tell whether a row has an amount; None where that is not known: no such column, or a cell that cannot be read."""
    return True if _given(row["amount"]) else False if row.get("no_amount", True) else None


def marked_by(when: Condition, base: pd.DataFrame) -> "pd.Series[bool]":
    """Mark the rows of a frame of which a condition holds: `holds`, all rows at once."""
    mask = pd.Series(data=True, index=base.index)
    if when.section is not None:
        mask &= kinds(base).isin(when.section)
    for name, codes in (("state", when.state), ("label", when.label), ("reached", when.reached)):
        if codes is not None:
            mask &= base[name].isin(codes)
    if when.chosen is not None:
        chosen = base["on_expiry"]
        elsewhere = chosen.notna() & (chosen != base["section"]) & (chosen != "working")
        mask &= elsewhere == when.chosen
    for name, wanted in (("refusal_reason", when.has_reason), ("manager", when.assigned)):
        if wanted is not None:
            mask &= base[name].notna() == wanted
    if when.has_amount is not None:
        mask &= base["amount"].notna() if when.has_amount else base["no_amount"]
    return mask


def first(rules: tuple[Rule, ...], row: Record) -> Rule | None:
    """Return the first rule that holds of a row, or None."""
    return next((rule for rule in rules if holds(rule.when, row)), None)


def target(rule: Rule, row: Record, policy: Policy) -> str | None:
    """Return the section a rule sends a row to; None where a person decides."""
    if rule.to == "person":
        return None
    if rule.to == "stay":
        return str(row["section"])
    if rule.to == "reason":
        return policy.reason[row["refusal_reason"]].section
    return str(row["on_expiry"]) if rule.to == "chosen" else rule.to


class Expiry(NamedTuple):
    """How a deadline came about, for the sentence that explains a move. `working`: the days are working days."""

    days: int
    deadline: date
    working: bool = False

    def words(self, language: Language) -> str:
        """Say how many days were up, and when."""
        when = language.day(self.deadline)
        if self.working:
            return language.plural(
                "{n} working day was up on {date}",
                "{n} working days were up on {date}",
                self.days,
                date=when,
            )
        return language.plural(
            "{n} day was up on {date}", "{n} days were up on {date}", self.days, date=when
        )


def expiry_route(row: Record, expiry: Expiry, policy: Policy, language: Language) -> Route | None:
    """Route a row whose time is up (METHOD point 8, first rule that holds)."""
    rule = first(policy.on_expiry, row)
    if rule is None:
        return None
    up = expiry.words(language)
    chosen = target(rule, row, policy)
    settled = _settled(rule, chosen, row, policy)
    if settled != chosen and settled is not None:
        return Route(rule, settled, f"{up}; {_refused(row, policy, language)}")
    return Route(rule, settled, f"{up}; {_because(rule, row, policy, language)}")


def _settled(rule: Rule, section: str | None, row: Record, policy: Policy) -> str | None:
    """Return where a row comes to rest that a rule sends to `section`: a reason of refusal already given may send it on."""
    if section is None:
        return None
    state, reason = written(rule, section, row)
    then = {
        **row,
        "section": section,
        "state": state or row["state"],
        "refusal_reason": reason or row["refusal_reason"],
    }
    onward = first(policy.by_state, {**then, "manager": None} if section == "call_base" else then)
    return section if onward is None else target(onward, then, policy)


def _refused(row: Record, policy: Policy, language: Language) -> str:
    words, reason = policy.words, row["refusal_reason"]
    state = words.name("states", str(row["state"]))
    if not _given(reason):
        return language.text("state “{state}”", state=state)
    return language.text(
        "state “{state}”, reason “{reason}”", state=state, reason=words.name("reasons", str(reason))
    )


def _because(rule: Rule, row: Record, policy: Policy, language: Language) -> str:
    state = policy.words.name("states", str(row["state"]))
    if rule.to == "chosen":
        return language.text(
            "the manager chose “{section}”",
            section=policy.words.name("sections", str(row["on_expiry"])),
        )
    if rule.when.label:
        return language.text(
            "label “{label}”", label=policy.words.name("labels", str(row["label"]))
        )
    if rule.when.reached:
        return language.text(
            "reached “{state}”",
            state=policy.words.name("states", str(row["reached"] or row["state"])),
        )
    return language.text("got no further than “{state}”", state=state)


def state_route(row: Record, policy: Policy, language: Language) -> Route | None:
    """Route a row by its state (METHOD point 8, last part); None where no rule says anything."""
    rule = first(policy.by_state, row)
    if rule is None:
        return None
    since = as_date(row["state_since"])
    state = policy.words.name("states", str(row["state"]))
    if _given(row["refusal_reason"]) and rule.to == "reason":
        named = policy.words.name("reasons", str(row["refusal_reason"]))
        return Route(
            rule,
            target(rule, row, policy),
            language.text("state “{state}”, reason “{reason}”", state=state, reason=named),
        )
    if rule.when.assigned:
        return Route(
            rule,
            target(rule, row, policy),
            language.text("has a manager now: {manager}", manager=row["manager"]),
        )
    if row["known"] and since is not None:
        return Route(
            rule,
            target(rule, row, policy),
            language.text("state “{state}” set by {date}", state=state, date=language.day(since)),
        )
    return Route(rule, target(rule, row, policy), language.text("state “{state}”", state=state))


def arrival(
    rule: Rule, row: Record, section: str, policy: Policy, today: date
) -> tuple[tuple[str, Cell], ...]:
    """Return the cells written with a move: state, reason of refusal, return date: (field, cell), words not codes."""
    state, reason = written(rule, section, row)
    sets: list[tuple[str, Cell]] = []
    if state is not None and state != row["state"]:
        sets.append(("state", policy.words.name("states", state)))
    if reason is not None:
        sets.append(("refusal_reason", policy.words.name("reasons", reason)))
    days = policy.section[section].return_days
    if days is not None and not (
        _given(row["return_on"]) and row["return_on"] > pd.Timestamp(today)
    ):
        sets.append(("return_on", to_serial(today + timedelta(days=days))))
    if section == "call_base" and _given(row["manager"]):
        sets.append(("manager", None))  # with a manager it would be taken to work again at once
    return tuple(sets)


def written(rule: Rule, section: str, row: Record) -> tuple[str | None, str | None]:
    """Return the codes of the state and of the reason that a rule writes in the section where the row arrives."""
    if rule.to != "chosen":
        return rule.state, None if _given(row["refusal_reason"]) else rule.reason
    state = _state_for(section, row)
    untold = state == "refusal" and section == "rework" and not _given(row["refusal_reason"])
    return state, "out_of_time" if untold else None


def _state_for(section: str, row: Record) -> str:
    """Return the state that is at home in a section the manager chose."""
    homes = {
        "rework": "refusal",
        "hard_refusal": "refusal",
        "strategic": "strategic_reserve",
        "clients": "client",
        "call_base": "new",
    }
    return homes.get(section, str(row["state"]))
