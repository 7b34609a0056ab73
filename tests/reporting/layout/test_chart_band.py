"""The band of lines that is kept free for charts: where each of them stands, and what is said of those not drawn."""

from sheetsync.reporting.layout.chart_band import band
from sheetsync.reporting.layout.model import ReportChart, ReportLine, Series

WIDTHS = (250, 110, 150, *[88] * 10)


def chart(key: str, width: int = 1, numbers: tuple[int, ...] = (1, 2)) -> ReportChart:
    series = (Series("n", numbers, "#000000"),) if numbers else ()
    return ReportChart(
        key,
        "column",
        f"title of {key}",
        "axis",
        ("a", "b") if numbers else (),
        series,
        "nothing",
        width,
    )


def test_charts_stand_side_by_side_at_the_edges_of_columns_and_within_the_report() -> None:
    lines, placed = band(
        [chart("a"), chart("b"), chart("c"), chart("d", 2), chart("e", 2)], WIDTHS, 6
    )
    assert [(p.chart.key, p.line, p.column) for p in placed] == [
        ("a", 7, 0),
        ("b", 7, 3),
        ("c", 7, 8),
        ("d", 20, 0),
        ("e", 33, 0),
    ]
    for one in placed:
        left = sum(WIDTHS[: one.column])
        assert left + one.width <= sum(WIDTHS)
        assert one.height <= sum(line.height for line in lines[one.line - 6 : one.line - 6 + 12])
    assert all(not line.cells for line in lines)
    assert len({line.key for line in lines}) == len(lines)


def words(line: ReportLine) -> list[object]:
    return [cell.value for cell in line.cells if cell.value]


def test_what_cannot_be_drawn_is_said_in_its_place_and_a_row_of_such_takes_no_room() -> None:
    lines, placed = band(
        [chart("a"), chart("b", numbers=()), chart("c", 3, numbers=(0, 0))], WIDTHS, 0
    )
    assert [p.chart.key for p in placed] == ["a"]
    assert words(lines[1]) == ["title of b"]
    assert words(lines[2]) == ["nothing"]
    assert lines[1].cells[3].value == "title of b"
    assert [words(line) for line in lines[13:]] == [[], ["title of c"], ["nothing"]]
