"""Credentials go to Google, or to where somebody has said that they may; a key that anybody may change is none."""

import json
from pathlib import Path
from typing import Any

import pytest

from sheetsync.config import Settings
from sheetsync.errors import CredentialsError
from sheetsync.i18n import language
from sheetsync.sheets.connection.credentials import SCOPES, account, find
from tests.builders.bench import Shell

EN = language("en")


@pytest.fixture
def mine(key: Path, tmp_path: Path) -> Path:
    """Give a key of one's own."""
    path = tmp_path / "key.json"
    path.write_bytes(key.read_bytes())
    path.chmod(0o600)
    return path


def found(key: Path, **settings: Any) -> str | None:
    return account(find(Settings(credentials=key, **settings), EN))


@pytest.mark.parametrize(
    ("endpoint", "why"),
    [
        ("https://sheets.example.com", "not Google's"),
        ("https://googleapis.com.example.com", "not Google's"),
        ("https://evilgoogleapis.com", "not Google's"),
        ("https://sheets.googleapis.com@example.com/", "not Google's"),
        ("http://sheets.googleapis.com", "no https"),
        ("ftp://sheets.googleapis.com", "no https"),
        ("https://[", "not Google's"),
    ],
)
def test_a_key_goes_to_nobody_else(mine: Path, endpoint: str, why: str) -> None:
    with pytest.raises(CredentialsError, match=why):
        found(mine, api_endpoint=endpoint)


def test_a_key_goes_where_somebody_says_that_it_may(mine: Path) -> None:
    robot = "robot@project.iam.gserviceaccount.com"
    assert found(mine) == robot
    assert found(mine, api_endpoint="https://sheets.googleapis.com") == robot
    assert found(mine, api_endpoint="https://own.example.com", trust_endpoint=True) == robot
    with pytest.raises(CredentialsError, match="no https"):
        found(mine, api_endpoint="http://own.example.com", trust_endpoint=True)


def test_an_emulator_gets_no_key_of_googles(mine: Path) -> None:
    assert found(mine, api_endpoint="http://127.0.0.1:8765/token/") == "sheetsync@localhost"


def test_tokens_come_from_google_alone(mine: Path) -> None:
    content = json.loads(mine.read_text(encoding="utf-8"))
    mine.write_text(json.dumps({**content, "token_uri": "https://evil.example/token"}))
    with pytest.raises(CredentialsError, match=r"evil\.example"):
        found(mine)


@pytest.mark.parametrize(
    ("mode", "is_refused", "is_named"),
    [(0o600, False, False), (0o644, False, True), (0o440, False, True), (0o666, True, True)],
)
def test_a_key_that_everybody_may_change_is_refused_and_one_that_others_read_is_named(
    sheetsync: Shell,
    monkeypatch: pytest.MonkeyPatch,
    mine: Path,
    mode: int,
    is_refused: bool,  # noqa: FBT001  # a case
    is_named: bool,  # noqa: FBT001  # the same
) -> None:
    mine.chmod(mode)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(mine))
    monkeypatch.setattr("sheetsync.services.doctor.requests.head", _nothing)
    findings = {f["code"]: f for f in sheetsync("doctor", "--json").json["findings"]}
    assert findings["credentials"]["well"] is not is_refused
    assert ("chmod o-w" in findings["credentials"]["fix"]) is is_refused
    assert ("chmod go-r" in findings["key_rights"]["fix"]) is is_named


def _nothing(*_: object, **__: object) -> None:
    raise KeyError


def test_no_more_is_asked_for_than_is_used() -> None:
    assert SCOPES == ("https://www.googleapis.com/auth/spreadsheets",)
