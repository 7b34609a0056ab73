"""All figures of a base with its Journal, for every period and manager, take time that grows as the base does."""

import random
from datetime import date

from sheetsync.i18n import language
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.periods import meeting_periods
from sheetsync.reporting.metrics.trends import weekly
from sheetsync.rules.draft.projection import Projection
from sheetsync.values import to_serial
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.plan import Plan
from sheetsync.workbook.recognition import recognise
from tests.builders.base import book_of, grid_of
from tests.builders.growth import growth
from tests.builders.journals import EN, line

TODAY, ROWS, LINES = date(2026, 3, 19), 50_000, 20_000
SMALLER = 4


def _facts(row_count: int, line_count: int) -> Facts:
    dice, words, states = random.Random(1), EN.words, [*EN.state]  # noqa: S311  # figures for a test
    fields = ("company", "state", "manager", "phone", "amount", "next_step", "next_on", "id")
    rows = [[words.name("columns", name) for name in fields]]
    for n in range(row_count):
        state = words.name("states", dice.choice(states))
        rows.append(
            [
                f"C{n}",
                state,
                f"M{n % 20}",
                None,  # type: ignore[list-item]
                dice.randrange(1000),  # type: ignore[list-item]
                "call",
                to_serial(TODAY) - dice.randrange(60),  # type: ignore[list-item]
                f"{n:06}",
            ]
        )
    read = recognise(
        book_of([grid_of(rows, words.name("sections", "working"))]),  # type: ignore[arg-type]
        EN,
        language("en"),
        state_tab.empty(),
    )
    told = []
    for n in range(line_count):
        when, who = to_serial(TODAY) - n * 90 / line_count, {"manager": f"M{n % 20}"}
        row_id = f"{dice.randrange(3000 if n % 2 else row_count):06}"
        if n % 4:
            data = {"kind": "state", "before": dice.choice(states), "after": dice.choice(states)}
            told.append(line(when, f"r{n // 100}", row_id, "noticed", data, **who))
        else:
            told.append(
                line(
                    when,
                    f"r{n // 100}",
                    row_id,
                    "moved",
                    {"rule": "expired"},
                    before="working",
                    after="rework",
                    **who,
                )
            )
    projection = Projection(read, Plan("book", TODAY), EN)
    facts = Facts(projection, EN, tuple(told))
    assert len(facts.rows) == row_count
    return facts


def _all(figures: Figures) -> None:
    for period in meeting_periods(TODAY):
        for manager in (None, *figures.stocks.managers):
            for code in figures.flows.events:
                figures.flows.figure(code, period, manager)
            figures.flows.amount(period, manager)
            figures.flows.reasons(period, manager)
            figures.deals.average(period, manager)
            figures.deals.length(period, manager)
        figures.funnel.stages(period)
        figures.deals.distribution(period)
    figures.counted()
    figures.forecast.by_month()
    weekly(figures.counts, "load", TODAY, 12)


def test_the_time_of_all_figures_grows_as_the_base_and_its_journal_do() -> None:
    large, small = _facts(ROWS, LINES), _facts(ROWS // SMALLER, LINES // SMALLER)
    # 4 where time grows with them, 16 where with their square.
    assert growth(lambda: _all(Figures(small)), lambda: _all(Figures(large))) < 2 * SMALLER
