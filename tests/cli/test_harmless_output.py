"""What stands in cells and names reaches no terminal as an order, and no journal with the values of variables."""

import json
import logging
from pathlib import Path

import pytest
import structlog
from rich.markup import escape

from sheetsync.cli.commands.daemon import configure_log
from sheetsync.cli.output.terminal import console, emit, table_of
from sheetsync.printable import printable, printable_json
from tests.builders.bench import Shell

ORDERS = "\x1b[2J\x9b31m\x9dtitle\x07\x00\x7f"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ромашка – “A”", "Ромашка – “A”"),
        ("a\tb\nc", "a\tb\nc"),
        (ORDERS, "[2J31mtitle"),
        ("half \ud800 a sign", "half  a sign"),
        ("over\rwritten", "overwritten"),
        ("👩‍💻 ß Ё", "👩‍💻 ß Ё"),
    ],
)
def test_controls_are_not_printed_and_every_other_sign_is(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert json.loads(printable_json(json.dumps([text], ensure_ascii=False))) == [text]


def test_tables_lines_and_json_are_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    table = table_of("Company", title=escape(ORDERS))
    table.add_row(escape(f"ACME{ORDERS}"))
    console().print(table)
    console().print(ORDERS, markup=False, style="yellow")
    emit({"company": ORDERS})
    out = capsys.readouterr().out
    assert not [sign for sign in out if sign != "\n" and not sign.isprintable()]
    assert json.loads(out.splitlines()[-1])["company"] == ORDERS


def test_an_error_names_a_file_harmlessly(sheetsync: Shell, tmp_path: Path) -> None:
    told = sheetsync("check", tmp_path / "no\x9b31m.xlsx")
    told.complains(1)
    assert "\x9b" not in told.err


@pytest.mark.parametrize("as_json", [False, True])
def test_the_log_has_no_values_of_variables_and_no_line_of_a_strangers(
    capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    configure_log(logging.INFO, as_json=as_json)
    try:
        log = structlog.get_logger("sheetsync")

        def fails() -> None:
            client = "ACME " + "secret"
            raise ValueError(len(client))

        try:
            fails()
        except ValueError:
            log.exception("a bug of sheetsync", book=f"base{ORDERS}\nrun moves=80")
    finally:
        structlog.reset_defaults()
    out = capsys.readouterr().out
    assert "ValueError" in out
    assert "test_harmless_output.py" in out
    assert "ACME secret" not in out
    assert "\x9b" not in out
    assert "\x1b" not in out
    assert not [line for line in out.splitlines() if line.startswith("run moves")]
