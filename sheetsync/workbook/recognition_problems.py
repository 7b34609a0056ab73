"""What is amiss with a base's tabs and columns, in words.

What is found to be so is recognition.py's; what is wrong with a cell is said by schema.py.
"""

from collections.abc import Iterator, Sequence

from sheetsync.errors import BookUnrecognised
from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.schema import Problem, Severity
from sheetsync.values import fold
from sheetsync.workbook.headings import MissingColumn, RenamedColumn
from sheetsync.workbook.snapshot import Book, PassedReason, PassedRow

# Rows that are named by what they are called, at most, and how many signs of each.
_CALLED_ROWS, _LONGEST_NAME = 40, 60


class RecognitionProblems:
    """Words the problems of one book's tabs, each of a whole tab or of a column."""

    def __init__(self, policy: Policy, language: Language) -> None:
        self.policy = policy
        self.language = language

    def section_twice(self, tab: str, other: str) -> Problem:
        """Say that two tabs are the same section."""
        text = self.language.text
        message = text(
            "“{other}” and “{tab}” are the same section.", other=other, tab=tab
        )
        fix = text("Rename or merge one of them; only the first is read.")
        return Problem(
            "section_twice", Severity.ERROR, tab, 0, "", message, fix
        )

    def no_headings(self, tab: str) -> Problem:
        """Say that a section's tab has no heading row."""
        text = self.language.text
        words = self.policy.words
        fix = text(
            "Put headings such as “{first}” and “{second}” into its first row.",
            first=words.name("columns", "company"),
            second=words.name("columns", "state"),
        )
        message = text("The tab has no heading row.")
        return Problem("no_headings", Severity.ERROR, tab, 0, "", message, fix)

    def unit_in_heading(self, heading: str, unit: int) -> Problem:
        """Ask whether a heading that speaks of thousands means it.

        It is asked once, on the Settings tab: rows go from tab to tab, and the heading with them.
        """
        tab = self.policy.words.tabs["settings"]
        text = self.language.text
        message = text(
            "The heading “{heading}” speaks of {unit}; the amounts below count as they stand.",
            heading=heading,
            unit=self.language.number(unit),
        )
        fix = text(
            "Say on the tab “{settings}” whether such amounts are to be multiplied.",
            settings=tab,
        )
        return Problem(
            "unit_in_heading", Severity.WARNING, tab, 0, "", message, fix
        )

    def headings_twice(self, tab: str, rows: Sequence[int]) -> Problem:
        """Say that the headings stand again further down. `rows`: their 0-based indexes."""
        text = self.language.text
        # How often, not where: moves change that, and a second run would write it anew.
        message = self.language.plural(
            "The headings stand again in {n} row below; it is not read as a client.",
            "The headings stand again in {n} rows below; they are not read as clients.",
            len(rows),
        )
        fix = text("Delete them when you can.")
        return Problem(
            "headings_twice", Severity.WARNING, tab, 0, "", message, fix
        )

    def passed_over(
        self, tab: str, rows: Sequence[PassedRow]
    ) -> Iterator[Problem]:
        """Say which rows are no clients, and why: once for each reason, by what they are called."""
        # Not by their numbers, which every move changes: a second run would write them anew.
        for reason in PassedReason:
            passed = [row for row in rows if row.reason is reason]
            if passed:
                yield self._passed_over(tab, reason, passed)

    def _passed_over(
        self, tab: str, reason: PassedReason, rows: Sequence[PassedRow]
    ) -> Problem:
        texts = dict.fromkeys(row.text[:_LONGEST_NAME] for row in rows)
        names = [*map(self.language.quoted, texts)]
        more = ["…"] if len(names) > _CALLED_ROWS else []
        message = self._why_passed(
            reason, len(rows), ", ".join([*names[:_CALLED_ROWS], *more])
        )
        fix = self.language.text(
            "If it is a client, give it a phone, an e-mail or a state."
        )
        return Problem("passed_over", Severity.NOTICE, tab, 0, "", message, fix)

    def _why_passed(self, reason: PassedReason, count: int, names: str) -> str:
        plural = self.language.plural
        match reason:
            case PassedReason.TOTAL:
                return plural(
                    "{n} row adds up others and is no client: {names}.",
                    "{n} rows add up others and are no clients: {names}.",
                    count,
                    names=names,
                )
            case PassedReason.SUMS:
                return plural(
                    "{n} row holds sums alone and is no client.",
                    "{n} rows hold sums alone and are no clients.",
                    count,
                )
            case PassedReason.MANAGER:
                return plural(
                    "{n} row names the manager of the clients below and is no client: {names}.",
                    "{n} rows name the manager of the clients below and are no clients: {names}.",
                    count,
                    names=names,
                )
            case PassedReason.GROUP:
                return plural(
                    "{n} row is a heading above others and no client: {names}.",
                    "{n} rows are headings above others and no clients: {names}.",
                    count,
                    names=names,
                )
            case PassedReason.NOTE:
                return plural(
                    "{n} row is a note and no client: {names}.",
                    "{n} rows are notes and no clients: {names}.",
                    count,
                    names=names,
                )

    def tab_renamed(self, tab: str, before: str) -> Problem:
        """Say that a tab has another name than the last run saw."""
        text = self.language.text
        message = text(
            "The tab “{before}” is called “{now}” now.", before=before, now=tab
        )
        fix = text("Nothing is to be done.")
        return Problem("tab_renamed", Severity.NOTICE, tab, 0, "", message, fix)

    def column_gone(self, tab: str, missing: MissingColumn) -> Problem:
        """Say that a column which the last run read is not there."""
        text = self.language.text
        message = text(
            "The column “{heading}” is gone.", heading=missing.before
        )
        fix = text(
            "Put it back, or give it its heading again. "
            "If it is not needed any more: `run --force`."
        )
        return Problem(
            "column_gone", Severity.ERROR, tab, 0, missing.before, message, fix
        )

    def column_renamed(self, tab: str, renamed: RenamedColumn) -> Problem:
        """Say that a column is recognised by what it holds, and ask what its heading means."""
        text = self.language.text
        settings = self.policy.words.tabs["settings"]
        message = text(
            "“{now}” is taken for the column “{before}”: it holds the same.",
            now=renamed.now,
            before=renamed.before,
        )
        fix = text(
            "Name the heading on the tab “{tab}”, or give it its old name again.",
            tab=settings,
        )
        return Problem(
            "column_renamed",
            Severity.WARNING,
            tab,
            0,
            renamed.now,
            message,
            fix,
        )

    def column_twice(self, tab: str, first: str, other: str) -> Problem:
        """Say that a field which may have one column has two; `first`: the heading that is read."""
        text = self.language.text
        if fold(first) == fold(other):
            message = text("Two columns are headed “{heading}”.", heading=first)
        else:
            message = text(
                "“{first}” and “{other}” mean the same; only “{first}” is read.",
                first=first,
                other=other,
            )
        fix = text("Rename one; only the first is read.")
        return Problem(
            "column_twice", Severity.WARNING, tab, 0, first, message, fix
        )

    def no_column(self, tab: str, name: str) -> Problem:
        """Say that a field which is asked for from the first day on has no column."""
        text = self.language.text
        heading = self.policy.words.name("columns", name)
        message = text("The tab has no column “{heading}”.", heading=heading)
        fix = text("Add it, or rename the column that holds it.")
        return Problem(
            "no_column", Severity.ERROR, tab, 0, heading, message, fix
        )


def unrecognised(
    book: Book, policy: Policy, language: Language, problems: Sequence[Problem]
) -> BookUnrecognised:
    """Return the error of a book of which nothing can be read as a base."""
    text = language.text
    if problems:
        lines = "\n".join(
            f"{problem.tab}: {problem.message} {problem.fix}"
            for problem in problems
        )
        fix = text("Mend this and run the command again; nothing was changed.")
        return BookUnrecognised(lines, fix=fix)
    sections = [
        policy.words.name("sections", code) for code in policy.codes("sections")
    ]
    titles = ", ".join(language.quoted(grid.title) for grid in book.grids)
    message = text(
        "No tab of “{book}” is a known section. Its tabs: {titles}.",
        book=book.title,
        titles=titles or text("none"),
    )
    fix = text(
        "Let `sheetsync adopt` find out what its tabs are; or name them {names}; "
        "or lay out a new base with `sheetsync init`.",
        names=", ".join(map(language.quoted, sections)),
    )
    return BookUnrecognised(message, fix=fix)
