"""What is said of a volume, a tab of the Journal's old lines, that is not there any more."""

from collections.abc import Iterator
from datetime import date, timedelta

from sheetsync.i18n import Language
from sheetsync.schema import Problem, Severity
from sheetsync.workbook.journal_volumes import GONE_DAYS, missing_volumes
from sheetsync.workbook.snapshot import Book


def volumes_gone(
    book: Book, language: Language, today: date
) -> Iterator[Problem]:
    """Go through the volumes that are gone, each said for some weeks: it may have been meant so."""
    text = language.text
    for volume in missing_volumes(book):
        gone_on = volume.gone_on or today
        if today >= gone_on + timedelta(days=GONE_DAYS):
            continue
        message = text(
            "The tab “{tab}” is gone, or its headings are: what stood there "
            "is in no history any more, and figures begin after it.",
            tab=volume.title,
        )
        fix = text(
            "The spreadsheet's version history has it: copy it from there under the same name. "
            "If it is not needed, nothing is to be done."
        )
        yield Problem(
            "journal_volume_gone",
            Severity.WARNING,
            volume.title,
            0,
            "",
            message,
            fix,
        )
