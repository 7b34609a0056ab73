"""Moves of companies by the week, as the chart draws them: what of the Journal is counted, and what is not known."""

from datetime import date

from sheetsync.i18n import language
from sheetsync.reporting.layout.model import Series
from sheetsync.reporting.summary.trend_charts import moves_by_week, over_time
from sheetsync.values import to_serial
from sheetsync.workbook.journal import JOURNAL_LINES, JournalLine

EN, MONDAY = language("en"), date(2026, 3, 2)


def moved(day: str, before: str, after: str, what: str = "moved") -> JournalLine:
    when = to_serial(date.fromisoformat(day)) + 0.1
    return JournalLine(when, "r", "ID", "Company", "Ann", what, before, after, "")


def test_moves_are_counted_by_the_week_and_the_way_they_went() -> None:
    journal = [
        moved("2026-03-03", "rework", "working"),
        moved("2026-03-02", "working", "clients"),
        moved("2026-03-01", "working", "rework"),
        moved("2026-02-23", "working", "rework"),
        moved("2026-02-20", "rework", "strategic"),
        moved("2026-02-20", "", "", "edited"),
    ]
    weeks, counts = moves_by_week(journal, date(2026, 3, 5))
    assert weeks == (date(2026, 2, 16), date(2026, 2, 23), MONDAY)
    assert counts == {"in": (0, 0, 1), "out": (0, 2, 1), "else": (1, 0, 0)}


def test_a_week_without_moves_counts_as_none_and_no_more_than_twelve_weeks_are_shown() -> None:
    weeks, counts = moves_by_week([moved("2025-06-02", "working", "rework")], MONDAY)
    assert (len(weeks), weeks[-1], counts["out"]) == (12, MONDAY, (0,) * 12)


def test_a_week_of_which_not_every_line_is_read_is_left_out_and_a_longer_journal_tells_the_same() -> (
    None
):
    new = [moved("2026-03-03", "working", "rework")] * 10
    old = [moved("2026-02-24", "working", "rework")] * (JOURNAL_LINES - 20)
    older = [moved("2026-02-18", "working", "rework")] * 100
    whole = moves_by_week([*new, *old, *older], date(2026, 3, 5))
    assert whole == moves_by_week([*new, *old, *older][:JOURNAL_LINES], date(2026, 3, 5))
    assert whole[0] == (date(2026, 2, 23), MONDAY)


def test_lines_without_a_day_that_can_be_read_or_of_days_to_come_are_not_counted() -> None:
    lost = JournalLine(0.0, "", "", "", "", "moved", "working", "rework", "")
    mad = lost._replace(when=1e300)
    ahead = moved("2026-04-01", "working", "rework")
    assert moves_by_week([ahead, mad, lost], MONDAY) == (
        (MONDAY,),
        {"in": (0,), "out": (0,), "else": (0,)},
    )
    assert moves_by_week([lost] * JOURNAL_LINES, MONDAY)[0] == (MONDAY,)
    assert moves_by_week([], MONDAY)[0] == (MONDAY,)


def test_one_week_is_not_enough_to_draw() -> None:
    one = over_time("k", "line", "Overdue", [MONDAY], [Series("n", (5,), "#000000")], EN)
    two = over_time(
        "k", "line", "Overdue", [date(2026, 2, 23), MONDAY], [Series("n", (5, 6), "#000000")], EN
    )
    assert (one.drawn, one.empty) == (False, "Not enough history yet.")
    assert (two.drawn, two.categories) == (True, ("23 Feb", "2 Mar"))
