# make demo          everything needed is set up, a multitrack is generated and opened in the mixer
# make test          everything needed is set up, all tests run
# make check         style, types and import contracts
# make conformance   what the meters read of the standards' test signals
# make bench         engine load on this machine
# make clean         removes what the rules above made in this folder (the demo's song lies in the user's data folder)

VENV := .venv
BIN := $(VENV)/bin
# The first Python that is new enough; looked for only when the virtual environment is made.
NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11
PYTHON ?= $(or $(shell for python in $(CANDIDATES); do $$python $(NEW_ENOUGH) && echo $$python && break; done),python3)
WORKERS ?= 2
.DEFAULT_GOAL := help
.PHONY: help demo test check conformance bench clean portaudio test-servers

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

demo: $(VENV)/.program portaudio
	@$(BIN)/gainstage demo

test: $(VENV)/.checks portaudio test-servers
	@$(BIN)/pytest -q -n $(WORKERS) --dist loadgroup

check: $(VENV)/.checks
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo >$(VENV)/contracts.txt || { cat $(VENV)/contracts.txt; exit 1; }
	@echo "gainstage: style, types and import contracts hold"

conformance: $(VENV)/.checks
	@$(BIN)/python -m tests.conformance

bench: $(VENV)/.program
	@$(BIN)/gainstage bench

clean:
	@rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: made again when pyproject.toml changes. The checks' stamp holds the program's too. A virtual environment knows
# its own absolute path, so a copied or moved one is made anew.
ifneq ($(shell cat $(VENV)/.python 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/.python
endif
$(VENV)/.python:
	@sh scripts/setup.sh venv $(PYTHON) $(VENV)
	@echo '$(CURDIR)' >$@

$(VENV)/.program: $(VENV)/.python pyproject.toml
	@sh scripts/setup.sh install $(VENV) .
	@touch $@

$(VENV)/.checks: $(VENV)/.python pyproject.toml
	@sh scripts/setup.sh install $(VENV) ".[dev]"
	@touch $(VENV)/.program $@

portaudio test-servers:
	@sh scripts/setup.sh $@
