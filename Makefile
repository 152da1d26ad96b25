# Keep in Touch: everything you need is `make try` and `make test`. Python 3.11+ and make are all it asks of your machine.
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .tools/bin/uv
READY := .venv/.ready
RUN := .venv/bin/python

.PHONY: help try run test promises check bench setup clean format screenshots
.DEFAULT_GOAL := help

help: ## Show what you can ask for
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Keep in Touch needs Python 3.11 or newer; this is $$($(PYTHON) --version). Say which to use: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(READY): pyproject.toml uv.lock | $(UV)
	@$(UV) sync --frozen --quiet --python $(PYTHON)
	@touch $(READY)

setup: $(READY) ## Install everything into .venv, from the lock file

try: $(READY) ## Run the whole service on this machine, with an invented town and no account
	@$(RUN) -m sandbox

run: $(READY) ## Run the live service (needs a bot token in .env: see docs/deploy.md)
	@.venv/bin/keepintouch run

check: $(READY) ## Lint, types, imports, sizes
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/mypy
	@$(RUN) -m pytest -q tests/test_house.py

test: $(READY) ## Run every test, browser tests and promises included
	@$(MAKE) --no-print-directory check
	@$(RUN) -m pytest -n 2 --dist loadgroup

promises: $(READY) ## Run the promises with the longer, nightly counts
	@KEEPINTOUCH_COUNTS=night $(RUN) -m pytest -n 2 --dist loadgroup tests/promises

bench: $(READY) ## Measure the hot paths and print a table
	@$(RUN) -m bench

format: $(READY) ## Put the code in order
	@.venv/bin/ruff check --quiet --fix .
	@.venv/bin/ruff format --quiet .

screenshots: $(READY) ## Take the pictures of the README again
	@$(RUN) -m sandbox.pictures

clean: ## Remove everything the other commands made
	@rm -rf .venv .tools var .mypy_cache .ruff_cache .pytest_cache .hypothesis
