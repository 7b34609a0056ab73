"""The command line's promises: exit codes, one JSON object, saved plans carried out exactly or refused."""

import json
import re
import shutil
import socket
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetsync import __version__
from sheetsync.cli.commands import runs as commands_of_tonight
from sheetsync.services import read_and_decide as planning
from tests.builders.bench import HEADINGS, Shell, cells, client, companies, small_base, write_base

TODAY = "2026-03-02"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return small_base(tmp_path / "base.xlsx")


def _edit(path: Path, tab: str, cell: str, value: str) -> None:
    workbook = openpyxl.load_workbook(path)
    workbook[tab][cell] = value
    workbook.save(path)
    workbook.close()


@pytest.mark.parametrize("command", [("plan",), ("run",), ("run", "--force")])
def test_json_is_one_object_with_the_documented_keys(
    sheetsync: Shell, base: Path, command: tuple[str, ...]
) -> None:
    _edit(base, "Clients", "E2", "no such state")
    told = sheetsync(command[0], base, *command[1:], "--today", TODAY, "--json")
    found = told.json
    assert {
        "version",
        "book",
        "today",
        "digest",
        "moves",
        "edits",
        "problems",
        "requests",
    } <= found.keys()
    assert (found["book"], found["today"]) == ("base", TODAY)
    assert re.fullmatch("[0-9a-f]{12}", found["digest"])
    assert len(found["moves"]) == 3
    assert {frozenset(move) for move in found["moves"]} == {
        frozenset({"id", "company", "manager", "from", "to", "rule", "reason"})
    }
    assert {"tab", "row", "column", "code", "severity", "message"} <= found["problems"][0].keys()
    unknown = next(problem for problem in found["problems"] if problem["code"] == "unknown_state")
    assert (unknown["tab"], unknown["row"], unknown["severity"]) == ("Clients", 2, "error")
    assert found["requests"].keys() == {"read", "write"}
    assert {"id", "tab", "row", "field", "before", "after"} <= found["edits"][0].keys()


def test_plan_has_something_to_do_and_then_has_not(sheetsync: Shell, base: Path) -> None:
    assert sheetsync("plan", base, "--today", TODAY).code == 2
    assert sheetsync("run", base, "--today", TODAY, "--force").code == 0
    assert sheetsync("plan", base, "--today", TODAY).code == 0


def test_check_answers_one_where_there_are_errors(sheetsync: Shell, base: Path) -> None:
    bytes_ = base.read_bytes()
    assert sheetsync("check", base, "--today", TODAY).code == 0
    _edit(base, "Clients", "E2", "no such state")
    told = sheetsync("check", base, "--today", TODAY)
    assert told.code == 1
    assert "no such state" in told.out
    told = sheetsync("check", base, "--today", TODAY, "--json")
    assert [
        problem["row"] for problem in told.json["problems"] if problem["code"] == "unknown_state"
    ] == [2]
    assert bytes_ != base.read_bytes()


def test_apply_does_exactly_the_saved_plan(sheetsync: Shell, base: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    planned = sheetsync("plan", base, "--today", TODAY, "-o", file, "--json")
    assert planned.code == 2
    told = sheetsync("apply", file, "--json")
    assert told.code == 0, told.err
    for key in ("digest", "moves", "edits"):
        assert told.json[key] == planned.json[key]
    assert sorted(companies(base)["Strategic archive"]) == [f"Company {n}" for n in range(3)]
    assert sheetsync("plan", base, "--today", TODAY).code == 0


def test_a_plan_goes_on_fitting_when_rows_it_does_not_touch_change(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    assert sheetsync("run", base, "--today", "2026-02-02", "--force").code == 0
    file = tmp_path / "plan.json"
    assert sheetsync("plan", base, "--today", TODAY, "-o", file).code == 2
    _edit(base, "Clients", "C4", "+1 202 555 0100")
    told = sheetsync("apply", file)
    assert told.code == 0, told.err


def test_apply_is_refused_once_a_touched_row_has_changed(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    sheetsync("plan", base, "--today", TODAY, "-o", file)
    _edit(base, "Working list", "H3", "2026-03-01")
    bytes_ = base.read_bytes()
    told = sheetsync("apply", file)
    told.complains(1)
    assert "Working list, 3" in told.err
    assert base.read_bytes() == bytes_


def test_apply_is_refused_when_a_row_was_inserted_above(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    sheetsync("plan", base, "--today", TODAY, "-o", file)
    workbook = openpyxl.load_workbook(base)
    workbook["Working list"].insert_rows(2)
    for at, value in enumerate(client(77, State="New", Company="In between"), start=1):
        workbook["Working list"].cell(2, at).value = value
    workbook.save(base)
    workbook.close()
    bytes_ = base.read_bytes()
    sheetsync("apply", file).complains(1)
    assert base.read_bytes() == bytes_


def _tampered(plan: Any, what: str) -> Any:
    if what == "target":
        plan["moves"][0]["target"] = "hard_refusal"
    elif what == "edit":
        plan["edits"][0]["after"] = "XXXXXX"
    elif what == "format":
        plan["format"] = 99
    elif what == "row":
        plan["moves"][0]["row"] = 4
    elif what == "marks":
        plan["fingerprints"] = []
    elif what == "list":
        return [plan]
    elif what == "missing":
        del plan["edits"]
    return plan


@pytest.mark.parametrize("what", ["target", "edit", "format", "row", "marks", "list", "missing"])
def test_a_plan_that_was_altered_is_refused(
    sheetsync: Shell, base: Path, tmp_path: Path, what: str
) -> None:
    file, bytes_ = tmp_path / "plan.json", base.read_bytes()
    sheetsync("plan", base, "--today", TODAY, "-o", file)
    plan = _tampered(json.loads(file.read_text(encoding="utf-8")), what)
    file.write_text(json.dumps(plan), encoding="utf-8")
    sheetsync("apply", file, "--book", base).complains(1)
    assert base.read_bytes() == bytes_


@pytest.mark.parametrize("content", [None, "", "no JSON", "[]", "null", '"text"', "{}"])
def test_a_file_that_is_no_plan_is_refused(
    sheetsync: Shell, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "plan.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    sheetsync("apply", file).complains(1)


def test_a_plan_for_another_book_is_refused(sheetsync: Shell, base: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "plan.json", tmp_path / "other.xlsx"
    shutil.copy(base, other)
    bytes_ = other.read_bytes()
    sheetsync("plan", base, "--today", TODAY, "-o", file)
    told = sheetsync("apply", file, "--book", other)
    told.complains(1)
    assert other.read_bytes() == bytes_


def test_a_plan_is_not_carried_out_twice(sheetsync: Shell, base: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    sheetsync("plan", base, "--today", TODAY, "-o", file)
    assert sheetsync("apply", file).code == 0
    bytes_ = base.read_bytes()
    sheetsync("apply", file).complains(1)
    assert base.read_bytes() == bytes_


@pytest.mark.parametrize(
    ("lang", "first", "heading"),
    [("ru", "Рабочий список", "Компания"), ("en", "Working list", "Company")],
)
def test_init_lays_out_six_tabs_and_does_no_harm_twice(
    sheetsync: Shell, tmp_path: Path, lang: str, first: str, heading: str
) -> None:
    path = tmp_path / "new" / "base.xlsx"
    told = sheetsync("init", path, "--lang", lang, "--manager", "Ann", "--manager", "Bob", "--json")
    assert told.code == 0, told.err
    found = cells(path)
    assert len(found) == 7
    assert next(iter(found)) == first
    assert (
        sum(row[:1] == (heading,) or heading in row for rows in found.values() for row in rows[:1])
        == 6
    )
    bytes_ = path.read_bytes()
    again = sheetsync("init", path, "--lang", lang, "--json")
    assert (again.code, again.json["added"]) == (0, [])
    assert path.read_bytes() == bytes_


def test_init_adds_what_is_missing_and_leaves_what_is_there(sheetsync: Shell, base: Path) -> None:
    workbook = openpyxl.load_workbook(base)
    workbook.remove(workbook["Strategic archive"])
    workbook.save(base)
    workbook.close()
    before = cells(base)
    told = sheetsync("init", base, "--lang", "en", "--json")
    assert told.code == 0, told.err
    assert "Strategic archive" in told.json["added"]
    after = cells(base)
    assert {title: rows for title, rows in after.items() if title in before} == before


def test_init_refuses_a_name_that_is_no_workbooks(sheetsync: Shell, tmp_path: Path) -> None:
    sheetsync("init", tmp_path / "base.csv").complains(1)
    assert not (tmp_path / "base.csv").exists()


def test_demo_says_where_its_base_is_and_keeps_the_one_before(
    sheetsync: Shell, tmp_path: Path
) -> None:
    folder = tmp_path / "show"
    folder.mkdir()
    (folder / "sheetsync-demo.xlsx").write_bytes(b"what somebody has typed into it")
    (folder / "sheetsync-demo-1.xlsx").write_bytes(b"and before")
    told = sheetsync("demo", folder, "--today", TODAY, "--json")
    assert (told.code, told.json["path"]) == (0, str(folder / "sheetsync-demo.xlsx")), told.err
    assert told.json["moves"]
    assert Path(told.json["kept"]).read_bytes() == b"what somebody has typed into it"
    assert (folder / "sheetsync-demo-1.xlsx").read_bytes() == b"and before"
    again = sheetsync("run", told.json["path"], "--today", TODAY, "--json")
    assert (again.code, again.json["moves"]) == (0, [])


def test_report_writes_reports_and_moves_nothing(sheetsync: Shell, base: Path) -> None:
    before = cells(base)
    told = sheetsync("report", base, "--today", TODAY, "--json")
    assert (told.code, told.json["moves"], told.json["edits"]) == (0, [], []), told.err
    after = cells(base)
    assert {title: rows for title, rows in after.items() if title in before} == before
    assert set(after) - set(before) == {
        "Summary",
        "Revision",
        "Figures by row",
        "Revision of actions",
        "sheetsync · charts",
        *(f"Overdue · Manager {n}" for n in range(3)),
    }
    bytes_ = base.read_bytes()
    assert sheetsync("report", base, "--today", TODAY).code == 0
    assert base.read_bytes() == bytes_


@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("run",),
        ("run", "base.xlsx", "--no-such-option"),
        ("run", "base.xlsx", "--today", "yesterday"),
        ("serve", "base.xlsx", "--port", "70000"),
        ("serve", "base.xlsx", "--fail-rate", "2"),
        ("serve", "base.xlsx", "--latency", "soon"),
        ("serve", "base.xlsx", "--latency", "0.5-0.1"),
        ("serve", "base.xlsx", "--faults", "no-such-file.json"),
    ],
)
def test_a_mistake_on_the_command_line_is_the_users(
    sheetsync: Shell, base: Path, arguments: tuple[str, ...]
) -> None:
    bytes_ = base.read_bytes()
    told = sheetsync(*arguments)
    assert told.code == 1
    assert told.err
    assert "Traceback" not in told.err
    assert base.read_bytes() == bytes_


def test_serve_takes_faults_from_options_and_a_file(
    sheetsync: Shell, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[Any] = []
    monkeypatch.setattr(
        "sheetsync.emulator.transport.server.Server.run",
        lambda server: served.append(server.faults),
    )
    monkeypatch.setattr("signal.signal", lambda *_: None)
    file = tmp_path / "faults.json"
    file.write_text(
        '{"faults": [{"kind": "drop", "call": "batchUpdate", "nth": 2}], "seed": 5}',
        encoding="utf-8",
    )
    options = (
        "--port",
        "0",
        "--latency",
        "0.1-0.5",
        "--quotas",
        "--fail-rate",
        "0.25",
        "--faults",
        file,
    )
    for arguments in (("--port", "0"), options, (*options, "--seed", "6")):
        told = sheetsync("serve", base, *arguments)
        assert told.code == 0, told.err
    assert served[0].to_json() == {"faults": [], "quotas": None, "seed": 0}
    assert served[1].to_json() == {
        "faults": [
            {"kind": "drop", "call": "batchUpdate", "nth": 2},
            {"kind": "delay", "seconds": [0.1, 0.5]},
            {"kind": "error", "rate": 0.25},
        ],
        "quotas": {
            "project_reads": 300,
            "project_writes": 300,
            "user_reads": 60,
            "user_writes": 60,
        },
        "seed": 5,
    }
    assert served[2].seed == 6


def test_serve_says_what_is_wrong_with_faults(sheetsync: Shell, base: Path, tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    file.write_text('{"faults": [{"kind": "flood"}]}', encoding="utf-8")
    told = sheetsync("serve", base, "--faults", file)
    told.complains(1)
    assert "faults[0]: kind is one of delay, deadline, error, drop" in told.err


def test_version_and_help(sheetsync: Shell) -> None:
    assert sheetsync("--version").out == f"sheetsync {__version__}\n"
    told = sheetsync("--help")
    assert told.code == 0
    for command in (
        "demo",
        "init",
        "check",
        "plan",
        "apply",
        "run",
        "report",
        "daemon",
        "doctor",
        "serve",
    ):
        assert command in told.out


def test_no_arguments_show_the_help(sheetsync: Shell) -> None:
    told = sheetsync()
    assert "init" in told.out + told.err


def test_an_interrupt_answers_130(
    sheetsync: Shell, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    bytes_ = base.read_bytes()
    monkeypatch.setattr(commands_of_tonight, "preview", interrupted)
    told = sheetsync("plan", base)
    assert told.code == 130
    assert "Traceback" not in told.err
    assert base.read_bytes() == bytes_


def test_an_error_of_our_own_answers_4_without_a_trace(
    sheetsync: Shell, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("inside")

    bytes_ = base.read_bytes()
    monkeypatch.setattr(planning, "decide", broken)
    told = sheetsync("run", base, "--force")
    told.complains(4)
    assert "-vv" in told.err
    told = sheetsync("run", base, "--force", "-v")
    told.complains(4)
    assert base.read_bytes() == bytes_
    for more in (["-vv"], ["-v", "-v"], ["--verbose", "--verbose"], ["-vv", "--json"]):
        told = sheetsync("run", base, "--force", *more)
        assert told.code == 4
        assert told.err.rstrip().endswith("ZeroDivisionError: inside")


def test_doctor_finds_a_local_base_well(sheetsync: Shell, base: Path) -> None:
    before = cells(base)
    told = sheetsync("doctor", base, "--json")
    assert told.code == 0, told.out
    assert {finding["code"] for finding in told.json["findings"]} >= {
        "python",
        "settings",
        "book",
        "sharing",
    }
    assert cells(base) == before


def test_doctor_says_how_to_mend(sheetsync: Shell, tmp_path: Path) -> None:
    told = sheetsync("doctor", tmp_path / "missing.xlsx")
    assert told.code == 3
    assert "→" in told.out


def test_a_book_by_its_name_in_the_settings(sheetsync: Shell, base: Path) -> None:
    Path("sheetsync.toml").write_text(
        f'[[books]]\nname = "ours"\naddress = "{base}"\n', encoding="utf-8"
    )
    assert sheetsync("plan", "ours", "--today", TODAY).code == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("books = 1", "books: each book is a block of its own"),
        ("no toml", "Mend the line it names"),
        ("timeout_seconds = -1", "timeout_seconds: does not fit"),
        ("unheard_of = 1", "unheard_of: there is no such setting; known are books, credentials"),
        ("boks = 1", "boks: there is no such setting; perhaps “books”?"),
        (
            '[[books]]\nname = "a"\naddress = "b"\nat = ["25:00"]\n',
            "[[books]] 1, at: is no hour of the day, such as 02:00.",
        ),
        ('[[books]]\nname = "a"\n', "[[books]] 1, address: is missing."),
        (
            '[notify]\nchanels = "json://TOKEN@host"\n',
            "[notify] chanels: there is no such setting; perhaps “channels”?",
        ),
        (
            "[books]\nname = 1\n",
            "books: each book is a block of its own that begins with [[books]].",
        ),
        ('books = ["a"]\n', "[[books]] 1, books: each book is a block of its own"),
        ('[notify]\n"tgram://TOKEN" = 1\n', "[notify] …: there is no such setting."),
        ('[notify]\nchannels = 5\noperator = {"a" = "TOKEN"}\n', "[notify] operator: does not fit"),
    ],
)
def test_settings_that_cannot_be_used_are_explained(
    sheetsync: Shell, base: Path, content: str, said: str
) -> None:
    Path("sheetsync.toml").write_text(content, encoding="utf-8")
    told = sheetsync("plan", base)
    told.complains(1)
    assert "sheetsync.toml" in told.err
    assert said in told.err
    assert "TOKEN" not in told.err


def test_settings_that_are_not_there_are_explained(sheetsync: Shell, base: Path) -> None:
    sheetsync("plan", base, "--config", "missing.toml").complains(1)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            ("plan", "base.xlsx", "--today", "yesterday"),
            "“yesterday” is no day. Write it as 2026-03-02.",
        ),
        (("plan", "base.xlsx", "--today", "1800-01-01"), "1800 is no year"),
        (("check", "base.xlsx", "--lang", "de"), "“de” is not a language of this program: en, ru."),
        (("check", "clients.csv"), "sheetsync adopt clients.csv -o clients.xlsx"),
        (("check", "home"), "home is a folder."),
        (("demo", "clients.csv"), "clients.csv cannot be used: "),
        (("apply", "none.json"), "There is no file none.json."),
        (("handover", "base.xlsx", "Nobody", "Manager 1", "--new"), "Known are: "),
        (
            ("serve", "base.xlsx", "--port", "{taken}"),
            "This machine refuses: Address already in use.",
        ),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
)
def test_a_slip_of_the_pen_is_told_as_one(
    sheetsync: Shell, base: Path, command: tuple[str, ...], said: str
) -> None:
    base.with_name("clients.csv").write_text("Company;State\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as other:
        told = sheetsync(*(part.format(taken=other.getsockname()[1]) for part in command))
    assert (told.code, "Traceback" in told.err, "--new" in told.err) == (1, False, False)
    assert said in told.err


def test_init_adds_what_a_base_lacks_beside_its_sections_and_says_whom(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = write_base(
        tmp_path / "own.xlsx",
        {"Notes": [("x",)], "Working list": [HEADINGS, client(1)], "Prices": [("y",)]},
    )
    told = sheetsync("init", path, "--manager", "  Stone  Jr ")
    assert told.code == 0, told.err
    titles = [*cells(path)]
    assert (titles[:2], titles[-1]) == (["Notes", "Working list"], "Prices")
    more = sheetsync("init", path, "--manager", "Reed")
    assert "In its list of managers: Reed" in more.out
    assert {"Stone Jr", "Reed"} <= {cell for row in cells(path)["Settings"] for cell in row}
    sheetsync("init", path, "--manager", " ").complains(1)


def test_doctor_is_well_without_a_key_where_nobody_wants_google(
    sheetsync: Shell, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = sheetsync("doctor")
    assert told.code == 0, told.out
    assert "local files only" in told.out
    assert "GOOGLE_APPLICATION_CREDENTIALS" in told.out
    Path("sheetsync.toml").write_text(
        f'[[books]]\nname = "ours"\naddress = "{base}"\n', encoding="utf-8"
    )
    assert sheetsync("doctor").code == 0
    broken = base.with_name("key.json")
    broken.write_text("{", encoding="utf-8")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(broken))
    assert sheetsync("doctor").code == 3


STAGES = ["read", "decide", "lock", "reread", "write"]


def test_a_run_tells_its_stages_on_stderr_when_asked(sheetsync: Shell, base: Path) -> None:
    told = sheetsync("run", base, "--force", "--today", TODAY, "--json", "-v")
    assert len(told.json["moves"]) == 3  # the answer stands alone on stdout
    stages = [json.loads(line) for line in told.err.splitlines()]
    assert [stage["stage"] for stage in stages] == STAGES
    assert [stage["rows"] for stage in stages if stage["stage"] in ("decide", "write")] == [33, 3]
    assert {(stage["batch"], stage["batches"]) for stage in stages} == {(1, 1)}


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", "Writing, 3 rows move…"), ("ru", "Записываю, переносятся 3 строки…")],
)
def test_stages_are_told_in_words(sheetsync: Shell, base: Path, lang: str, sentence: str) -> None:
    told = sheetsync("run", base, "--force", "--today", TODAY, "--lang", lang, "-v")
    assert sentence in told.err.splitlines()
    quiet = sheetsync("run", base, "--force", "--today", TODAY, "--lang", lang)
    assert quiet.err == ""
