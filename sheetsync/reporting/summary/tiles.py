"""The large figures at the top of the summary, each leading to its companies."""

from typing import NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout.model import Anchor, Link, ReportCell, ReportLine
from sheetsync.reporting.metrics import explained
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.tabs.companies_behind_figures import FigureLists, row_refs
from sheetsync.schema import money


class _Tile(NamedTuple):
    """A figure at the top: two columns wide, three lines high. `how`: the code by which it is told how it is counted."""

    colour: str
    label: str
    value: int
    note: str
    how: str
    link: Link | Anchor | None


def tile_lines(
    facts: Facts, language: Language, titles: dict[str, str], lists: FigureLists
) -> list[ReportLine]:
    """Return three lines: labels, figures, notes. `titles`: the managers, by name."""
    tiles = _tiles(facts, language, titles, lists)
    lines = []
    for part, height in (("label", 20), ("value", 34), ("note", 20)):
        cells = []
        for tile in tiles:
            style = f"kpi_{tile.colour}_{part}"
            shown = {
                "label": ReportCell(tile.label, style, None, explained(tile.how, language)),
                "value": ReportCell(tile.value, style, tile.link if tile.value else None),
                "note": ReportCell(tile.note or None, style),
            }
            cells += [shown[part], ReportCell(None, style)]
        lines.append(ReportLine(f"tiles:{part}", tuple(cells), height))
    return lines


def _tiles(
    facts: Facts, language: Language, titles: dict[str, str], lists: FigureLists
) -> tuple[_Tile, ...]:
    text, plural, working = language.text, language.plural, facts.rows[facts.rows["working"]]
    late, near, deals = (
        working[working["overdue"]],
        working[working["near"]],
        working[working["state"] == "deal"],
    )
    oldest = (
        plural("the oldest is {n} day late", "the oldest is {n} days late", int(late["late"].max()))
        if len(late)
        else ""
    )
    large = text(
        "large clients among them {n}", n=language.number(int((near["label"] == "large").sum()))
    )
    amount = float(pd.to_numeric(deals["amount"]).sum())
    worth = money(amount, facts.policy, language) if amount else text("no amounts filled in")
    left = sum(line.before == "working" for line in facts.moved)
    soon, won = text("Deadline ≤ {n} days", n=facts.near_days), text("Deals")
    return (
        _Tile(
            "blue",
            text("In work"),
            int(working["load"].sum()),
            _people(facts, language, titles),
            "load",
            Anchor("summary", "head:managers"),
        ),
        _Tile(
            "red",
            text("Overdue steps"),
            len(late),
            oldest,
            "overdue",
            Anchor("figures", "group:overdue"),
        ),
        _Tile(
            "amber",
            soon,
            len(near),
            large if len(near) and "large" in facts.policy.label else "",
            "closing",
            lists.to(
                "near",
                soon,
                row_refs(near.sort_values(["left", "row"])),
                explained("closing", language),
                lists.left,
            ),
        ),
        _Tile(
            "green",
            won,
            len(deals),
            worth if len(deals) else "",
            "deals",
            lists.to(
                "deals",
                won,
                row_refs(deals.sort_values(["manager", "row"])),
                explained("deals", language),
            ),
        ),
        _Tile(
            "grey",
            text("Moved this night"),
            len(facts.moved),
            text("out of the working list {n}", n=language.number(left)),
            "moved",
            Anchor("summary", "head:moves"),
        ),
    )


def _people(facts: Facts, language: Language, titles: dict[str, str]) -> str:
    one = facts.one_limit
    if one is not None:
        return language.plural(
            "{n} manager, up to {max} each", "{n} managers, up to {max} each", len(titles), max=one
        )
    room = sum(map(facts.limit, titles))
    return language.plural(
        "{n} manager, {max} places in all",
        "{n} managers, {max} places in all",
        len(titles),
        max=room,
    )
