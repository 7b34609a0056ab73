"""The page of the planning meeting: what it says of a base, that nothing of a row comes alive on it, and how it looks written out.

The golden pages in tests/reporting/golden are written anew with WRITE_DOCS=1.
"""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sheetsync.enforcer import decide
from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.method.terms import Location
from sheetsync.reporting.meeting_pack import Pack, Page, office_html_of, page_of
from sheetsync.reporting.meeting_pack.model import PageBlock, Table
from sheetsync.reporting.messages.harmless_text import visible
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.summary.charts import all_charts
from sheetsync.rules.draft.projection import Projection
from sheetsync.workbook.snapshot import Snapshot
from tests.builders.journals import figures
from tests.builders.packs import ROOT, STORY, facts_of, html, page, played, read, with_plan

if TYPE_CHECKING:
    from tests.builders.base import Base, Night

GOLDEN = Path(__file__).parents[1] / "golden"
EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    '=HYPERLINK("http://evil.example","x")',
    "{{ 7*7 }}{% raw %}",
    "</style></svg></title><b>bold",
    "&lt;b&gt; &amp; https://evil.example/",
    "👩‍🚀 Космос 🏴‍☠️",
    "\u202eevil\u202c שלום مرحبا",
    "a\x00b\x0bc\ufffed",
    "Очень" * 60,
)


@pytest.fixture(scope="module")
def stories(play: "type[Base]") -> "dict[str, tuple[Base, Night]]":
    """Give the story in both languages."""
    return {code: played(play, code) for code in ("en", "ru")}


@pytest.fixture
def story(stories: "dict[str, tuple[Base, Night]]") -> "tuple[Base, Night]":
    """Give the story in English."""
    return stories["en"]


def test_the_page_says_what_none_of_its_sums_holds(play: "type[Base]") -> None:
    rows = """
        section | company | state     | manager | phone        | label | began      | amount
        working | Acme    | Contact 1 | Ann     | +12025550101 | Large | 2026-02-25 | 700
        working | Globex  | Contact 1 | Ann     | +12025550102 | Large | 2026-02-25 | 500 EUR
    """
    in_dollars = template("en").model_copy(update={"location": Location(currency="USD")})
    base = play(rows, in_dollars)
    words = "In none of the sums: + 500 €. Rates are typed on the settings tab."
    assert page(base, base.night("2026-03-02")).notices.count(words) == 1


def block(of: Page, key: str) -> PageBlock:
    return next(block for block in of.blocks if block.key == key)


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def table_of(of: Page, key: str, caption: str) -> list[list[str]]:
    return texts(next(table for table in block(of, key).tables if table.caption == caption))


def tiles(of: Page) -> dict[str, str]:
    return {tile.label: tile.value for tile in of.tiles}


def test_the_week_stands_beside_as_much_of_the_last_one(story: "tuple[Base, Night]") -> None:
    base, night = story
    of = page(base, night)
    assert of.period == "2–5 March 2026; compared with 23–26 February"
    told = {row[0]: row[1:] for row in table_of(of, "results", "What happened")}
    assert told["Sold"] == ["1", "0", "+1"]
    assert told["Amount sold"] == ["400,000", "0", "+400,000"]
    assert told["Advanced"] == ["1", "1", "0"]
    assert told["Refused"] == ["1", "0", "+1"]
    assert table_of(of, "reasons", "Reasons of refusal") == [["No money", "1", "0"]]
    by_manager = table_of(of, "results", "By manager")
    assert [row[0] for row in by_manager] == ["Bob"]


@pytest.mark.parametrize(
    ("pack", "period", "sold"),
    [
        ("day", "5 March 2026; compared with 4 March", ["0", "1", "−1"]),
        ("week", "2–5 March 2026; compared with 23–26 February", ["1", "0", "+1"]),
        ("month", "1–5 March 2026; compared with 1–5 February", ["1", "—", "—"]),
    ],
)
def test_a_pack_is_of_a_day_a_week_or_a_month(
    story: "tuple[Base, Night]", pack: Pack, period: str, sold: list[str]
) -> None:
    base, night = story
    of = page(base, night, pack)
    assert of.period == period
    assert {row[0]: row[1:] for row in table_of(of, "results", "What happened")}["Sold"] == sold


def test_large_figures_say_what_stands_and_what_it_was(story: "tuple[Base, Night]") -> None:
    base, night = story
    of = page(base, night)
    assert tiles(of)["In work"] == "3"
    assert tiles(of)["Overdue steps"] == "1"
    assert tiles(of)["Sold"] == "1"
    assert next(tile for tile in of.tiles if tile.label == "In work").before == "was 5"


def test_every_figure_has_a_footnote_that_says_how_it_is_counted(
    story: "tuple[Base, Night]",
) -> None:
    base, night = story
    of = page(base, night)
    told = {one.number for one in of.footnotes}
    assert all(tile.footnote in told for tile in of.tiles)
    named = [row[0].note for table in block(of, "results").tables[:1] for row in table.rows]
    assert set(named) <= told
    assert len({one.text for one in of.footnotes}) == len(of.footnotes) == len(told)


def test_each_manager_has_the_most_urgent_first_with_where_they_stand(
    story: "tuple[Base, Night]",
) -> None:
    base, night = story
    (table,) = (
        t for t in block(page(base, night, root=ROOT), "urgent").tables if t.caption == "Ann"
    )
    assert [row[0].text for row in table.rows] == ["Epsilon", "Beta"]
    last, beta = table.rows
    assert (last[2].text, last[2].tone) == ("Deadline 6 March, 1 day left", "red")
    assert (beta[2].text, beta[2].tone) == ("Step overdue since 3 March (2 days): offer", "red")
    assert beta[0].place is not None
    assert beta[0].place.words.startswith("Working list, row ")


def test_a_row_of_a_google_book_is_a_link_and_of_a_file_a_place_in_words(
    story: "tuple[Base, Night]",
) -> None:
    base, night = story
    with_links, without = (read(html(page(base, night, root=root))) for root in (ROOT, ""))
    row = next(at for at, row in enumerate(base.on("working"), start=2) if row["company"] == "Beta")
    assert f"{ROOT}#gid=0&range=A{row}" in with_links.links
    assert all(href.startswith(f"{ROOT}#gid=") for href in with_links.links)
    assert without.links == []
    assert f"Working list, row {row}" in without.texts


def test_all_charts_of_the_summary_are_there_each_with_its_numbers_as_a_table(
    story: "tuple[Base, Night]",
) -> None:
    base, night = story
    of = page(base, night)
    found = all_charts(Figures(facts_of(base, night)), language("en"))
    assert [one.title for one in of.charts] == [chart.title for chart in found]
    for one, chart in zip(of.charts, found, strict=True):
        if chart.drawn:
            assert [row[0].text for row in one.table.rows] == list(chart.categories)
            assert one.picture is not None
            assert one.description
        else:
            assert one.empty


def test_the_plan_of_the_month_stands_beside_what_is_done_and_what_has_passed(
    story: "tuple[Base, Night]",
) -> None:
    base, night = story
    of = page(base, night, policy=with_plan(base.policy, date(2026, 3, 1), amount=800_000, deals=1))
    assert table_of(of, "plan", "Plan of the month and fact") == [
        ["all", "Amount sold", "800,000", "400,000", "50%"],
        ["all", "Sold", "1", "1", "100%"],
    ]
    assert tiles(of)["Plan of the month"] == "50%"


def test_a_base_adopted_yesterday_says_so_instead_of_inventing(story: "tuple[Base, Night]") -> None:
    base, night = story
    of = page_of(replace(facts_of(base, night), journal=()), language("en"), "week")
    assert [table.caption for table in block(of, "deals").tables] == []
    assert block(of, "results").tables == ()
    assert block(of, "results").sentences == ("Not enough history yet.",)
    assert block(of, "funnel").sentences == ("Not enough history yet.",)
    assert block(of, "reasons").sentences == ("Not enough history yet.",)
    sold, moved = (
        next(tile for tile in of.tiles if tile.label == label) for label in ("Sold", "Moved")
    )
    assert (sold.value, sold.note) == ("—", "not enough history yet")
    assert (moved.value, moved.note) == ("—", "not enough history yet")


def test_the_funnel_shows_conversion_by_step_and_what_it_was() -> None:
    told = figures(
        """
        2025-08-01 | Z | Ann | added new
        2025-10-10 | B | Ann | new > contact_1
        2026-01-10 | A | Ann | new > contact_1
        2026-01-10 | C | Ann | new > contact_1
        2026-01-14 | A | Ann | contact_1 > contact_2
        """,
        "2026-03-02",
    )
    of = page_of(told.facts, language("en"), "week")
    (table,) = block(of, "funnel").tables
    assert [head.text for head in table.heads] == [
        "State",
        "Reached",
        "Of the step before",
        "The 90 days before",
        "Days to go on",
        "Still there",
    ]
    assert texts(table)[:3] == [
        ["Contact 1", "2", "—", "—", "4", "0"],
        ["Contact 2", "1", "50%", "0%", "—", "0"],
        ["Contact 3", "0", "0%", "—", "—", "0"],
    ]
    assert [row[1].share for row in table.rows[:3]] == [1.0, 0.5, 0.0]


def test_how_long_a_deal_stands_is_told_only_where_its_beginning_is_known(
    play: "type[Base]",
) -> None:
    base = play(STORY["en"])
    base.night("2026-02-22")
    base.row("Beta").update(state="Deal")
    base.night("2026-02-25")
    told = table_of(page(base, base.night("2026-02-27")), "deals", "Open deals")
    assert {row[0]: row[4] for row in told} == {"Gamma": "—", "Beta": "2"}


def test_moves_of_the_period_say_where_to_and_why(story: "tuple[Base, Night]") -> None:
    base, night = story
    told = table_of(page(base, night, "month"), "moves", "Company by company")
    delta = next(row for row in told if row[0] == "Delta")
    assert delta[1:4] == ["4 March", "Bob", "Refusal, to rework"]
    assert "No money" in delta[4]
    assert block(page(base, night, "day"), "moves").sentences == ("Nothing was moved.",)


@pytest.mark.parametrize("code", ["en", "ru"])
def test_the_page_is_written_out_as_the_golden_one(
    stories: "dict[str, tuple[Base, Night]]", code: str
) -> None:
    base, night = stories[code]
    made = html(
        page(
            base, night, root=ROOT, policy=with_plan(base.policy, date(2026, 3, 1), amount=800_000)
        ),
        code,
    )
    read(made)
    golden = GOLDEN / f"pack.{code}.html"
    if os.environ.get("WRITE_DOCS"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8"), (
        "the page differs; WRITE_DOCS=1 writes it anew"
    )


def test_the_same_base_gives_the_same_page(story: "tuple[Base, Night]") -> None:
    first, second = (html(page(*story, root=ROOT)) for _ in range(2))
    assert first == second


@pytest.fixture(scope="module")
def odd(play: "type[Base]") -> "tuple[Base, Page]":
    """Give the page of a base whose people write what they should not, in every cell."""
    base = play(
        "section | company | state | manager | next_step | next_on | amount | phone | comment\n"
    )
    for at, evil in enumerate(EVIL):
        for section, state in (
            ("working", "Contact 1"),
            ("working", "Deal"),
            ("rework", "Refusal"),
        ):
            base.rows.append(
                {
                    "section": section,
                    "company": f"{evil} {section} {state}",
                    "state": state,
                    "manager": evil,
                    "next_step": evil,
                    "next_on": "2026-02-20",
                    "amount": 1000 if at % 2 else evil,
                    "phone": evil,
                    "comment": evil,
                }
            )
    base.night("2026-03-01")
    return base, page(base, base.night("2026-03-03"), root=ROOT)


def test_nothing_of_a_row_comes_alive(odd: "tuple[Base, Page]") -> None:
    for made in (html(odd[1]), office_html_of(odd[1], language("en"))):
        made.encode("utf-8")
        reader = read(made)
        tags = {tag for tag, _ in reader.elements}
        assert not tags & {
            "script",
            "iframe",
            "object",
            "embed",
            "form",
            "link",
            "base",
            "foreignObject",
        }
        assert all(
            not name.startswith("on") for _, attributes in reader.elements for name in attributes
        )
        assert all(href.startswith(f"{ROOT}#gid=") for href in reader.links)
        sources = [
            str(attributes.get("src")) for _, attributes in reader.elements if "src" in attributes
        ]
        assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
        assert "\u202e" not in made
        assert "\x00" not in made
        assert "<script>alert(1)</script> working Deal" in reader.texts
        assert "{{ 7*7 }}{% raw %}" in " ".join(reader.texts)


def test_the_page_of_odd_names_fetches_nothing_and_forbids_scripts(
    odd: "tuple[Base, Page]",
) -> None:
    made = html(odd[1])
    assert """content="default-src 'none'; style-src 'unsafe-inline'">""" in made
    loading = [
        tag
        for tag, attributes in read(made).elements
        if {"src", "srcset", "data"} & attributes.keys()
    ]
    assert (loading, "url(" in made, "@import" in made) == ([], False, False)


def test_signs_that_cannot_be_seen_or_stored_are_left_out_of_texts() -> None:
    assert visible("a\x00b\n c\ud800d\u202ee\ufeff") == "a b cde"
    assert visible("👩\u200d🚀 ok") == "👩\u200d🚀 ok"
    assert len(visible("x" * 9999)) == 300


def crowd(play: "type[Base]", names: list[str]) -> "Base":
    base = play("section | company | state | manager | next_step | next_on\n")
    for at, name in enumerate(names * 3):
        row = {
            "section": "working",
            "company": f"Company {at}",
            "state": "Contact 1",
            "manager": name or None,
        }
        base.rows.append({**row, "next_step": "call", "next_on": "2026-02-20"})
    return base


def test_forty_managers_stand_on_the_page_with_all_that_is_due(play: "type[Base]") -> None:
    base = crowd(play, [f"Manager {n:02}" for n in range(40)])
    of = page(base, base.night("2026-03-03"))
    read(html(of))
    assert len(block(of, "managers").tables[0].rows) == 40
    assert len(block(of, "urgent").tables) == 40
    load = of.charts[0]
    assert len(load.table.rows) == 40
    assert load.width == 3


def test_names_that_look_alike_are_managers_of_their_own_or_one(play: "type[Base]") -> None:
    base = crowd(play, ["Ann", "ann ", "Anna", "Ann:"])
    of = page(base, base.night("2026-03-03"))
    read(html(of))
    names = [row[0].text for row in block(of, "managers").tables[0].rows]
    assert len(names) == len(set(names))


def test_without_any_manager_the_page_says_so(play: "type[Base]") -> None:
    base = crowd(play, [""])
    of = page(base, base.night("2026-03-03"))
    read(html(of))
    assert [row[0].text for row in block(of, "managers").tables[0].rows] == ["— no manager —"]
    assert of.charts[0].empty == "No manager has a company yet."
    lonely = play("section | company | state | phone | manager\nclients | Eta | Client | |\n")
    told = page(lonely, lonely.night("2026-03-03"))
    read(html(told))
    assert block(told, "managers").sentences == ("No manager has a company yet.",)
    assert block(told, "urgent").sentences == ("Nothing is urgent with anybody.",)
    assert block(told, "overdue").sentences == ("Nothing is overdue.",)


def test_the_dirty_sample_base_has_a_page_in_russian(six_tabs: Snapshot) -> None:
    policy = template("ru")
    projection = Projection(six_tabs, decide(six_tabs, policy, date(2026, 3, 2)), policy)
    made = read(html(page_of(Facts(projection, policy, ()), language("ru"), "week"), "ru"))
    assert "Планёрка за неделю" in made.texts
    assert {tag for tag, _ in made.elements} >= {
        "main",
        "header",
        "nav",
        "footer",
        "figure",
        "svg",
        "table",
    }
