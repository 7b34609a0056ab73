"""Keeps the floor of coverage from sinking: python tools/coverage_floor.py, beside a .coverage.

The floor stands in pyproject.toml. It fails where less is covered, where the floor is lower than it
was in any commit before, and where it lags so far behind that it would let a fall pass unseen.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

from coverage import Coverage

SLACK = 1.0
"""By how many percent the floor may lag: machines differ by lines that only a race reaches."""


def floor_of(pyproject: str) -> float:
    """Return the floor that a pyproject.toml sets, in percent; 0 where it sets none."""
    report = (
        tomllib.loads(pyproject)
        .get("tool", {})
        .get("coverage", {})
        .get("report", {})
    )
    return float(report.get("fail_under", 0))


def git(*arguments: str) -> str:
    """Return what git prints; "" where there is no repository."""
    done = subprocess.run(
        ["git", *arguments], capture_output=True, text=True, check=False
    )
    return done.stdout if done.returncode == 0 else ""


def highest_floor_before() -> float:
    """Return the highest floor of any commit that changed it."""
    commits = git(
        "log", "--format=%H", "-Gfail_under", "--", "pyproject.toml"
    ).split()
    return max(
        (
            floor_of(git("show", f"{commit}:pyproject.toml"))
            for commit in commits
        ),
        default=0,
    )


def complaints(covered: float, floor: float, before: float) -> list[str]:
    """Return what is wrong with the floor, in sentences; all three in percent."""
    sentences = []
    if covered < floor:
        sentences.append(
            f"{covered:.1f} % is covered, and the floor is {floor:.1f} %: write tests."
        )
    if floor < before:
        sentences.append(
            f"The floor was {before:.1f} % before: it does not sink to {floor:.1f} %."
        )
    if covered > floor + SLACK:
        sentences.append(
            f"{covered:.1f} % is covered: raise fail_under in pyproject.toml to it."
        )
    return sentences


def main() -> int:
    """Judge the floor, and print what is wrong with it."""
    coverage = Coverage()
    coverage.load()
    with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
        covered = coverage.report(file=nowhere)
    floor = floor_of(Path("pyproject.toml").read_text(encoding="utf-8"))
    sentences = complaints(covered, floor, highest_floor_before())
    print(
        "\n".join(sentences)
        or f"{covered:.1f} % is covered; the floor is {floor:.1f} %."
    )
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main())
