"""The pack of a planning meeting in headless Chromium: as a phone, a screen and paper show it, and as axe judges it.

What node/ needs is fetched once, by npm ci, from whatever registry npm is told to use.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from pypdf import PdfReader

from sheetsync.i18n import language
from sheetsync.reporting.meeting_pack import html_of
from tests.builders.base import Base
from tests.builders.packs import ROOT, html, page, played

FOLDER = Path(__file__).with_name("node")
REQUIRED = "chromium" in os.environ.get("SHEETSYNC_REQUIRE", "").replace(",", " ").split()
EVIL = '<script>document.title="alive"</script><img src=x onerror=alert(1)> ' + "Очень" * 20


def _missing(why: str) -> None:
    if REQUIRED:
        pytest.fail(f"SHEETSYNC_REQUIRE asks for chromium: {why}")
    pytest.skip(why)


@pytest.fixture(scope="session")
def browser() -> tuple[str, str]:
    """Give the programs that look at a page, with their packages in place: node and the browser."""
    found = [
        shutil.which("node"),
        shutil.which("npm"),
        shutil.which("chromium") or shutil.which("google-chrome"),
    ]
    if None in found:
        _missing("node, npm and chromium are not all installed")
    node, npm, chromium = map(str, found)
    lock, wanted = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".lock-of-tests"
    with FileLock(FOLDER / ".npm.lock"):  # one worker of many fetches, the others wait
        if not wanted.exists() or wanted.read_bytes() != lock.read_bytes():
            done = subprocess.run(
                [npm, "ci"], cwd=FOLDER, capture_output=True, text=True, check=False, timeout=300
            )
            if done.returncode:
                _missing(f"npm ci could not fetch the packages: {done.stderr[-500:]}")
            wanted.write_bytes(lock.read_bytes())
    return node, chromium


def look(browser: tuple[str, str], made: str, folder: Path) -> tuple[dict[str, Any], bytes]:
    """Look at a page; return what was seen, and the page as the browser prints it."""
    file, pdf = folder / "pack.html", folder / "pack.pdf"
    file.write_text(made, encoding="utf-8")
    command = [browser[0], str(FOLDER / "look.mjs"), browser[1], str(file), str(pdf)]
    done = subprocess.run(
        command, cwd=FOLDER, capture_output=True, text=True, check=False, timeout=180
    )
    assert done.returncode == 0, done.stderr[:1500]
    return json.loads(done.stdout), pdf.read_bytes()


def calm(told: dict[str, Any]) -> None:
    """Assert that nothing is wrong with a page, and that it was looked at."""
    assert (told["console"], told["dialogs"], told["scripts"]) == ([], [], 0)
    assert told["violations"] == {"phone": [], "screen": []}
    assert told["wider"] == {"phone": 0, "screen": 0, "paper": 0}
    assert all(
        request.startswith("file://") and request.endswith("pack.html")
        for request in told["requests"]
    )
    assert told["passes"] > 20


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
