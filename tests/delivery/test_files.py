"""Files that commands write: what a run that was killed has left beside them."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from sheetsync.delivery.files import save
from sheetsync.i18n import language

if TYPE_CHECKING:
    from pathlib import Path

HOUR = 3600


@pytest.mark.parametrize(
    ("name", "hours", "is_deleted"),
    [
        (".pack.pdf.ab12cd_9.tmp", 2, "yes"),
        (".pack.pdf.ab12cd_9.tmp", 0, "no, it may be a living run's"),
        (".other.pdf.ab12cd_9.tmp", 2, "no, it is another file's"),
        (".pack.pdf.notes.tmp", 2, "no, it is none of ours"),
        ("pack.pdf.ab12cd_9.tmp", 2, "no, it is none of ours"),
    ],
)
def test_what_a_killed_run_left_of_a_file_goes_as_it_is_written_again(
    tmp_path: Path, name: str, hours: int, is_deleted: str
) -> None:
    left = tmp_path / name
    left.write_bytes(b"half")
    then = time.time() - hours * HOUR
    os.utime(left, (then, then))
    save(b"whole", tmp_path / "pack.pdf", language("en"))
    assert left.exists() == (is_deleted != "yes")
    assert (tmp_path / "pack.pdf").read_bytes() == b"whole"
