"""An audit of a base: everything in a period that somebody should answer for; writes nothing."""

from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from sheetsync.reporting.audit import Audit, Period, audit_of
from sheetsync.services.notify import facts_of
from sheetsync.services.read_and_decide import (
    Options,
    Planned,
    read_and_decide,
)
from sheetsync.sheets.connection.open_book import Opened

WHOLE_JOURNAL = None
"""Lines: all of them, those of its volumes too."""
DAYS = 30
"""How far an audit reaches back where nobody says from when."""


class AuditedBook(NamedTuple):
    """A book as it was read, and its audit."""

    planned: Planned
    audit: Audit


def audit(
    opened: Opened, options: Options, first: date | None, last: date | None
) -> AuditedBook:
    """Read a book and audit it from one day to another, both included. Two requests.

    `first` None: so many days back; `last` None: up to today.
    """
    planned = read_and_decide(opened, replace(options, journal=WHOLE_JOURNAL))
    end = last or planned.plan.today
    begin = first or end - timedelta(days=DAYS - 1)
    period = Period(begin, end)
    return AuditedBook(
        planned, audit_of(facts_of(planned), period, planned.language)
    )
