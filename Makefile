# Two commands do everything on a fresh machine with Python 3.11+, git and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test newest readable lint types lock bench growth soak games clean

demo: $(VENV)/.runs
	$(BIN)/sheetsync demo $(DEMO_ARGS) demo

# Each worker has its own half of the tests, and with it what the tests of a file share; whoever is done takes of the other's.
# What is compiled is kept, whatever the environment says of it: each worker, and each process that a test starts, needs it.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.tests
	$(BIN)/python -m pytest -n auto --dist worksteal

# With the newest versions that pyproject.toml allows, on each newer Python that is there; and the floor of coverage.
newest:
	PYTHON=$(PYTHON) tools/newest.sh

# How much a reader must hold at once: a report, no gate.
readable: $(BIN)/python
	$(BIN)/python tools/readability.py sheetsync --without emulator --rooms --worst 10
	$(BIN)/python tools/readability.py sheetsync/emulator

lint: $(VENV)/.tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.tests
	$(BIN)/mypy

# All figures as tables; most as lines of JSON in bench.json too, and how they grow drawn in bench.svg (docs/benchmarks.md).
bench: export BENCH_JSON = bench.json
bench: $(VENV)/.tests
	rm -f bench.json
	$(BIN)/python benchmarks/batch.py
	$(BIN)/python benchmarks/nights.py $(SIZES)
	$(BIN)/python benchmarks/shell.py
	$(BIN)/python benchmarks/decide.py $(if $(filter large largest,$(SIZES)),--large)
	$(BIN)/python benchmarks/duplicates.py
	$(BIN)/python benchmarks/adopt.py
	$(BIN)/python benchmarks/opponent.py
	$(BIN)/python benchmarks/emulator.py
	$(BIN)/python benchmarks/plots.py bench.json bench.svg

# That typing and deciding grow as the rows do, from 50,000 to 300,000: a ratio, asserted.
growth: $(VENV)/.tests
	GROWTH=1 $(BIN)/python -m pytest -n 0 tests/services/test_growth.py

# Stories of fifty steps each, drawn anew every time: people, daemons and faults at one base. 400 are 20,000 steps.
# Then every property with ten times the examples that `make test` shows it, drawn anew too.
soak: $(VENV)/.tests
	SOAK=$(or $(STORIES),400) $(BIN)/python -m pytest -n 2 tests/services/test_stateful.py
	DRAWS=$(or $(DRAWS),10) HYPOTHESIS_PROFILE=search $(BIN)/python -m pytest -n 2 -m hypothesis \
		--ignore tests/services/test_stateful.py tests

games: $(VENV)/.tests
	SHEETSYNC_GAMES=5000 SHEETSYNC_GAME_DAYS=60 $(BIN)/python -m pytest -p no:xdist tests/rules/test_nobody_gets_around.py

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sheetsync needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runs: requirements.lock pyproject.toml hatch_build.py $(wildcard sheetsync/locale/*/LC_MESSAGES/*.po) | $(BIN)/python
	$(PIP) install --requirement requirements.lock
	$(PIP) install --no-deps --editable .
	touch $@

$(VENV)/.tests: requirements-dev.lock $(VENV)/.runs
	$(PIP) install --requirement requirements-dev.lock
	touch $@

lock: $(VENV)/.tests
	$(PIP) install uv
	$(BIN)/uv pip compile --quiet --universal --no-annotate --no-header pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --no-annotate --no-header --extra dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) $(VENV)-* build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
