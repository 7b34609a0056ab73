"""What people expect of any command line: options anywhere, `-o -`, JSON errors, completion, Ctrl-C, a question before undo."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sheetsync.cli.arguments import options_last
from sheetsync.cli.commands import common
from sheetsync.services.context import Context
from sheetsync.services.stages import Progress, Stage
from tests.builders.bench import Shell, companies, small_base

TODAY = "2026-03-02"


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("plan book.xlsx --lang ru", "plan book.xlsx --lang ru"),
        ("--lang ru plan book.xlsx", "plan --lang ru book.xlsx"),
        ("--lang=ru -vv --json plan book.xlsx", "plan --lang=ru -vv --json book.xlsx"),
        ("--today 2026-03-02 --config s.toml run b", "run --today 2026-03-02 --config s.toml b"),
        ("--version", "--version"),
        ("--help", "--help"),
        ("--json", "--json"),
        ("--lang", "--lang"),
        ("", ""),
        ("-x plan b", "-x plan b"),
    ],
)
def test_options_of_all_commands_may_stand_before_the_command(typed: str, understood: str) -> None:
    assert options_last(typed.split()) == understood.split()


def test_a_language_before_the_command_is_obeyed(sheetsync: Shell, tmp_path: Path) -> None:
    told = sheetsync("--lang", "ru", "plan", tmp_path / "none.xlsx")
    assert told.code == 1
    assert "Файла" in told.err


@pytest.mark.parametrize(
    "command",
    [
        ("plan", "none.xlsx"),
        ("run", "none.xlsx"),
        ("undo", "none.xlsx"),
        ("history", "none.xlsx"),
        ("simulate", "none.xlsx", "--by", "colour"),
        ("restore", "none.xlsx", "AAAAAA"),
        ("report", "none.xlsx", "--pack", "year"),
        ("check", "none.xlsx", "--today", "soon"),
        ("no-such-command",),
    ],
)
def test_a_command_that_fails_prints_one_object_all_the_same(
    sheetsync: Shell, command: tuple[str, ...]
) -> None:
    told = sheetsync(*command, "--json")
    assert told.code == 1
    (line,) = told.out.splitlines()
    error = json.loads(line)["error"]
    assert error["message"]
    assert error["exit_code"] == 1


def test_a_run_that_waits_prints_its_object_once(sheetsync: Shell, tmp_path: Path) -> None:
    told = sheetsync("run", small_base(tmp_path / "base.xlsx"), "--today", TODAY, "--json")
    assert told.code == 2
    (line,) = told.out.splitlines()
    assert json.loads(line)["waits"]


def test_a_plan_goes_to_standard_output_and_is_carried_out_from_there(
    sheetsync: Shell, tmp_path: Path
) -> None:
    base = small_base(tmp_path / "base.xlsx")
    told = sheetsync("plan", base, "--today", TODAY, "-o", "-")
    assert told.code == 2
    saved = tmp_path / "plan.json"
    saved.write_text(told.out, encoding="utf-8")
    applied = sheetsync("apply", saved)
    assert applied.code == 0, applied.err
    sheetsync("plan", base, "--json", "-o", "-").complains(1)


def test_settings_go_to_standard_output_as_a_file_has_them(
    sheetsync: Shell, tmp_path: Path
) -> None:
    base = small_base(tmp_path / "base.xlsx")
    file = tmp_path / "settings.toml"
    assert sheetsync("settings", base, "--export", file).code == 0
    told = sheetsync("settings", base, "--export", "-")
    assert told.out == file.read_text(encoding="utf-8")


def test_the_shell_is_told_how_a_command_goes_on() -> None:
    environment = {
        **os.environ,
        "_SHEETSYNC_COMPLETE": "complete_bash",
        "COMP_WORDS": "sheetsync un",
        "COMP_CWORD": "1",
    }
    done = subprocess.run(
        [str(Path(sys.executable).with_name("sheetsync"))],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["undo", "unlock"]


@pytest.mark.parametrize(
    ("stage", "says"),
    [
        (Stage.READ, "Interrupted; nothing was written."),
        (Stage.LOCK, "no row was written"),
        (Stage.WRITE, "carried out whole or not at all; `sheetsync history BOOK` says which"),
    ],
)
def test_ctrl_c_says_what_was_done_and_leaves_a_whole_file(
    sheetsync: Shell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stage: Stage,
    says: str,
) -> None:
    base = small_base(tmp_path / "base.xlsx")
    before = companies(base)
    show = common.show_progress

    def pressed(ctx: Context, progress: Progress) -> None:
        show(ctx, progress)
        if progress.stage is stage:
            raise KeyboardInterrupt

    monkeypatch.setattr(common, "show_progress", pressed)
    told = sheetsync("run", base, "--today", TODAY, "--force", "--json")
    assert told.code == 130
    assert says in told.err
    assert json.loads(told.out)["error"]["exit_code"] == 130
    assert companies(base) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".sheetsync")] == []
    monkeypatch.undo()
    assert sheetsync("run", base, "--today", TODAY, "--force").code == 0


def test_ctrl_c_of_a_command_that_only_reads_says_so(
    sheetsync: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sheetsync.cli.commands.history.past_runs", pressed)
    told = sheetsync("history", small_base(tmp_path / "base.xlsx"))
    assert (told.code, told.err.strip()) == (130, "Interrupted; nothing was written.")


@pytest.mark.parametrize(
    ("answer", "options", "code"),
    [("n", (), 2), ("", (), 2), ("y", (), 0), ("да", (), 0), (None, ("--yes",), 0)],
)
def test_undo_shows_what_it_will_do_and_asks_at_a_terminal(
    sheetsync: Shell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: str | None,
    options: tuple[str, ...],
    code: int,
) -> None:
    base = small_base(tmp_path / "base.xlsx")
    assert sheetsync("run", base, "--today", TODAY, "--force").code == 0
    after = companies(base)
    questions: list[str] = []

    def answered(question: str) -> str:
        assert answer is not None
        questions.append(question)
        return answer

    monkeypatch.setattr("builtins.input", answered)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    told = sheetsync("undo", base, "--today", TODAY, *options)
    assert told.code == code, told.err
    assert len(questions) == (answer is not None)
    if code == 2:
        assert companies(base) == after
        assert "`--yes`" in told.err
