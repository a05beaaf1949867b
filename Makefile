# Everything this repository can do. It needs Python 3.11 or newer and make; the rest is fetched into .venv.
# `make` alone lists the targets. CI calls `make ci` and nothing else.

PYTHON ?= python3
BIN := .venv/bin
DONE := .venv/.done
UV := $(BIN)/uv pip install --quiet --require-hashes --no-deps --compile-bytecode
UV_PIN := uv==0.13.9
CONFIG ?= config.toml

.DEFAULT_GOAL := help
unexport PYTHONDONTWRITEBYTECODE # or every start would compile everything again
.PHONY: help setup run demo fmt check check-form check-lint check-types check-imports check-ui test unit e2e prove-security nightly chaos bench triage-model docs sbom wheel lock ci machine clean

help: ## List the targets.
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

# --- setting up: each step leaves a mark in .venv/.done, so that the second time is free ---

$(DONE)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 setup"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "The venv module is needed (Debian: apt-get install python3-venv)"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$(UV_PIN)"
	@mkdir -p $(DONE) && touch $@

$(DONE)/core: $(DONE)/venv requirements/core.txt requirements/build.txt pyproject.toml
	@$(UV) -r requirements/core.txt -r requirements/build.txt
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(DONE)/node: $(DONE)/venv requirements/ui.txt
	@$(UV) -r requirements/ui.txt
	@touch $@

$(DONE)/test: $(DONE)/core requirements/test.txt
	@$(UV) -r requirements/test.txt
	@touch $@

.PHONY: ui
ui: $(DONE)/node
	@$(BIN)/python gateway/web/build_ui.py

setup: ## Make .venv with everything the gateway needs, and build the browser's files.
	@$(MAKE) --silent --no-print-directory $(DONE)/venv
	@$(MAKE) --silent --no-print-directory --jobs 2 $(DONE)/core ui

run: setup ## Run the gateway on http://127.0.0.1:8080 with config.toml.
	@exec $(BIN)/gateway run --config $(CONFIG)

demo: setup ## The same with a data folder of its own that is emptied first.
	@rm -rf data/demo
	@GATEWAY__DATA__DIR=data/demo exec $(BIN)/gateway run --config $(CONFIG)

# --- quality ---

fmt: $(DONE)/test ## Put the code into its one form.
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

check: ## Form, lint, types, imports, browser code, and what the widget weighs: under a minute.
	@$(MAKE) --silent --no-print-directory $(DONE)/test ui
	@$(MAKE) --silent --no-print-directory --keep-going --jobs 2 --output-sync=target check-types check-form check-lint check-imports check-ui

check-form: $(DONE)/test
	@$(BIN)/ruff format --check .

check-lint: $(DONE)/test
	@$(BIN)/ruff check .

check-types: $(DONE)/test
	@$(BIN)/mypy

check-imports: $(DONE)/test
	@$(BIN)/lint-imports --no-logo

check-ui: ui
	@$(BIN)/python gateway/web/build_ui.py --install
	@PATH="$(CURDIR)/$(BIN):$$PATH" && cd gateway/web/ui && npm run --silent check && npm run --silent lint && npm run --silent test
	@$(BIN)/python gateway/web/build_ui.py --weigh

# What tests need of the machine: a command that shows it is there, Debian's packages for it, and what is skipped without.
machine:
	@sh tests/machine.sh

test: setup $(DONE)/test machine ## All tests but e2e, chaos and benchmarks; then e2e.
	@$(BIN)/python -m pytest -n 2 --dist loadgroup tests/unit tests/contract tests/integration tests/acceptance tests/security tests/docs
	@$(MAKE) --no-print-directory e2e

unit: $(DONE)/test ## The rules alone: values in, values out.
	@$(BIN)/python -m pytest tests/unit

e2e: setup $(DONE)/test machine ## The process as an operator runs it, with a browser and real mail servers; killed sixty times.
	@$(BIN)/python -m pytest tests/e2e tests/chaos

prove-security: setup $(DONE)/test machine ## The proofs an officer of security asks for, at full size, with figures.
	@rm -f tests/artifacts/prove-security.json
	@PROVE=full $(BIN)/python -m pytest --timeout 1200 tests/security
	@cat tests/artifacts/prove-security.json

nightly: $(DONE)/test ## What takes too long for each change: 200,000 calendars against the oracle, other ones each night.
	@CALENDAR_CASES=200000 CALENDAR_SEED=$$(date +%Y%m%d) $(BIN)/python -m pytest tests/unit/gateway/domain/test_calendar_oracle.py

chaos: setup $(DONE)/test machine ## Kill it at random instants under load, then count what was lost.
	@$(BIN)/python -m tests.chaos --cycles 300
	@$(BIN)/python -m tests.chaos --cycles 100 --sender

bench: setup $(DONE)/test machine ## Measure, into benchmarks/results/.
	@$(BIN)/python -m benchmarks

triage-model: $(DONE)/test ## Train the triage model that ships, from gateway/triage/cases.
	@$(BIN)/python -m gateway.triage.build

docs: $(DONE)/test ## Read the docs against the code.
	@$(BIN)/python -m pytest tests/docs

sbom: $(DONE)/test ## What ships, as a CycloneDX document and a list of licences, into dist/.
	@$(BIN)/python -m tests.security.sbom dist

wheel: setup $(DONE)/test ## Build sdist and wheel, install the wheel in a fresh place and start it.
	@sh tests/wheel.sh

ci: ## Everything that must hold before a change lands.
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory wheel
	@$(MAKE) --no-print-directory test

# --- the locks ---

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --override requirements/overrides.in --custom-compile-command 'make lock' $(UPGRADE)

lock: $(DONE)/venv $(DONE)/node ## Lock what pyproject.toml asks for (UPGRADE=--upgrade takes newer ones).
	@$(COMPILE) pyproject.toml --extra speed --extra postgres --extra words --output-file requirements/core.txt
	@$(COMPILE) pyproject.toml --extra speed --extra postgres --extra words --extra semantic --group test --constraint requirements/core.txt --output-file requirements/test.txt
	@$(COMPILE) --group build --constraint requirements/test.txt --output-file requirements/build.txt
	@$(COMPILE) --group ui --output-file requirements/ui.txt
	@PATH="$(CURDIR)/$(BIN):$$PATH" && cd gateway/web/ui && npm install --silent --package-lock-only --ignore-scripts

clean: ## Remove what was built; data stay.
	@rm -rf .venv dist build gateway/web/static gateway/web/ui/node_modules
