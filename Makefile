# `make` alone prints this list. `make run` and `make test` are the two commands of the README.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --quiet --quiet --disable-pip-version-check
# The lock files are complete; resolving again would let a newer release of an extra break the installation.
LOCKED := $(PIP) install --no-deps --require-hashes --requirement
QUICK ?=
COVERAGE ?=
# One more than processors: tests that drive LibreOffice or Chromium wait for them.
WORKERS ?= $(shell echo $$(($$(nproc) + 1)))
BENCHES := $(filter-out harness encodings,$(patsubst bench/%.py,%,$(filter-out %/__init__.py,$(wildcard bench/*.py))))

export BAOCAO_INSTANCE ?= $(CURDIR)/instance
export BAOCAO_PORT ?= 8000
export BAOCAO_DEMO ?= 1
export BAOCAO_LANGUAGES ?= en

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install run demo-reset test test-install lint types contracts bench format screenshots docs docs-check lock sbom clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(BIN)/baocao ## Make .venv with .venv/bin/baocao, and nothing else

run: install ## Make or upgrade the instance, load the demo once, serve on port BAOCAO_PORT
	@$(BIN)/baocao init
	@$(BIN)/baocao demo
	@exec $(BIN)/baocao serve

demo-reset: install ## Set the instance aside and start a fresh demo
	@./deploy/prepare.sh set-aside "$(BAOCAO_INSTANCE)"
	@$(BIN)/baocao init
	@$(BIN)/baocao demo

# Hundreds of processes of ours are started: each would compile what it imports where nobody may keep the result.
test: export PYTHONDONTWRITEBYTECODE =
test: test-install ## Install what the tests need, then run them all on SQLite and PostgreSQL (COVERAGE=1)
	@./deploy/prepare.sh test-packages
	@$(BIN)/pytest --numprocesses $(WORKERS) --dist worksteal $(if $(COVERAGE),--cov --cov-report=term:skip-covered) $(PYTEST)

lint: test-install ## Style and format of the Python code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: test-install ## Types, strictly
	@$(BIN)/mypy

contracts: test-install ## The one direction in which the rooms import each other
	@$(BIN)/lint-imports --no-cache

bench: test-install ## Measure against yardsticks of the same run (QUICK=1 for a short look)
	@set -e; for name in $(BENCHES); do $(BIN)/python -m bench.$$name $(if $(QUICK),--quick); done

format: test-install ## Format the Python code and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

screenshots: test-install ## Take the pictures of the README anew, from a fresh demo
	@./deploy/prepare.sh test-packages
	@$(BIN)/python -m docs.screenshots

docs: test-install ## Write the generated pages of docs/ anew
	@$(BIN)/python -m docs.build_findings

docs-check: test-install ## Are the generated pages of docs/ current?
	@$(BIN)/python -m docs.build_findings --check

lock: test-install ## Lock the newest versions that pyproject.toml allows
	@./deploy/prepare.sh lock

sbom: ## List the libraries of the server with their hashes for whoever looks for known faults: build/sbom.json (CycloneDX)
	@./deploy/prepare.sh sbom

clean: ## Remove caches and build leftovers; the instance and .venv stay
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage build *.egg-info
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# Each stamp is older than the file it was made from exactly when work is due.

$(BIN)/pip:
	@./deploy/prepare.sh venv $(VENV)

$(VENV)/run.stamp: requirements/run.txt | $(BIN)/pip
	@echo "Installing the libraries of requirements/run.txt ..."
	@$(LOCKED) requirements/run.txt
	@touch $@

$(BIN)/baocao: pyproject.toml $(VENV)/run.stamp
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	@echo "Installing the libraries of requirements/test.txt ..."
	@$(LOCKED) requirements/test.txt
	@touch $@

test-install: $(BIN)/baocao $(VENV)/test.stamp
