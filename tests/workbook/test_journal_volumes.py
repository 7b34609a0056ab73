"""Which old lines of the Journal go into which volume, and which tabs are volumes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import JournalKeeping
from sheetsync.values import Cell, to_serial
from sheetsync.workbook.journal_periods import (
    Period,
    period_around,
    period_of_code,
    period_of_title,
)
from sheetsync.workbook.journal_volumes import (
    KEPT_DAYS,
    MOST_LINES,
    aged_lines,
    claimed_volumes,
    layout_of_volumes,
    lines_wanted,
    missing_volumes,
)
from sheetsync.workbook.layout import UNKNOWN, Layout, VolumeLayout, of_text
from sheetsync.workbook.snapshot import Book, CellArea, Grid, JournalEnd

EN, RU = template("en"), template("ru")
JOURNAL = Grid(7, "Journal", 0, 100, 10)
Q1, Q2 = Period(2026, 1, 3), Period(2026, 4, 3)
MARCH = Period(2026, 3, 1)
Q1_IS_OLD = date(2026, 4, 1) + timedelta(days=KEPT_DAYS)


def book(*grids: Grid, volumes: tuple[VolumeLayout, ...] = ()) -> Book:
    layout = Layout("en", volumes=volumes)
    read = Book("b", "Base", "en_GB", "UTC", grids=(JOURNAL, *grids), layout=layout)
    return replace(read, volumes=claimed_volumes(read, EN))


def keeping(volumes: str) -> Policy:
    return EN.model_copy(update={"journal": JournalKeeping.model_validate({"volumes": volumes})})


def written(*days: str) -> JournalEnd:
    """Return the end of a Journal by its days, `-` for a line without one; the first one in row 5."""
    moments: list[Cell] = []
    for day in days:
        moments.append(None if day == "-" else to_serial(date.fromisoformat(day)) + 0.1)
    return JournalEnd(5, tuple(moments))


def taken(
    end: JournalEnd, today: date, read: Book | None = None, policy: Policy = EN
) -> tuple[str, int, int] | None:
    """Return the period that goes, and its rows."""
    lines = aged_lines(read or book(), end, policy, today)
    return lines and (lines.period.code, lines.first, lines.end)


@pytest.mark.parametrize(
    ("period", "ru", "en"),
    [
        (Q1, "Журнал · 1 квартал 2026", "Journal · Q1 2026"),
        (Period(2027, 10, 3), "Журнал · 4 квартал 2027", "Journal · Q4 2027"),
        (MARCH, "Журнал · март 2026", "Journal · March 2026"),
        (Period(2026, 5, 1), "Журнал · май 2026", "Journal · May 2026"),
    ],
)
def test_a_volume_is_called_by_its_quarter_or_month_and_known_by_that(
    period: Period, ru: str, en: str
) -> None:
    assert (period.title(RU.words), period.title(EN.words)) == (ru, en)
    for title in (ru, en, en.upper()):
        assert period_of_title(title, EN.all_words) == period
    assert period_of_code(period.code) == period


@pytest.mark.parametrize(
    "title", ["Journal", "Journal · Q5 2026", "Journal · 2026", "Journal · Q1 99999", "Q1 2026", ""]
)
def test_no_other_title_is_a_volumes(title: str) -> None:
    assert period_of_title(title, EN.all_words) is None


@pytest.mark.parametrize(
    ("day", "quarter", "month_ends"),
    [
        ("2026-01-01", "2026-01+3", "2026-02-01"),
        ("2026-03-31", "2026-01+3", "2026-04-01"),
        ("2026-04-01", "2026-04+3", "2026-05-01"),
        ("2026-12-31", "2026-10+3", "2027-01-01"),
    ],
)
def test_a_day_is_in_one_quarter_and_one_month(day: str, quarter: str, month_ends: str) -> None:
    on = date.fromisoformat(day)
    assert period_around(on, 3).code == quarter
    assert str(period_around(on, 1).end) == month_ends
    assert period_around(on, 3).holds(on)


@pytest.mark.parametrize("code", ["", "2026", "2026-13+1", "2026-01+2", "x-1+3", "2026-01"])
def test_a_layout_with_a_period_that_is_none_is_one_that_was_never_kept(code: str) -> None:
    kept = f'{{"language":"en","tabs":[],"volumes":[[8,"{code}","Journal"]]}}'
    assert of_text(kept) == UNKNOWN


def test_a_quarter_goes_as_a_whole_once_it_is_over_for_long_enough() -> None:
    end = written("2026-04-02", "2026-04-01", "2026-03-31", "2026-02-01", "2026-01-05")
    assert taken(end, Q1_IS_OLD - timedelta(days=1)) is None
    assert taken(end, Q1_IS_OLD) == ("2026-01+3", 7, 10)


def test_one_night_takes_one_period_the_oldest() -> None:
    end = written("2026-03-31", "2026-01-05", "2025-12-31", "2025-11-01")
    assert taken(end, Q1_IS_OLD) == ("2025-10+3", 7, 9)


def test_one_night_takes_so_many_lines_at_most_from_below() -> None:
    end = written(*["2026-02-01"] * (MOST_LINES + 10))
    last = 5 + MOST_LINES + 10
    assert taken(end, Q1_IS_OLD) == ("2026-01+3", last - MOST_LINES, last)


def test_lines_without_a_day_go_along_with_those_above_them() -> None:
    end = written("2026-04-01", "-", "2026-03-31", "-", "2026-03-01", "-")
    assert taken(end, Q1_IS_OLD) == ("2026-01+3", 7, 11)
    assert taken(written("-", "-"), Q1_IS_OLD) is None


def test_a_journal_that_people_have_sorted_the_other_way_stays() -> None:
    assert taken(written("2026-01-05", "2026-02-01", "2026-07-01"), Q1_IS_OLD) is None


def test_the_setting_says_by_what_and_whether() -> None:
    end = written("2026-03-31", "2026-03-01", "2026-02-28")
    assert taken(end, Q1_IS_OLD, policy=keeping("month")) == ("2026-02+1", 7, 8)
    assert taken(end, Q1_IS_OLD, policy=keeping("never")) is None


def test_lines_of_a_day_that_a_volume_has_go_there_whatever_the_setting_says_now() -> None:
    quarter = Grid(8, "Journal · Q1 2026", 1, 50, 10)
    end = written("2026-03-31", "2026-03-01")
    lines = aged_lines(book(quarter), end, keeping("month"), Q1_IS_OLD)
    assert lines is not None
    assert (lines.period, lines.grid) == (Q1, quarter)


def test_a_journal_in_which_people_work_is_left_whole() -> None:
    end = written("2026-03-31")
    filtered = {"range": {}, "criteria": {"3": {"hiddenValues": ["Ann"]}}}
    area = CellArea(1, 3, 0, 2)
    for change in ({"basic_filter": filtered}, {"merges": (area,)}, {"tables": (area,)}):
        read = replace(book(), grids=(replace(JOURNAL, **change),))
        assert taken(end, Q1_IS_OLD, read) is None
    open_filter = replace(JOURNAL, basic_filter={"range": {}})
    assert taken(end, Q1_IS_OLD, replace(book(), grids=(open_filter,)))


def test_a_new_volume_bears_no_title_that_a_tab_has() -> None:
    # A tab of the team's own, as its headings told.
    team = replace(book(Grid(8, "Journal · Q1 2026", 1, 50, 10)), volumes={}, theirs=frozenset({8}))
    lines = aged_lines(team, written("2026-03-31"), EN, Q1_IS_OLD)
    assert lines is not None
    assert (lines.title, lines.grid) == ("Journal · Q1 2026 · sheetsync", None)


def test_a_volume_is_known_by_its_id_and_by_its_title_where_nothing_is_remembered() -> None:
    renamed = Grid(8, "old", 1, 50, 10)
    titled = Grid(9, "Журнал · 2 квартал 2026", 2, 50, 10)
    remembered = (VolumeLayout(8, Q1, "Journal · Q1 2026"),)
    assert dict(book(renamed, titled, volumes=remembered).volumes) == {9: Q2, 8: Q1}
    assert [*book(renamed, titled, volumes=remembered).volumes] == [9, 8]  # the newest first
    # A copy of it that somebody has made under its title is none: each line is there once.
    copied = Grid(10, "Journal · Q1 2026", 3, 50, 10)
    assert dict(book(renamed, copied, volumes=remembered).volumes) == {8: Q1}


def test_whatever_a_volume_is_called_it_is_no_report_and_no_journal() -> None:
    renamed = Grid(8, "Summary", 1, 50, 10)
    read = book(renamed, volumes=(VolumeLayout(8, Q1, "Journal · Q1 2026"),))
    assert read.titled("Summary") is None


def test_the_newest_lines_are_read_wherever_they_stand() -> None:
    q1, q2 = Grid(8, "Journal · Q1 2026", 1, 51, 10), Grid(9, "Journal · Q2 2026", 2, 41, 10)
    read = book(q1, q2)
    # 99 lines in the Journal (one row is the headings), 40 in the second quarter, 50 in the first.
    assert lines_wanted(read, JOURNAL, 120) == {7: 121, 9: 22, 8: 1}
    assert lines_wanted(read, JOURNAL, 1000) == {7: 1001, 9: 902, 8: 862}
    assert lines_wanted(read, JOURNAL, None) == {}


def test_what_is_older_than_a_volume_that_is_gone_makes_no_figure() -> None:
    q1 = Grid(8, "Journal · Q1 2026", 1, 51, 10)
    gone = VolumeLayout(9, Q2, "Journal · Q2 2026")
    read = book(q1, volumes=(VolumeLayout(8, Q1, q1.title), gone))
    assert missing_volumes(read) == (gone,)
    assert lines_wanted(read, JOURNAL, 1000)[8] == 1
    later = book(
        q1, volumes=(VolumeLayout(8, Q1, q1.title), gone._replace(period=Period(2025, 10, 3)))
    )
    assert lines_wanted(later, JOURNAL, 1000)[8] > 51


def test_the_book_remembers_its_volumes_and_since_when_one_is_gone() -> None:
    q1 = Grid(8, "past", 1, 51, 10)
    gone = VolumeLayout(9, Q2, "Journal · Q2 2026")
    read = book(q1, volumes=(VolumeLayout(8, Q1, "Journal · Q1 2026"), gone))
    today = date(2026, 11, 2)
    volumes = layout_of_volumes(read, today, None)
    assert volumes == (VolumeLayout(8, Q1, "past"), gone._replace(gone_on=today))
    kept = of_text(Layout("en", volumes=volumes).text())
    assert kept.volumes == volumes
    # On later days the day stays.
    later = replace(read, layout=kept)
    assert layout_of_volumes(later, date(2026, 12, 1), None) == volumes


def test_a_book_without_volumes_is_remembered_as_it_was() -> None:
    assert Layout("en").text() == '{"language":"en","tabs":[]}'
    assert of_text('{"language":"en","tabs":[]}') == Layout("en")
