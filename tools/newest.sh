#!/usr/bin/env bash
# The tests as somebody meets the program who installs it today: with the newest versions that pyproject.toml allows, on each
# newer Python that is there, or on those alone that are named (tools/newest.sh 3.13). They are the pure rooms' tests without
# the properties, and one whole night on a served spreadsheet: a few minutes (all others are `make test`'s). They measure how
# much of the pure rooms is covered. Pythons that are not there are passed over; where there is none, PYTHON is taken.
set -euo pipefail
cd "$(dirname "$0")/.."

pythons=()
versions=("$@")
[ $# -gt 0 ] || versions=(3.13 3.12)
for version in "${versions[@]}"; do
  for candidate in "python$version" "$HOME"/.pyenv/versions/"$version".*/bin/python; do
    if "$candidate" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; then
      pythons+=("$candidate")
      break
    fi
  done
done
[ ${#pythons[@]} -gt 0 ] || pythons=("${PYTHON:-python3}")

tests=(tests/values tests/method tests/workbook tests/rules tests/reporting tests/adoption tests/test_*.py
  tests/services/test_decisions.py::test_everything_that_the_dropdowns_offer_is_carried_out_on_a_served_emulator)

for python in "${pythons[@]}"; do
  folder=".venv-$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
  [ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
  "$folder/bin/python" -m pip --disable-pip-version-check --quiet install --upgrade --upgrade-strategy eager --editable ".[dev]"
  echo "== newest versions, $("$folder/bin/python" --version) =="
  # sys.monitoring measures almost for nothing where there is one (3.12 and newer).
  COVERAGE_CORE=sysmon "$folder/bin/python" -m pytest -n "${WORKERS:-auto}" --dist worksteal -m "not hypothesis" --cov --cov-report= "${tests[@]}"
  "$folder/bin/python" tools/coverage_floor.py
done
