"""Two blocks of the summary: who could get what, with a box to tick; and what is amiss with labels and categories.

Which companies are offered is decided by refill and taking; which findings there are by labels.
"""

from collections.abc import Iterator
from typing import Any

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.model import Anchor, Link, ReportCell, ReportLine, named
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.rules.capacity.refill import line_of
from sheetsync.rules.checks.labels import CODES
from sheetsync.workbook.plan import Offer

SHOWN = 30
"""Proposals listed for one manager at most; what is ticked is always listed."""

_SAID = {
    "label_differs": (
        marked("Label differs from the amount"),
        marked("correct the label or the amount; the thresholds are the policy's"),
    ),
    "label_suggested": (marked("No label, and the amount tells one"), marked("the row says which")),
    "off_profile_here": (
        marked("Off-profile, and no rule moves it"),
        marked("refuse it, or correct the label"),
    ),
    "unknown_label": (marked("Label that nobody knows"), marked("choose one from the list")),
    "unknown_category": (
        marked("Category that nobody knows"),
        marked("choose one from the list, or add it on the Settings tab"),
    ),
}
"""Code of a finding -> what it is, what to do."""


COUNTED = marked("Rows in which it is found, now.")


def figure_cell(
    value: float | None, look: str = "number", link: Link | Anchor | None = None
) -> ReportCell:
    """Write a figure, leading to its rows; a dash where it is not known."""
    if value is None:
        return ReportCell("—", "number_zero")
    rounded = value if look == "percent" else round(value)
    style = look if value or look.startswith("total") else "number_zero"
    return ReportCell(rounded, style, link if value else None)


def name_cell(name: str, link: Link | Anchor | None = None, note: str = "") -> ReportCell:
    """Name the figures of a line, leading to their rows too: not every program follows the link of a number."""
    return ReportCell(name, "link" if link else "text", link, note)


def heads(*words: str | tuple[str, str]) -> tuple[ReportCell, ...]:
    """Return the headings of a table of figures: words, or words and the note on how what stands below is counted."""
    told = [(word, "") if isinstance(word, str) else word for word in words]
    return tuple(
        ReportCell(word, "head_right" if at else "head", None, note)
        for at, (word, note) in enumerate(told)
    )


def heading(key: str, title: str, note: str = "", how: str = "") -> list[ReportLine]:
    """Return the heading of a block of the summary, with the gap above it. `how`: the note on it."""
    cells = (
        ReportCell(title, "heading", None, how),
        ReportCell(None, "blank"),
        ReportCell(note or None, "heading_note"),
    )
    return [
        ReportLine(f"gap:{key}", (), 18),
        ReportLine(f"head:{key}", cells if note else cells[:1], 26),
    ]


def offer_lines(facts: Facts, language: Language) -> list[ReportLine]:
    """Return who could get what: a line per proposal, those of one manager together, in the order of the alphabet."""
    by_manager: dict[str, list[Offer]] = {}
    for offer in facts.projection.plan.offers:
        by_manager.setdefault(offer.manager, []).append(offer)
    if not by_manager:
        return []
    text, column = language.text, facts.policy.words.columns
    note = text("tick the box; the next run carries it out")
    heads = (
        column["company"][0],
        column["manager"][0],
        f"{column['label'][0]} · {column['city'][0]}",
        text("Take"),
    )
    cells = (
        ReportCell(head, "head_center" if at == 3 else "head")  # noqa: PLR2004  # the box
        for at, head in enumerate(heads)
    )
    lines = [
        *heading("offers", text("Who could get what"), note),
        ReportLine("columns:offers", tuple(cells)),
    ]
    base = facts.rows.drop_duplicates("id").set_index("id")
    places = {
        str(i): (str(s), int(r))
        for i, s, r in zip(base.index, base["section"], base["row"], strict=True)
    }
    return [
        *lines,
        *(
            line
            for name in sorted(by_manager)
            for line in _of(name, by_manager[name], places, facts, language)
        ),
    ]


def _of(
    manager: str, offered: list[Offer], places: dict[str, Any], facts: Facts, language: Language
) -> Iterator[ReportLine]:
    fresh = [offer for offer in offered if not offer.ticked]
    for offer in (*(offer for offer in offered if offer.ticked), *fresh[:SHOWN]):
        place = places.get(offer.id)
        about = " · ".join(
            part for part in (named("labels", offer.label, facts.policy), offer.city) if part
        )
        cells = (
            ReportCell(
                offer.company or language.text("(no name)"), "link" if place else "text", place
            ),
            ReportCell(manager, "text"),
            ReportCell(about or None, "text"),
            ReportCell(offer.ticked, "tick"),
            ReportCell(offer.why or None, "text_red"),
        )
        yield ReportLine(line_of(offer.id, manager), cells)
    if len(fresh) > SHOWN:
        more = language.plural(
            "and {n} more for {manager}",
            "and {n} more for {manager}",
            len(fresh) - SHOWN,
            manager=manager,
        )
        yield ReportLine(f"more:offers:{manager}", (ReportCell(more, "plain"),))


def label_lines(facts: Facts, language: Language) -> list[ReportLine]:
    """Return how many labels and categories are to be looked at, by kind; nothing where all is well."""
    counts, text = facts.label_counts, language.text
    if not counts:
        return []
    note = text("which rows, says the tab “{tab}”", tab=facts.policy.words.tabs["revision"])
    return [
        *heading("labels", text("Labels and categories"), note, text(COUNTED)),
        *(
            ReportLine(
                f"labels:{code}",
                (
                    ReportCell(text(_SAID[code][0]), "link", Anchor("revision", f"found:{code}")),
                    ReportCell(counts[code], "number", Anchor("revision", f"found:{code}")),
                    ReportCell(text(_SAID[code][1]), "note"),
                ),
            )
            for code in CODES
            if counts[code]
        ),
    ]
