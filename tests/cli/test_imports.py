"""What costs time at start is imported only by the commands that need it."""

import subprocess
import sys

from tests.places import ROOT

HEAVY = (
    "pandas",
    "numpy",
    "gspread",
    "openpyxl",
    "google.auth",
    "babel",
    "formualizer",
    "requests",
)


def _loaded(*arguments: str) -> set[str]:
    code = (
        "import sys; from sheetsync.__main__ import run; "
        f"run({list(arguments)!r}); sys.stderr.write(' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stderr.split())


def test_help_loads_no_heavy_room() -> None:
    assert not _loaded("--help") & set(HEAVY)


def test_version_loads_no_heavy_room() -> None:
    assert not _loaded("--version") & set(HEAVY)


def test_a_commands_help_loads_no_heavy_room() -> None:
    assert not _loaded("run", "--help") & set(HEAVY)


def test_the_module_can_be_run() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sheetsync", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "plan" in done.stdout
