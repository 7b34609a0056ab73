"""What becomes of a local file while a run is at it, in words: what happened, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from sheetsync.daemon.messenger import PASSING
from sheetsync.emulator import errors as files
from sheetsync.emulator.xlsx.package import crash_points
from sheetsync.i18n import language
from sheetsync.sheets.connection.file_problems import of_problem
from tests.builders.bench import TITLES, TODAY, Shell, small_base

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENT = "Renamed meanwhile"


_NOWHERE = Path("b.xlsx")


class Deeds:
    """What other people do at the nth time that a save passes a point."""

    def __init__(self) -> None:
        self.point = ""
        self.turns = 1
        self.deed: Callable[[], object] = list

    def passed(self, name: str) -> None:
        if name != self.point:
            return
        self.turns -= 1
        if self.turns == 0:
            self.deed()


@pytest.fixture
def program(sheetsync: Shell, monkeypatch: pytest.MonkeyPatch) -> tuple[Shell, Deeds]:
    deeds = Deeds()
    monkeypatch.setattr(crash_points, "passed", deeds.passed)
    return sheetsync, deeds


def rename_a_client(path: Path) -> None:
    workbook = openpyxl.load_workbook(path)
    workbook[TITLES["clients"]]["A2"] = CLIENT
    fresh = path.with_name("theirs")
    workbook.save(fresh)
    workbook.close()
    fresh.replace(path)


def delete(path: Path) -> None:
    path.unlink()


def move(path: Path) -> None:
    path.rename(path.with_name("moved.xlsx"))


def clients_in(folder: Path) -> set[str]:
    """Give the companies in all workbooks of a folder."""
    companies = set()
    for path in folder.glob("*.xlsx"):
        workbook = openpyxl.load_workbook(path, read_only=True)
        for title in set(TITLES.values()) & set(workbook.sheetnames):
            rows = workbook[title].iter_rows(min_row=2, values_only=True)
            companies |= {str(row[0]) for row in rows if row and row[0]}
        workbook.close()
    return companies


CHANGED = {"en": "was changed by somebody else", "ru": "кто-то изменил"}
GONE = {
    "en": "was moved, renamed or deleted",
    "ru": "перенесли, переименовали или удалили",
}


@pytest.mark.parametrize(
    ("deed", "words"), [(rename_a_client, CHANGED), (move, GONE), (delete, GONE)]
)
@pytest.mark.parametrize(("turn", "lang"), [(1, "en"), (2, "ru")])
def test_what_others_did_in_the_last_instant_stands_and_is_said(
    program: tuple[Shell, Deeds],
    tmp_path: Path,
    deed: Callable[[Path], None],
    words: dict[str, str],
    turn: int,
    lang: str,
) -> None:
    sheetsync, deeds = program
    path = small_base(tmp_path / "base.xlsx")
    before = clients_in(tmp_path)
    deeds.point, deeds.turns, deeds.deed = "checked", turn, lambda: deed(path)
    told = sheetsync("run", path, "--today", TODAY, "--force", "--lang", lang)
    told.complains(1)
    assert words[lang] in told.err
    assert not [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")]
    after = clients_in(tmp_path)
    if deed is rename_a_client:
        assert CLIENT in after
        assert len(after) == len(before)
    elif deed is move:
        assert after == before
    else:
        assert not path.exists()


KINDS: list[tuple[Callable[[Path], files.FileProblem], str, str]] = [
    (files.FileChanged, "Run the command again", "Повторите команду"),
    (files.FileGone, "Put it back in its place", "Верните его на место"),
    (files.NoSuchFile, "Put it back in its place", "Верните его на место"),
    (files.NotAWorkbook, "take your last copy", "возьмите последнюю копию"),
    (files.FileInUse, "Close it there", "Закройте его там"),
    (files.SavedByAnotherRun, "Let it finish", "Дождитесь, когда он закончит"),
    (files.FileReadOnly, "Allow writing to the file", "Разрешите запись"),
    (files.DiskFull, "Free some space", "Освободите место"),
    (lambda path: files.WouldLoseParts(path, ("x",)), "Work on a copy", "Работайте с копией"),
    (lambda path: files.FileChanged(path, "", path), "delete “b.xlsx”", "удалите «b.xlsx»"),
]


@pytest.mark.parametrize(("kind", "en", "ru"), KINDS)
def test_every_problem_of_a_file_says_what_to_do_in_both_languages(
    tmp_path: Path, kind: Callable[[Path], files.FileProblem], en: str, ru: str
) -> None:
    problem = kind(tmp_path / "b.xlsx")
    for code, fix in (("en", en), ("ru", ru)):
        error = of_problem(problem, language(code))
        assert fix in error.fix
        assert "type.sheetsync" not in error.message


@pytest.mark.parametrize(
    ("kind", "is_over_soon"),
    [
        (files.FileChanged, "yes"),
        (files.FileGone, "yes, a program that saves by renaming may be at it"),
        (files.NotAWorkbook, "yes, it may be half saved"),
        (files.SavedByAnotherRun, "yes"),
        (files.DiskFull, "no"),
        (files.FileReadOnly, "no"),
    ],
)
def test_what_may_be_over_soon_is_tried_again_by_the_daemon(
    kind: Callable[[Path], files.FileProblem], is_over_soon: str
) -> None:
    error = of_problem(kind(_NOWHERE), language("en"))
    assert isinstance(error, PASSING) == is_over_soon.startswith("yes")


def test_a_kind_of_problem_that_is_new_has_its_sentence() -> None:
    kinds = {"FileProblem"}
    waiting: list[Any] = list(files.FileProblem.__subclasses__())
    while waiting:
        kind = waiting.pop()
        kinds.add(kind.__name__)
        waiting += kind.__subclasses__()
    told = {type(kind(_NOWHERE)).__name__ for kind, _, _ in KINDS}
    assert kinds == told | {"FileProblem"}
