# GI Fieldkit (地标巡检): what a newcomer calls. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
TESTS ?=
# What the tests compile is kept, also where Python is told to keep nothing.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest
# One worker for each core of the smallest machine that this is meant for.
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test check soak bench program clean

help: ## list what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

demo: $(VENV)/.demo-ready ## play a city's campaign through, then serve it (ARGS=--exit ends by itself)
	@$(BIN)/gi-server demo $(ARGS)

test: $(VENV)/.dev-ready ## run all tests, PostgreSQL included (TESTS=path to choose)
	@$(PYTEST) -n $(JOBS) --dist worksteal -m "not soak" $(TESTS)

check: $(VENV)/.dev-ready ## lint, types, import contracts, wheel; what CI runs before the tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m build --wheel --outdir dist . >/dev/null

soak: $(VENV)/.dev-ready ## long fault and scale runs (SOAK=short for the form that CI runs)
	@SOAK=$(or $(SOAK),full) $(PYTEST) -m soak $(TESTS)

bench: $(VENV)/.bench-ready ## measure against the peers, ratios in one run (ARGS=--small for a quick look)
	@$(BIN)/python -m bench $(ARGS)

program: $(VENV)/.program-ready ## build dist/fieldkit, the device as one file that needs no Python
	@$(BIN)/python .ci/program

clean: ## remove what these commands made, except data
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .bench

$(VENV)/.demo-ready: pyproject.toml .ci/setup
	@PYTHON=$(PYTHON) .ci/setup $(VENV) server
	@touch $@

$(VENV)/.dev-ready: pyproject.toml .ci/setup
	@PYTHON=$(PYTHON) .ci/setup $(VENV) server,test,lint
	@touch $@ $(VENV)/.demo-ready $(VENV)/.program-ready

$(VENV)/.program-ready: pyproject.toml .ci/setup
	@PYTHON=$(PYTHON) .ci/setup $(VENV) program
	@touch $@

$(VENV)/.bench-ready: pyproject.toml .ci/setup
	@PYTHON=$(PYTHON) .ci/setup $(VENV) server,test,lint,bench
	@touch $@ $(VENV)/.dev-ready $(VENV)/.demo-ready
