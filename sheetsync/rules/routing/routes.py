"""Where a row goes: the policy's ordered rules, asked of rows whose time is up or whose state says.

Which rows are asked about, and whether there is room for them, is told by the rooms that call
this one.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.policy import Policy
from sheetsync.method.terms import Condition, Rule, kind_of
from sheetsync.rules.draft.changes import Route
from sheetsync.rules.draft.night import ClockedRow
from sheetsync.values import Cell, to_serial
from sheetsync.workbook.frame_rows import Mask
from sheetsync.workbook.snapshot import as_date

if TYPE_CHECKING:
    import numpy.typing as npt

HOME_STATE: Mapping[str, str] = MappingProxyType(
    {
        SectionCode.REWORK: StateCode.REFUSAL,
        SectionCode.HARD_REFUSAL: StateCode.REFUSAL,
        SectionCode.STRATEGIC: StateCode.STRATEGIC_RESERVE,
        SectionCode.CLIENTS: StateCode.CLIENT,
        SectionCode.CALL_BASE: StateCode.NEW,
    }
)
"""The state that is at home in a section; in the working list a row keeps its own."""
NEVER_CHOSEN = (
    SectionCode.WORKING,
    SectionCode.CALL_BASE,
    SectionCode.CLIENTS,
)
"""Sections that nobody chooses for a row whose time is up: it leaves the list, and for an archive.

A company becomes a client by a payment alone.
"""
OF_A_ROUND = ("refusal_reason", "return_on")
"""Fields that say something of one round of work with a company."""
OUT_OF_TIME = "out_of_time"
"""The reason of refusal of a row whose time is up, where nobody has given another."""
NOT_GIVEN = "not_given"
"""The reason of a refusal for which nobody has given one."""


def _is_given(cell: Any) -> bool:
    if cell is None or isinstance(cell, str):
        return cell is not None
    return not pd.isna(cell)


def holds(when: Condition, row: ClockedRow) -> bool:
    """Tell whether a condition holds of a row; what it does not ask for is None in it."""
    return _holds_in(when, _situation(row))


class _Situation(NamedTuple):
    """All that conditions ask of a row. `kind`: of the section where it stands."""

    kind: str
    state: str | None
    label: str | None
    reached: str | None
    chosen: bool
    has_reason: bool
    has_amount: bool | None
    assigned: bool


def _situation(row: ClockedRow) -> _Situation:
    return _Situation(
        # Each tab of several sections has a code of its own (`mixed.2`); rules name them as one.
        kind_of(row["section"]),
        _code(row["state"]),
        _code(row["label"]),
        _code(row["reached"]),
        _has_chosen(row),
        _is_given(row["refusal_reason"]),
        _has_amount(row),
        _is_given(row["manager"]),
    )


def _code(cell: Any) -> str | None:
    """Return a code of a frame, None where nothing stands: NaN is unlike any other NaN."""
    return cell if isinstance(cell, str) else None


def _holds_in(when: Condition, situation: _Situation) -> bool:
    codes = (
        (when.section, situation.kind),
        (when.state, situation.state),
        (when.label, situation.label),
        (when.reached, situation.reached),
    )
    if not all(asked is None or code in asked for asked, code in codes):
        return False
    answers = (
        (when.chosen, situation.chosen),
        (when.has_reason, situation.has_reason),
        (when.has_amount, situation.has_amount),
        (when.assigned, situation.assigned),
    )
    return all(asked is None or asked == answer for asked, answer in answers)


def _has_chosen(row: ClockedRow) -> bool:
    """Tell whether the manager has chosen where the row goes when its time is up."""
    never = (row["section"], *NEVER_CHOSEN)
    return _is_given(row["on_expiry"]) and row["on_expiry"] not in never


def _has_amount(row: ClockedRow) -> bool | None:
    """Tell whether a row has an amount; None where that is not known."""
    if _is_given(row["amount"]):
        return True
    # Without the column, or where the cell cannot be read, rules by amount pass the row by,
    # whichever of the two they ask for.
    return False if row.get("no_amount", True) else None


class Marks:
    """Marks the rows of a frame of which conditions hold: `holds`, all rows at once.

    What conditions ask of a column is asked of each distinct code of it, once.
    """

    def __init__(self, base: pd.DataFrame) -> None:
        self.base = base
        self._columns: dict[str, tuple[Mask, Sequence[Any]]] = {}

    def by(self, when: Condition) -> Mask:
        """Mark the rows of which a condition holds."""
        mask = np.ones(len(self.base), dtype=bool)
        if when.section is not None:
            mask &= self._is_among("section", when.section, kind_of)
        for field, codes in (
            ("state", when.state),
            ("label", when.label),
            ("reached", when.reached),
        ):
            if codes is not None:
                mask &= self._is_among(field, codes)
        if when.chosen is not None:
            mask &= self._has_chosen == when.chosen
        for field, asked in (
            ("refusal_reason", when.has_reason),
            ("manager", when.assigned),
        ):
            if asked is not None:
                mask &= self.base[field].notna().to_numpy() == asked
        if when.has_amount is not None:
            has_amount = self.base["amount"].notna()
            known = has_amount if when.has_amount else self.base["no_amount"]
            mask &= known.to_numpy()
        return mask

    def first(self, rules: Sequence[Rule]) -> "npt.NDArray[np.intp]":
        """Return the number of the first rule that holds of each row, -1 where none does."""
        numbers = np.full(len(self.base), -1, dtype=np.intp)
        for number in reversed(range(len(rules))):
            numbers[self.by(rules[number].when)] = number
        return numbers

    @property
    def _has_chosen(self) -> Mask:
        chosen = self.base["on_expiry"]
        elsewhere = chosen != self.base["section"]
        elsewhere &= ~chosen.isin(NEVER_CHOSEN)
        marks: Mask = (chosen.notna() & elsewhere).to_numpy()
        return marks

    def _is_among(
        self,
        field: str,
        codes: Collection[str],
        form: Callable[[str], str] = str,
    ) -> Mask:
        if field not in self._columns:
            self._columns[field] = pd.factorize(self.base[field])
        places, known = self._columns[field]
        # The last is that of rows in which nothing stands: their place is -1.
        asked = np.array([*(form(code) in codes for code in known), False])
        marks: Mask = asked[places]
        return marks


def first_rule(rules: tuple[Rule, ...], row: ClockedRow) -> Rule | None:
    """Return the first rule that holds of a row, or None."""
    known = _first_rules(_Same(rules))
    situation = _situation(row)
    try:
        return known[situation]
    except KeyError:
        held = (rule for rule in rules if _holds_in(rule.when, situation))
        known[situation] = next(held, None)
        return known[situation]


class _Same:
    """Ordered rules, known by being the same object: to compare them would take long."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules

    def __hash__(self) -> int:
        return id(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.rules is self.rules


@lru_cache(maxsize=8)
def _first_rules(_: _Same) -> dict[_Situation, Rule | None]:
    """Return what is known of ordered rules already: the first that holds in each situation."""
    # A base of many thousand rows has a few hundred situations.
    return {}


def target_section(rule: Rule, row: ClockedRow, policy: Policy) -> str | None:
    """Return the section a rule sends a row to; None where a person decides."""
    if rule.to == "person":
        return None
    if rule.to == "stay":
        return row["section"]
    if rule.to == "reason":
        return policy.reason[str(row["refusal_reason"])].section
    if rule.to == "chosen":
        return str(row["on_expiry"])
    return rule.to


def section_after_expiry(row: ClockedRow, policy: Policy) -> str | None:
    """Return the section where a row goes when its time is up; None where the head decides."""
    rule = first_rule(policy.on_expiry, row)
    if rule is None or (
        rule.to == "reason" and row["refusal_reason"] not in policy.reason
    ):
        return None
    return target_section(rule, row, policy)


class Expiry(NamedTuple):
    """How a deadline came about, for the sentence that explains a move.

    `working`: the days are working days.
    """

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
            "{n} day was up on {date}",
            "{n} days were up on {date}",
            self.days,
            date=when,
        )


def expiry_route(
    row: ClockedRow, expiry: Expiry, policy: Policy, language: Language
) -> Route | None:
    """Route a row whose time is up, by the first rule that holds (METHOD point 8); or None."""
    rule = first_rule(policy.on_expiry, row)
    if rule is None:
        return None
    chosen = target_section(rule, row, policy)
    resting = _resting_section(rule, chosen, row, policy)
    sent_on = resting is not None and resting != chosen
    why = (
        _why_by_state(row, policy, language)
        if sent_on
        else _why(rule, row, policy, language)
    )
    return Route(rule, resting, f"{expiry.words(language)}; {why}")


def _resting_section(
    rule: Rule, section: str | None, row: ClockedRow, policy: Policy
) -> str | None:
    """Return where a row rests that a rule sends to `section`; None where a person decides."""
    if section is None:
        return None
    codes = written_codes(rule, section, row)
    # A row that goes to the call base loses its manager there, so rules must not see one.
    manager = None if section == SectionCode.CALL_BASE else row["manager"]
    then = cast(
        "ClockedRow",
        {
            **row,
            "section": section,
            "state": codes.state or row["state"],
            "refusal_reason": codes.reason or row["refusal_reason"],
        },
    )
    # A reason of refusal that stands in the row already sends it on this very night, or the next
    # run would have to.
    onward = first_rule(
        policy.by_state, cast("ClockedRow", {**then, "manager": manager})
    )
    return section if onward is None else target_section(onward, then, policy)


def _why_by_state(row: ClockedRow, policy: Policy, language: Language) -> str:
    """Say by which state, and by which reason of refusal, a row is sent on."""
    state = policy.words.name("states", str(row["state"]))
    reason = row["refusal_reason"]
    if not _is_given(reason):
        return language.text("state “{state}”", state=state)
    named = policy.words.name("reasons", str(reason))
    return language.text(
        "state “{state}”, reason “{reason}”", state=state, reason=named
    )


def _why(
    rule: Rule, row: ClockedRow, policy: Policy, language: Language
) -> str:
    """Say what of a row made a rule of expiry hold."""
    text = language.text
    name = policy.words.name
    if rule.to == "chosen":
        section = name("sections", str(row["on_expiry"]))
        return text("the manager chose “{section}”", section=section)
    if rule.when.label:
        return text("label “{label}”", label=name("labels", str(row["label"])))
    if rule.when.reached:
        reached = str(row["reached"] or row["state"])
        return text("reached “{state}”", state=name("states", reached))
    return text(
        "got no further than “{state}”", state=name("states", str(row["state"]))
    )


def state_route(
    rule: Rule, row: ClockedRow, policy: Policy, language: Language
) -> Route:
    """Route a row by its state (METHOD point 8, last part). `rule`: the first that holds of it."""
    target = target_section(rule, row, policy)
    return Route(rule, target, _why_of_state_rule(rule, row, policy, language))


def _why_of_state_rule(
    rule: Rule, row: ClockedRow, policy: Policy, language: Language
) -> str:
    text = language.text
    since = as_date(row["state_since"])
    if rule.to == "reason" and _is_given(row["refusal_reason"]):
        return _why_by_state(row, policy, language)
    if rule.when.assigned:
        return text("has a manager now: {manager}", manager=row["manager"])
    state = policy.words.name("states", str(row["state"]))
    # Of a row that is seen for the first time, the day is that of this run, and says nothing.
    if row["known"] and since is not None:
        day = language.day(since)
        return text("state “{state}” set by {date}", state=state, date=day)
    return text("state “{state}”", state=state)


def cells_on_arrival(
    rule: Rule, row: ClockedRow, section: str, policy: Policy, today: date
) -> tuple[tuple[str, Cell], ...]:
    """Return the cells that a rule writes with a move: (field, cell), words not codes."""
    codes = written_codes(rule, section, row)
    words = policy.words
    cells: list[tuple[str, Cell]] = []
    if codes.state is not None and codes.state != row["state"]:
        cells.append(("state", words.name("states", codes.state)))
    if codes.reason is not None:
        cells.append(("refusal_reason", words.name("reasons", codes.reason)))
    days = policy.section[section].return_days
    # A return date of an earlier round may stand there still: it would send the row straight back.
    if days is not None and not _returns_after(row, today):
        cells.append(("return_on", to_serial(today + timedelta(days=days))))
    archives = [code for code, each in policy.section.items() if each.archive]
    if section == SectionCode.WORKING and row["section"] in archives:
        # What the round before left there contradicts nothing of this one.
        standing = cast("Mapping[str, Any]", row)
        cells += [
            (field, None) for field in OF_A_ROUND if _is_given(standing[field])
        ]
    if section == SectionCode.CALL_BASE and _is_given(row["manager"]):
        # With a manager it would be taken to work again at once.
        cells.append(("manager", None))
    return tuple(cells)


def _returns_after(row: ClockedRow, today: date) -> bool:
    day = row["return_on"]
    return _is_given(day) and day > pd.Timestamp(today)


class WrittenCodes(NamedTuple):
    """The codes that a rule writes where a row arrives; None: it writes none."""

    state: str | None
    reason: str | None


def written_codes(rule: Rule, section: str, row: ClockedRow) -> WrittenCodes:
    """Return what a rule writes in the section where a row arrives."""
    has_reason = _is_given(row["refusal_reason"])
    if rule.to != "chosen":
        # What a person typed stays: a reason is filled in only where the cell is empty.
        return WrittenCodes(rule.state, None if has_reason else rule.reason)
    state = HOME_STATE.get(section, str(row["state"]))
    # Out of time is a soft reason: in the hard refusals it would send the row on to rework.
    asks_for_reason = (
        state == StateCode.REFUSAL and section == SectionCode.REWORK
    )
    return WrittenCodes(
        state, OUT_OF_TIME if asks_for_reason and not has_reason else None
    )
