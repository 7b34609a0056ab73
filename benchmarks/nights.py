"""Times nights on local files: opening, planning, a first night, a quiet one, a later one.

Each is a process of its own, so that its peak memory is its own. Prints figures and judges nothing:
machines differ.
"""

import json
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.bases import TODAY, Size, write_base
from benchmarks.figures import Figure, report

SIZES = {
    "small": (Size(630, 12, 80, 200), Size(1_000, 5, 1)),
    "usual": (Size(5_000, 12, 60, 500), Size(10_000, 12, 100, 1_000)),
    "large": (Size(20_000, 12, 267, 20_000), Size(30_000, 600, 3_000)),
    "largest": (Size(50_000, 50, 500, 5_000), Size(100_000, 100, 1_000)),
}
_MEASURED = """
import json, resource, sys
from sheetsync.__main__ import run
code = run(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
told = {
    "memory": used.ru_maxrss // 1024,
    "processor": used.ru_utime + used.ru_stime,
    "code": code,
}
print(json.dumps(told), file=sys.stderr)
"""


_OPENED = """
import json, resource, sys
from sheetsync.config import Settings
from sheetsync.i18n import language
from sheetsync.sheets.connection.open_book import open_book
from sheetsync.sheets.read.reader import read_book
opened = open_book(sys.argv[1], Settings(), language("en"))
read_book(opened.line, opened.name, None)
print(json.dumps({"requests": opened.line.sent, "moves": []}))
used = resource.getrusage(resource.RUSAGE_SELF)
told = {
    "memory": used.ru_maxrss // 1024,
    "processor": used.ru_utime + used.ru_stime,
    "code": 0,
}
print(json.dumps(told), file=sys.stderr)
"""


def measured(
    work: str, size: Size, *arguments: str, code: str = _MEASURED
) -> Figure:
    """Run one command of the program, or other `code`, and measure it."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - begun
    told = json.loads(done.stderr.strip().splitlines()[-1])
    assert told["code"] in (0, 2), done.stderr
    answer = json.loads(done.stdout)
    sent = answer["requests"]["read"] + answer["requests"]["write"]
    moves = len(answer["moves"])
    return Figure(
        work,
        size.words,
        seconds,
        told["memory"],
        sent,
        remark=f"{moves} moves" if moves else "",
        processor=told["processor"],
    )


def nights(size: Size, folder: Path) -> list[Figure]:
    """Play a plan and three nights on a base of that size."""
    book = folder / f"{size.rows}-{size.managers}.xlsx"
    write_base(book, size)
    today = TODAY.isoformat()
    later = (TODAY + timedelta(days=7)).isoformat()
    run = ("run", str(book), "--force", "--today")
    return [
        measured("open and read", size, str(book), code=_OPENED),
        measured("plan", size, "plan", str(book), "--today", today),
        measured("first night", size, *run, today),
        measured("quiet night", size, *run, today),
        measured("a week later", size, *run, later),
    ]


def main() -> None:
    """Measure the sizes named on the command line, small and usual ones where none are."""
    wanted = sys.argv[1:] or ["small", "usual"]
    with tempfile.TemporaryDirectory() as folder:
        for name in wanted:
            for size in SIZES[name]:
                report(nights(size, Path(folder)))


if __name__ == "__main__":
    main()
