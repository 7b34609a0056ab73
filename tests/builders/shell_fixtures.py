"""Fixtures of the rooms that touch the world: every test there runs in an empty home of its own, without this machine's credentials or settings."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import responses
import stamina

from sheetsync.sheets.connection.client import RequestPace
from sheetsync.sheets.connection.quota import QuotaKeeper
from tests.builders.bench import Shell, small_tabs
from tests.builders.cloud import Cloud, key_file


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty home, and leave nothing of the machine's environment that the program reads."""
    place = tmp_path / "home"
    place.mkdir()
    for name in [*os.environ]:
        if name.startswith(
            ("SHEETSYNC_", "GOOGLE_", "LC_", "CLOUDSDK_", "XDG_", "STATE_")
        ) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.chdir(tmp_path)
    return place


@pytest.fixture
def sheetsync(capsys: pytest.CaptureFixture[str]) -> Shell:
    """Give the command line."""
    return Shell(capsys)


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a service account's key file."""
    return key_file(tmp_path_factory.mktemp("key") / "key.json")


@pytest.fixture
def cloud(key: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """Give Google with one spreadsheet, a small base; the program's pauses take no time."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
    monkeypatch.setattr(
        "sheetsync.sheets.connection.open_book.RequestPace",
        lambda: RequestPace(sleep=lambda _: None),
    )
    # A minute's quota of its own for each test, so that none waits for what others have sent.
    monkeypatch.setattr("sheetsync.sheets.connection.open_book.OF_PROCESS", QuotaKeeper())
    monkeypatch.setattr("sheetsync.sheets.connection.quota.PER_ACCOUNT", 100_000)
    monkeypatch.setattr("sheetsync.sheets.connection.quota.PER_PROJECT", 100_000)
    stamina.set_testing(True, attempts=100, cap=True)  # stamina's own signature
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        google = Cloud(mock)
        google.lay_out(small_tabs())
        yield google
    stamina.set_testing(False)  # the same
