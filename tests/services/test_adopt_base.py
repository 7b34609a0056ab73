"""A team's own base is adopted: what is sure is taken, what is not is asked, and no cell of theirs is changed."""

import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from sheetsync.config import Settings
from sheetsync.i18n import language
from sheetsync.method.settings_tab.locate import locate
from sheetsync.rules.duplicates import find
from sheetsync.sheets.connection.open_book import open_book
from sheetsync.sheets.read.reader import read_book
from sheetsync.workbook.snapshot import Snapshot
from tests.builders.adoption_figures import Figures, documented
from tests.builders.bench import Shell, cells, write_base

TODAY = "2026-03-02"
SETTINGS, REVISION = "Settings", "Revision"
BASES = ("one-tab", "six-tabs")
FIELDS = {"days_formula": (), "number": ()}
"""What the truth files call columns that are nobody's field."""
READ = ("state", "began", "last_contact", "next_on", "phone", "tax_number")


def snapshot(path: Path) -> Snapshot:
    return read_book(open_book(str(path), Settings(), language("ru")).line, path.name, None)[0]


def team_cells(path: Path, titles: list[str]) -> dict[tuple[str, int, int], Any]:
    """Return every cell of some tabs by place, as it stands in the file."""
    found = cells(path)
    return {
        (title, row, column): cell
        for title in titles
        for row, line in enumerate(found[title])
        for column, cell in enumerate(line)
        if cell is not None
    }


def plain(value: Any) -> Any:
    """Write a value of a frame as the truth files do."""
    if value is None or value != value:  # noqa: PLR0124  # a missing number is unlike itself
        return None
    return str(value.date()) if hasattr(value, "date") else value


def measure(told: Any, path: Path, truth: Any) -> Figures:
    """Compare an adopted base with its truth file."""
    mapped = {tab["title"]: tab["section"] for tab in told["tabs"]}
    columns = [
        (
            FIELDS.get(truth["headers"].get(c["heading"], ""), (truth["headers"][c["heading"]],)),
            tuple(c["fields"]),
        )
        for tab in told["tabs"]
        for c in tab["columns"]
        if c["heading"] in truth["headers"]
    ]
    seen = snapshot(path)
    rows = {
        (seen.tab[s].title, int(r)): at
        for at, (s, r) in enumerate(zip(seen.base["section"], seen.base["row"], strict=True))
    }
    known = [(rows[row["tab"], row["row"]], row) for row in truth["rows"]]
    read = [
        plain(seen.base.at[at, name]) == row[name]
        for at, row in known
        for name in READ
        if row.get(name)
    ]
    pairs = {frozenset((rows[(a[0], a[1])], rows[(b[0], b[1])])) for a, b in truth["duplicates"]}
    found = {frozenset((pair.first, pair.second)) for pair in find(seen.base)}
    return Figures(
        tabs=(sum(mapped.get(t) == s for t, s in truth["tabs"].items()), len(truth["tabs"])),
        columns=(sum(wanted == found for wanted, found in columns), len(columns)),
        values=(sum(read), len(read)),
        duplicates=(len(pairs & found), len(pairs)),
        false_pairs=len(found - pairs),
    )


@pytest.mark.parametrize("name", BASES)
def test_a_dirty_base_is_understood_by_itself(
    sheetsync: Shell, data: Path, tmp_path: Path, name: str
) -> None:
    path = Path(shutil.copy(data / f"{name}.xlsx", tmp_path / f"{name}.xlsx"))
    truth = json.loads((data / f"{name}.truth.json").read_text(encoding="utf-8"))
    before = team_cells(path, list(truth["tabs"]))
    told = sheetsync("adopt", path, "--yes", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    after = team_cells(path, list(truth["tabs"]))
    assert {place: cell for place, cell in after.items() if place in before} == before
    figures = measure(told.json, path, truth)
    assert figures.tabs[0] == figures.tabs[1]
    assert figures.columns[0] >= 0.95 * figures.columns[1]
    assert figures.values[0] >= 0.98 * figures.values[1]
    assert figures.duplicates[0] == figures.duplicates[1]
    assert figures.false_pairs <= figures.duplicates[1]
    assert documented(name, figures) == figures


@pytest.mark.parametrize("name", BASES)
def test_what_the_first_run_does_to_an_adopted_base_stands_in_its_plan(
    sheetsync: Shell, data: Path, tmp_path: Path, name: str
) -> None:
    path = Path(shutil.copy(data / f"{name}.xlsx", tmp_path / f"{name}.xlsx"))
    assert sheetsync("adopt", path, "--yes", "--today", TODAY, "--json").code == 0
    assert sheetsync("run", path, "--today", TODAY).code == 2  # the first moves wait for a person
    people = len(snapshot(path).base)
    plan = sheetsync("plan", path, "--today", TODAY, "--json").json
    assert plan["first_run"] is True
    done = sheetsync("run", path, "--today", TODAY, "--force", "--json").json
    assert (done["digest"], len(done["moves"])) == (plan["digest"], len(plan["moves"]))
    assert len(snapshot(path).base) == people
    again = sheetsync("run", path, "--today", TODAY, "--json")
    assert (again.code, again.json["moves"], again.json["wrote"]) == (0, [], False)
    assert sheetsync("undo", path, "--today", TODAY).code == 0
    assert len(snapshot(path).base) == people


def test_the_public_pipeline_is_adopted_from_csv(
    sheetsync: Shell, data: Path, tmp_path: Path
) -> None:
    source = Path(shutil.copy(data / "sales_pipeline.csv", tmp_path / "pipeline.csv"))
    path = tmp_path / "base.xlsx"
    told = sheetsync("adopt", source, "-o", path, "--yes", "--today", "2017-06-01", "--json")
    assert told.code == 0, told.err
    (tab,) = told.json["tabs"]
    fields = {column["heading"]: column["fields"] for column in tab["columns"]}
    assert fields["account"] == ["company"]
    assert fields["deal_stage"] == ["state"]
    assert fields["sales_agent"] == ["manager"]
    assert fields["engage_date"] == ["began"]
    assert fields["close_value"] == ["amount"]
    seen = snapshot(path)
    assert len(seen.base) == 8800
    assert seen.base["state"].value_counts()["client"] == 4238
    lines = source.read_text(encoding="utf-8").splitlines()[1:]
    day, month, year = lines[0].split(",")[5].split("-")
    assert plain(seen.base.at[0, "began"]) == f"20{year}-{month}-{day}"
    assert source.read_text(encoding="utf-8").splitlines()[1:] == lines


def test_nothing_is_changed_until_told(sheetsync: Shell, data: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(data / "one-tab.xlsx", tmp_path / "base.xlsx"))
    bytes_ = path.read_bytes()
    told = sheetsync("adopt", path)
    told.complains(2)
    assert path.read_bytes() == bytes_
    assert "Название компании" in told.out
    assert "100%" in told.out


HEADINGS = ("Firm", "Who we talk to", "Mobile", "Mobile 2", "Stage", "Rep", "Date", "Worth")
ROWS = [
    (
        f"Company {n}",
        f"Ann Miller {n}",
        f"+1 212 555 01{n:02}",
        f"+1 212 556 01{n:02}",
        state,
        rep,
        f"2026-02-{n + 1:02}",
        1000 * n,
    )
    for n, (state, rep) in enumerate(
        [
            ("lead", "Ann"),
            ("pitching", "Bob"),
            ("won", "Ann"),
            ("pitching", "Bob"),
            ("lost", "ann "),
            ("lead", "Ann"),
        ]
        * 3
    )
]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Give a base with words of its own, one column that could be anything, and two phones."""
    return write_base(
        tmp_path / "base.xlsx",
        {"Deals": [HEADINGS, *ROWS], "Prices": [("Good", "Price"), ("Tea", 3)]},
    )


def _answers(monkeypatch: pytest.MonkeyPatch, *said: str) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("\n".join(said) + "\n"))


def settings_lines(path: Path) -> list[tuple[Any, ...]]:
    return cells(path)[SETTINGS][3:]


def test_only_what_is_unsure_is_asked_and_the_answers_hold(
    sheetsync: Shell, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = sheetsync("adopt", base, "--json").json
    doubtful = [c["heading"] for tab in asked["tabs"] for c in tab["columns"] if not c["sure"]]
    words = [w["word"] for w in asked["words"] if not w["sure"]]
    assert (doubtful, words) == (["Date"], ["pitching"])
    answers = [*["Last contact"] * len(doubtful), *["Contact 2"] * len(words), "the state alone"]
    _answers(monkeypatch, *answers, "y")
    told = sheetsync("adopt", base, "--today", TODAY)
    assert told.code == 0, (told.out, told.err)
    assert "What proves that something is sold?" in told.out
    settings = sheetsync("settings", base, "--json").json
    assert ("the date of payment", "the state alone") in [
        (differs["before"], differs["after"]) for differs in settings["differs"]
    ]
    seen = snapshot(base)
    assert seen.base["last_contact"].notna().all()
    assert seen.base["state"].value_counts()["contact_2"] == 6
    assert set(seen.base["manager"]) == {"Ann", "Bob"}


def test_an_answer_of_no_changes_nothing(
    sheetsync: Shell, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bytes_ = base.read_bytes()
    _answers(monkeypatch, *[""] * 20)
    assert sheetsync("adopt", base).code == 2
    assert base.read_bytes() == bytes_


def test_what_is_not_sure_stands_on_the_settings_tab_with_a_question_mark_and_is_answered_there(
    sheetsync: Shell, base: Path
) -> None:
    told = sheetsync("adopt", base, "--yes", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    assert any("pitching" in question for question in told.json["left"])
    assert snapshot(base).base["state"].isna().sum() == 6
    workbook = openpyxl.load_workbook(base)
    sheet = workbook[SETTINGS]
    (word,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "pitching"]
    meaning = sheet.cell(word.row, word.column + 1)
    assert str(meaning.value).endswith("?")
    meaning.value = "Contact 2"
    workbook.save(base)
    workbook.close()
    assert snapshot(base).base["state"].value_counts()["contact_2"] == 6


def test_a_mistake_on_the_settings_tab_is_explained_beside_it_and_nothing_else_stops(
    sheetsync: Shell, base: Path
) -> None:
    assert sheetsync("adopt", base, "--yes", "--today", TODAY, "--json").code == 0
    workbook = openpyxl.load_workbook(base)
    sheet = workbook[SETTINGS]
    (firm,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "Firm"]
    sheet.cell(firm.row, firm.column + 1).value = "Shoe size"
    workbook.save(base)
    workbook.close()
    assert sheetsync("run", base, "--today", TODAY, "--force").code == 0
    remark = cells(base)[SETTINGS][firm.row - 1][firm.column + 1]
    assert "Shoe size" in str(remark)
    found = sheetsync("check", base, "--today", TODAY, "--json").json["problems"]
    assert [(p["tab"], p["row"]) for p in found if p["code"] == "settings"] == [
        (SETTINGS, firm.row)
    ]
    assert "Shoe size" in str(cells(base)["Summary"])


def test_the_teams_word_stays_the_one_that_is_written(sheetsync: Shell, tmp_path: Path) -> None:
    rows = [
        (f"Фирма {n}", f"+7 912 000-00-{n:02}", "КП отправлено" if n % 2 else "отгрузка", "Иванов")
        for n in range(12)
    ]
    path = write_base(
        tmp_path / "base.xlsx", {"База": [("Фирма", "Телефон", "Статус", "Менеджер"), *rows]}
    )
    assert sheetsync("adopt", path, "--yes", "--today", TODAY, "--json").code == 0
    _, policy = read_book(open_book(str(path), Settings(), language("ru")).line, "base", None)
    assert policy.words.name("states", "contact_2") == "КП отправлено"


def test_two_phones_and_cells_of_two_fields_are_understood(
    sheetsync: Shell, tmp_path: Path
) -> None:
    rows = [
        (
            f"Фирма {n}",
            None if n % 2 else f"8 912 000-00-{n:02}",
            f"8 913 000-00-{n:02}",
            f"+7 495 000-00-{n:02}, a{n}@firma{n}.ru",
            "Отказ" if n % 2 else "Клиент",
        )
        for n in range(10)
    ]
    heads = ("Компания", "Телефон 1", "Телефон 2", "Телефон, почта", "Статус")
    path = write_base(tmp_path / "base.xlsx", {"Клиентская база": [heads, *rows]})
    assert sheetsync("adopt", path, "--yes", "--today", TODAY, "--json").code == 0
    base = snapshot(path).base
    assert list(base["phone"][:2]) == ["+79120000000", "+79130000001"]
    assert list(base["email"][:2]) == ["a0@firma0.ru", "a1@firma1.ru"]


def test_dropdowns_are_added_where_there_are_none_and_a_users_own_is_left(
    sheetsync: Shell, base: Path
) -> None:
    workbook = openpyxl.load_workbook(base)
    from openpyxl.worksheet.datavalidation import DataValidation  # this test's alone

    rule = DataValidation(type="list", formula1='"Ann,Bob"')
    rule.add("F2:F5")
    workbook["Deals"].add_data_validation(rule)
    workbook.save(base)
    workbook.close()
    assert sheetsync("adopt", base, "--yes", "--today", TODAY, "--json").code == 0
    workbook = openpyxl.load_workbook(base)
    rules = {
        str(r.sqref): str(r.formula1) for r in workbook["Deals"].data_validations.dataValidation
    }
    workbook.close()
    assert rules["F2:F5"] == '"Ann,Bob"'
    letter = get_column_letter(locate(cells(base)[SETTINGS]).blocks["states"].columns["name"] + 1)
    assert sum(f"${letter}$4:${letter}" in formula for formula in rules.values()) == 1
    assert not [place for place in rules if place.startswith("F") and place != "F2:F5"]


def test_missing_sections_get_the_teams_columns_and_the_programs_stand_at_the_right(
    sheetsync: Shell, base: Path
) -> None:
    told = sheetsync("adopt", base, "--yes", "--today", TODAY, "--json").json
    assert len(told["added"]) == 6
    found = cells(base)
    for title in told["added"]:
        assert found[title][0][: len(HEADINGS)] == HEADINGS
    assert found["Deals"][0] == (*HEADINGS, "Deadline", "Days left", "Problems", "ID")
    assert found["Prices"] == [("Good", "Price"), ("Tea", 3)]


def _as_the_team_set_it_up(path: Path) -> None:
    """Give a base two lines above its headings, a hidden column, a wide one, a list, a colour."""
    from openpyxl.formatting import rule as rules  # this test's alone, as all of these
    from openpyxl.styles import PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    workbook = openpyxl.load_workbook(path)
    tab = workbook["Deals"]
    tab.insert_rows(1, 2)
    tab["A1"] = "Our deals"
    tab.column_dimensions["D"].hidden = True
    tab.column_dimensions["A"].width = 44
    reps = DataValidation(type="list", formula1='"Ann,Bob"')
    reps.add("F4:F99")
    tab.add_data_validation(reps)
    red = PatternFill(start_color="FFFF0000", end_color="FFFF0000", fill_type="solid")
    untyped: Any = rules  # openpyxl left these so
    above = untyped.FormulaRule(formula=["$H4>5000"], fill=red)
    tab.conditional_formatting.add("H4:H99", above)
    workbook.save(path)
    workbook.close()


def test_a_missing_sections_tab_looks_as_the_team_set_up_its_own(
    sheetsync: Shell, base: Path
) -> None:
    _as_the_team_set_it_up(base)
    added = sheetsync("adopt", base, "--yes", "--today", TODAY, "--json").json["added"]
    workbook = openpyxl.load_workbook(base)
    for title in added:
        tab = workbook[title]
        lists = {str(rule.sqref): rule.formula1 for rule in tab.data_validations.dataValidation}
        colours = {
            str(format_.sqref): format_.rules[0].formula for format_ in tab.conditional_formatting
        }
        assert tab.column_dimensions["D"].hidden, title
        assert round(tab.column_dimensions["A"].width) == 44
        assert lists["F2:F200"] == '"Ann,Bob"'
        assert not [place for place in lists if place.startswith("F") and place != "F2:F200"]
        assert colours["H2:H200"] == ["$H2>5000"]
    workbook.close()


def test_a_section_of_a_name_that_no_tab_may_bear_gets_a_tab_all_the_same(
    sheetsync: Shell, base: Path
) -> None:
    added = sheetsync("adopt", base, "--yes", "--today", TODAY, "--json").json["added"]
    workbook = openpyxl.load_workbook(base)
    del workbook["Strategic archive"]
    for row in workbook[SETTINGS].iter_rows():
        for cell in row:
            if cell.value == "Strategic archive":
                cell.value = "Strategic: north/south, those whom we call in autumn"
    workbook.save(base)
    workbook.close()
    again = sheetsync("adopt", base, "--yes", "--today", TODAY, "--json").json["added"]
    assert "Strategic archive" in added
    assert again == ["Strategic north south, those wh"]
    assert sheetsync("adopt", base, "--yes", "--today", TODAY, "--json").json["added"] == []


def test_a_filter_that_stops_short_is_widened_to_cover_the_new_columns(
    sheetsync: Shell, base: Path
) -> None:
    workbook = openpyxl.load_workbook(base)
    workbook["Deals"].auto_filter.ref = f"A1:D{len(ROWS) + 1}"
    workbook.save(base)
    workbook.close()
    assert sheetsync("adopt", base, "--yes", "--today", TODAY, "--json").code == 0
    workbook = openpyxl.load_workbook(base)
    assert workbook["Deals"].auto_filter.ref == f"A1:L{len(ROWS) + 1}"
    workbook.close()


def test_a_formula_is_never_tidied_and_makes_no_night_restless(
    sheetsync: Shell, base: Path
) -> None:
    workbook = openpyxl.load_workbook(base)
    workbook["Deals"]["C2"] = '="1212555"&"0100"'
    workbook.save(base)
    workbook.close()
    assert sheetsync("adopt", base, "--yes", "--today", TODAY, "--json").code == 0
    done = sheetsync("run", base, "--today", TODAY, "--force", "--json")
    assert done.code == 0, done.err
    assert any(edit["repair"] for edit in done.json["edits"])
    formulas = [
        cell
        for rows in cells(base).values()
        for row in rows
        for cell in row
        if str(cell).startswith('="1212')
    ]
    assert formulas == ['="1212555"&"0100"']
    again = sheetsync("run", base, "--today", TODAY, "--json")
    assert (again.json["wrote"], again.json["requests"]["write"]) == (False, 0)


def test_adopting_twice_adds_nothing_the_second_time(sheetsync: Shell, base: Path) -> None:
    assert sheetsync("adopt", base, "--yes", "--today", TODAY, "--json").code == 0
    before = cells(base)
    told = sheetsync("adopt", base, "--yes", "--today", TODAY, "--json")
    assert (told.code, told.json["added"]) == (0, [])
    assert cells(base) == before


def test_repairs_are_off_by_one_rule(sheetsync: Shell, base: Path) -> None:
    assert sheetsync("adopt", base, "--yes", "--today", TODAY, "--json").code == 0
    assert any(
        edit["repair"] for edit in sheetsync("plan", base, "--today", TODAY, "--json").json["edits"]
    )
    workbook = openpyxl.load_workbook(base)
    sheet = workbook[SETTINGS]
    places = [
        (cell.row or 0, cell.column or 0)
        for row in sheet.iter_rows()
        for cell in row
        if str(cell.value).startswith("Tidy cells")
    ]
    sheet.cell(places[0][0], places[0][1] + 1).value = "no"
    workbook.save(base)
    workbook.close()
    assert not any(
        edit["repair"] for edit in sheetsync("plan", base, "--today", TODAY, "--json").json["edits"]
    )


def test_a_repair_that_was_undone_is_not_done_again(sheetsync: Shell, base: Path) -> None:
    assert sheetsync("adopt", base, "--yes", "--today", TODAY, "--json").code == 0
    before = team_cells(base, ["Deals"])
    assert sheetsync("run", base, "--today", TODAY, "--force").code == 0
    assert sheetsync("undo", base, "--today", TODAY).code == 0
    after = snapshot(base).base
    assert len(after) == len(ROWS)
    typed = {cell for (_, row, column), cell in before.items() if row and column < len(HEADINGS)}
    assert typed == {
        cell
        for (_, row, column), cell in team_cells(base, ["Deals"]).items()
        if row and column < len(HEADINGS)
    }
    assert not any(
        edit["repair"] for edit in sheetsync("plan", base, "--today", TODAY, "--json").json["edits"]
    )


BIG = "x" * 40_000
ODD: dict[str, Callable[[], dict[str, Any]]] = {
    "two headings the same": lambda: {
        "Deals": [(*HEADINGS, "Firm"), *((*row, "twin") for row in ROWS)]
    },
    "a heading row that is also data": lambda: {
        "Deals": [HEADINGS, *ROWS[:9], HEADINGS, *ROWS[9:]]
    },
    "an empty tab beside": lambda: {"Deals": [HEADINGS, *ROWS], "Empty": []},
    "two hundred columns": lambda: {
        "Deals": [(*HEADINGS, *(f"Own {n}" for n in range(192))), *ROWS]
    },
    "errors, line breaks, long and right-to-left text": lambda: {
        "Deals": [
            (*HEADINGS, "Note"),
            *(
                (*row, note)
                for row, note in zip(
                    ROWS, ["#REF!", "a\nb\nc", BIG, "שלום עולם", "=1+1"] * 4, strict=False
                )
            ),
        ]
    },
    "headings under a banner": lambda: {
        "Deals": [("OUR BASE — DO NOT TOUCH",), (), HEADINGS, *ROWS]
    },
}


@pytest.mark.parametrize("name", ODD)
def test_odd_bases_are_mapped_or_left_alone_with_a_sentence(
    sheetsync: Shell, tmp_path: Path, name: str
) -> None:
    path = write_base(tmp_path / "base.xlsx", ODD[name]())
    before = team_cells(path, ["Deals"])
    told = sheetsync("adopt", path, "--yes", "--today", TODAY)
    assert "Traceback" not in told.out + told.err
    assert told.code in (0, 1), told.err
    after = team_cells(path, ["Deals"])
    assert {place: cell for place, cell in after.items() if place in before} == before
    if told.code == 0:
        assert "Firm" in cells(path)["Deals"][2 if "banner" in name else 0]
        assert sheetsync("check", path, "--today", TODAY).code in (0, 1)


@pytest.mark.parametrize(
    "tabs",
    [
        {"Empty": []},
        {"Prices": [("Good", "Price"), ("Tea", 3), ("Coffee", 5)]},
    ],
    ids=["nothing", "no clients"],
)
def test_a_book_without_clients_is_left_alone_and_its_tabs_are_named(
    sheetsync: Shell, tmp_path: Path, tabs: dict[str, Any]
) -> None:
    path = write_base(tmp_path / "base.xlsx", tabs)
    bytes_ = path.read_bytes()
    told = sheetsync("adopt", path, "--yes")
    told.complains(1)
    (title,) = tabs
    assert f"Looked at: “{title}”" in told.err
    assert "English, Русский, Deutsch, Español" in told.err
    assert path.read_bytes() == bytes_


GEORGIAN = [
    ("კომპანია", "ტელეფონი", "სტატუსი", "მენეჯერი"),
    *(
        (f"შპს ალფა {n}", f"+995 32 212 34 {n:02}", "ახალი" if n % 2 else "უარი", "გიორგი ქ")
        for n in range(10)
    ),
]


def test_a_base_in_a_language_that_nobody_knows_is_asked_about_on_the_settings_tab(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = write_base(tmp_path / "base.xlsx", {"Sheet1": GEORGIAN})
    before = team_cells(path, ["Sheet1"])
    told = sheetsync("adopt", path, "--yes", "--today", TODAY)
    told.complains(2)
    for question in ("Which section is the tab “Sheet1”", "“კომპანია”", "“სტატუსი”"):
        assert question in told.out
    assert team_cells(path, ["Sheet1"]) == before
    _answer_on_settings(path, {"კომპანია": "Company", "სტატუსი": "State", "მენეჯერი": "Manager"})
    _answer_on_settings(path, {"Sheet1": "Several sections", "ახალი": "New", "უარი": "Refusal"})
    assert sheetsync("adopt", path, "--yes", "--today", TODAY, "--json").code == 0
    assert snapshot(path).base["state"].value_counts().to_dict() == {"refusal": 5, "new": 5}


def _answer_on_settings(path: Path, answers: dict[str, str]) -> None:
    """Write what somebody answers beside each word that the Settings tab asks about."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[SETTINGS]
    asked = {
        (cell.row, cell.column): answers[str(cell.value)]
        for row in sheet.iter_rows()
        for cell in row
        if cell.value in answers
    }
    assert set(asked.values()) == set(answers.values())
    for (row, column), answer in asked.items():
        sheet.cell(row or 0, (column or 0) + 1).value = answer
    workbook.save(path)
    workbook.close()


def test_which_tab_and_which_row_are_asked_where_nothing_is_sure(
    sheetsync: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [("Exported on", "2 March"), ("x1", "x2", "x3"), *GEORGIAN[1:]]
    path = write_base(tmp_path / "base.xlsx", {"Stock": [("Good", 3)], "Sheet1": lines})
    answers = ["Sheet1", "row 2: x1 | x2 | x3", "Several sections", "Company", "State"]
    _answers(monkeypatch, *answers, "New", "Refusal", "y")
    told = sheetsync("adopt", path, "--today", TODAY)
    assert "Which tab holds the clients?" in told.out
    assert "Which row of “Sheet1” holds the headings?" in told.out
    assert told.code == 0, (told.out, told.err)
    assert len(snapshot(path).base) == 10


def test_clients_without_headings_are_answered_with_headings_that_would_do(
    sheetsync: Shell, tmp_path: Path
) -> None:
    rows = [(f"Alfa {n} LLC", f"+1 202 555 01{n:02}", "Kim" if n % 2 else "Lee") for n in range(9)]
    path = write_base(tmp_path / "base.xlsx", {"Sheet1": rows})
    told = sheetsync("adopt", path, "--yes")
    told.complains(2)
    assert "A: Company; B: Phone" in told.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["missing.xlsx"], 1),
        (["missing.xlsx", "--no-such-option"], 1),
        (["empty.xlsx", "--yes"], 1),
        (["asked.xlsx", "--yes"], 2),
        (["asked.xlsx"], 2),
    ],
)
def test_json_is_one_object_on_every_exit(
    sheetsync: Shell, tmp_path: Path, arguments: list[str], code: int
) -> None:
    write_base(tmp_path / "empty.xlsx", {"Empty": []})
    write_base(tmp_path / "asked.xlsx", {"Sheet1": GEORGIAN})
    name, *options = arguments
    told = sheetsync("adopt", tmp_path / name, *options, "--json")
    assert told.code == code
    assert told.json["error"]["exit_code"] == code
    assert told.json["error"]["message"]
    assert told.json["wrote"] is (options == ["--yes"] and code == 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_a_csv_of_any_encoding_and_separator_becomes_a_base(
    sheetsync: Shell, tmp_path: Path, encoding: str
) -> None:
    lines = [
        "Компания;Телефон;Статус;Сумма",
        *(
            f"ООО «Заря {n}»;8912000000{n};{'Отказ' if n % 2 == 0 else 'Клиент'};00{n}"
            for n in range(9)
        ),
    ]
    source = tmp_path / "база.csv"
    source.write_text("\n".join(lines), encoding=encoding)
    assert (
        sheetsync(
            "adopt", source, "-o", tmp_path / "base.xlsx", "--yes", "--today", TODAY, "--json"
        ).code
        == 0
    )
    rows = cells(tmp_path / "base.xlsx")["база"]
    assert rows[0][:4] == ("Компания", "Телефон", "Статус", "Сумма")
    assert rows[1][:4] == ("ООО «Заря 0»", 89120000000, "Отказ", "000")


def test_quotes_and_line_breaks_in_a_csv_are_read_as_they_are_meant(
    sheetsync: Shell, tmp_path: Path
) -> None:
    lines = ["Компания;Телефон;Статус;Менеджер"] + [
        f'"ООО ""Ро;га {n}""";8921555123{n};{"Отказ" if n % 2 else "Клиент"};"Ива\nнов"'
        for n in range(9)
    ]
    source = tmp_path / "база.csv"
    source.write_text("\n".join(lines), encoding="cp1251")
    assert (
        sheetsync(
            "adopt", source, "-o", tmp_path / "base.xlsx", "--yes", "--today", TODAY, "--json"
        ).code
        == 0
    )
    rows = cells(tmp_path / "base.xlsx")["база"]
    assert rows[1][:4] == ('ООО "Ро;га 0"', 89215551230, "Клиент", "Ива\nнов")


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x03", b"\n\n\n"])
def test_a_csv_that_is_none_is_refused(sheetsync: Shell, tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "base.csv"
    source.write_bytes(content)
    sheetsync("adopt", source, "-o", tmp_path / "base.xlsx", "--yes").complains(1)
    assert not (tmp_path / "base.xlsx").exists()


PIPEDRIVE = """\
Deal - ID,Deal - Title,Deal - Stage,Deal - Status,Deal - Value,Deal - Owner,Deal - Organization,\
Person - First name,Person - Last name,Person - Phone - Work,Deal - Deal created,\
Deal - Last activity date,Deal - Lost reason
1,Acme deal,Qualified,Open,5000,Jane Roe,Acme Inc,John,Smith,+1 202-555-0152,20260210,2026-02-20,
2,Globex deal,Proposal Made,Lost,7000,Max Power,Globex LLC,Ann,Lee,+1 202-555-0153,20260211,\
2026-02-21T10:00Z,Price
3,Initech deal,Negotiations Started,Won,9000,Jane Roe,Initech,Bill,Lum,+1 202-555-0154,20260212,\
2026-02-22 10:00:00 UTC,
4,Wayne deal,Negotiations Started,Open,4000,Max Power,Wayne Ltd,Eve,Low,+1 202-555-0155,20260213,\
0000-00-00,
"""


def test_an_export_of_deals_is_read_by_outcome_then_stage_and_a_second_run_is_quiet(
    sheetsync: Shell, tmp_path: Path
) -> None:
    source = tmp_path / "deals.csv"
    source.write_text(PIPEDRIVE, encoding="utf-8")
    path = tmp_path / "deals.xlsx"
    told = sheetsync("adopt", source, "--yes", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    base = snapshot(path).base.set_index("company")
    assert base["state"].to_dict() == {
        "Acme Inc": "contact_1",
        "Globex LLC": "refusal",
        "Initech": "client",
        "Wayne Ltd": "contact_3",
    }
    assert base["person"].to_dict()["Acme Inc"] == "John Smith"
    assert base["created_on"].dt.day.to_list() == [10, 11, 12, 13]
    assert base["last_contact"].dt.day.fillna(0).to_list() == [20, 21, 22, 0]
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    where = snapshot(path).base.set_index("company")["section"].to_dict()
    assert (where["Globex LLC"], where["Initech"]) == ("rework", "clients")
    again = sheetsync("run", path, "--today", TODAY, "--json")
    assert (again.code, again.json["moves"], again.json["wrote"]) == (0, [], False)


HEADLESS = [
    [f"ООО Ромашка {n}", f"+7 495 123-45-1{n}", ["Иванов", "Петрова"][n % 2], "Отказ", None]
    for n in range(9)
]
NAMED = "Компания; Телефон; Менеджер; Статус"


def test_headings_for_a_list_without_any_can_be_given_and_it_is_adopted(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = write_base(tmp_path / "base.xlsx", {"Лист1": HEADLESS, "Цены": [["Товар", "Цена"]]})
    asked = sheetsync("adopt", path, "--yes", "--lang", "ru")
    assert asked.code == 2
    assert "--headings" in asked.err
    adopted = sheetsync("adopt", path, "--yes", "--headings", NAMED, "--json", "--today", TODAY)
    assert adopted.code == 0, adopted.err
    rows = cells(path)["Лист1"]
    assert rows[0][:4] == ("Компания", "Телефон", "Менеджер", "Статус")
    assert [row[:4] for row in rows[1:10]] == [tuple(row[:4]) for row in HEADLESS]
    # Given again, they are put there once.
    again = sheetsync("adopt", path, "--yes", "--headings", NAMED, "--json", "--today", TODAY)
    assert again.code == 0, again.err
    assert cells(path)["Лист1"][1][0] == "ООО Ромашка 0"


def test_the_tab_and_the_row_of_headings_can_be_given(sheetsync: Shell, tmp_path: Path) -> None:
    heads = ["alpha", "beta", "Компания", "Телефон", "Менеджер", "Статус"]
    lines: list[list[Any]] = [["Отчёт"], ["за март", "по отделу", "всего"], heads]
    lines += [["x", "y", *row[:4]] for row in HEADLESS]
    path = write_base(tmp_path / "base.xlsx", {"Прочее": [["a", "b"]], "Данные": lines})
    adopted = sheetsync(
        "adopt", path, "--yes", "--tab", "данные", "--heading-row", "3", "--json", "--today", TODAY
    )
    assert adopted.code == 0, adopted.err
    [tab] = [tab for tab in adopted.json["tabs"] if tab["title"] == "Данные"]
    assert tab["header"] == 3


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--tab", "Nowhere"], "There is no tab “Nowhere”."),
        (["--tab", "Лист1", "--heading-row", "99"], "Nothing stands in row 99 of “Лист1”."),
    ],
)
def test_a_place_that_is_none_is_refused_and_nothing_is_written(
    sheetsync: Shell, tmp_path: Path, options: list[str], sentence: str
) -> None:
    path = write_base(tmp_path / "base.xlsx", {"Лист1": HEADLESS})
    before = path.read_bytes()
    refused = sheetsync("adopt", path, "--yes", "--lang", "en", *options)
    refused.complains(1)
    assert sentence in refused.err
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("formats", "currency", "apart"),
    [
        (["#,##0.00 [$€-407]"], "EUR", []),
        (['#,##0 "₽"'], "RUB", []),
        (["#,##0.00"], "", []),
        (["#,##0.00 [$€-407]"] * 4 + ["[$$-409]#,##0"], "EUR", ["USD"]),
    ],
)
def test_the_currency_of_bare_amounts_is_known_by_their_format(
    sheetsync: Shell, tmp_path: Path, formats: list[str], currency: str, apart: list[str]
) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["Company", "Status", "Manager", "Amount"])
    for number in range(10):
        sheet.append([f"Acme {number}", "New", "Ann", 1000 + 37 * number])
        sheet.cell(number + 2, 4).number_format = formats[number % len(formats)]
    path = tmp_path / "base.xlsx"
    workbook.save(path)
    adopted = sheetsync("adopt", path, "--yes", "--json", "--today", TODAY, "--lang", "en")
    assert adopted.code == 0, adopted.err
    opened = open_book(str(path), Settings(), language("en"))
    assert read_book(opened.line, path.name, None)[1].location.currency == currency
    asked = [text for text in adopted.json["left"] if "are shown in" in text]
    assert [text.split(" by the")[0] for text in asked] == [
        f"Some amounts are shown in {code}" for code in apart
    ]
