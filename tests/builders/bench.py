"""What the shell's tests work with: the command line called in-process, and small bases laid out as .xlsx files.

What must hold is said by the tests.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetsync.__main__ import run

TODAY = "2026-03-02"
HEADINGS = (
    "Company",
    "Tax number",
    "Phone",
    "Label",
    "State",
    "Manager",
    "Work began",
    "Last contact",
)
TITLES = {
    "working": "Working list",
    "call_base": "Cold-call base",
    "rework": "Refusal, to rework",
    "strategic": "Strategic archive",
    "hard_refusal": "Hard refusal, off-profile",
    "clients": "Clients",
}


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class SettingsReading:
    """What a command said: its exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return the one JSON object on stdout."""
        (line,) = self.out.splitlines()
        return json.loads(line)

    def complains(self, code: int) -> None:
        """Assert the code, and a sentence with what to do instead of a trace."""
        assert self.code == code, (self.out, self.err)
        sentence, *fix = self.err.strip().splitlines()
        assert sentence.strip()
        assert fix
        assert fix[-1].startswith("→ ")
        assert len(fix[-1]) > 10
        assert "Traceback" not in self.out + self.err


@dataclass(frozen=True)
class Shell:
    """The command line, called in this process."""

    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: object) -> SettingsReading:
        """Run one command."""
        self.capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        said = self.capsys.readouterr()
        return SettingsReading(code, said.out, said.err)


def phone(number: int) -> str:
    """Return a phone as a run would write it, so that it has nothing to tidy."""
    digits = f"{number:07d}"
    return f"+7 912 {digits[:3]}-{digits[3:5]}-{digits[5:]}"


def day(cell: str | None) -> str | datetime | None:
    """Return `2026-02-01` as a workbook's cell holds that day, anything else as it stands."""
    return datetime.fromisoformat(cell) if cell and _DAY.fullmatch(cell) else cell


def client(number: int, **fields: str | None) -> list[str | datetime | None]:
    """Make a row under HEADINGS: a small client at its second contact, whose 14 days are long up on `TODAY`.

    Days are given as `2026-02-01` and stand in the row as days, so that a run has nothing to tidy.
    """
    row: dict[str, str | None] = {
        "Company": f"Company {number}",
        "Tax number": str(1000000000 + number),
        "Phone": phone(number),
        "Label": "Small",
        "State": "Contact 2",
        "Manager": f"Manager {number % 3}",
        "Work began": "2026-02-01",
        "Last contact": "2026-02-10",
        **fields,
    }
    return [day(cell) for cell in row.values()]


def write_base(path: Path, tabs: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """Write a workbook as a team would have it: tabs by title, each with all of its lines."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, lines in tabs.items():
        sheet = workbook.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
    workbook.save(path)
    workbook.close()
    return path


def small_tabs(clients: int = 3, resting: int = 30) -> dict[str, list[Any]]:
    """Make six tabs: `clients` whose time is up, and `resting` that stay where they are."""
    stay = [client(5000 + n, State="Client", **{"Work began": None}) for n in range(resting)]
    tabs: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    tabs[TITLES["working"]] += [client(n) for n in range(clients)]
    tabs[TITLES["clients"]] += stay
    return tabs


def small_base(path: Path, clients: int = 3, resting: int = 30) -> Path:
    """Write the six tabs of `small_tabs` to a file."""
    return write_base(path, small_tabs(clients, resting))


_MADE: dict[str, bytes] = {}


def made_once(name: str, path: Path, make: Callable[[Path], object]) -> Path:
    """Lay out a file that many tests begin with: made by the first of them, and copied for the others."""
    if name not in _MADE:
        make(path)
        _MADE[name] = path.read_bytes()
    path.write_bytes(_MADE[name])
    return path


def cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Read every tab's values and formulas as they stand in the file."""
    workbook = openpyxl.load_workbook(path)
    found = {
        sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in workbook.worksheets
    }
    workbook.close()
    return found


def companies(path: Path) -> dict[str, list[str]]:
    """Tell which companies stand in which tab, from the top."""
    return {
        title: [str(row[0]) for row in cells(path)[title][1:] if row[0]]
        for title in TITLES.values()
    }
