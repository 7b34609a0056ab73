"""Charts laid out as shapes: whatever the numbers and names, what is drawn is true to them and stays on its picture."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetsync.reporting.layout.model import ChartKind, ReportChart, Series
from sheetsync.reporting.meeting_pack.chart_layout import draw
from sheetsync.reporting.meeting_pack.chart_scale import numbers_of, ticks
from sheetsync.reporting.meeting_pack.chart_shapes import Bar, ChartPicture

KINDS: tuple[ChartKind, ...] = ("column", "stacked", "bar", "line")
NAMES = st.text(max_size=40)
NUMBERS = st.one_of(
    st.none(),
    st.integers(-(10**6), 10**9),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0, -0.0, 5e-324, 1e308, 0.1]),
)


@st.composite
def charts(draw_: st.DrawFn, kinds: tuple[ChartKind, ...] = KINDS) -> ReportChart:
    """Make any chart that a report could have, and some that none should."""
    categories = tuple(draw_(st.lists(NAMES, min_size=1, max_size=45)))
    count = len(categories)
    series = [
        Series(
            draw_(NAMES), tuple(draw_(st.lists(NUMBERS, min_size=count, max_size=count))), "#2563EB"
        )
        for _ in range(draw_(st.integers(1, 4)))
    ]
    pattern = draw_(st.sampled_from(["#,##0", "0%", "#,##0.0"]))
    return ReportChart(
        "k",
        draw_(st.sampled_from(kinds)),
        "t",
        "a",
        categories,
        tuple(series),
        "e",
        draw_(st.integers(1, 3)),
        pattern,
    )


def write(value: float) -> str:
    return f"{value:,.10g}"


def chart(
    kind: ChartKind, *series: tuple[float | None, ...], names: tuple[str, ...] = ()
) -> ReportChart:
    count = len(series[0])
    made = tuple(Series(f"s{n}", numbers, "#2563EB") for n, numbers in enumerate(series))
    return ReportChart(
        "k", kind, "t", "a", names or tuple(f"c{n}" for n in range(count)), made, "e"
    )


def numbers(picture: ChartPicture) -> list[float]:
    """Return every number of a picture."""
    shapes = (*picture.grid_lines, *picture.bars, *picture.dots, *picture.words)
    found = [float(value) for shape in shapes for value in shape if isinstance(value, int | float)]
    points = [
        float(part)
        for trace in picture.traces
        for point in trace.points.split()
        for part in point.split(",")
    ]
    return [*found, *points]


@given(charts())
def test_any_chart_is_drawn_with_numbers_only_and_within_its_picture(
    any_chart: ReportChart,
) -> None:
    picture = draw(any_chart, write)
    assert all(math.isfinite(number) for number in numbers(picture))
    for bar in picture.bars:
        assert bar.width >= 0
        assert bar.height >= 0
        assert bar.x >= 0
        assert bar.y >= 0
        assert bar.x + bar.width <= picture.width + 0.01
        assert bar.y + bar.height <= picture.height + 0.01
    for dot in picture.dots:
        assert 0 <= dot.x <= picture.width
        assert 0 <= dot.y <= picture.height
    for word in picture.words:
        assert 0 <= word.x <= picture.width
        assert 0 <= word.y <= picture.height


@given(charts(("column", "stacked", "bar")))
def test_bars_are_as_long_as_their_values_say(any_chart: ReportChart) -> None:
    picture = draw(any_chart, write)
    values = [
        abs(n)
        for column in zip(*numbers_of(any_chart), strict=True)
        for n in column
        if n is not None
    ]
    lengths = [bar.width if any_chart.kind == "bar" else bar.height for bar in picture.bars]
    assert len(values) == len(lengths)
    total, longest = sum(values), sum(lengths)
    for value, length in zip(values, lengths, strict=True):
        assert length * total == pytest.approx(value * longest, rel=1e-6, abs=max(total, 1) * 1e-6)


@given(charts(("line",)))
def test_a_line_has_a_point_for_each_number_and_none_for_a_gap(any_chart: ReportChart) -> None:
    picture = draw(any_chart, write)
    known = [n for series in numbers_of(any_chart) for n in series if n is not None]
    assert len(picture.dots) == len(known)
    assert all(len(trace.points.split()) > 1 for trace in picture.traces)


@given(st.floats(-1e15, 1e15), st.floats(1e-6, 1e15))
def test_marks_go_evenly_from_below_the_least_to_above_the_largest(low: float, size: float) -> None:
    low, high = min(low, 0.0), max(low + size, 1.0)
    marks, close = ticks(low, high), 1e-6 * (high - low)
    assert marks[0] <= low + close
    assert marks[-1] >= high - close
    assert 2 <= len(marks) <= 7
    assert 0.0 in marks


def test_columns_on_top_of_each_other_add_up_and_losses_hang_below() -> None:
    picture = draw(chart("stacked", (3, 1), (2, None), (-1, 4)), write)
    first, on_top, below, left, above = picture.bars
    assert on_top.y + on_top.height == pytest.approx(first.y)
    assert below.y == pytest.approx(first.y + first.height)
    assert above.y + above.height == pytest.approx(left.y)
    assert [bar.description for bar in picture.bars] == [
        "c0, s0: 3",
        "c0, s1: 2",
        "c0, s2: -1",
        "c1, s0: 1",
        "c1, s2: 4",
    ]


def test_a_gap_ends_a_line_and_the_next_point_begins_another() -> None:
    picture = draw(chart("line", (1, 2, None, 4, 5, None, 7)), write)
    assert [len(trace.points.split()) for trace in picture.traces] == [2, 2]
    assert len(picture.dots) == 5


def test_the_first_of_lying_bars_is_on_top_and_each_bears_its_number() -> None:
    picture = draw(chart("bar", (5, 0, 12), names=("New", "Contact", "Deal")), write)
    assert sorted(picture.bars, key=lambda bar: bar.y) == list(picture.bars)
    assert [word.text for word in picture.words if word.bold] == ["5", "0", "12"]


def test_names_that_do_not_fit_stand_aslant_and_of_too_many_some_are_left_out() -> None:
    names = tuple(f"Manager number {n}" for n in range(200))
    few, many = (draw(chart("column", (1.0,) * n, names=names[:n]), write) for n in (10, 200))
    assert {word.turn for word in few.words if word.text.startswith("Manager")} == {-40}
    shown = [word for word in many.words if word.text.startswith("Manager")]
    assert 10 < len(shown) < 60
    assert len(many.bars) == 200


def test_equal_values_are_equal_bars() -> None:
    bars: tuple[Bar, ...] = draw(chart("column", (7, 7), (7, 0)), write).bars
    assert bars[0].height == bars[1].height == bars[2].height > 0 == bars[3].height
