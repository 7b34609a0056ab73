"""What doctor says of a local file: what an upload would meet, and what lies beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sheetsync.services import doctor
from tests.builders.bench import TODAY, Shell, small_base

if TYPE_CHECKING:
    from pathlib import Path


def findings(sheetsync: Shell, path: Path) -> dict[str, Any]:
    told = sheetsync("doctor", path, "--json").json
    return {finding["code"]: finding for finding in told["findings"]}


def test_a_file_that_google_would_take_is_not_spoken_of(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx")
    assert not {"upload", "kept"} & {*findings(sheetsync, path)}


@pytest.mark.parametrize(
    ("limit", "most", "words"),
    [("GOOGLE_CELLS", 1000, "cells, and a Google"), ("GOOGLE_BYTES", 0, "an upload may have 0")],
)
def test_what_google_would_not_take_is_no_fault_of_a_file(
    sheetsync: Shell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    most: int,
    words: str,
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    monkeypatch.setattr(doctor, limit, most)
    finding = findings(sheetsync, path)["upload"]
    assert finding["well"]
    assert words in finding["said"]
    assert finding["fix"].startswith("As a file it goes on working.")
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0


def test_a_save_that_was_kept_beside_the_file_is_to_be_looked_at(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    kept = "base (saved by another program, kept 2026-03-02 09.30.00).xlsx"
    (tmp_path / kept).write_bytes(path.read_bytes())
    finding = findings(sheetsync, path)["kept"]
    assert not finding["well"]
    assert kept in finding["said"]
    assert f"delete “{kept}”" in finding["fix"]
