"""Whose row is it: what becomes of ids when people copy, sort, paste and drag."""

from typing import TYPE_CHECKING

import pytest

from sheetsync.workbook.row_identity import ALPHABET, new_id

if TYPE_CHECKING:
    from tests.builders.base import Base

TODAY, NEXT = "2026-03-02", "2026-03-03"
THREE = """
    section | company | state     | label  | manager | began      | tax_number | phone
    working | Acme    | Contact 1 | medium | Ann     | 2026-03-01 | 111        | +1 202 555 0101
    working | Beta    | Contact 1 | medium | Ann     | 2026-03-01 | 222        | +1 202 555 0102
    working | Gamma   | Contact 1 | medium | Ann     | 2026-03-01 | 333        | +1 202 555 0103
"""


@pytest.fixture
def base(play: "type[Base]") -> "Base":
    """Three companies after their first night."""
    made = play(THREE)
    made.night(TODAY)
    return made


def ids(base: "Base") -> dict[str, str]:
    return {str(row["company"]): str(row["id"]) for row in base.rows}


def test_new_rows_get_ids_and_keep_them(base: "Base") -> None:
    before = ids(base)
    assert len(set(before.values())) == 3
    assert all(len(made) == 6 and set(made) <= set(ALPHABET) for made in before.values())
    base.rows.append(
        {
            **base.rows[0],
            "company": "Delta",
            "phone": "+1 202 555 0104",
            "tax_number": "444",
            "id": None,
        }
    )
    base.night(NEXT)
    assert before.items() < ids(base).items()
    assert len(set(ids(base).values())) == 4


def test_the_same_base_gets_the_same_ids(play: "type[Base]") -> None:
    one, other = play(THREE), play(THREE)
    one.night(TODAY)
    other.night(TODAY)
    assert ids(one) == ids(other)


def test_the_second_of_two_copied_rows_gets_an_id_of_its_own(base: "Base") -> None:
    acme = base.row("Acme")
    base.rows.append(dict(acme))
    base.night(NEXT)
    first, second = (row for row in base.rows if row["company"] == "Acme")
    assert first["id"] == acme["id"] != second["id"]
    base.rests(NEXT)


def test_of_two_copies_the_one_that_stands_where_it_was_keeps_the_id(base: "Base") -> None:
    """Copied into the clients' tab and into the call base, which is read later and earlier than the working list."""
    acme = base.row("Acme")["id"]
    base.rows[:0] = [{**base.row("Acme"), "section": "call_base", "state": "New", "manager": None}]
    base.night(NEXT)
    assert {
        str(row["section"]): row["id"] == acme for row in base.rows if row["company"] == "Acme"
    } == {
        "call_base": False,
        "working": True,
    }


def test_ids_permuted_by_a_sort_that_stopped_short_are_put_right(base: "Base") -> None:
    """
    Sorted without the ID column:   Acme A      Gamma A      Acme A
                                    Beta B  →   Acme  B  →   (each company its own id again)
                                    Gamma C     Beta  C
    """  # noqa: D205, D400  # a drawing
    before = ids(base)
    base.rows = [
        {**row, "id": base.rows[at]["id"]}
        for at, row in enumerate((base.rows[2], base.rows[0], base.rows[1]))
    ]
    assert ids(base) != before
    base.night(NEXT)
    assert ids(base) == before
    base.rests(NEXT)


def test_ids_dragged_down_with_the_fill_handle_are_put_right(base: "Base") -> None:
    before = ids(base)
    for row in base.rows:
        row["id"] = before["Acme"]
    base.night(NEXT)
    assert ids(base) == before
    base.rests(NEXT)


def test_a_cleared_id_is_found_again_by_content(base: "Base") -> None:
    before = ids(base)
    base.row("Acme")["id"] = None
    base.row("Beta").update(id=None, phone=None, tax_number=None, company="ООО «BETA»")
    base.row("Gamma").update(id=None, company="Gamma International")
    base.night(NEXT)
    assert list(ids(base).values()) == list(before.values())


def test_a_company_may_be_renamed_rewritten_or_moved_by_hand(base: "Base") -> None:
    before = list(ids(base).values())
    base.row("Acme").update(company="Acme & Sons")
    base.row("Beta").update(phone="+1 202 555 9999", tax_number="999")
    base.row("Gamma").update(section="rework", state="Call round", company="ООО ГАММА")
    base.night(NEXT)
    assert list(ids(base).values()) == before


def test_a_row_of_which_every_known_word_was_changed_is_another_company(base: "Base") -> None:
    """Beta was overwritten with a company nobody knows: it begins as new, and Beta is missed."""
    before = ids(base)
    base.row("Beta").update(
        company="Delta",
        phone="+1 202 555 0104",
        tax_number="444",
        state="Refusal",
        refusal_reason="Negative",
    )
    base.night(NEXT)
    base.shows("""
        section   | company | state     | rule    | found
        working   | Acme    | Contact 1 |         |
        call_base | Delta   | New       | renamed |
        working   | Gamma   | Contact 1 |         |
    """)
    assert ids(base)["Delta"] not in before.values()
    assert [line.id for line in base.journal if line.what == "vanished"] == [before["Beta"]]
    base.rests(NEXT)


def test_an_overwritten_row_whose_id_is_cleared_stays_the_new_company(base: "Base") -> None:
    before = ids(base)
    delta = {"company": "Delta", "phone": "+1 202 555 0104", "tax_number": "444"}
    base.row("Beta").update(delta)
    base.night(NEXT)
    base.row("Delta")["id"] = None
    night = base.night("2026-03-04")
    assert ids(base)["Delta"] not in before.values()
    assert night.plan.moves == ()


def test_a_row_pasted_over_gives_its_id_back_to_the_company_that_lost_it(base: "Base") -> None:
    """Beta's row was overwritten, and Beta itself typed anew below: the id goes with Beta, and never stands twice."""
    before = ids(base)
    beta = {**base.row("Beta"), "id": None}
    base.row("Beta").update(company="Delta", phone="+1 202 555 0104", tax_number="444")
    base.rows.append(beta)
    base.night(NEXT)
    assert ids(base)["Beta"] == before["Beta"]
    assert ids(base)["Delta"] not in before.values()
    base.rests(NEXT)


def test_a_row_that_holds_no_company_yet_keeps_its_id_when_it_is_filled_in(
    play: "type[Base]",
) -> None:
    base = play("""
        section | company | state | manager | phone
        working |         | New   | Ann     |
    """)
    base.night(TODAY)
    base.rests(TODAY)
    before = base.rows[0]["id"]
    base.rows[0].update(company="Acme", phone="+1 202 555 0101")
    night = base.night(NEXT)
    assert base.rows[0]["id"] == before
    assert night.codes == {}


def test_a_vanished_row_is_remembered_with_the_day(base: "Base") -> None:
    gone = base.row("Beta")["id"]
    base.rows = [row for row in base.rows if row["company"] != "Beta"]
    base.night(NEXT)
    base.night("2026-03-04")
    assert base.state["gone_on"].dropna().dt.strftime("%Y-%m-%d").to_dict() == {gone: NEXT}
    assert base.state.at[gone, "company"] == "Beta"  # one cell


def test_an_id_is_unlike_any_that_is_taken() -> None:
    first = new_id("seed", set())
    second = new_id("seed", {first})
    assert first != second == new_id("seed", {first})
    assert new_id("seed", set()) == first


def test_a_blank_row_whose_id_a_client_bears_later_is_remembered_as_that_client(
    play: "type[Base]",
) -> None:
    base = play("""
        section | company | state     | manager | phone        | id
        working |         |           |         |              | 65FPG2
        working | Beta    | Contact 1 | Ann     | 202 555 0103 |
    """)
    base.night("2026-03-02")
    base.row("Beta").update(began="2026-01-01")
    blank = next(row for row in base.rows if row.get("company") is None)
    blank.update(
        section="rework",
        company="Gamma",
        state="Contact 3",
        manager="Ann",
        phone="202 555 0104",
        began="2026-01-01",
    )
    base.night("2026-03-10")
    assert base.state.loc["65FPG2"]["company"] == "Gamma"
    base.rests("2026-03-10")
