"""Times the emulator on one large workbook: opening, reading, saving, and what it takes of memory.

Prints figures and judges nothing: machines differ.
"""

import gc
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import requests

from sheetsync.emulator import LocalAdapter, Workspace

ROWS, COLUMNS = 50_000, 20
ROOT = "https://sheets.googleapis.com/v4/spreadsheets/big"


def made(path: Path) -> None:
    """Write a workbook of 50,000 rows by 20 columns: texts, numbers, dates as numbers, truths.

    And a small second tab.
    """
    book = openpyxl.Workbook(write_only=True)
    tab: Any = book.create_sheet("Big")
    for row in range(ROWS):
        tab.append(
            [f"Company {row}", row, row * 1.5, f"state {row % 7}", row % 2 == 0]
            * (COLUMNS // 5)
        )
    book.create_sheet("Small").append(["small"])
    book.save(path)


def memory() -> int:
    """Give the most that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def timed(name: str, action: Callable[[], Any]) -> Any:
    """Print how long something takes, and the memory after it."""
    gc.collect()
    start = time.perf_counter()
    out = action()
    print(f"{name:<58} {time.perf_counter() - start:6.2f} s  {memory():5d} MB")
    return out


def own(path: Path) -> None:
    """Time openpyxl alone: what the emulator's loading is measured against."""
    timed(
        "openpyxl.load_workbook of the same file",
        lambda: openpyxl.load_workbook(path),
    )


def served(path: Path) -> None:
    """Time the emulator over the file."""
    workspace = timed(
        f"open {ROWS} x {COLUMNS} ({path.stat().st_size >> 10} KB)",
        lambda: Workspace.of_file(path),
    )
    with requests.Session() as session:
        session.mount("https://", LocalAdapter(workspace))

        def call(method: str, address: str, **given: Any) -> Any:
            response = session.request(method, ROOT + address, **given)
            assert response.ok, response.text
            return response.json()

        for option in ("UNFORMATTED_VALUE", "FORMATTED_VALUE"):
            read = partial(
                call, "GET", "/values/Big", params={"valueRenderOption": option}
            )
            found = timed(f"values.get of all, {option}", read)
            assert len(found["values"]) == ROWS
        raw = {"valueInputOption": "RAW"}
        one = {"values": [["edited"]]}
        for number in range(3):
            edit = partial(
                call, "PUT", f"/values/Big!A{number + 2}", params=raw, json=one
            )
            timed("values.update of one cell, and its save", edit)
        timed(
            "values.update of one cell of the small tab, and its save",
            lambda: edit_small(call, raw, one),
        )
        rows = {
            "range": {
                "sheetId": 0,
                "dimension": "ROWS",
                "startIndex": 1,
                "endIndex": 2,
            }
        }
        body = {"requests": [{"insertDimension": rows}]}
        timed(
            "insert a row at the top, and its save",
            lambda: call("POST", ":batchUpdate", json=body),
        )
        many = {"values": [[f"new {n}", n] for n in range(1000)]}
        formula = {"values": [["=COUNTA(Big!A:A)"]]}
        typed = {"valueInputOption": "USER_ENTERED"}
        where = "/values/Small!A1"
        timed(
            "a formula over all rows, computed and saved",
            lambda: call("PUT", where, params=typed, json=formula),
        )
        timed(
            "append 1000 rows, all computed and saved",
            lambda: call("POST", "/values/Big:append", params=raw, json=many),
        )


def edit_small(call: Callable[..., Any], raw: Any, one: Any) -> Any:
    """Edit the other tab."""
    return call("PUT", "/values/Small!B1", params=raw, json=one)


def main() -> None:
    """Print a line a measure.

    Each side in a process of its own, so that memory can be told apart.
    """
    if len(sys.argv) > 2:  # noqa: PLR2004  # called by itself: which side, and the file
        {"own": own, "served": served}[sys.argv[1]](Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "big.xlsx"
        made(path)
        for side in ("own", "served"):
            subprocess.run(
                [sys.executable, __file__, side, str(path)], check=True
            )


if __name__ == "__main__":
    main()
