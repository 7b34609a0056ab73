"""What benchmarks measure, as a table and as JSON: seconds, peak memory, requests, bytes.

Each script prints its own table; with BENCH_JSON=FILE in the environment its figures are added to
that file too, a line of JSON each.
"""

import json
import os
import resource
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Figure(NamedTuple):
    """One thing measured. `work`: what was done; `size`: on how much; None: not measured.

    `seconds` by the clock of the wall; `processor`: seconds of one core, which a busy machine
    changes little; `memory` in MB at its peak, `requests` sent, `sent` bytes.
    """

    work: str
    size: str
    seconds: float | None = None
    memory: int | None = None
    requests: int | None = None
    sent: int | None = None
    remark: str = ""
    processor: float | None = None


def peak_memory() -> int:
    """Return the most that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def report(figures: Sequence[Figure]) -> None:
    """Print a table of figures, and add them to the file that BENCH_JSON names."""
    print(
        f"{'work':<34} {'size':<26} {'s':>8} {'core s':>8} {'MB':>7} {'requests':>9} {'bytes':>12}"
    )
    for figure in figures:
        print(_line(figure))
    add_to_file(figures)


def add_to_file(figures: Sequence[Figure]) -> None:
    """Add figures to the file that BENCH_JSON names, if it names one."""
    file = os.environ.get("BENCH_JSON")
    if file:
        lines = [json.dumps(figure._asdict()) + "\n" for figure in figures]
        with Path(file).open("a", encoding="utf-8") as out:
            out.writelines(lines)


def _line(figure: Figure) -> str:
    seconds = "" if figure.seconds is None else f"{figure.seconds:.2f}"
    core = "" if figure.processor is None else f"{figure.processor:.2f}"
    memory = "" if figure.memory is None else f"{figure.memory:,}"
    requests = "" if figure.requests is None else f"{figure.requests:,}"
    sent = "" if figure.sent is None else f"{figure.sent:,}"
    line = (
        f"{figure.work:<34} {figure.size:<26} {seconds:>8} {core:>8} {memory:>7} "
        f"{requests:>9} {sent:>12}  {figure.remark}"
    )
    return line.rstrip()
