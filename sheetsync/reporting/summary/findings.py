"""What is to be looked at, counted by kind: possible duplicates, and the findings of the revision; each leads to where they are listed.

What is against the method in people's ways, and what is amiss with labels, have blocks of their own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.model import Anchor, ReportCell, ReportLine, words_of
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.summary.offers import heading, heads
from sheetsync.rules.checks.labels import CODES as LABELS
from sheetsync.schema import Problem, Severity

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "incomplete": marked("what the state asks for is missing"),
        "no_company": marked("no company"),
        "no_state": marked("no state"),
        "no_manager": marked("no manager"),
        "no_contact": marked("neither phone nor e-mail"),
        "unknown_state": marked("state that nobody knows"),
        "unknown_manager": marked("manager that nobody knows"),
        "unknown_refusal_reason": marked("reason that nobody knows"),
        "future_date": marked("date in the future"),
        "contradiction": marked("the row says two things at once"),
        "new_too_long": marked("new, and not called for too long"),
        "stays_too_long": marked("in one state for too long"),
        "needs_consent": marked("comes back too soon: the head of sales decides"),
        "extension_refused": marked("extension that does not count"),
        "held_by_fault": marked("cannot be moved: the row has a mistake"),
        "cap": marked("cannot be moved: the list is full"),
        "unsettled": marked("rules that contradict each other"),
        "unclear_id": marked("whose row it is cannot be told"),
    }
)
"""What a finding of each code is called; all others are cells that cannot be read, or are told in their own words."""
UNREADABLE = marked("cells that cannot be read")
COUNTED = marked(
    "What is found in the rows of the base, now: a row counts once for each thing found in it."
)
ERRORS = marked("Those without which a row cannot be led by the rules until a person mends it.")
"""How the two figures are counted."""
WITH = 3
"""Managers named beside a kind at most."""


def finding_lines(facts: Facts, language: Language) -> list[ReportLine]:
    """Return the block: a line for duplicates, one for each kind of finding, the gravest first; nothing where all is well."""
    text, rows = (
        language.text,
        [p for p in facts.problems if p.row and p.code not in (*LABELS, "settings")],
    )
    kinds: dict[str, list[Problem]] = {}
    for problem in rows:
        kinds.setdefault(KINDS.get(problem.code, UNREADABLE), []).append(problem)
    if not kinds and not facts.pairs:
        return []
    words = (
        text("What was found"),
        (text("How many"), text(COUNTED)),
        (text("Errors"), text(ERRORS)),
    )
    lines = [
        *heading(
            "findings",
            text("Duplicates and findings"),
            text("each leads to the tab on which it is listed"),
        ),
        ReportLine(
            "columns:findings",
            (*heads(*words), ReportCell(None, "head"), ReportCell(text("With whom"), "head")),
        ),
    ]
    if facts.pairs:
        link = Anchor("revision", "head:twice")
        cells = (
            ReportCell(text("possible duplicates"), "link", link),
            ReportCell(len(facts.pairs), "number", link),
            ReportCell(0, "number_zero"),
        )
        lines.append(ReportLine("findings:twice", cells))
    managers = _managers(facts)
    order = sorted(kinds.items(), key=lambda kind: (-_errors(kind[1]), -len(kind[1]), kind[0]))
    return [*lines, *(_line(kind, found, managers, language) for kind, found in order)]


def _errors(found: Iterable[Problem]) -> int:
    return sum(problem.severity is Severity.ERROR for problem in found)


def _managers(facts: Facts) -> dict[tuple[str, int], str]:
    """Return whose each row is, by the title of its tab and its number before the run, as findings speak of it."""
    before, titles = (
        facts.projection.snapshot.base,
        {code: tab.title for code, tab in facts.projection.snapshot.tab.items()},
    )
    after = facts.projection.base.loc[before.index, "manager"]
    places = zip(before["section"].map(titles), before["row"], after, strict=True)
    return {(title, int(row)): words_of(manager) for title, row, manager in places}


def _line(
    kind: str, found: list[Problem], managers: Mapping[tuple[str, int], str], language: Language
) -> ReportLine:
    codes = Counter(problem.code for problem in found)
    code = min(
        codes, key=lambda one: (-codes[one], one)
    )  # the same one in whatever order rows stand by now
    link, errors = Anchor("revision", f"found:{code}"), _errors(found)
    who = Counter(managers.get((p.tab, p.row), "") for p in found)
    most = sorted(who.items(), key=lambda entry: (-entry[1], entry[0]))
    names = ", ".join(
        f"{name or language.text('— no manager —')} {language.number(n)}" for name, n in most[:WITH]
    )
    cells = (
        ReportCell(language.text(kind), "link", link),
        ReportCell(len(found), "number", link),
        ReportCell(errors, "number_red" if errors else "number_zero", link if errors else None),
        ReportCell(None, "text"),
        ReportCell(names + ("" if len(most) <= WITH else " …"), "note"),
    )
    return ReportLine(f"findings:{code if kind != UNREADABLE else 'unreadable'}", cells)
