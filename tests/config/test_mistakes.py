"""Every mistake of sheetsync.toml is said with its line, or the variable it comes from; a secret never is."""

from pathlib import Path

import pytest

from sheetsync.config import Settings, load
from sheetsync.config.lines import line_of
from sheetsync.errors import InputError
from sheetsync.i18n import language
from tests.builders.bench import Shell

TWO_BOOKS = """\
attempts = 3   # more than enough

[[books]]
name = "a"
address = "a.xlsx"
at = [
  "25:00",
]

[notify]
channels = '''
json://TOKEN@host
'''

[[ books ]]
"name" = "b"
address = 5
daemon.threads = 2

[monitor]
port = 99999
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("attempts",), 1),
        (("books", 0, "name"), 4),
        (("books", 0, "at", 0), 6),
        (("books", 0, "ping"), 3),
        (("notify", "channels"), 11),
        (("books", 1, "name"), 16),
        (("books", 1, "daemon", "threads"), 18),
        (("monitor", "port"), 21),
        (("daemon",), None),
    ],
)
def test_a_setting_is_found_in_its_line(place: tuple[str | int, ...], line: int | None) -> None:
    assert line_of(TWO_BOOKS, place) == line


def test_every_mistake_is_said_with_its_line(sheetsync: Shell, tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text(TWO_BOOKS, encoding="utf-8")
    told = sheetsync("config", "--check", "--config", file)
    told.complains(1)
    assert "line 6, [[books]] 1, at: is no hour of the day" in told.err
    assert "line 17, [[books]] 2, address: does not fit" in told.err
    assert "line 21, [monitor] port: does not fit" in told.err
    assert "TOKEN" not in told.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            '[[books]]\nname = "a"\naddress = "a.xlsx"\n[[books]]\nname = "a"\naddress = "b.xlsx"\n',
            "two books are named “a”.",
        ),
        (
            '[[books]]\nname = "a"\naddress = "a.xlsx"\n[[books]]\nname = "b"\naddress = "./a.xlsx"\n',
            "“a.xlsx” stands there twice.",
        ),
        (
            '[[books]]\nname = "a"\naddress = "https://docs.google.com/spreadsheets/d/ID/edit#gid=0"\n[[books]]\nname = "b"\naddress = "https://docs.google.com/spreadsheets/u/1/d/ID"\n',
            "“ID” stands there twice.",
        ),
        (
            '[[books]]\nname = "a"\naddress = "a.xlsx"\nping = "SECRET"\n',
            "line 4, [[books]] 1, ping: is no address that begins with https://.",
        ),
        ('[daemon]\nmake_up = "sometimes"\n', "line 2, [daemon] make_up: does not fit"),
        ('[[books]]\nname = "a"\naddress = ', "(at line 3, the end of the file)"),
    ],
)
def test_what_is_wrong_is_said_in_words(
    sheetsync: Shell, tmp_path: Path, content: str, said: str
) -> None:
    (tmp_path / "sheetsync.toml").write_text(content, encoding="utf-8")
    told = sheetsync("config", "--check")
    told.complains(1)
    assert said in told.err
    assert "SECRET" not in told.err


def test_settings_that_can_be_used_are_said_to_be(sheetsync: Shell, tmp_path: Path) -> None:
    (tmp_path / "sheetsync.toml").write_text(
        '[[books]]\nname = "a"\naddress = "a.xlsx"\n', encoding="utf-8"
    )
    assert "sheetsync.toml can be used: 1 book." in sheetsync("config", "--check").out
    assert sheetsync("config", "--check", "--json").json["books"] == ["a"]
    assert sheetsync("config").code == 1
    assert sheetsync("config", "--example").out.count("[[books]]") == 1
    assert '"$defs"' in sheetsync("config", "--schema").out


def settings_of(tmp_path: Path) -> Settings:
    file = tmp_path / "s.toml"
    if not file.exists():
        file.write_text(
            '[[books]]\nname = "Our sales"\naddress = "a.xlsx"\n[monitor]\nport = 1\n',
            encoding="utf-8",
        )
    return load(file, language("en"))


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("json://TOKEN@host\n", encoding="utf-8")
    for name, value in {
        "SHEETSYNC_MONITOR_PORT": "9000",
        "SHEETSYNC_DAEMON_WORKING_HOURS": "09:00 17:00",
        "SHEETSYNC_ATTEMPTS": "2",
        "SHEETSYNC_LANG": "ru",
        "SHEETSYNC_NOTIFY_CHANNELS_FILE": str(tmp_path / "secret"),
        "SHEETSYNC_PING_OUR_SALES": "https://hc.example/1",
    }.items():
        monkeypatch.setenv(name, value)
    settings = settings_of(tmp_path)
    assert (settings.monitor.port, settings.attempts, settings.language) == (9000, 2, "ru")
    assert settings.daemon.working_hours == ("09:00", "17:00")
    assert settings.notify.channels[0].get_secret_value() == "json://TOKEN@host"
    ping = settings.books[0].ping
    assert ping is not None
    assert ping.get_secret_value() == "https://hc.example/1"
    assert "TOKEN" not in repr(settings)
    assert "hc.example" not in repr(settings)


def test_a_mistake_of_the_environment_is_said_with_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHEETSYNC_DAEMON_THREADS", "many")
    with pytest.raises(InputError, match="SHEETSYNC_DAEMON_THREADS, "):
        settings_of(tmp_path)


def test_a_secret_file_that_cannot_be_read_is_said_with_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHEETSYNC_NOTIFY_OPERATOR_FILE", str(tmp_path / "none"))
    with pytest.raises(InputError, match="SHEETSYNC_NOTIFY_OPERATOR_FILE names"):
        settings_of(tmp_path)
