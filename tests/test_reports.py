"""The program's own sheets: what stands on them, in which order, and that the same base always gives the same ones."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from sheetsync import enforcer
from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.reporting.layout.model import bar, phone, tab_titles
from sheetsync.reporting.layout.theme import CELL_STYLES
from sheetsync.reports import ReportCell, ReportLine, ReportSheet, reports
from sheetsync.rules.draft.projection import Projection
from sheetsync.values import Cell, to_serial
from sheetsync.workbook import last_run_state as state
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.snapshot import Book, Grid, Snapshot

RU, TODAY = template("ru"), date(2026, 3, 2)
HEADS = "Компания | Состояние | Менеджер | Телефон | Метка | Следующий шаг | Дата следующего шага | Дата взятия в работу"
CODED = {"state": "states", "label": "labels", "refusal_reason": "reasons"}

WORKING = (
    HEADS,
    "АО «Заря» | 1 контакт | Иванов | 89031112233 | крупный | Перезвонить | 20.02.2026 | 01.03.2026",
    "ООО «Альфа» | 2 контакт | Иванов | 89123456789 | крупный | Отправить КП | 16.02.2026 | 01.03.2026",
    "ИП Ковалёв | Сделка | Иванов | 89265554433 | крупный | Встреча | 25.02.2026 | 01.03.2026",
    "Семь | 1 контакт | Иванов | 89265554434 | маленький | Встреча | 10.03.2026 | 23.02.2026",
    "Три | 2 контакт | Иванов | 89265554435 | маленький | Встреча | 10.03.2026 | 19.02.2026",
    "Один | 3 контакт | Иванов | 89265554436 | маленький | Встреча | 10.03.2026 | 17.02.2026",
    "Восемь | 1 контакт | Иванов | 89265554437 | маленький | Встреча | 10.03.2026 | 24.02.2026",
    "Парус | 1 контакт | Петрова | 89265554438 | крупный | | | 01.03.2026",
    "Лира | 1 контакт | Петрова | 89265554439 | крупный | Письмо | завтра | 01.03.2026",
    "Вышел | 2 контакт | Петрова | 89265554440 | маленький | Письмо | 10.03.2026 | 01.02.2026",
    "Оплачено | Сопровождение сделки | Петрова | 89265554441 | | | | 01.02.2026",
    "Ничей | 1 контакт | | 89265554442 | | Письмо | 10.03.2026 | 01.03.2026",
)
REWORK = (
    "Компания | Состояние | Менеджер | Телефон | Причина отказа | Вернуться",
    "Маяк | Отказ | Петрова | 83432001020 | нет денег | 26.02.2026",
    "Рано | Отказ | Петрова | 83432001021 | нет денег | 26.06.2026",
    "Без причины | Отказ | Ким | 83432001022 | | 26.06.2026",
)
STRATEGIC = (
    "Компания | Состояние | Менеджер | Телефон | Вернуться",
    "Вектор | Стратегический запас | Иванов | 84951234567 | 02.03.2026",
)
TABLES = {
    "Рабочий список": WORKING,
    "Отказ с проработкой": REWORK,
    "Стратегический архив": STRATEGIC,
}


def cells(table: Sequence[str]) -> list[list[Cell]]:
    return [[part.strip() or None for part in line.split("|")] for line in table]


def snapshot_of(
    tables: dict[str, list[list[Cell]]], remembered: pd.DataFrame | None = None
) -> Snapshot:
    grids = [Grid(at, title, at, 100, 20, rows) for at, (title, rows) in enumerate(tables.items())]
    book = Book("b", "База", "ru_RU", "Europe/Moscow", tuple(grids))
    known = state.empty() if remembered is None else remembered
    return replace(recognise(book, RU, language("ru")), state=known)


def outcome_of(tables: dict[str, list[list[Cell]]], policy: Policy = RU) -> Projection:
    snapshot = snapshot_of(tables)
    return Projection(snapshot, enforcer.decide(snapshot, policy, TODAY), policy)


def journal_of(projection: Projection, day: date = TODAY) -> list[JournalLine]:
    return [
        JournalLine(
            to_serial(day) + 0.08,
            "r",
            m.id,
            m.company,
            m.manager,
            "moved",
            m.source,
            m.target,
            m.reason,
        )
        for m in projection.plan.moves
    ]


def made(code: str = "ru") -> tuple[ReportSheet, ...]:
    projection = outcome_of({title: cells(table) for title, table in TABLES.items()})
    return reports(projection, RU, language(code), journal_of(projection))


def sheet(sheets: Sequence[ReportSheet], key: str) -> ReportSheet:
    return next(found for found in sheets if found.key == key)


def block(of: ReportSheet, key: str) -> list[ReportLine]:
    return [line for line in of.lines if line.key.startswith(f"{key}:")]


def column(lines: Sequence[ReportLine], at: int) -> list[Cell]:
    return [line.cells[at].value for line in lines]


def line_of(of: ReportSheet, key: str) -> ReportLine:
    return next(line for line in of.lines if line.key == key)


def written(sheets: Sequence[ReportSheet]) -> list[ReportCell]:
    return [cell for found in sheets for line in found.lines for cell in line.cells]


def test_overdue_steps_stand_oldest_first_with_their_days() -> None:
    lines = block(sheet(made(), "manager:Иванов"), "overdue")
    assert column(lines, 0) == ["ООО «Альфа»", "АО «Заря»", "ИП Ковалёв"]
    assert column(lines, 4) == [14, 10, 5]
    assert column(lines, 3) == [to_serial(date(2026, 2, day)) for day in (16, 20, 25)]
    assert lines[0].cells[0].link == ("working", 3)
    assert lines[0].cells[5].value == "+7 912 345-67-89"


def test_a_deadline_in_seven_three_and_one_days_is_shown_with_where_the_row_will_go() -> None:
    lines = block(sheet(made("en"), "manager:Иванов"), "closing")
    assert column(lines, 0) == ["Один", "Три", "Семь"]
    assert column(lines, 2) == [
        "Стратегический архив",
        "Стратегический архив",
        "Отказ с проработкой",
    ]
    assert column(lines, 4) == ["1 day", "3 days", "7 days"]
    assert [line.cells[4].style for line in lines] == ["text_red", "text_amber", "text_amber"]


def test_load_stands_against_the_cap() -> None:
    sheets = made("en")
    figures, notes = (
        line_of(sheet(sheets, "manager:Иванов"), f"tiles:{part}").cells
        for part in ("value", "note")
    )
    assert (figures[0].value, figures[0].style, notes[0].value) == (
        7,
        "kpi_blue_value",
        "█░░░░░░░░░  of 90",
    )
    told = line_of(sheet(sheets, "summary"), "managers:Петрова").cells
    assert told[1].value == 2  # support and what moved away are not counted
    over = RU.model_copy(update={"cap": RU.cap.model_copy(update={"min": 0, "max": 6})})
    projection = outcome_of({"Рабочий список": cells(WORKING)}, over)
    told = line_of(reports(projection, over, language("en"), [])[0], "managers:Иванов").cells
    assert (told[1].value, told[1].style, told[2].style) == (7, "number_red", "bar_red")


def test_a_row_without_a_step_says_what_is_missing() -> None:
    lines = block(sheet(made("en"), "manager:Петрова"), "no_step")
    said = dict(zip(column(lines, 0), column(lines, 2), strict=True))
    assert said == {
        "Парус": "the step and its date",
        "Лира": "a date that can be read, for: Письмо",
    }


def test_calls_come_due_from_both_archives() -> None:
    sheets = made("en")
    calls = block(sheet(sheets, "manager:Петрова"), "call")
    assert [(c.cells[0].value, c.cells[2].value, c.cells[4].value) for c in calls] == [
        ("Маяк", "Нет денег", "4 days")
    ]
    assert column(block(sheet(sheets, "manager:Иванов"), "call"), 0) == ["Вектор"]


def test_a_company_stands_once_in_its_most_urgent_block_with_all_that_is_to_be_said() -> None:
    table = [
        HEADS,
        "Срочная | 1 контакт | Ким | 89123456789 | маленький | Звонок | 02.03.2026 | 18.02.2026",
        "Поздняя | 2 контакт | Ким | 89123456780 | маленький |        | 01.03.2026 | 17.02.2026",
        "Сегодня | 1 контакт | Ким | 89123456781 | крупный | Встреча | 02.03.2026 | 01.03.2026",
        "Скорая | 1 контакт | Ким | 89123456782 | маленький | КП | 04.03.2026 | 20.02.2026",
        "Пятница | 1 контакт | Ким | 89123456783 | крупный | Письмо | 06.03.2026 | 01.03.2026",
    ]
    projection = outcome_of({"Рабочий список": cells(table)})
    own = sheet(reports(projection, RU, language("en"), []), "manager:Ким")
    keys = ("overdue", "today", "closing", "no_step", "fill", "week")
    heads = [line.cells[0].value for line in own.lines if line.key.startswith("head:")]
    assert heads == [
        "Overdue steps · 1",
        "Today · 2",
        "Deadline is near · 3",
        "No next step · 1",
        "This week · 2",
    ]
    said = {
        str(line.cells[0].value): line.cells[7].value if len(line.cells) > 7 else None
        for key in keys
        for line in block(own, key)
    }
    assert said == {
        "Поздняя": "1 day until the deadline, then: Стратегический архив; missing: the step",
        "Срочная": "2 days until the deadline, then: Отказ с проработкой",
        "Сегодня": None,
        "Скорая": "4 March: КП",
        "4 March, Wednesday": None,
        "6 March, Friday": None,
    }
    assert [line.cells[2].value for line in block(own, "week")] == [
        "1 of them stands above",
        "Пятница",
    ]


def test_incomplete_rows_name_the_columns_to_fill_in() -> None:
    lines = block(sheet(made(), "manager:Ким"), "fill")
    assert [(line.cells[0].value, line.cells[2].value) for line in lines] == [
        ("Без причины", "Причина отказа")
    ]
    assert not block(sheet(made(), "manager:Ким"), "overdue")


def test_a_company_that_says_two_things_at_once_is_listed_with_what_contradicts() -> None:
    table = [
        HEADS + " | Причина отказа | Сумма сделки",
        "Лада | Клиент | Ким | 89123456789 | крупный | Звонок | 10.03.2026 | 01.03.2026 | Нет денег | 5",
        "Нева | 1 контакт | Ким | 89123456780 | крупный | Звонок | 10.03.2026 | 01.03.2026 | | 5",
    ]
    projection = outcome_of({"Рабочий список": cells(table)})
    summary, own, *_ = reports(projection, RU, language("ru"), [])
    ((line, *rest), decided) = block(own, "contrary"), block(summary, "decide")
    assert (rest, column([line], 0)) == ([], ["Лада"])
    assert (
        str(line.cells[2].value)
        == "Противоречие: состояние «Клиент» и при этом указана причина отказа. Решает человек."
    )
    assert line.cells[6].style == "decision"
    assert column(decided, 0) == ["Лада"]


def test_a_manager_with_nothing_due_reads_one_sentence() -> None:
    table = [
        HEADS,
        "Лада | 1 контакт | Ким | 89123456789 | крупный | Звонок | 10.03.2026 | 01.03.2026",
    ]
    projection = outcome_of({"Рабочий список": cells(table)})
    calm = sheet(reports(projection, RU, language("en"), []), "manager:Ким")
    assert [line.key for line in calm.lines] == [
        "title",
        "subtitle",
        "gap:tiles",
        "tiles:label",
        "tiles:value",
        "tiles:note",
        "gap:calm",
        "calm",
    ]


def test_rows_that_nobody_leads_have_a_line_of_their_own() -> None:
    told = line_of(sheet(made("en"), "summary"), "managers:").cells
    assert (told[0].value, told[1].value) == ("— no manager —", 1)
    assert "errors to fix 1" in str(
        line_of(sheet(made("en"), "summary"), "subtitle").cells[0].value
    )


def test_the_figures_of_the_night_come_from_the_journal_of_today_only() -> None:
    projection = outcome_of({title: cells(table) for title, table in TABLES.items()})
    for journal, count in (
        (journal_of(projection), 1),
        (journal_of(projection, TODAY - timedelta(days=1)), 0),
        ([], 0),
    ):
        summary = reports(projection, RU, language("en"), journal)[0]
        assert line_of(summary, "tiles:value").cells[12].value == count
        assert f"moved this night {count}" in str(line_of(summary, "subtitle").cells[0].value)
    move = projection.plan.moves[0]
    told = line_of(
        reports(projection, RU, language("en"), journal_of(projection))[0], f"moves:{move.id}"
    ).cells
    assert [cell.value for cell in told[:4]] == [
        "Вышел",
        "Петрова",
        "Рабочий список",
        "Стратегический архив",
    ]
    assert told[0].link == ("strategic", 3)


def test_more_moves_than_fit_are_counted() -> None:
    projection = outcome_of({title: cells(table) for title, table in TABLES.items()})
    [line] = journal_of(projection)
    summary = reports(
        projection, RU, language("en"), [line._replace(id=str(n)) for n in range(230)]
    )[0]
    assert line_of(summary, "moves:more").cells[0].value == "and 30 more, see “Журнал”"
    assert len(block(summary, "moves")) == 201


def test_the_same_base_gives_the_same_sheets_and_so_does_a_quiet_second_run() -> None:
    tables = {title: cells(table) for title, table in TABLES.items()}
    projection = outcome_of(tables)
    journal = journal_of(projection)
    first = reports(projection, RU, language("ru"), journal)
    assert reports(outcome_of(tables), RU, language("ru"), journal) == first
    snapshot = snapshot_of(_carried_out(projection), projection.state)
    plan = enforcer.decide(snapshot, RU, TODAY)
    assert not plan.moves
    assert reports(Projection(snapshot, plan, RU), RU, language("ru"), journal) == first


def _carried_out(projection: Projection) -> dict[str, list[list[Cell]]]:
    """Lay out the tables as they stand after the run: every row in its place, with its id."""
    unread = {(f.row, f.field): f.raw for tab in projection.snapshot.tabs for f in tab.faulty}
    after = projection.base.sort_values(["section", "row"])
    tables = {}
    for tab in projection.snapshot.tabs:
        fields = [*tab.fields, "id"]
        rows: list[list[Cell]] = [[RU.words.name("columns", name) for name in fields]]
        for record in after[after["section"] == tab.section].to_dict("records"):
            raw = [
                unread.get((record["row"], name)) if tab.section == "working" else None
                for name in fields
            ]
            rows.append(
                [held or _cell(name, record[name]) for name, held in zip(fields, raw, strict=True)]
            )
        tables[tab.title] = rows
    return tables


def _cell(name: str, value: Any) -> Cell:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return to_serial(value.date())
    return RU.words.name(CODED[name], str(value)) if name in CODED else str(value)


def test_counts_agree_with_a_count_made_by_hand() -> None:
    dice = random.Random(7)  # noqa: S311  # figures for a test
    names, states = (
        ["Иванов", "Петрова", "Ким"],
        ["Новый клиент", "1 контакт", "2 контакт", "Сделка"],
    )
    raw = pd.DataFrame(
        {
            "company": [f"Компания {n}" for n in range(200)],
            "state": [dice.choice(states) for _ in range(200)],
            "manager": [dice.choice(names) for _ in range(200)],
            "step": [dice.choice(["Звонок", None]) for _ in range(200)],
            "on": [dice.choice([None, -9, -1, 0, 5]) for _ in range(200)],
            "age": [dice.randrange(14) for _ in range(200)],
        }
    )
    rows: list[list[Cell]] = [[*(head.strip() for head in HEADS.split("|"))]]
    for company, state_, manager, step, on, age in raw.itertuples(index=False):
        next_on = None if pd.isna(on) else to_serial(TODAY) + int(on)
        phone_ = "8912345" + company.split()[1].zfill(4)
        rows.append(
            [
                company,
                state_,
                manager,
                phone_,
                "маленький",
                step if isinstance(step, str) else None,
                next_on,
                to_serial(TODAY) - int(age),
            ]
        )
    sheets = reports(outcome_of({"Рабочий список": rows}), RU, language("ru"), [])
    # The day is a Monday: what is due in five days is due this week.
    late, now, later = raw["on"] < 0, raw["on"] == 0, raw["on"] == 5
    works = raw["state"] != "Новый клиент"
    bare = works & (raw["step"].isna() | raw["on"].isna())
    soon = raw["state"].isin(["1 контакт", "2 контакт"]) & (raw["age"] >= 7)
    masks = [late, now, later, soon, bare]
    keys = ["overdue", "today", "week", "closing", "no_step"]
    for name in names:
        mine = raw["manager"] == name
        told = [cell.value for cell in line_of(sheets[0], f"managers:{name}").cells]
        by_state = [int((mine & (raw["state"] == each)).sum()) for each in states]
        assert told[1] == int(mine.sum())
        assert [told[9], told[10], told[11], told[13]] == by_state
        assert told[3:8] == [int((mine & mask).sum()) for mask in masks]
        own = sheet(sheets, f"manager:{name}")
        headings = [str(line_of(own, f"head:{key}").cells[0].value) for key in keys]
        assert [int(heading.rpartition(" · ")[2]) for heading in headings] == told[3:8]
        listed = [column(block(own, key), 0) for key in keys if key != "week"]
        companies = [company for of_block in listed for company in of_block]
        assert len(companies) == len({*companies})
        assert {*companies} == {*raw["company"][mine & (late | now | soon | bare)]}
    total = [cell.value for cell in line_of(sheets[0], "managers:total").cells]
    assert (total[1], total[3:8]) == (200, [int(mask.sum()) for mask in masks])


@pytest.mark.parametrize(
    "name", ["А/Б [отдел]: *?", "[]", "Очень " * 12, "'", "🙂" * 20, "{name}", "=1+1"]
)
def test_an_odd_name_gives_a_legal_title(name: str) -> None:
    projection = outcome_of(
        {"Рабочий список": [*cells([HEADS]), ["Лада", "1 контакт", name, "89123456789"]]}
    )
    summary, own, *_ = reports(projection, RU, language("ru"), [])
    assert not set(own.title) & set("[]:*?/\\")
    assert len(own.title.encode("utf-16-le")) <= 62
    assert own.title.startswith("Просрочено · ")
    assert block(summary, "managers")[0].cells[0].link == (f"tab:{own.title}", 1)


def test_titles_differ_even_where_names_hardly_do() -> None:
    names = [
        "Иванов",
        "ИВАНОВ",
        "Иванов/",
        "Константинопольский-Задунайский А",
        "Константинопольский-Задунайский Б",
    ]
    titles = tab_titles(names, RU, ["Просрочено · Иванов"])
    assert len({title.casefold() for title in titles.values()} | {"просрочено · иванов"}) == 6
    assert titles["Иванов"] == "Просрочено · Иванов (2)"


@pytest.mark.parametrize("code", ["ru", "en"])
def test_both_languages_render_with_known_looks_and_unique_keys(code: str) -> None:
    sheets = made(code)
    assert [found.key for found in sheets] == [
        "summary",
        "manager:Иванов",
        "manager:Ким",
        "manager:Петрова",
        "revision",
        "sample",
        "figures",
    ]
    assert {cell.style for cell in written(sheets)} <= CELL_STYLES.keys()
    for found in sheets:
        assert len({line.key for line in found.lines}) == len(found.lines)
        assert max(len(line.cells) for line in found.lines) <= len(found.widths)
    assert all(
        cell.value is None or type(cell.value) in (str, int, float) for cell in written(sheets)
    )


def test_an_id_that_stands_twice_still_gives_each_line_its_key() -> None:
    twice = [*WORKING[1:2], *WORKING[1:2]]
    rows = [*cells([HEADS + " | ID"]), *([*row, "AAAAAA"] for row in cells(twice))]
    _, own, *_ = reports(outcome_of({"Рабочий список": rows}), RU, language("ru"), [])
    assert len({line.key for line in own.lines}) == len(own.lines)


def test_an_empty_base_gives_a_summary_of_nothing() -> None:
    summary, *_ = reports(outcome_of({"Рабочий список": cells([HEADS])}), RU, language("ru"), [])
    assert [cell.value for cell in line_of(summary, "tiles:value").cells[::2]] == [0] * 7
    assert line_of(summary, "moves:none")


def test_phones_are_written_for_people() -> None:
    assert phone("+79123456789") == "+7 912 345-67-89"
    assert phone("+442079460958") == "+44 20 7946 0958"
    assert phone("доб. 12") == "доб. 12"


def test_a_bar_shows_the_least_use_and_never_more_than_the_limit() -> None:
    assert [bar(value, 90).count("█") for value in (0, 1, 45, 90, 120)] == [0, 1, 5, 10, 10]
