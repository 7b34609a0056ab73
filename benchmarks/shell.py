"""Times the command line on a base of 630 rows, and start-up.

Seconds from the shell, the best of three.

Prints figures and judges nothing: machines differ.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASE = Path(__file__).parent.parent / "tests" / "data" / "six-tabs.xlsx"
COMMAND = (sys.executable, "-m", "sheetsync")


def seconds(*arguments: str, expected: int = 0) -> float:
    """Return how long one call of the command line takes."""
    start = time.perf_counter()
    done = subprocess.run(
        [*COMMAND, *arguments], capture_output=True, check=False
    )
    assert done.returncode == expected, done.stderr.decode()
    return time.perf_counter() - start


def main() -> None:
    """Print a line for each figure."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.xlsx"
        firsts, quiets = [], []
        for _ in range(3):
            shutil.copyfile(BASE, book)
            firsts.append(
                seconds("run", str(book), "--today", "2026-03-02", "--force")
            )
            quiets.append(seconds("run", str(book), "--today", "2026-03-02"))
        print(
            f"sheetsync --help            {min(seconds('--help') for _ in range(3)):.2f} s"
        )
        print(f"run, 630 rows, 80 moves     {min(firsts):.2f} s")
        print(f"run again, nothing to do    {min(quiets):.2f} s")


if __name__ == "__main__":
    main()
