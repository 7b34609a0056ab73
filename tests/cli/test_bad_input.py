"""Whatever is wrong with the file, the base or the account: a sentence, what to do, the right code, the file untouched."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import requests

from sheetsync.services import planned_write
from sheetsync.sheets.batch import batch as writer
from tests.builders.bench import (
    HEADINGS,
    TITLES,
    Shell,
    cells,
    client,
    companies,
    small_base,
    write_base,
)
from tests.builders.cloud import ADDRESS, HTML, Cloud, Fault, refusal

TODAY = "2026-03-02"
COMMANDS = [("check",), ("plan",), ("run", "--force"), ("report",)]


def _garbage(path: Path) -> None:
    path.write_bytes(b"no workbook at all" * 50)


def _empty_file(path: Path) -> None:
    path.write_bytes(b"")


def _half(path: Path) -> None:
    small_base(path)
    path.write_bytes(path.read_bytes()[:2000])


def _other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("letter.txt", "hello")


def _old_excel(path: Path) -> None:
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)


def _no_tab(path: Path) -> None:
    write_base(path, {"Holidays": [("Name", "Days"), ("Ann", 3)]})


def _no_headings(path: Path) -> None:
    write_base(path, {TITLES["working"]: [client(1), client(2)]})


def _headings_alone(path: Path) -> None:
    write_base(path, {TITLES["working"]: [HEADINGS, HEADINGS, HEADINGS]})


def _no_rows(path: Path) -> None:
    write_base(path, {title: [HEADINGS] for title in TITLES.values()})


def _no_cells(path: Path) -> None:
    write_base(path, {title: [] for title in TITLES.values()})


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "spoil",
    [
        _garbage,
        _empty_file,
        _half,
        _other_zip,
        _old_excel,
        _no_tab,
        _no_headings,
        _headings_alone,
        _no_rows,
        _no_cells,
    ],
)
def test_a_file_that_is_no_base_is_left_alone(
    sheetsync: Shell, tmp_path: Path, command: tuple[str, ...], spoil: Callable[[Path], None]
) -> None:
    path = tmp_path / "base.xlsx"
    spoil(path)
    bytes_ = path.read_bytes()
    sheetsync(command[0], path, *command[1:], "--today", TODAY).complains(1)
    assert path.read_bytes() == bytes_
    assert sorted(p.name for p in tmp_path.iterdir()) == ["base.xlsx", "home"]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "address",
    [
        "missing.xlsx",
        "no/such/folder/base.xlsx",
        "nonsense",
        "",
        "https://example.com/base",
        "https://docs.google.com/document/d/1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/edit",
        "https://docs.google.com/spreadsheets/",
        "base.ods",
        "base.csv",
    ],
)
def test_an_address_that_leads_nowhere(
    sheetsync: Shell, command: tuple[str, ...], address: str
) -> None:
    sheetsync(command[0], address, *command[1:]).complains(1)


@pytest.mark.parametrize("name", ["base.ods", "base.csv", "base.xls"])
def test_a_file_of_another_kind(sheetsync: Shell, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("Company;State\nA;New\n", encoding="utf-8")
    sheetsync("run", path, "--force").complains(1)
    assert path.read_text(encoding="utf-8") == "Company;State\nA;New\n"


def test_an_empty_folder_is_no_book(sheetsync: Shell, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    sheetsync("plan", tmp_path / "folder").complains(1)


@pytest.mark.parametrize("command", [("run", "--force"), ("report",)], ids=" ".join)
def test_a_read_only_file_can_be_planned_but_not_written(
    sheetsync: Shell, tmp_path: Path, command: tuple[str, ...]
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    bytes_ = path.read_bytes()
    path.chmod(0o444)
    assert sheetsync("plan", path, "--today", TODAY).code == 2
    sheetsync(command[0], path, *command[1:], "--today", TODAY).complains(1)
    assert path.read_bytes() == bytes_


@pytest.mark.parametrize("mark", [".~lock.base.xlsx#", "~$base.xlsx"])
@pytest.mark.parametrize("command", [("run", "--force"), ("report",), ("init",)], ids=" ".join)
def test_a_file_that_is_open_elsewhere_is_not_written(
    sheetsync: Shell, tmp_path: Path, mark: str, command: tuple[str, ...]
) -> None:
    path = write_base(tmp_path / "base.xlsx", {TITLES["working"]: [HEADINGS, client(1)]})
    (tmp_path / mark).write_text("Ann,ann,laptop", encoding="utf-8")
    bytes_ = path.read_bytes()
    told = sheetsync(command[0], path, *command[1:])
    told.complains(1)
    assert "open in another program" in told.err
    assert path.read_bytes() == bytes_


def test_a_file_that_changed_while_we_worked_keeps_the_change(
    sheetsync: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, build = small_base(tmp_path / "base.xlsx"), writer.build
    changed: list[bytes] = []

    def slow(*arguments: Any, **options: Any) -> Any:
        workbook = openpyxl.load_workbook(path)
        workbook[TITLES["clients"]]["A2"] = "Renamed meanwhile"
        workbook.save(path)
        workbook.close()
        changed.append(path.read_bytes())
        return build(*arguments, **options)

    monkeypatch.setattr(planned_write, "build", slow)
    told = sheetsync("run", path, "--today", TODAY, "--force")
    told.complains(1)
    assert "changed" in told.err
    assert [path.read_bytes()] == changed


def test_a_file_that_vanished_while_we_worked(
    sheetsync: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, build = small_base(tmp_path / "base.xlsx"), writer.build

    def slow(*arguments: Any, **options: Any) -> Any:
        path.unlink()
        return build(*arguments, **options)

    monkeypatch.setattr(planned_write, "build", slow)
    sheetsync("run", path, "--today", TODAY, "--force").complains(1)
    assert not path.exists()


def test_an_unknown_state_is_reported_and_its_row_stays(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook[TITLES["working"]]["E3"] = "half asleep"
    workbook.save(path)
    workbook.close()
    told = sheetsync("run", path, "--today", TODAY, "--force", "--json")
    assert told.code == 0, told.err
    found = next(problem for problem in told.json["problems"] if problem["code"] == "unknown_state")
    assert (found["tab"], found["row"], found["severity"]) == (TITLES["working"], 3, "error")
    assert companies(path)[TITLES["working"]] == ["Company 1"]
    row = cells(path)[TITLES["working"]][1]
    assert row[4] == "half asleep"
    assert any("half asleep" in str(cell) for cell in row[8:])


def test_a_tab_whose_headings_are_unclear_is_left_alone(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx")
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[TITLES["rework"]]
    sheet.delete_rows(1)
    sheet.append(client(70))
    workbook.save(path)
    workbook.close()
    before = cells(path)[TITLES["rework"]]
    told = sheetsync("check", path, "--today", TODAY, "--json")
    assert told.code == 1
    assert "no_headings" in {problem["code"] for problem in told.json["problems"]}
    told = sheetsync("run", path, "--today", TODAY, "--force")
    assert told.code == 0, told.err
    assert cells(path)[TITLES["rework"]] == before
    assert len(companies(path)[TITLES["strategic"]]) == 3


# Google


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_credentials(sheetsync: Shell, command: tuple[str, ...]) -> None:
    told = sheetsync(command[0], ADDRESS, *command[1:])
    told.complains(3)
    assert "GOOGLE_APPLICATION_CREDENTIALS" in told.err


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "no JSON",
        "[]",
        "null",
        "{}",
        '{"type": "service_account"}',
        '{"type": "service_account", "client_email": "a@b", "token_uri": "https://x", "private_key": "no key"}',
        '{"type": "authorized_user"}',
        '{"type": "something_else"}',
        '{"installed": {"client_id": "1"}}',
    ],
)
@pytest.mark.parametrize("way", ["environment", "gspread"])
def test_credentials_that_cannot_be_used(
    sheetsync: Shell, home: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, way: str
) -> None:
    path = home / ".config" / "gspread" / "service_account.json"
    path.parent.mkdir(parents=True)
    if way == "environment":
        path = home / "key.json"
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    if content is not None:
        path.write_text(content, encoding="utf-8")
    told = sheetsync("run", ADDRESS, "--force")
    told.complains(3)
    assert "no key" not in told.err


def test_a_key_that_is_no_text(
    sheetsync: Shell, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "key.json").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(home / "key.json"))
    sheetsync("plan", ADDRESS).complains(3)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("fault", "code", "word"),
    [
        (refusal(403, "The caller does not have permission"), 3, "Share"),
        (refusal(404, "Requested entity was not found."), 1, "address"),
        (refusal(401, "Invalid credentials"), 3, "key"),
        (refusal(429, "Quota exceeded"), 3, "few minutes"),
        (refusal(503, "The service is currently unavailable."), 3, "few minutes"),
        (refusal(400, "This operation is not supported for this document"), 3, "not supported"),
        (Fault(502, HTML), 3, "few minutes"),
        (Fault(200, HTML), 3, ""),
        (Fault(403, '{"error": "disabled"}'), 3, ""),
        (Fault(error=requests.exceptions.ConnectionError("NameResolutionError")), 3, "network"),
        (Fault(error=requests.exceptions.ReadTimeout("slow")), 3, "network"),
        (Fault(error=requests.exceptions.SSLError("certificate")), 3, "network"),
    ],
    ids=lambda part: getattr(part, "status", None) and f"{part.status}{type(part.error).__name__}",
)
def test_google_says_no(
    sheetsync: Shell, cloud: Cloud, command: tuple[str, ...], fault: Fault, code: int, word: str
) -> None:
    before = cloud.cells()
    cloud.always["read"] = fault
    told = sheetsync(command[0], ADDRESS, *command[1:])
    told.complains(code)
    assert word in told.err
    assert cloud.cells() == before
    assert cloud.count("write") == 0
    assert cloud.count("read") <= 5 + 2


def test_json_has_an_error_as_one_object(sheetsync: Shell, cloud: Cloud) -> None:
    cloud.always["read"] = refusal(403, "The caller does not have permission")
    told = sheetsync("run", ADDRESS, "--json")
    told.complains(3)
    assert told.json["error"]["exit_code"] == 3


def test_a_book_that_may_be_read_and_not_written(sheetsync: Shell, cloud: Cloud) -> None:
    cloud.always["write"] = refusal(403, "The caller does not have permission")
    before = cloud.cells()
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY)
    told.complains(3)
    assert "Share" in told.err
    assert cloud.cells() == before
    assert cloud.count("write") == 1


def test_a_plan_of_google_is_kept_by_its_address(
    sheetsync: Shell, cloud: Cloud, tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    assert sheetsync("plan", ADDRESS, "--today", TODAY, "-o", file).code == 2
    assert json.loads(file.read_text(encoding="utf-8"))["address"] == ADDRESS
    told = sheetsync("apply", file)
    assert told.code == 0, told.err
    assert cloud.count("write") == 2
    shutil.rmtree(tmp_path / "home")


def _elsewhere(path: Path) -> Path:
    """Return a file beside the base that is nobody's plan and no settings."""
    other = path.with_name("precious.toml")
    other.write_text('[package]\nname = "precious"\n', encoding="utf-8")
    return other


@pytest.mark.parametrize(
    "place",
    [
        lambda path: path,
        _elsewhere,
        lambda path: path.parent,
        lambda path: path.parent / "none" / "new.json",
    ],
    ids=["the base itself", "another file", "a folder", "no folder"],
)
@pytest.mark.parametrize(
    "command",
    [("plan", "-o"), ("handover", "Manager 0", "Manager 1", "-o"), ("settings", "--export")],
    ids=["plan", "handover", "settings"],
)
def test_what_a_command_writes_beside_a_base_takes_the_place_of_nothing_else(
    sheetsync: Shell, tmp_path: Path, command: tuple[str, ...], place: Callable[[Path], Path]
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    to = place(path)
    held = {file: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    told = sheetsync(
        command[0],
        path,
        *command[1:],
        to,
        *(() if command[0] == "settings" else ("--today", TODAY)),
    )
    told.complains(1)
    assert to.name in told.err or to.parent.name in told.err
    assert {file: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()} == held


def test_a_newer_plan_and_newer_settings_take_the_place_of_older_ones(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path, plan, settings = (
        small_base(tmp_path / "base.xlsx"),
        tmp_path / "plan.json",
        tmp_path / "mine.toml",
    )
    for day in (TODAY, "2026-03-05"):
        assert sheetsync("plan", path, "-o", plan, "--today", day).code == 2
        assert json.loads(plan.read_text(encoding="utf-8"))["today"] == day
        assert sheetsync("settings", path, "--export", settings).code == 0


def test_what_a_command_writes_goes_through_a_link_into_an_empty_file_and_to_a_device(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path, real, link, empty = (
        small_base(tmp_path / "base.xlsx"),
        tmp_path / "real.json",
        tmp_path / "link.json",
        tmp_path / "empty.toml",
    )
    assert sheetsync("plan", path, "-o", real, "--today", TODAY).code == 2
    link.symlink_to(real)
    assert sheetsync("plan", path, "-o", link, "--today", "2026-03-05").code == 2
    assert (link.is_symlink(), json.loads(real.read_text(encoding="utf-8"))["today"]) == (
        True,
        "2026-03-05",
    )
    empty.touch()
    assert sheetsync("settings", path, "--export", empty).code == 0
    assert empty.stat().st_size
    assert sheetsync("plan", path, "-o", "/dev/null", "--today", TODAY).code == 2


def test_a_few_settings_in_a_file_are_settings_too(sheetsync: Shell, tmp_path: Path) -> None:
    path, few = small_base(tmp_path / "base.xlsx"), tmp_path / "few.toml"
    few.write_text('language = "en"\n[cap]\nmax = 80\n', encoding="utf-8")
    assert sheetsync("settings", path, "--export", few).code == 0
    assert "[cap]" in few.read_text(encoding="utf-8")


def test_a_plan_into_a_tab_that_is_gone_is_refused(sheetsync: Shell, tmp_path: Path) -> None:
    path, plan = small_base(tmp_path / "base.xlsx"), tmp_path / "plan.json"
    assert sheetsync("plan", path, "-o", plan, "--today", TODAY).code == 2
    workbook = openpyxl.load_workbook(path)
    del workbook[TITLES["strategic"]]
    workbook.save(path)
    workbook.close()
    bytes_ = path.read_bytes()
    told = sheetsync("apply", plan)
    told.complains(1)
    assert "has changed since the plan was made" in told.err
    assert path.read_bytes() == bytes_
