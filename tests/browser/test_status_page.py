"""The daemon's status page in headless Chromium: whatever a book is called, nothing of it comes alive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from sheetsync.config import BookSettings
from sheetsync.daemon.status_page import status_page
from sheetsync.i18n import language
from sheetsync.runlog.record import Kind, Outcome, RunRecord
from sheetsync.services.status import BookStatus, status_of
from tests.builders.browser import browser, calm, look

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["browser"]

EVIL = '<script>document.title="alive"</script><img src=x onerror=alert(1)> ' + "Очень" * 20
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def standing(name: str, outcome: Outcome | None) -> BookStatus:
    began = NOW - timedelta(hours=10)
    record = RunRecord(
        "0",
        name,
        Kind.RUN,
        began,
        outcome or Outcome.QUIET,
        began,
        moves={f"{EVIL} → Clients": 3},
        error=EVIL if outcome is Outcome.FAILED else "",
        fix=EVIL if outcome is Outcome.FAILED else "",
    )
    runs = [record] if outcome else []
    return status_of(BookSettings(name=name, address=name), runs, NOW, timedelta(hours=1))


@pytest.mark.parametrize("code", ["en", "ru"])
def test_the_status_page_is_calm_whatever_a_book_is_called(
    browser: tuple[str, str], tmp_path: Path, code: str
) -> None:
    outcomes = (None, Outcome.WROTE, Outcome.QUIET, Outcome.WAITS, Outcome.FAILED)
    books = [standing(f"{EVIL} {outcome}", outcome) for outcome in outcomes]
    told, _ = look(browser, status_page(books, NOW, language(code)), tmp_path)
    calm(told, looked_at=10)
