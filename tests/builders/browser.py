"""Pages in headless Chromium: as a phone, a screen and paper show them, and as axe judges them.

What node/ needs is fetched once, by npm ci, from whatever registry npm is told to use.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

from tests.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "tests" / "browser" / "node"
REQUIRED = "chromium" in os.environ.get("SHEETSYNC_REQUIRE", "").replace(",", " ").split()


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


def calm(told: dict[str, Any], looked_at: int = 20) -> None:
    """Assert that nothing is wrong with a page, and that more was looked at than so many things."""
    assert (told["console"], told["dialogs"], told["scripts"]) == ([], [], 0)
    assert told["violations"] == {"phone": [], "screen": []}
    assert told["wider"] == {"phone": 0, "screen": 0, "paper": 0}
    assert all(
        request.startswith("file://") and request.endswith("pack.html")
        for request in told["requests"]
    )
    assert told["passes"] > looked_at
