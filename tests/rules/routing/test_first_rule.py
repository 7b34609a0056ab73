"""Which rule holds first: asked of one row, of many at once, and again of a row like one before, it is the same."""

from typing import TYPE_CHECKING, Any, cast

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.method.policy import template
from sheetsync.rules.routing.routes import Marks, first_rule, holds

if TYPE_CHECKING:
    from sheetsync.rules.draft.night import ClockedRow

EN = template("en")
NOTHING = st.sampled_from([None, float("nan")])


def codes(kind: str) -> st.SearchStrategy[Any]:
    return st.one_of(NOTHING, st.sampled_from(EN.codes(kind)))


ROWS = st.fixed_dictionaries(
    {
        "section": st.sampled_from([*EN.codes("sections"), "mixed", "mixed.2"]),
        "state": codes("states"),
        "label": codes("labels"),
        "reached": codes("states"),
        "on_expiry": codes("sections"),
        "refusal_reason": codes("reasons"),
        "manager": st.sampled_from([None, "Ann"]),
        "amount": st.sampled_from([float("nan"), 0.0, 5.0]),
        "amount_unread": st.booleans(),
    }
)


@settings(deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=8))
def test_of_rows_at_once_the_same_rule_holds_first_as_of_each(rows: list[dict[str, Any]]) -> None:
    for record in rows:
        record["no_amount"] = pd.isna(record["amount"]) and not record["amount_unread"]
    base = pd.DataFrame(rows, index=range(5, 5 + len(rows))).astype({"state": object})
    for rules in (EN.by_state, EN.on_expiry):
        numbers = Marks(base).first(rules)
        for number, record in zip(numbers, rows, strict=True):
            row = cast("ClockedRow", record)
            asked = [rule for rule in rules if holds(rule.when, row)]
            first = asked[0] if asked else None
            assert first_rule(rules, row) is first_rule(rules, row) is first
            assert (None if number < 0 else rules[number]) is first
