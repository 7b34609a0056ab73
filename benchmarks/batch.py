"""Measures one batch: its bytes and requests, by tab and by line of the Journal.

Prints figures and judges nothing: what is asserted of them is in tests/sheets/test_batch_size.py.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.bases import TODAY, Size, write_base
from benchmarks.figures import Figure, report
from sheetsync.config import Settings
from sheetsync.i18n import language
from sheetsync.services.planned_write import write_of
from sheetsync.services.read_and_decide import Options, read_and_decide
from sheetsync.sheets.connection.open_book import open_book
from sheetsync.sheets.requests.body import encoded

SIZES = (
    Size(2_000, 12, 1, 1_667),
    Size(5_000, 12, 1_000),
    Size(630, 12, 80, 200),
)


def measured(path: Path, size: Size) -> list[Figure]:
    """Return the bytes of the batch of a first night, and where they are."""
    write_base(path, size)
    opened = open_book(str(path), Settings(), language("en"))
    options = Options(TODAY, force=True)
    write = write_of(opened, read_and_decide(opened, options), options)
    requests = write.batch({}, opened.account).body["requests"]
    plan = write.planned.plan
    tidied = sum(edit.repair for edit in plan.edits)
    work = f"{len(plan.moves)} moves, {tidied} cells tidied"
    figures = [
        Figure(
            f"batch: {work}",
            size.words,
            requests=len(requests),
            sent=len(encoded({"requests": requests})),
        )
    ]
    for place, sent in _bytes_by_place(requests).most_common(5):
        figures.append(Figure(f"  of which {place}", size.words, sent=sent))
    lines = len(write.lines)
    journal = _bytes_by_place(requests)["Journal"]
    figures.append(
        Figure("  a line of the Journal", size.words, sent=journal // lines)
    )
    return figures


def _bytes_by_place(requests: list[Mapping[str, Any]]) -> Counter[str]:
    """Return the bytes of requests by the tab that is added or written, by its title or id."""
    titles: dict[int, str] = {}
    for request in requests:
        if "addSheet" in request:
            properties = request["addSheet"]["properties"]
            titles[properties["sheetId"]] = properties["title"]
    sizes = Counter[str]()
    for request in requests:
        number = _sheet_id(request)
        place = titles.get(number, "sections") if number is not None else "book"
        sizes[place] += len(encoded(request))
    return sizes


def _sheet_id(part: Any) -> int | None:
    """Return the first sheetId within a request."""
    if not isinstance(part, Mapping):
        return None
    if "sheetId" in part:
        return int(part["sheetId"])
    for inner in part.values():
        number = _sheet_id(inner)
        if number is not None:
            return number
    return None


def main() -> None:
    """Print the figures of some bases."""
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            report(measured(Path(folder) / f"{size.rows}.xlsx", size))


if __name__ == "__main__":
    main()
