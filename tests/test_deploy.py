"""What is handed to operators is right as far as a machine without clusters can tell: units, images, timers, and the commands in them."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from typer.main import get_command

from sheetsync.cli.app import app
from sheetsync.config import Settings
from sheetsync.config.environment import variables
from tests.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DEPLOY = ROOT / "deploy"
FILES = sorted(path.name for path in DEPLOY.iterdir())
SERVICES = ("sheetsync-daemon.service", "sheetsync-run.service")
COMMAND = re.compile(r"/usr/local/bin/sheetsync (\w+)")


def content(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def lines(name: str) -> list[str]:
    """Return the lines of a file that are no comments."""
    return [line for line in content(name).splitlines() if line and not line.startswith("#")]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd")
@pytest.mark.parametrize("unit", [*SERVICES, "sheetsync-run.timer"])
def test_systemd_finds_nothing_wrong_with_a_unit(unit: str, tmp_path: Path) -> None:
    program = shutil.which("true") or ""
    for name in (*SERVICES, "sheetsync-run.timer"):
        words = content(name).replace("/usr/local/bin/sheetsync", program)
        (tmp_path / name).write_text(words, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit)],  # noqa: S607  # the machine's own
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    ours = [line for line in done.stderr.splitlines() if unit in line]
    assert (done.returncode, ours) == (0, []), done.stderr


@pytest.mark.parametrize("unit", SERVICES)
def test_a_unit_is_shut_in(unit: str) -> None:
    said = lines(unit)
    for wanted in ("PrivateTmp=yes", "ProtectSystem=strict", "NoNewPrivileges=yes"):
        assert wanted in said
    assert "DynamicUser=yes" in said


def test_the_daemons_unit_hears_that_it_is_up_and_lives() -> None:
    said = lines("sheetsync-daemon.service")
    assert {"Type=notify", "WatchdogSec=60", "ExecReload=/bin/kill -HUP $MAINPID"} <= {*said}
    (grace,) = (int(line.partition("=")[2]) for line in said if line.startswith("TimeoutStopSec"))
    assert grace > 10


@pytest.mark.parametrize("name", FILES)
def test_every_command_and_every_variable_is_the_programs(name: str) -> None:
    commands: Any = get_command(app)
    assert {*COMMAND.findall(content(name))} <= {*commands.commands}
    known = {variable for _, variable, _ in variables(Settings)}
    assert {*re.findall(r"SHEETSYNC_\w+", content(name))} <= known


def test_the_image_runs_the_daemon_without_root_and_installs_what_is_locked() -> None:
    said = lines("Dockerfile")
    assert "USER 10001:10001" in said
    assert 'CMD ["daemon"]' in said
    assert "--constraint /source/requirements.lock" in content("Dockerfile")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "daemon" in extras["project"]["optional-dependencies"]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", content("Dockerfile"), re.MULTILINE)
    for source in " ".join(copied).split():
        assert (ROOT / source).exists()


def test_the_composed_container_writes_nothing_but_its_state() -> None:
    service = yaml.safe_load(content("compose.yaml"))["services"]["sheetsync"]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    written = [volume for volume in service["volumes"] if not volume.endswith(":ro")]
    assert written == ["state:/var/lib/sheetsync"]
    assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()


def test_the_clusters_job_never_runs_twice_and_writes_nothing_but_its_state() -> None:
    job, claim = yaml.safe_load_all(content("cronjob.yaml"))
    assert (job["kind"], job["spec"]["concurrencyPolicy"]) == ("CronJob", "Forbid")
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    mounts = {mount["name"] for mount in container["volumeMounts"]}
    assert mounts == {volume["name"] for volume in pod["volumes"]}
    (state,) = (volume for volume in pod["volumes"] if volume["name"] == "state")
    assert state["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]


def test_the_cron_line_has_five_fields_a_user_and_a_command() -> None:
    fields = lines("crontab")[-1].split()
    assert fields[:6] == ["0", "2", "*", "*", "*", "sheetsync"]
    assert fields[6].startswith("/")
