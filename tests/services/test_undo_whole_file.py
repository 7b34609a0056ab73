"""An undo leaves the file as if nothing had happened: every part of it, but for a short list with a reason each."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from tests.builders.bench import Shell
from tests.builders.fingerprint import figures, of_file
from tests.builders.furnished import CLIENTS, DASHBOARD, STATES, write_furnished
from tests.builders.taken_back import REASONS, left_over
from tests.places import DATA, DOCS

TODAY = "2026-03-02"
STRANGERS = DATA / "strangers"
OFFICE = shutil.which("soffice")


class Nights(NamedTuple):
    """A base after adopting, after its first night, and once that was taken back."""

    adopted: Path
    run: Path
    undone: Path
    told: Any
    """What the undo said."""


def adopted(sheetsync: Shell, path: Path) -> Path:
    result = sheetsync("adopt", path, "--yes", "--today", TODAY, "--json")
    assert result.json["wrote"] is True, result.err
    return path.with_suffix(".xlsx")


def copied(path: Path, name: str) -> Path:
    return Path(shutil.copy(path, path.with_name(f"{name}.xlsx")))


def night(sheetsync: Shell, base: Path, today: str = TODAY) -> Any:
    result = sheetsync("run", base, "--force", "--today", today, "--json")
    assert result.code == 0, result.err
    return result.json


def undone(sheetsync: Shell, base: Path, *names: str, today: str = TODAY) -> Any:
    result = sheetsync("undo", base, *names, "--today", today, "--json")
    assert result.code == 0, result.err
    return result.json


@contextmanager
def edited(path: Path) -> Iterator[openpyxl.Workbook]:
    """Edit a file as somebody does in another program."""
    with closing(openpyxl.load_workbook(path)) as workbook:
        yield workbook
        workbook.save(path)


def nights(sheetsync: Shell, path: Path) -> Nights:
    base = adopted(sheetsync, path)
    before = copied(base, "before")
    moves = night(sheetsync, base)["moves"]
    assert moves
    after = copied(base, "after")
    return Nights(before, after, base, undone(sheetsync, base))


@pytest.fixture
def furnished(sheetsync: Shell, tmp_path: Path) -> Path:
    """Return a base of one tab that was adopted and split, with all that stands around it."""
    base = adopted(sheetsync, write_furnished(tmp_path / "base.xlsx"))
    copied(base, "before")
    assert len(night(sheetsync, base)["moves"]) == len(STATES) * 2
    return base


def recalculated(path: Path, folder: Path) -> dict[str, str]:
    """Return the figures of a file as LibreOffice computes them anew."""
    folder.mkdir()
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    # Another format and back: what is converted is computed anew.
    for kind, source in (("ods", path), ("xlsx", folder / f"{path.stem}.ods")):
        subprocess.run(
            [str(OFFICE), profile, "--headless", "--convert-to", kind, "--outdir", folder, source],
            check=True,
            capture_output=True,
            timeout=300,
        )
    return figures(folder / path.name)


def test_all_around_the_clients_is_as_before(sheetsync: Shell, tmp_path: Path) -> None:
    played = nights(sheetsync, write_furnished(tmp_path / "base.xlsx"))
    told = played.told
    assert (told["left"], told.get("notes", [])) == ([], [])
    assert left_over(played.adopted, played.run)
    assert left_over(played.adopted, played.undone) == []
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed")
    before, after = (
        recalculated(path, tmp_path / path.stem) for path in (played.adopted, played.undone)
    )
    on_dashboard = {cell: text for cell, text in before.items() if cell.startswith(DASHBOARD)}
    assert on_dashboard
    assert {cell: after[cell] for cell in on_dashboard} == on_dashboard


@pytest.mark.parametrize("name", sorted(path.name for path in STRANGERS.glob("*.xlsx")))
def test_every_base_of_the_tests_is_as_before(sheetsync: Shell, tmp_path: Path, name: str) -> None:
    base = adopted(sheetsync, Path(shutil.copy(STRANGERS / name, tmp_path / name)))
    before = copied(base, "before")
    night(sheetsync, base)
    undone(sheetsync, base)
    assert left_over(before, base) == []


def test_each_reason_why_something_is_another_stands_in_the_docs() -> None:
    page = " ".join((DOCS / "undo.md").read_text(encoding="utf-8").split())
    assert [reason.docs for reason in REASONS if reason.docs not in page] == []


def test_what_people_have_aimed_elsewhere_since_stays_and_is_told(
    sheetsync: Shell, furnished: Path
) -> None:
    with edited(furnished) as workbook:
        workbook[DASHBOARD]["B1"] = "=COUNTA(База!A:A)"
        workbook.defined_names["Суммы"].attr_text = "База!$D$2:$D$4"
    told = undone(sheetsync, furnished)
    said = of_file(furnished)
    assert said[f"{DASHBOARD}!B1 value"] == "=COUNTA(База!A:A)"
    assert "$D$" in said["book name Суммы"]
    assert said[f"{DASHBOARD}!B2 value"] == "=SUM(База!E2:E7)"
    (note,) = told["notes"]
    assert f"'{DASHBOARD}'!B1" in note


def test_a_tab_that_is_gone_and_one_that_is_renamed_stop_nothing(
    sheetsync: Shell, furnished: Path
) -> None:
    with edited(furnished) as workbook:
        workbook[DASHBOARD].title = "Показатели"
        del workbook["Списки"]
        sheet: Any = workbook["Показатели"]
        sheet._charts.clear()  # noqa: SLF001  # openpyxl has no public list
    undone(sheetsync, furnished)
    said = of_file(furnished)
    assert said["Показатели!B1 value"] == '=COUNTIF(База!C2:C7,"Отказ")'
    assert said["book name Суммы"] == "База!$E$2:$E$7"
    assert said[f"{CLIENTS}!A9 value"] == "text Итого"


def test_a_run_is_taken_back_after_others_and_ranges_take_in_again_what_was_in_them(
    sheetsync: Shell, furnished: Path
) -> None:
    first = sheetsync("history", furnished, "--json").json["runs"][0]["run"]
    # The time of those that were taken into work is up: they move on, and stay there.
    later = "2026-04-10"
    assert len(night(sheetsync, furnished, later)["moves"]) == 2
    told = undone(sheetsync, furnished, first, today=later)
    assert len([line for line in told["left"] if "Фирма 0" in line or "Фирма 3" in line]) == 2
    with closing(openpyxl.load_workbook(furnished)) as workbook:
        companies = [row[0] for row in workbook[CLIENTS].iter_rows(values_only=True)]
    assert companies[1:5] == [f"ООО «Фирма {n}»" for n in (1, 2, 4, 5)]
    said = of_file(furnished)
    # Two of its clients stay where they went on: so the figure goes on reading the other tabs too.
    figure = said[f"{DASHBOARD}!B2 value"]
    assert figure.startswith("=SUM(База!E2:E5)+SUM(Рабочий список!E2:")
    assert "SUM(Отказ с проработкой!E2:" in figure
    assert said["book name Суммы"] == "База!$E$2:$E$5"


def test_an_undo_that_is_taken_back_itself_leaves_what_the_run_had_left(
    sheetsync: Shell, furnished: Path
) -> None:
    after_run = copied(furnished, "after")
    undone(sheetsync, furnished)
    told = undone(sheetsync, furnished)
    assert (len(told["moves"]), told.get("notes", [])) == (len(STATES) * 2, [])

    def clients(path: Path) -> dict[str, list[str]]:
        said = of_file(path)
        return {
            tab: [said.get(f"{tab}!A{row} value", "") for row in range(2, 6)]
            for tab in ("Рабочий список", "Отказ с проработкой", "Клиенты")
        }

    assert clients(furnished) == clients(after_run)
