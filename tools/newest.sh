#!/usr/bin/env bash
# The tests once more, as somebody meets the program who installs it today: with the newest versions that pyproject.toml allows.
# The newest Python that is there runs all of them and measures coverage; each other one runs those of the pure rooms, the
# command line and the wire, in which a Python may differ. Pythons that are not there are passed over.
set -euo pipefail
cd "$(dirname "$0")/.."

pythons=()
for version in 3.13 3.12; do
  for candidate in "python$version" "$HOME"/.pyenv/versions/"$version".*/bin/python; do
    if "$candidate" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; then
      pythons+=("$candidate")
      break
    fi
  done
done
[ ${#pythons[@]} -gt 0 ] || pythons=("${PYTHON:-python3}")

environment() { # a virtual environment of its own for one Python, whose path is printed
  local folder
  folder=".venv-$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
  [ -x "$folder/bin/python" ] || "$1" -m venv "$folder"
  "$folder/bin/python" -m pip --disable-pip-version-check --quiet install --upgrade --upgrade-strategy eager --editable ".[dev]"
  echo "$folder"
}

first=$(environment "${pythons[0]}")
echo "== all tests, newest versions, $("$first/bin/python" --version) =="
# sys.monitoring measures almost for nothing where there is one (3.12 and newer).
COVERAGE_CORE=sysmon "$first/bin/python" -m pytest -n auto --cov --cov-report=
"$first/bin/python" tools/coverage_floor.py

for python in "${pythons[@]:1}"; do
  folder=$(environment "$python")
  echo "== pure rooms, command line and wire, newest versions, $("$folder/bin/python" --version) =="
  "$folder/bin/python" -m pytest -n auto tests/values tests/method tests/workbook tests/rules tests/reporting tests/delivery \
    tests/test_schema.py tests/test_enforcer.py tests/test_reports.py tests/test_catalogue.py tests/cli/test_cli.py \
    tests/sheets/test_transport.py tests/emulator/test_server.py
done
