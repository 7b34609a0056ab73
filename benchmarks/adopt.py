"""Times adopting a base that knows nothing of the method.

Guessing at a tab of many rows and 15 columns, and the whole command.

Prints figures and judges nothing: machines differ.
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openpyxl

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.figures import Figure, add_to_file
from sheetsync.adoption import guess
from sheetsync.values import Cell
from sheetsync.workbook.snapshot import Book, Grid

HEADINGS = (
    "№",
    "Клиент",
    "ИНН",
    "Контакт",
    "Тел. ЛПР",
    "Почта",
    "Статус",
    "Кто ведёт",
    "Класс",
    "В работе с",
    "Посл. звонок",
    "Что делать",
    "Когда",
    "Сумма, тыс. руб.",
    "Примечание",
)
STATES = (
    "думает",
    "КП выслано",
    "отказ",
    "постоянник",
    "счёт выставлен",
    "не берут трубку",
    "новый",
)


def made(rows: int) -> Book:
    """Return a book of one tab."""
    chance = random.Random(1)  # noqa: S311  # sample data, not secrets
    cells: list[list[Cell]] = [[None], ["КЛИЕНТЫ"], list(HEADINGS)]
    cells += [row(at, chance) for at in range(rows)]
    return Book(
        "bench",
        "bench",
        "ru_RU",
        "Europe/Moscow",
        (Grid(0, "Лист1", 0, len(cells), 15, cells),),
    )


def row(at: int, chance: random.Random) -> list[Cell]:
    """Return a plausible row."""
    day = 46000 + at % 90
    return [
        at + 1,
        f"ООО «Клиент {at}»",
        7700000000 + at,
        f"Иванов Пётр {at % 9}",
        f"+7916{at:07d}",
        f"a{at}@example.com",
        chance.choice(STATES),
        f"Менеджер {at % 30}",
        chance.choice("ABC"),
        day,
        "12.02.2026",
        "перезвонить",
        day + 9,
        chance.randrange(1000),
        f"Просили напомнить о себе в следующий раз, когда будет заказ {at}",
    ]


def main() -> None:
    """Print a line a size."""
    for rows in (100, 10_000, 50_000):
        book = made(rows)
        start = time.perf_counter()
        proposal = guess(book)
        took = time.perf_counter() - start
        sure = sum(
            column.sure for tab in proposal.tabs for column in tab.columns
        )
        print(
            f"{rows:>7} rows: guessed in {took:5.2f} s, {sure} of {len(HEADINGS)} columns surely"
        )
        add_to_file([Figure("adopt: guess", f"{rows:,} rows", took)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "base.xlsx"
        workbook = openpyxl.Workbook(write_only=True)
        sheet = workbook.create_sheet("Лист1")
        for line in made(10_000).grids[0].cells:
            sheet.append([*line])
        workbook.save(path)
        reading, whole = (
            timed(name, path, *more)
            for name, more in (("check", ()), ("adopt", ("--yes",)))
        )
        print(
            f"  10000 rows from the shell: adopt --yes in {whole:5.2f} s; opening the file and "
            f"finding no base in it {reading:5.2f} s"
        )
        add_to_file([Figure("adopt --yes", "10,000 rows", whole)])


def timed(command: str, path: Path, *more: str) -> float:
    """Return the seconds that a command takes from the shell."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "sheetsync", command, str(path), *more],
        check=False,
        capture_output=True,
    )
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
