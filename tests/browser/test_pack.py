"""The pack of a planning meeting in headless Chromium: as a phone, a screen and paper show it, and as axe judges it.

What node/ needs is fetched once, by npm ci, from whatever registry npm is told to use.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from sheetsync.i18n import language
from sheetsync.reporting.meeting_pack import html_of
from tests.builders.base import Base
from tests.builders.browser import browser, calm, look
from tests.builders.packs import ROOT, html, page, played

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["browser"]

EVIL = '<script>document.title="alive"</script><img src=x onerror=alert(1)> ' + "Очень" * 20


@pytest.mark.parametrize("code", ["en", "ru"])
def test_the_page_shows_no_error_and_is_accessible(
    browser: tuple[str, str], tmp_path: Path, code: str
) -> None:
    told, pdf = look(browser, html(page(*played(Base, code), "week", ROOT), code), tmp_path)
    calm(told)
    assert any(link.startswith(f"{ROOT}#gid=") for link in told["links"])
    reader = PdfReader(BytesIO(pdf))
    assert len(reader.pages) > 1
    words = " ".join(" ".join(one.extract_text() for one in reader.pages).split())
    assert {"en": "How it is counted", "ru": "Как считается"}[code] in words


def test_odd_names_and_forty_managers_break_nothing(
    browser: tuple[str, str], tmp_path: Path
) -> None:
    base = Base("section | company | state | manager | next_step | next_on | amount\n")
    for at in range(80):
        row = {
            "section": "working",
            "company": f"{EVIL} {at}",
            "state": "Deal" if at % 3 else "Contact 1",
        }
        base.rows.append(
            {
                **row,
                "manager": f"{EVIL} {at % 40}",
                "next_step": EVIL,
                "next_on": "2026-02-20",
                "amount": 10**9 + at,
            }
        )
    told, pdf = look(browser, html(page(base, base.night("2026-03-03"))), tmp_path)
    calm(told)
    assert told["links"]
    assert all(link.startswith("file://") for link in told["links"])
    assert len(PdfReader(BytesIO(pdf)).pages) > 5


def test_the_look_finds_what_is_wrong_with_a_page(browser: tuple[str, str], tmp_path: Path) -> None:
    base, night = played(Base, "en")
    bad = html_of(page(base, night), language("en"))
    bad = (
        bad.replace('<html lang="en">', "<html>")
        .replace("default-src 'none'; ", "")
        .replace("</main>", "<script>console.log('seen'); noSuch()</script></main>")
    )
    told, _ = look(browser, bad, tmp_path)
    assert "html-has-lang" in [one[0] for one in told["violations"]["screen"]]
    assert "log: seen" in told["console"]
    assert any("noSuch" in line for line in told["console"])
    assert told["scripts"] == 1
