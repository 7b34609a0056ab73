"""Groups of rows and columns: how they nest, fold, follow their rows and survive the file.

Each test shows the groups it lays.
"""

from __future__ import annotations

from typing import Any


def lines(start: int, end: int, dimension: str = "ROWS", sheet: int = 0) -> dict[str, Any]:
    return {"sheetId": sheet, "dimension": dimension, "startIndex": start, "endIndex": end}


def move(start: int, end: int, to: int, dimension: str = "ROWS") -> dict[str, Any]:
    return {"moveDimension": {"source": lines(start, end, dimension), "destinationIndex": to}}


def group(kind: str, where: dict[str, Any]) -> dict[str, Any]:
    return {f"{kind}DimensionGroup": {"range": where}}


def spans(sheet: dict[str, Any], name: str = "rowGroups") -> list[tuple[int, int, int, bool]]:
    return [
        (g["range"]["startIndex"], g["range"]["endIndex"], g["depth"], g.get("collapsed", False))
        for g in sheet.get(name, [])
    ]


def test_groups_nest_as_documented(client: Any) -> None:
    def laid(*requests: dict[str, Any]) -> list[tuple[int, int, int, bool]]:
        client.batch(*requests)
        found = spans(client.sheet(), "columnGroups")
        while client.sheet().get("columnGroups"):
            client.batch(group("delete", lines(0, 20, "COLUMNS")))
        return found

    def add(start: int, end: int) -> dict[str, Any]:
        return group("add", lines(start, end, "COLUMNS"))

    assert laid(add(2, 4), add(1, 5)) == [(1, 5, 1, False), (2, 4, 2, False)]
    assert laid(add(1, 5), add(2, 4)) == [(1, 5, 1, False), (2, 4, 2, False)]
    assert laid(add(1, 4), add(2, 5)) == [(1, 5, 1, False), (2, 4, 2, False)]
    cut_away = group("delete", lines(3, 5, "COLUMNS"))
    assert laid(add(1, 5), add(2, 4), cut_away) == [(1, 4, 1, False), (2, 3, 2, False)]
    assert laid(add(1, 2), add(1, 2)) == [(1, 2, 1, False), (1, 2, 2, False)]
    assert "deep" in client.refused(*[add(1, 2)] * 9)
    assert "none" in client.refused(group("delete", lines(0, 2)))


def test_groups_answer_as_recorded(client: Any) -> None:
    added = client.batch(group("add", lines(0, 2)))["replies"][0]
    shown = {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 2}, "depth": 1}
    assert added == {"addDimensionGroup": {"dimensionGroups": [shown]}}
    sheet = client.sheet()
    assert sheet["rowGroups"] == [shown]
    assert sheet["properties"]["gridProperties"]["rowGroupControlAfter"] is True
    assert client.batch(group("delete", lines(0, 2)))["replies"] == [{"deleteDimensionGroup": {}}]
    assert "rowGroups" not in client.sheet()
    assert client.sheet()["properties"]["gridProperties"]["rowGroupControlAfter"] is True


def test_a_folded_group_hides_its_lines_and_survives_the_file(client: Any) -> None:
    place = {"range": lines(2, 5), "depth": 1}
    update = {"dimensionGroup": {**place, "collapsed": True}, "fields": "collapsed"}
    client.batch(
        group("add", lines(2, 5)),
        group("add", lines(3, 4)),
        group("add", lines(1, 3, "COLUMNS")),
        {"updateDimensionGroup": update},
    )
    opened = client.again()
    for one in (client, opened):
        assert spans(one.sheet()) == [(2, 5, 1, True), (3, 4, 2, False)]
        assert spans(one.sheet(), "columnGroups") == [(1, 3, 1, False)]
        data = one.ok("GET", "", ranges="A1:A7", fields="sheets.data.rowMetadata")["sheets"][0][
            "data"
        ][0]
        assert [line.get("hiddenByUser", False) for line in data["rowMetadata"]] == [False] * 2 + [
            True
        ] * 3 + [False] * 2
    opened.session.close()
    client.batch({"updateDimensionGroup": {"dimensionGroup": place, "fields": "collapsed"}})
    assert spans(client.sheet())[0] == (2, 5, 1, False)
    wrong = {"dimensionGroup": {"range": lines(2, 4), "depth": 1}, "fields": "collapsed"}
    assert "No group" in client.refused({"updateDimensionGroup": wrong})


def test_groups_follow_their_rows(client: Any) -> None:
    client.batch(group("add", lines(4, 6)), group("add", lines(8, 10)))
    client.batch({"insertDimension": {"range": lines(5, 7)}})
    assert spans(client.sheet()) == [(4, 8, 1, False), (10, 12, 1, False)]
    client.batch({"deleteDimension": {"range": lines(8, 10)}})
    assert spans(client.sheet()) == [(4, 10, 1, False)]
    client.batch(move(0, 1, 20))
    assert spans(client.again().sheet()) == [(3, 9, 1, False)]
