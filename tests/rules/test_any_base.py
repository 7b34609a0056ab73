"""Whatever stands in a base: a night is decided without an error, loses nobody, overfills nobody, and is then quiet."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheetsync.method.policy import template
from sheetsync.rules.draft.capacity import load
from sheetsync.values import Cell
from sheetsync.workbook.plan import from_json, to_json
from tests.builders.draws import draws

if TYPE_CHECKING:
    from tests.builders.base import Base, Night

EN = template("en")
POLICY = EN.model_copy(update={"cap": EN.cap.model_copy(update={"min": 0, "max": 2})})
SECTIONS = EN.codes("sections")
NIGHTS = ("2026-03-02", "2026-03-03", "2026-04-20", "2026-07-30")


def words(kind: str) -> st.SearchStrategy[str | None]:
    names = [EN.words.name(kind, code) for code in EN.codes(kind)]
    return st.one_of(
        st.none(), *[st.sampled_from(names)] * 4, st.sampled_from(["junk", "#REF!", "—"])
    )


DAYS = st.one_of(
    st.none(),
    *[st.dates(date(2025, 12, 1), date(2026, 4, 1)).map(str)] * 3,
    st.sampled_from(["yesterday", "31.02.2026", 46100, 46100.5, True, -3]),
)
NAMES = st.sampled_from([None, "Acme", "Beta", "ООО", "ACME LLC", 7, True, "#REF!"])
PHONES = st.sampled_from([None, None, "+1 202 555 0101", "202 555 0102", 2025550103, "ask"])
IDS = st.sampled_from([None, None, None, "AAAAAA", "BBBBBB", 123456])
CLIENT = st.fixed_dictionaries(
    {
        "section": st.sampled_from(SECTIONS),
        "company": NAMES,
        "state": words("states"),
        "label": words("labels"),
        "manager": st.sampled_from([None, "Ann", "Ann", "Bob", " Ann "]),
        "began": DAYS,
        "last_contact": DAYS,
        "phone": PHONES,
        "tax_number": st.sampled_from([None, None, "111", 222]),
        "amount": st.sampled_from([None, 5, "120 000", "lots"]),
        "refusal_reason": st.one_of(st.none(), words("reasons")),
        "on_expiry": st.one_of(st.none(), words("sections")),
        "return_on": DAYS,
        "extended_to": st.one_of(st.none(), st.none(), DAYS),
        "cake": st.sampled_from([None, "medovik"]),
        "id": IDS,
    }
)
CHANGE = st.fixed_dictionaries(
    {},
    optional={
        "section": st.sampled_from(SECTIONS),
        "state": words("states"),
        "label": words("labels"),
        "manager": st.sampled_from([None, "Ann", "Bob"]),
        "began": DAYS,
        "company": NAMES,
        "phone": PHONES,
        "refusal_reason": words("reasons"),
        "id": IDS,
    },
)


def made(play: "type[Base]", rows: list[dict[str, Cell]], without: tuple[str, ...] = ()) -> "Base":
    base = play("section | company", POLICY, without)
    base.rows = [{**row} for row in rows if row["section"] not in without]
    return base


def holds(night: "Night", base: "Base", today: str) -> None:
    """Assert what must be true of any night; that nobody is lost or doubled is asserted as it is played."""
    before, after = load(night.as_read, POLICY), load(night.projection.base, POLICY)
    assert all(count <= max(POLICY.cap.max, before[manager]) for manager, count in after.items())
    assert from_json(to_json(night.plan), "") == night.plan
    base.rests(today)


def is_empty(row: Mapping[str, Cell]) -> bool:
    return all(value is None for name, value in row.items() if name not in ("section", "cake"))


BASES = st.lists(CLIENT.filter(lambda row: not is_empty(row)), min_size=1, max_size=7)
MODEST = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@settings(MODEST, max_examples=draws(12))
@given(rows=BASES)
def test_a_first_night_on_any_base(play: "type[Base]", rows: list[dict[str, Cell]]) -> None:
    base = made(play, rows)
    holds(base.night(NIGHTS[0]), base, NIGHTS[0])


@settings(MODEST, max_examples=draws(12))
@given(rows=BASES, missing=st.sets(st.sampled_from(SECTIONS), max_size=3))
def test_a_first_night_on_a_base_that_lacks_tabs(
    play: "type[Base]", rows: list[dict[str, Cell]], missing: set[str]
) -> None:
    base = made(play, rows, tuple(sorted(missing)))
    if base.rows:
        holds(base.night(NIGHTS[0]), base, NIGHTS[0])


@settings(MODEST, max_examples=draws(6))
@given(rows=BASES, changes=st.lists(st.tuples(st.integers(0, 6), CHANGE), max_size=6))
def test_many_nights_on_any_base_that_people_go_on_changing(
    play: "type[Base]", rows: list[dict[str, Cell]], changes: list[tuple[int, dict[str, Cell]]]
) -> None:
    base = made(play, rows)
    for at, today in enumerate(NIGHTS):
        holds(base.night(today), base, today)
        for which, change in changes[at * 2 : at * 2 + 2]:
            row = base.rows[which % len(base.rows)]
            row.update(change)
        base.rows.sort(key=lambda row: SECTIONS.index(str(row["section"])))
        if any(is_empty(row) for row in base.rows):
            return
