"""What stands on the reports stands in an order of its own: not in that in which rows were met, moved or sorted."""

import random
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheetsync.enforcer import decide
from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.reports import ReportSheet, reports
from sheetsync.rules.draft.projection import Projection
from sheetsync.values import Cell
from tests.builders.draws import draws

if TYPE_CHECKING:
    from sheetsync.workbook.snapshot import Snapshot
    from tests.builders.base import Base, Night

EN = template("en")
POLICY = EN.model_copy(update={"cap": EN.cap.model_copy(update={"min": 0})})
ENGLISH = language("en")
FIRST, SECOND, THIRD = "2026-03-02", "2026-03-03", "2026-03-04"
STEPS = ("Contact 2", "Contact 3", "Deal", "New", "Refusal", "Strategic reserve", "Client")
"""States that people set on the second day: several are skipped steps, and several move the row."""
ROW = st.fixed_dictionaries(
    {
        "section": st.sampled_from(["working", "working", "rework", "strategic"]),
        # A company stands twice now and then: only the id tells such rows apart.
        "company": st.sampled_from(["Acme", "Beta", "Beta", "Gamma", "Delta", "Omega"]),
        "state": st.sampled_from(["New", "Contact 1", "Contact 1", "Contact 2"]),
        "manager": st.sampled_from(["Ann", "Ann", "Ann", None]),
        "label": st.sampled_from(["small", "large", "off-profile client", None]),
        "began": st.sampled_from(["2026-02-10", "2026-02-18", "2026-03-01", None]),
        "last_contact": st.sampled_from(["2026-02-20", None]),
        "next_step": st.sampled_from(["call", None]),
        "next_on": st.sampled_from(["2026-02-25", "2026-03-01", "2026-03-20", None]),
        "amount": st.sampled_from([500, "lots", None]),
        "phone": st.sampled_from(["+12025550101", "+12025550102", "+12025550103", None]),
        "return_on": st.sampled_from(["2026-03-02", "2026-03-03", None]),
        "refusal_reason": st.sampled_from([None, None, "no money"]),
        "then": st.sampled_from(STEPS),
    }
)
TWINS = st.tuples(
    ROW,
    st.lists(
        st.tuples(st.sampled_from(["Acme", "Omega"]), st.sampled_from(STEPS)),
        min_size=1,
        max_size=2,
    ),
)
"""A row, and others that differ from it in their name and in what becomes of them at most."""
MODEST = settings(
    deadline=None,
    max_examples=draws(5),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def with_twins(
    drawn: Sequence[tuple[Mapping[str, Cell], list[tuple[str, str]]]],
) -> list[dict[str, Cell]]:
    """Return rows such that several findings are of one manager, kind and day."""
    rows: list[dict[str, Cell]] = []
    for row, others in drawn:
        rows.append({**row})
        rows += [{**row, "company": name, "then": then} for name, then in others]
    return rows


BASES = st.lists(TWINS, min_size=1, max_size=3).map(with_twins)


def standing(play: "type[Base]", rows: list[dict[str, Cell]]) -> "Base":
    """Return a base after its first night, and the state that people are about to set in each row."""
    base = play("section | company", POLICY)
    base.rows = [{name: cell for name, cell in row.items() if name != "then"} for row in rows]
    order = [*base.rows]
    base.night(FIRST)
    for row, planned in zip(order, rows, strict=True):
        row["state"] = planned["then"]
    return base


def sheets(projection: Projection, base: "Base") -> tuple[ReportSheet, ...]:
    return reports(projection, POLICY, ENGLISH, base.journal)


def once_more(base: "Base", today: str) -> tuple[ReportSheet, ...]:
    """Return the reports of another run on the same day."""
    snapshot: Snapshot = base.snapshot()
    plan = decide(snapshot, POLICY, date.fromisoformat(today))
    assert (plan.moves, plan.edits) == ((), ())
    return sheets(Projection(snapshot, plan, POLICY), base)


@settings(MODEST)
@given(rows=BASES)
def test_a_second_run_writes_nothing_on_the_reports(
    play: "type[Base]", rows: list[dict[str, Cell]]
) -> None:
    base = standing(play, rows)
    for today in (SECOND, THIRD):
        night: Night = base.night(today)
        written = sheets(night.projection, base)
        assert once_more(base, today) == written


@settings(MODEST)
@given(rows=BASES, seed=st.integers(0, 1000))
def test_a_sort_of_the_rows_changes_the_place_of_no_line(
    play: "type[Base]", rows: list[dict[str, Cell]], seed: int
) -> None:
    base = standing(play, rows)
    base.night(SECOND)
    before = [(sheet.key, [line.key for line in sheet.lines]) for sheet in once_more(base, SECOND)]
    random.Random(seed).shuffle(base.rows)  # noqa: S311  # an order, no secret
    after = [(sheet.key, [line.key for line in sheet.lines]) for sheet in once_more(base, SECOND)]
    assert after == before
