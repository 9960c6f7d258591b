# Everything runs in .venv, which `make` builds if it is missing or older than pyproject.toml.
PYTHON ?= python3
BIN := .venv/bin
EXTRAS := dev,serve,plot,parquet,ray,pandas,bench
DB := outputs/evidence.db

.PHONY: demo setup test lint types unit docs docs-check bench check wheel clean

# What the demo needs: the package alone. Tests and tools come with `setup`.
.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' || \
	  { echo "Python 3.11 or 3.12 is needed: make PYTHON=python3.11"; exit 1; }
	@echo "Installing into .venv (about a minute) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq --no-compile --disable-pip-version-check -e .
	@touch $@

.venv/setup: .venv/installed
	@echo "Installing the tools of development into .venv ..."
	@$(BIN)/pip install -qq --no-compile --disable-pip-version-check -e '.[$(EXTRAS)]'
	@touch $@

setup: .venv/setup

demo: .venv/installed
	@rm -f $(DB) $(DB)-wal $(DB)-shm
	@$(BIN)/evidence ingest corpus/papers --db $(DB)
	@$(BIN)/evidence query $(DB) --attribution own
	@echo
	@echo "Next:"
	@echo "  .venv/bin/evidence query $(DB) --drug CsA --outcome remission"
	@echo "  .venv/bin/evidence show $(DB) $$($(BIN)/evidence query $(DB) --attribution own --limit 1 --format jsonl | \
	  $(BIN)/python -c 'import json, sys; print(json.loads(sys.stdin.readline())["result_id"])')"
	@echo "  .venv/bin/evidence verify $(DB)"

lint: .venv/setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/setup
	$(BIN)/mypy

unit: .venv/setup
	OMP_NUM_THREADS=1 $(BIN)/pytest -q

# The checks of the text beside the tests: half the wait on two cores.
test: .venv/setup
	@$(MAKE) --no-print-directory -j2 lint types docs-check unit

docs: .venv/setup
	$(BIN)/cog -r docs/*.md

docs-check: .venv/setup
	$(BIN)/cog --check docs/*.md

# Over folders of your own: make bench PAPERS="abstracts jats pdf" GROWTH=100,1000,10000
bench: .venv/setup
	$(BIN)/evidence bench $(foreach folder,$(PAPERS),--papers $(folder)) $(if $(GROWTH),--growth $(GROWTH))

# What a release needs beyond `test`: the built wheel works alone, far from the checkout.
wheel: .venv/setup
	sh tests/wheel.sh $(BIN)/python

check: test wheel

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
