"""The figures of adopted bases, and the table of docs/adopt.md that shows them; WRITE_DOCS=1 writes them anew."""

import os
from typing import NamedTuple

from tests.places import DOCS

PAGE = DOCS / "adopt.md"


class Figures(NamedTuple):
    """Right ones out of all: tabs, columns, values (states, dates, phones, tax numbers), planted pairs; and false pairs."""

    tabs: tuple[int, int]
    columns: tuple[int, int]
    values: tuple[int, int]
    duplicates: tuple[int, int]
    false_pairs: int

    def cells(self) -> list[str]:
        """Return the cells of the table."""
        of = [f"{right} of {whole}" for right, whole in self[:4]]
        return [*of, str(self.false_pairs)]


def documented(name: str, figures: Figures) -> Figures:
    """Return the figures that the docs show for a base; write them there first where that was asked for."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines) if text.startswith(f"| {name} |"))
    if os.environ.get("WRITE_DOCS"):
        lines[line] = f"| {name} | " + " | ".join(figures.cells()) + " |"
        PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    parts = [part.strip().split(" of ") for part in lines[line].strip("|").split("|")[1:]]
    pairs = [(int(part[0]), int(part[1])) for part in parts[:4]]
    return Figures(pairs[0], pairs[1], pairs[2], pairs[3], int(parts[4][0]))
