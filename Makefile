# Evenhand. Needs Python 3.11 or newer and make; everything else is put into .venv from the locked lists.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
SERVE ?= 1
DB ?= sqlite
JOBS ?= auto
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo run test check torture bench screenshots lock clean

help: ## Show what can be done
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.venv/core: requirements/core.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Evenhand needs Python 3.11 or newer with its venv module. Install it, or say which: make PYTHON=/path/to/python3 …"; exit 1; }
	@echo "Setting up .venv (once, about half a minute) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --require-hashes -r requirements/core.txt
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/demo: .venv/core requirements/demo.txt
	@$(BIN)/python -m pip install -q --require-hashes -r requirements/demo.txt
	@touch $@

.venv/test: .venv/core requirements/test.txt
	@echo "Adding what the tests need (once) …"
	@$(BIN)/python -m pip install -q --require-hashes -r requirements/test.txt
	@touch $@

.venv/bench: .venv/test requirements/bench.txt
	@$(BIN)/python -m pip install -q --require-hashes -r requirements/bench.txt
	@touch $@

demo: .venv/demo ## A whole cycle on a believable organisation, then the site (SERVE=0 ends after the summary)
	@$(BIN)/python -m seed demo $(if $(filter 0,$(SERVE)),--no-serve)

run: .venv/core ## The site and its worker on your own database (see README, Settings)
	@$(BIN)/matcher run

test: .venv/test ## All tests, in parallel (DB=postgres runs them on a real PostgreSQL)
	@EVENHAND_TEST_DB=$(DB) $(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal -m "not torture"

check: .venv/test ## Style, types, import contracts, templates, dependencies, the rules of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint web/templates matcher/mail/templates --lint --quiet
	@$(BIN)/deptry . --no-ansi
	@$(BIN)/python -m pytest -q -n 2 tests/house

torture: .venv/test ## The long ones: many kills, many rounds
	@EVENHAND_TEST_DB=$(DB) $(BIN)/python -m pytest -q -m torture
	@EVENHAND_EXAMPLES=1000 $(BIN)/python -m pytest -q tests/solver/pairing/test_promises.py

bench: .venv/bench ## Tables of speed and quality, as ratios taken in one run
	@$(BIN)/python -m bench all

screenshots: .venv/test ## A picture of every page, narrow and wide, light and dark, into build/screenshots
	@$(BIN)/python -m tests.journeys.screenshots

words: .venv/core ## Gather all sentences for the German catalogue (matcher/translations/de.po)
	@$(BIN)/python -m matcher.translations.gather

lock: ## Resolve the locked lists anew (needs uv)
	uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 --no-header --no-annotate pyproject.toml requirements/build.in -o requirements/core.txt
	uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 --no-header --no-annotate pyproject.toml requirements/build.in --extra demo -c requirements/core.txt -o requirements/demo.txt
	uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 --no-header --no-annotate pyproject.toml requirements/build.in --extra test --extra check --extra postgres -c requirements/demo.txt -o requirements/test.txt
	uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 --no-header --no-annotate pyproject.toml requirements/build.in --extra test --extra check --extra bench -c requirements/test.txt -o requirements/bench.txt

clean: ## Remove what was built (never a database you run)
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
