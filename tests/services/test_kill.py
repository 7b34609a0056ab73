"""A real process is killed in the middle of a run on a real file: the file holds the old base or the new one, whole.

The next run, another process, finishes the work; nobody is lost or doubled.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builders.bench import TITLES, Shell, companies, small_base
from tests.places import ROOT

TODAY = "2026-03-02"


def _start(path: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "sheetsync", "run", str(path), "--force", "--today", TODAY]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_run_leaves_the_old_base_or_the_new_one(
    sheetsync: Shell, tmp_path: Path, seed: int
) -> None:
    path = small_base(tmp_path / "base.xlsx", clients=20)
    everybody = sorted(name for names in companies(path).values() for name in names)
    dice = random.Random(seed)  # noqa: S311  # a moment, not a secret
    for _ in range(2):
        process = _start(path)
        time.sleep(dice.uniform(0.6, 2.2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        standing = companies(path)
        assert sorted(name for names in standing.values() for name in names) == everybody
        assert len(standing[TITLES["strategic"]]) in (0, 20)
    told = sheetsync("run", path, "--force", "--today", TODAY)
    assert told.code == 0, told.err
    assert len(companies(path)[TITLES["strategic"]]) == 20
    assert sorted(name for names in companies(path).values() for name in names) == everybody
    assert sheetsync("run", path, "--today", TODAY, "--json").json["wrote"] is False
