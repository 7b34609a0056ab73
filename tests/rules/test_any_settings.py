"""Whatever the settings say: a night is decided, nobody is lost or stands twice, no list is overfilled, and it is then quiet."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import BLOCK
from sheetsync.method.settings_tab.scalars import SCALAR
from sheetsync.rules.draft.capacity import load
from sheetsync.values import Cell
from tests.builders.draws import draws
from tests.builders.settings_cells import Page
from tests.rules.test_any_base import BASES, EN, is_empty

if TYPE_CHECKING:
    from tests.builders.base import Base

STATES, SECTIONS, LABELS, REASONS = (
    [EN.words.name(kind, code) for code in EN.codes(kind)]
    for kind in ("states", "sections", "labels", "reasons")
)
YES = st.sampled_from(["yes", "no"])
MAYBE = st.sampled_from([None, None, None, "yes", "no"])


def some(words: list[str], most: int = 4) -> st.SearchStrategy[str | None]:
    """Draw a list of words, or none, which asks for nothing."""
    drawn = st.lists(st.sampled_from(words), unique=True, max_size=most)
    return drawn.map(lambda found: ", ".join(found) or None)


RULE = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["A rule", "Another", "Time is up: all others"]),
        "section": st.one_of(st.none(), some([*SECTIONS, "Several sections"])),
        "state": st.one_of(st.none(), some(STATES)),
        "label": st.one_of(st.none(), st.none(), some(LABELS)),
        "reached": st.one_of(st.none(), st.none(), some(STATES)),
        "chosen": MAYBE,
        "has_reason": MAYBE,
        "has_amount": MAYBE,
        "assigned": MAYBE,
        "to": st.sampled_from(
            [
                *SECTIONS,
                *SECTIONS,
                "stays where it is",
                "a person decides",
                "where the reason sends it",
                "where the manager chose",
            ]
        ),
        "set_state": st.sampled_from([None, None, *STATES]),
        "set_reason": st.sampled_from([None, None, *REASONS]),
    }
)
STATE = st.fixed_dictionaries(
    {
        "in_work": YES,
        "counts_to_cap": YES,
        "clocked": YES,
        "stay_days": st.sampled_from([None, 1, 30]),
        "next": some(STATES),
        "requires": some(["Phone", "Role", "Return on"]),
    }
)
NUMBERS = {
    "cap.min": st.integers(0, 4),
    "cap.max": st.integers(1, 3),
    "cap.refill": st.sampled_from(["nothing", "propose whom to take", "assign by itself"]),
    "time.one_deadline_days": st.sampled_from([None, 1, 3660]),
    "time.unlabelled_days": st.sampled_from([1, 14, 3660]),
    "time.count": st.sampled_from(["all days", "working days"]),
    "time.new_in_working_days": st.sampled_from([0, 3, 3660]),
    "time.new_in_working": st.sampled_from(["it is reported", "it goes back to the call base"]),
    "time.repeat_sale_days": st.sampled_from([1, 90, 3660]),
    "time.hold_days": st.sampled_from([0, 7]),
    "time.consent_days": st.sampled_from([0, 30, 3660]),
    "time.extensions": st.sampled_from([0, 2]),
    "time.extension_days": st.sampled_from([1, 3660]),
    "label_by": st.sampled_from(["Deal amount", "cake"]),
    "repairs": YES,
}
ODD = st.fixed_dictionaries(
    {
        "numbers": st.fixed_dictionaries({}, optional=NUMBERS),
        "sections": st.dictionaries(
            st.sampled_from(["Refusal, to rework", "Strategic archive"]),
            st.integers(1, 400),
            max_size=2,
        ),
        "labels": st.dictionaries(
            st.sampled_from(LABELS), st.sampled_from([1, 2, 3660]), max_size=3
        ),
        "reasons": st.dictionaries(st.sampled_from(REASONS), st.sampled_from(SECTIONS), max_size=4),
        "states": st.dictionaries(st.sampled_from(STATES), STATE, max_size=5),
        "gone": st.lists(
            st.tuples(st.sampled_from(["reasons", "labels", "categories"]), st.integers(0, 7)),
            max_size=3,
        ),
        "on_expiry": st.lists(RULE, max_size=4),
        "by_state": st.lists(RULE, max_size=6),
        "keep": st.booleans(),
        "first": st.booleans(),
        "caps": st.dictionaries(st.sampled_from(["Ann", "Bob"]), st.integers(0, 3)),
    }
)


def said(odd: Mapping[str, Any]) -> Policy:
    """Type odd settings into the tab and read them."""
    page = Page(EN, ("Ann", "Bob"))
    for path, cell in odd["numbers"].items():
        page.set(path, cell)
    for block, column in (
        ("sections", "return_days"),
        ("labels", "deadline_days"),
        ("reasons", "section"),
    ):
        for name, cell in odd[block].items():
            page.put(block, name, **{column: cell})
    for name, cells in odd["states"].items():
        page.put("states", name, **cells)
    for name, cap in odd["caps"].items():
        page.put("managers", name, cap=cap)
    for kind in ("on_expiry", "by_state"):
        _rules(page, kind, odd)
    for kind, which in odd["gone"]:
        name = _at(page, 3 + which, page.column(kind, "name"))
        if name:
            page.clear(kind, str(name))
    return page.now()


def _rules(page: Page, kind: str, odd: Mapping[str, Any]) -> None:
    """Put rules before those that are there, or after them, or in their stead."""
    keys = (*BLOCK[kind].column, "code")
    old = [{key: _at(page, row, page.column(kind, key)) for key in keys} for row in range(3, 20)]
    kept = [line for line in old if line["name"]] if odd["keep"] or not odd[kind] else []
    fresh = [{**line, "code": None} for line in odd[kind]]
    lines = [*fresh, *kept] if odd["first"] else [*kept, *fresh]
    for row, line in enumerate([*lines, *[dict.fromkeys(keys)] * len(old)], start=3):
        page.put(kind, row, **line)


def _at(page: Page, row: int, column: int) -> Cell:
    return (
        page.cells[row][column] if row < len(page.cells) and column < len(page.cells[row]) else None
    )


MODEST = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@settings(MODEST, max_examples=draws(8))
@given(odd=ODD, rows=BASES)
def test_no_settings_make_a_night_raise_lose_anybody_overfill_a_list_or_be_less_than_quiet_again(
    play: "type[Base]", odd: dict[str, Any], rows: list[dict[str, Cell]]
) -> None:
    policy = said(odd)
    base = play("section | company", policy)
    base.rows = [{**row} for row in rows]
    for today in ("2026-03-02", "2026-04-20"):
        night = base.night(today)
        before, after = load(night.as_read, policy), load(night.projection.base, policy)
        day = date.fromisoformat(today)
        assert all(
            count <= max(policy.limit(name, day), before[name]) for name, count in after.items()
        )
        base.rests(today)
        base.rows.sort(key=lambda row: EN.codes("sections").index(str(row["section"])))
        if any(is_empty(row) for row in base.rows):
            return


def test_every_number_that_is_tried_is_a_setting() -> None:
    assert NUMBERS.keys() <= SCALAR.keys()
