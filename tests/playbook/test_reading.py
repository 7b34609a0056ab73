"""A playbook's tab as people leave it: moved, renamed, pasted over; whatever stands there is read."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.playbook.algorithm import algorithm_of
from sheetsync.playbook.checks import CheckedBy
from sheetsync.playbook.declaration import PlaybookTab, key_named, playbook_tabs
from sheetsync.playbook.launch import launch_progress
from sheetsync.playbook.reading import read_tab
from sheetsync.values import Cell
from tests.builders.reading import CELLS

EN = template("en")
TODAY = date(2026, 3, 2)
BY = CheckedBy(EN, language("en"), TODAY, frozenset({"ann"}))
ALGORITHM, MATERIALS = (
    next(tab for tab in playbook_tabs("en") if tab.key == key) for key in ("algorithm", "materials")
)


def missing(tab: PlaybookTab, cells: list[list[Cell]]) -> list[str]:
    """Return what the checklist says of one tab."""
    progress = launch_progress([read_tab(tab, tab.title, cells, EN)], {}, BY)
    return [sentence for point in progress for sentence in point.missing]


def suggested(cells: list[list[Cell]], state: str) -> object:
    """Return what the algorithm on a tab suggests after a contact on 1 March."""
    read = read_tab(ALGORITHM, "Algorithm", cells, EN)
    return algorithm_of([read]).suggestion(state, date(2026, 3, 1))


def test_both_languages_have_the_same_tabs_tables_columns_and_kinds() -> None:
    shapes = []
    for code in ("en", "ru"):
        shape = {}
        for tab in playbook_tabs(code):
            for section in tab.sections:
                kinds = [c.model_dump(exclude={"title", "choices"}) for c in section.columns]
                rows = [sorted(row) for row in section.rows]
                shape[tab.key, tab.point, section.key] = (kinds, section.spare, rows)
        shapes.append(shape)
    assert shapes[0] == shapes[1]


def test_a_tab_is_named_by_its_key_or_its_title_in_any_language() -> None:
    assert [key_named(name) for name in ("algorithm", "Algorithm", "АЛГОРИТМ", "no such")] == [
        "algorithm",
        "algorithm",
        "algorithm",
        None,
    ]


def test_columns_are_known_by_their_headings_wherever_they_stand() -> None:
    as_laid_out: list[list[Cell]] = [
        ["State", "Next step", "Days to the step"],
        ["Contact 1", "send the offer", 3],
    ]
    moved: list[list[Cell]] = [
        ["our notes"],
        [],
        ["", "Days to the step", "ours", "State", "Next step"],
        ["", 3, "x", "Contact 1", "send the offer"],
    ]
    assert suggested(as_laid_out, "contact_1") == suggested(moved, "contact_1")
    assert suggested(as_laid_out, "contact_1") == ("send the offer", date(2026, 3, 4))


def test_a_tab_in_another_language_is_read_all_the_same() -> None:
    cells: list[list[Cell]] = [
        ["Состояние", "Следующий шаг", "Дней до шага"],
        ["2 контакт", "отправить договор", 5],
    ]
    assert suggested(cells, "contact_2") == ("отправить договор", date(2026, 3, 6))


def test_a_step_without_days_has_no_date_and_a_state_without_a_step_no_suggestion() -> None:
    cells: list[list[Cell]] = [
        ["State", "Next step", "Days to the step"],
        ["Contact 1", "call", "soon"],
        ["Contact 2", "", 5],
        ["Contact 3", "meet", 10**9],
        ["Contact 1", "a second row of a state", 1],
    ]
    assert suggested(cells, "contact_1") == ("call", None)
    assert suggested(cells, "contact_2") is None
    assert suggested(cells, "contact_3") == ("meet", None)
    assert suggested(cells, "deal") is None


def test_what_a_row_lacks_is_said_with_its_place() -> None:
    heads: list[Cell] = [
        "Material",
        "Link",
        "Owner",
        "Updated on",
        "Good until",
        "At which contact",
        "What belongs in it",
    ]
    cells: list[list[Cell]] = [
        heads,
        ["Price list", "https://x", "Ann", "2026-02-01"],
        ["Price list", "", "Bob", "2027-01-01", "2026-03-01"],
        ["Leaflet", "https://x", "Ann", "2025-01-01"],
        ["Offer", "https://x", "Ann", "some day"],
    ]
    assert missing(MATERIALS, cells) == [
        "“Materials”, row 2, Price list: “Material” stands here twice.",
        "“Materials”, row 3, Price list: “Material” stands here twice; no “Link”; “Updated on” is in the future: 1 January 2027; “Good until” is over: 1 March 2026.",
        "“Materials”, row 4, Leaflet: “Updated on” is long ago: 1 January 2025.",
        "“Materials”, row 5, Offer: “Updated on” cannot be read: some day.",
    ]


def test_a_table_pasted_over_the_tab_is_one_sentence() -> None:
    cells: list[list[Cell]] = [["Goods", "Sum"], ["Bolts", 100]]
    assert missing(MATERIALS, cells) == [
        "“Materials”: the headings of “Materials of the department” are gone."
    ]


def test_what_stands_below_many_empty_rows_is_the_teams_own() -> None:
    cells: list[list[Cell]] = [["Material", "Link"], *[[]] * 6, ["our own list", "x"]]
    assert missing(MATERIALS, cells) == [
        "“Materials”: nothing stands under “Materials of the department”."
    ]


def test_other_required_cells_than_the_settings_ask_for_are_said() -> None:
    cells: list[list[Cell]] = [
        [column.title for column in ALGORITHM.sections[0].columns],
        ["Deal", "g", "q", "s", "", "call", 3, "Phone"],
        ["Contact 1", "g", "q", "s", "", "call", 3, "next step on, Contact person, Last contact"],
    ]
    told = missing(ALGORITHM, cells)
    assert told[0].endswith("the Settings tab asks for other cells: Deal amount, Invoice on.")


ROWS = st.lists(
    st.lists(
        st.one_of(
            CELLS,
            st.sampled_from(
                [c.title for tab in playbook_tabs("en") for s in tab.sections for c in s.columns]
            ),
        ),
        max_size=8,
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(ROWS, st.sampled_from(playbook_tabs("en")))
def test_whatever_stands_on_a_tab_the_checklist_and_the_algorithm_say_something(
    cells: list[list[Cell]], tab: PlaybookTab
) -> None:
    read = read_tab(tab, tab.title, cells, EN)
    for point in launch_progress([read], {}, BY):
        assert 0 <= point.share <= 1
        assert all(point.missing)
    for state in EN.state:
        algorithm_of([read]).suggestion(state, date(9999, 12, 30))


def test_a_point_is_done_when_it_is_ticked_on_a_day_that_can_be() -> None:
    launch = next(tab for tab in playbook_tabs("en") if tab.key == "launch")
    cells: list[list[Cell]] = [
        ["Point of the method", "Done", "Done on"],
        ["0. Head of sales", True, "2026-03-02"],
        ["3а. Algorithm", True, "2026-03-03"],
        ["3. Sections", False],
        ["our own point", False],
    ]
    progress = launch_progress([read_tab(launch, "Launch", cells, EN)], {}, BY)
    assert [(point.point, point.share, point.missing) for point in progress] == [
        ("0", 1.0, ()),
        ("3a", 0.0, ("“Launch”, row 3: “Done on” is in the future: 3 March 2026.",)),
        ("3", 0.0, ("“Launch”, row 4: not ticked as done.",)),
    ]
