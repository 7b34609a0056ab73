#!/usr/bin/env bash
# The tests as somebody meets the program who installs it today: with the newest versions that pyproject.toml allows, on each
# newer Python that is there. They run all that is neither a night through the emulator nor a property drawn anew (those take
# minutes, and `make test` has them), and measure how much of the pure rooms is covered. Pythons that are not there are passed over.
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

tests=(tests/values tests/method tests/workbook tests/rules tests/reporting tests/adoption tests/delivery tests/recordings
  tests/test_*.py tests/sheets/test_transport.py tests/sheets/test_reorder.py tests/emulator/test_server.py)

for python in "${pythons[@]}"; do
  folder=".venv-$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
  [ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
  "$folder/bin/python" -m pip --disable-pip-version-check --quiet install --upgrade --upgrade-strategy eager --editable ".[dev]"
  echo "== newest versions, $("$folder/bin/python" --version) =="
  # sys.monitoring measures almost for nothing where there is one (3.12 and newer).
  COVERAGE_CORE=sysmon "$folder/bin/python" -m pytest -n auto -m "not hypothesis" --cov --cov-report= "${tests[@]}"
  "$folder/bin/python" tools/coverage_floor.py
done
