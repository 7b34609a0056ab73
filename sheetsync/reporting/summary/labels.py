"""The summary's block on labels and categories: how many are to be looked at, by kind.

Which findings there are is decided by `rules.checks.labels`; the rows are listed by the revision.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.lines import heading_lines
from sheetsync.reporting.layout.model import Anchor, ReportCell, ReportLine
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.rules.checks.labels import CODES

COUNTED = marked("Rows in which it is found, now.")


class _Kind(NamedTuple):
    """What a finding is, and what is to be done about it."""

    name: str
    task: str


_KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "label_differs": _Kind(
            marked("Label differs from the amount"),
            marked(
                "correct the label or the amount; the thresholds are the policy's"
            ),
        ),
        "label_suggested": _Kind(
            marked("No label, and the amount tells one"),
            marked("the row says which"),
        ),
        "off_profile_here": _Kind(
            marked("Off-profile, and no rule moves it"),
            marked("refuse it, or correct the label"),
        ),
        "unknown_label": _Kind(
            marked("Label that nobody knows"),
            marked("choose one from the list"),
        ),
        "unknown_category": _Kind(
            marked("Category that nobody knows"),
            marked("choose one from the list, or add it on the Settings tab"),
        ),
    }
)


def label_lines(facts: Facts, language: Language) -> Iterator[ReportLine]:
    """Go through the block, a line for each kind of finding; nothing where all is well."""
    counts = facts.label_counts
    text = language.text
    if not counts:
        return
    note = text(
        "which rows, says the tab “{tab}”",
        tab=facts.policy.words.tabs["revision"],
    )
    yield from heading_lines(
        "labels", text("Labels and categories"), note, text(COUNTED)
    )
    for code in CODES:
        if counts[code]:
            link = Anchor("revision", f"found:{code}")
            cells = (
                ReportCell(text(_KINDS[code].name), "link", link),
                ReportCell(counts[code], "number", link),
                ReportCell(text(_KINDS[code].task), "note"),
            )
            yield ReportLine(f"labels:{code}", cells)
