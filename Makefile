# yteso: `make demo` to see it work, `make test` to prove it.
.DEFAULT_GOAL := help
.PHONY: help setup demo serve worker test conformance check fix bench docs fuzz lock clean messages
PYTHON ?= python3
BIN := .venv/bin

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready .venv/.messages .venv/.static ## install everything into .venv (pinned, with hashes)

.venv/.ready: requirements.lock requirements-test.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Cần Python 3.11 trở lên / Python 3.11 or newer is needed (PYTHON=... make setup)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
	  { echo "Thiếu python3-venv / install it: apt-get install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock -r requirements-test.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.messages: .venv/.ready $(wildcard yteso/pages/locale/*/LC_MESSAGES/*.po)
	$(BIN)/pybabel --quiet compile --domain django --directory yteso/pages/locale
	@touch $@

.venv/.static: .venv/.ready $(shell find yteso/pages/static -type f ! -name '*.gz' ! -name '*.br')
	$(BIN)/python -m whitenoise.compress --quiet yteso/pages/static
	@touch $@

demo: setup ## a synthetic province, end to end, and the web server (Ctrl-C stops)
	@exec $(BIN)/yteso demo

serve: setup ## the web server alone
	@exec $(BIN)/yteso serve

worker: setup ## the worker alone
	@exec $(BIN)/yteso worker

test: setup chromium ## all tests, on a real PostgreSQL and a real browser
	$(BIN)/ruff check yteso tests
	$(BIN)/ruff format --check yteso tests
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest -n auto --maxprocesses=4 --dist loadfile $(ARGS)

conformance: setup ## sessions of others' FHIR clients that need Node.js, against a live server
	@command -v npm >/dev/null || { echo "Cần Node.js 20 và npm / Node.js 20 and npm are needed (apt-get install nodejs npm)"; exit 1; }
	npm ci --prefix tests/conformance --no-audit --no-fund --silent
	$(BIN)/pytest tests/conformance/sessions.py

.PHONY: chromium
chromium:
	@sh tests/tools/chromium.sh

check: setup ## linters only
	$(BIN)/ruff check yteso tests
	$(BIN)/ruff format --check yteso tests
	$(BIN)/lint-imports --no-logo

fix: setup ## let the linters mend what they can
	$(BIN)/ruff check --fix yteso tests
	$(BIN)/ruff format yteso tests

bench: setup ## speed of the check (one core) and of the intake (20,000 visits, three times)
	$(BIN)/yteso bench check --json
	$(BIN)/yteso bench intake --json

docs: setup ## write the pages of docs/reference that are made from data
	$(BIN)/python -m yteso.mapping.reference
	PYTHONPATH=tests/intake $(BIN)/python tests/tools/rules_page.py

MINUTES ?= 30
fuzz: setup ## look for input that breaks the reader or the checker (MINUTES=30 for each target and engine)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fuzz.lock
	nice -n 19 $(BIN)/python tests/fuzz/run.py --minutes $(MINUTES) $(ARGS)

messages: setup ## keep the English words in step with the texts of the pages
	$(BIN)/python -m yteso.pages.tools.catalogue

lock: ## pin the newest allowed versions, with hashes and without an index address (needs uv)
	uv pip compile requirements.in --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements.lock
	uv pip compile requirements-test.in --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements-test.lock
	uv pip compile requirements-fuzz.in --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements-fuzz.lock

clean: ## remove the environment and the state of the demo
	@test ! -x $(BIN)/yteso || $(BIN)/yteso demo --remove
	rm -rf .venv .fuzz .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
	find yteso tests -name __pycache__ -prune -exec rm -rf {} +
	rm -f yteso/pages/locale/*/LC_MESSAGES/*.mo
	find yteso/pages/static \( -name '*.gz' -o -name '*.br' \) -delete
