"""Which day it is: the one in the spreadsheet's own zone, whatever this machine's clock believes."""

from datetime import UTC, date, datetime

import pytest

from sheetsync.services.read_and_decide import Options, moment
from sheetsync.workbook.snapshot import Book


@pytest.mark.parametrize(
    ("zone", "now", "today"),
    [
        ("Europe/Moscow", "2026-03-01T20:59:59", "2026-03-01"),
        ("Europe/Moscow", "2026-03-01T21:00:00", "2026-03-02"),
        ("Asia/Vladivostok", "2026-03-01T14:00:00", "2026-03-02"),
        ("America/New_York", "2026-03-01T04:59:59", "2026-02-28"),
        ("Europe/Berlin", "2026-03-29T00:59:59", "2026-03-29"),  # the hour that is not there
        ("Pacific/Kiritimati", "2028-02-28T10:00:00", "2028-02-29"),
        ("Nowhere/Atlantis", "2026-03-01T23:59:59", "2026-03-01"),
        ("", "2026-03-01T23:59:59", "2026-03-01"),
    ],
)
def test_today_begins_at_midnight_of_the_books_zone(zone: str, now: str, today: str) -> None:
    clock = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert moment(
        Book("b", "Base", "en_US", zone), Options(now=lambda: clock)
    ).date() == date.fromisoformat(today)
