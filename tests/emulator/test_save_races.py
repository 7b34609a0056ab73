"""Another program at the file while it is saved: at each step, and in none is anything lost.

Each test is made twice: where the system lets two files change names in one step, and where it does not.
"""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from sheetsync.emulator import Workspace, create_workbook, errors
from sheetsync.emulator.xlsx.package import crash_points, exchange
from sheetsync.emulator.xlsx.package.crash_points import POINTS
from sheetsync.emulator.xlsx.package.save_lock import prefix

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WRITE = {"values": [["ours"]]}
BEFORE_THE_EXCHANGE = POINTS[: POINTS.index("exchanged")]
AFTERWARDS = POINTS[POINTS.index("exchanged") :]


class Steps:
    """What other programs do as a save passes its points."""

    def __init__(self) -> None:
        self.deeds: dict[str, Callable[[], object]] = {}

    def passed(self, name: str) -> None:
        self.deeds.pop(name, lambda: None)()


@pytest.fixture(params=["at once", "taken out and put in"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param != "at once":
        monkeypatch.setattr(exchange, "_renaming", lambda: None)
    return str(request.param)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    """Every save of the test passes these; asked for before the client."""
    steps = Steps()
    monkeypatch.setattr(crash_points, "passed", steps.passed)
    return steps


@pytest.fixture
def book(way: str, steps: Steps, client: Any) -> Any:
    """Give a client of a file that holds “before”, read and saved once."""
    del way, steps
    client.put("A1", [["before"]])
    return client


@pytest.fixture(autouse=True)
def _steps_are_hooked_first(steps: Steps) -> None:
    """Put them there before any store is opened, which takes over who waits."""
    del steps


def workbook(path: Path, text: str) -> bytes:
    """Make another program's save, and give its bytes."""
    made = openpyxl.Workbook()
    tab: Any = made.active
    tab["A1"] = text
    made.save(path)
    made.close()
    return path.read_bytes()


def theirs(tmp_path_factory: pytest.TempPathFactory, text: str = "theirs") -> bytes:
    return workbook(tmp_path_factory.mktemp("theirs") / "t.xlsx", text)


def save_in_place(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def save_by_renaming(path: Path, data: bytes) -> None:
    fresh = path.with_name("fresh")
    fresh.write_bytes(data)
    fresh.replace(path)


def save_as_excel_does(path: Path, data: bytes) -> None:
    fresh, old = path.with_name("fresh"), path.with_name("old")
    fresh.write_bytes(data)
    if path.exists():
        path.rename(old)
    fresh.rename(path)
    old.unlink(missing_ok=True)


SAVES = [save_in_place, save_by_renaming, save_as_excel_does]


def save(client: Any) -> str:
    """Save and give the kind of the answer: "saved", or what it was refused for."""
    response = client.send("PUT", "/values/B1", WRITE, valueInputOption="RAW")
    if response.ok:
        return "saved"
    return str(detail_of(response)["@type"]).removeprefix("type.sheetsync/")


def detail_of(response: Any) -> dict[str, Any]:
    detail: dict[str, Any] = response.json()["error"]["details"][0]
    return detail


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("point", BEFORE_THE_EXCHANGE)
@pytest.mark.parametrize("saves", SAVES)
def test_a_save_of_another_program_stands_and_ours_is_not_made(
    book: Any,
    steps: Steps,
    tmp_path_factory: pytest.TempPathFactory,
    saves: Callable[[Path, bytes], None],
    point: str,
) -> None:
    data = theirs(tmp_path_factory)
    steps.deeds[point] = lambda: saves(book.path, data)
    assert save(book) == "FileChanged"
    assert book.path.read_bytes() == data
    assert names(book.path.parent) == ["book.xlsx"]
    assert book.values("A1:B1") == [["theirs"]]
    assert save(book) == "saved"
    assert book.again().values("A1:B1") == [["theirs", "ours"]]


@pytest.mark.parametrize("point", AFTERWARDS)
@pytest.mark.parametrize("saves", SAVES)
def test_a_save_of_another_program_over_ours_is_what_is_read_next(
    book: Any,
    steps: Steps,
    tmp_path_factory: pytest.TempPathFactory,
    saves: Callable[[Path, bytes], None],
    point: str,
) -> None:
    data = theirs(tmp_path_factory)
    steps.deeds[point] = lambda: saves(book.path, data)
    assert save(book) in {"saved", "FileChanged"}
    assert book.path.read_bytes() == data
    assert names(book.path.parent) == ["book.xlsx"]
    assert book.values("A1:B1") == [["theirs"]]


def test_a_program_that_has_the_file_open_for_writing_loses_nothing(
    book: Any, steps: Steps, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = theirs(tmp_path_factory)
    handles = []
    steps.deeds["checked"] = lambda: handles.append(book.path.open("r+b"))
    assert save(book) == "FileChanged"
    with handles[0] as handle:
        assert save(book) == "FileInUse"
        handle.truncate()
        handle.write(data)
    assert book.path.read_bytes() == data
    assert names(book.path.parent) == ["book.xlsx"]


def test_of_two_saves_of_other_programs_the_earlier_one_is_kept_beside_the_file(
    book: Any, way: str, steps: Steps, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first, second = (theirs(tmp_path_factory, text) for text in ("first", "second"))
    steps.deeds["checked"] = lambda: save_by_renaming(book.path, first)
    steps.deeds["exchanged"] = lambda: save_by_renaming(book.path, second)
    response = book.send("PUT", "/values/B1", WRITE, valueInputOption="RAW")
    detail = detail_of(response)
    kept = next(path for path in book.path.parent.iterdir() if path != book.path)
    assert (detail["@type"], detail["kept"]) == ("type.sheetsync/FileChanged", str(kept))
    assert (book.path.read_bytes(), kept.read_bytes()) == (second, first), way
    assert kept.name.startswith("book (saved by another program, kept 20")
    assert names(book.path.parent) == [kept.name, "book.xlsx"]


def test_a_save_that_comes_as_another_one_is_put_back_is_not_lost(
    steps: Steps,
    client: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    first, second = (theirs(tmp_path_factory, text) for text in ("first", "second"))
    client.put("A1", [["before"]])
    steps.deeds["checked"] = lambda: save_by_renaming(client.path, first)
    exchanged, turns = exchange.exchange, iter(range(9))

    def late(one: Path, other: Path) -> bool:
        if next(turns) == 1:
            save_by_renaming(client.path, second)
        return exchanged(one, other)

    monkeypatch.setattr(exchange, "exchange", late)
    assert save(client) == "FileChanged"
    everything = {path.read_bytes() for path in client.path.parent.iterdir()}
    assert {first, second} <= everything
    assert not [name for name in names(client.path.parent) if name.startswith(".")]


@pytest.mark.parametrize("point", BEFORE_THE_EXCHANGE)
def test_a_file_that_is_deleted_meanwhile_stays_deleted(
    book: Any, steps: Steps, point: str
) -> None:
    steps.deeds[point] = book.path.unlink
    assert save(book) == "FileGone"
    assert names(book.path.parent) == []
    code, _ = book.fail("GET", "/values/A1")
    assert code == 409


@pytest.mark.parametrize("point", BEFORE_THE_EXCHANGE)
def test_a_file_that_is_moved_meanwhile_is_where_it_was_moved_and_as_it_was(
    book: Any, steps: Steps, point: str
) -> None:
    before = book.path.read_bytes()
    moved = book.path.with_name("moved.xlsx")
    steps.deeds[point] = lambda: book.path.rename(moved)
    assert save(book) == "FileGone"
    assert names(book.path.parent) == ["moved.xlsx"]
    assert moved.read_bytes() == before


def test_a_folder_that_is_moved_meanwhile_is_not_made_anew(
    steps: Steps, way: str, tmp_path: Path, open_client: Any
) -> None:
    folder, moved = tmp_path / "folder", tmp_path / "moved"
    folder.mkdir()
    create_workbook(folder / "book.xlsx", title="Book")
    client = open_client(folder / "book.xlsx")
    steps.deeds["before-commit"] = lambda: folder.rename(moved)
    assert save(client) == "FileGone", way
    assert (folder.exists(), names(moved)) == (False, ["book.xlsx"])


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_the_file_as_it_was(
    book: Any, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    before = book.path.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    assert save(book) == "DiskFull"
    assert book.path.read_bytes() == before
    assert names(book.path.parent) == ["book.xlsx"]


def test_a_folder_that_takes_no_files_is_left_as_it_is(book: Any) -> None:
    before = book.path.read_bytes()
    book.path.parent.chmod(0o555)
    kind = save(book)
    book.path.parent.chmod(0o755)
    assert kind == "FileReadOnly"
    assert book.path.read_bytes() == before
    assert names(book.path.parent) == ["book.xlsx"]


def test_through_a_link_the_file_is_saved_that_it_leads_to(
    way: str, steps: Steps, tmp_path: Path, open_client: Any
) -> None:
    for folder in ("real", "links"):
        (tmp_path / folder).mkdir()
    path = tmp_path / "real" / "base.xlsx"
    create_workbook(path, title="Book")
    link = tmp_path / "links" / "book.xlsx"
    link.symlink_to(path)
    client = open_client(link)
    beside: list[list[str]] = []
    steps.deeds["checked"] = lambda: beside.extend([names(path.parent), names(link.parent)])
    assert save(client) == "saved", way
    assert any(name == f"{prefix(path)}.lock" for name in beside[0])
    assert beside[1] == ["book.xlsx"]
    assert link.is_symlink()
    assert (names(path.parent), names(link.parent)) == (["base.xlsx"], ["book.xlsx"])
    assert open_client(path).values("B1") == [["ours"]]


def test_a_link_that_is_turned_to_another_file_meanwhile_harms_neither(
    steps: Steps, way: str, tmp_path: Path, open_client: Any
) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    for path in (first, second):
        create_workbook(path, title=path.stem)
    other = second.read_bytes()
    link = tmp_path / "book.xlsx"
    link.symlink_to(first)
    client = open_client(link)

    def turn() -> None:
        link.unlink()
        link.symlink_to(second)

    steps.deeds["checked"] = turn
    assert save(client) == "saved", way
    assert second.read_bytes() == other
    assert open_client(first).values("B1") == [["ours"]]


def test_a_new_book_is_never_put_over_a_file_that_appears_meanwhile(
    steps: Steps, way: str, tmp_path: Path
) -> None:
    path = tmp_path / "new.xlsx"
    steps.deeds["checked"] = lambda: path.write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        create_workbook(path, title="New")
    assert path.read_bytes() == b"theirs", way
    assert names(tmp_path) == ["new.xlsx"]


# Rights


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away"
)
def test_a_run_as_root_leaves_the_file_to_its_owner(book: Any) -> None:
    os.chown(book.path, 1234, 2345)
    book.path.chmod(0o640)
    assert save(book) == "saved"
    info = book.path.stat()
    assert (info.st_uid, info.st_gid, stat.S_IMODE(info.st_mode)) == (1234, 2345, 0o640)


@pytest.mark.parametrize(
    ("mode", "is_group_ours", "kind"),
    [
        (0o660, 1, "saved"),
        (0o666, 0, "saved"),
        (0o640, 1, "FileReadOnly"),
        (0o660, 0, "FileReadOnly"),
    ],
)
def test_who_may_give_no_files_away_takes_none_from_its_owner(
    book: Any, monkeypatch: pytest.MonkeyPatch, mode: int, is_group_ours: int, kind: str
) -> None:
    def chown(_path: object, owner: int, _group: int) -> None:
        if owner != -1 or not is_group_ours:
            raise PermissionError(errno.EPERM, "not permitted")

    book.path.chmod(mode)
    monkeypatch.setattr(os, "chown", chown)
    monkeypatch.setattr(os, "geteuid", lambda: 4321)
    assert save(book) == kind
    assert stat.S_IMODE(book.path.stat().st_mode) == mode
    assert names(book.path.parent) == ["book.xlsx"]


def test_marks_that_people_put_on_a_file_stay(book: Any) -> None:
    try:
        os.setxattr(book.path, "user.team", b"north")
    except (AttributeError, OSError):
        pytest.skip("this file system keeps no attributes")
    assert save(book) == "saved"
    assert os.getxattr(book.path, "user.team") == b"north"


# Other processes

SAVER = """
import sys
from pathlib import Path
import openpyxl
path = Path(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
book = openpyxl.load_workbook(path)
book.worksheets[0]["A1"] = "theirs"
book.save(path)
print("saved", flush=True)
"""


def test_what_another_process_saves_in_our_last_instant_stands(book: Any, steps: Steps) -> None:
    command = [sys.executable, "-c", SAVER, str(book.path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        steps.deeds["checked"] = lambda: other.communicate("go\n", timeout=60)
        assert save(book) == "FileChanged"
    assert book.again().values("A1:B1") == [["theirs"]]
    assert names(book.path.parent) == ["book.xlsx"]


HOLDER = """
import sys
from pathlib import Path
from sheetsync.emulator.xlsx.package.save_lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_run_with_another_temp_folder_is_seen_to_be_saving(book: Any, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(book.path)]
    elsewhere = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=elsewhere
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert save(book) == "SavedByAnotherRun"
        other.communicate("\n", timeout=60)
    assert names(book.path.parent) == ["book.xlsx"]
    assert save(book) == "saved"


KILLED = """
import os, signal, sys
from pathlib import Path
from sheetsync.emulator.xlsx.package import crash_points, exchange

path, point, way, theirs = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
if way != "at once":
    exchange._renaming = lambda: None

def passed(name):
    if name == "checked" and theirs:
        path.with_name("fresh").write_bytes(Path(theirs).read_bytes())
        path.with_name("fresh").replace(path)
    if name == point:
        os.kill(os.getpid(), signal.SIGKILL)

crash_points.passed = passed

import requests
from sheetsync.emulator import LocalAdapter, Workspace
session = requests.Session()
session.mount("https://", LocalAdapter(Workspace.of_file(path)))
root = "https://sheets.googleapis.com/v4/spreadsheets/book/values/B1"
session.put(root, params={"valueInputOption": "RAW"}, json={"values": [["ours"]]})
"""


def kill_at(point: str, path: Path, way: str, their_save: Path | None = None) -> None:
    """Let a process save and be killed at a point of it."""
    command = [sys.executable, "-c", KILLED, str(path), point, way, str(their_save or "")]
    ended = subprocess.run(command, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize("point", ["half-written", "checked", "exchanged", "after-replace"])
def test_the_next_run_clears_away_what_a_killed_one_left(
    book: Any, way: str, point: str, open_client: Any
) -> None:
    kill_at(point, book.path, way)
    client = open_client(book.path)
    assert names(book.path.parent) == ["book.xlsx"]
    assert client.values("A1")[0][0] == "before"


def test_a_save_that_lay_aside_as_we_were_killed_is_put_back_by_the_next_run(
    book: Any, way: str, tmp_path_factory: pytest.TempPathFactory, open_client: Any
) -> None:
    their_save = tmp_path_factory.mktemp("theirs") / "t.xlsx"
    data = workbook(their_save, "theirs")
    kill_at("exchanged", book.path, way, their_save)
    client = open_client(book.path)
    assert book.path.read_bytes() == data
    assert names(book.path.parent) == ["book.xlsx"]
    assert client.values("A1") == [["theirs"]]


def test_what_lay_aside_is_kept_where_people_went_on_in_the_file(
    book: Any, way: str, tmp_path_factory: pytest.TempPathFactory, open_client: Any
) -> None:
    their_save = tmp_path_factory.mktemp("theirs") / "t.xlsx"
    data = workbook(their_save, "theirs")
    kill_at("exchanged", book.path, way, their_save)
    later = theirs(tmp_path_factory, "later")
    book.path.write_bytes(later)
    client = open_client(book.path)
    kept = next(path for path in book.path.parent.iterdir() if path != book.path)
    assert (kept.read_bytes(), book.path.read_bytes()) == (data, later)
    assert client.values("A1") == [["later"]]


def test_what_a_living_run_has_laid_down_is_not_swept(book: Any, steps: Steps) -> None:
    seen: list[int] = []

    def another_opens() -> None:
        Workspace.of_file(book.path)
        seen.append(sum(name.endswith(".part") for name in names(book.path.parent)))

    steps.deeds["half-written"] = another_opens
    assert save(book) == "saved"
    assert seen == [1]


@pytest.mark.parametrize(("hours", "left_there"), [(2, 0), (0, 1)])
def test_what_earlier_versions_left_goes_when_it_is_old(
    book: Any, open_client: Any, hours: int, left_there: int
) -> None:
    left = book.path.with_name(".sheetsync-abc12345.tmp")
    left.write_bytes(b"half")
    then = left.stat().st_mtime - hours * 3600
    os.utime(left, (then, then))
    open_client(book.path)
    assert left.exists() == bool(left_there)


def test_a_name_as_long_as_names_may_be_is_saved(
    steps: Steps, way: str, tmp_path: Path, open_client: Any
) -> None:
    path = tmp_path / ("б" * 125 + ".xlsx")
    create_workbook(path, title="Book")
    client = open_client(path)
    first, second = workbook(tmp_path / "1.xlsx", "1"), workbook(tmp_path / "2.xlsx", "2")
    steps.deeds["checked"] = lambda: save_in_place(path, first)
    steps.deeds["exchanged"] = lambda: save_in_place(path, second)
    assert save(client) == "FileChanged", way
    kept = {entry.read_bytes() for entry in tmp_path.glob("б*.xlsx")}
    assert {first, second} <= kept


def test_a_problem_says_where_another_programs_save_was_kept(tmp_path: Path) -> None:
    problem = errors.FileChanged(tmp_path / "a.xlsx", "changed", tmp_path / "kept.xlsx")
    (detail,) = errors.of_file(problem).details or []
    assert detail["kept"] == str(tmp_path / "kept.xlsx")
