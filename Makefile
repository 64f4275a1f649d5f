# `make` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONDONTWRITEBYTECODE := 1
PYTEST := pytest -p tests.support.no_skips
JOBS ?= 2
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print)

.PHONY: help run host test test-unit test-web test-e2e test-faults test-windows test-sweep check format web bench bench-relay bench-remote-control bench-windows setup setup-test setup-demo setup-host setup-windows

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/\1\t\2/' | expand -t 24

run: setup-demo web ## set up everything, start server, mail catcher and a demo customer PC on loopback
	@python -m demo.run

host: setup-host ## build the Windows app into dist/ (SERVER=https://… CA=… BRAND=…; without SERVER a development build)
	zuruf installer build $(if $(SERVER),--server $(SERVER),--server http://127.0.0.1:8080 --development) $(if $(CA),--ca $(CA)) $(if $(BRAND),--brand "$(BRAND)")

test: setup-test setup-windows check web test-unit test-web test-e2e test-faults test-windows ## set up everything and run all tests

test-unit: setup-test ## pure and server tests (SQLite and PostgreSQL), host tests on private X displays
	$(PYTEST) -n $(JOBS) tests/unit tests/contract

test-web: setup ## TypeScript tests
	cd web && npx vitest run -c vitest.config.ts

test-e2e: setup-test web ## the whole flow in Chromium, against real server, SMTP and host
	$(PYTEST) -n $(JOBS) tests/e2e

test-faults: setup-test web ## kills, restarts, lost networks, canaries (a few rotating seeds)
	$(PYTEST) -n $(JOBS) tests/faults

test-windows: setup-windows web ## the built Windows app under Wine: install, use, reboot, remove
	$(PYTEST) -n $(JOBS) tests/windows

test-sweep: setup-test setup-windows web ## long seed sweeps of the fault and property tests
	ZURUF_SWEEP=1 $(PYTEST) -n $(JOBS) tests/faults tests/unit tests/windows

check: setup ## lint, types, import contracts: seconds
	ruff check . && ruff format --check . && mypy && mypy --platform win32 --cache-dir .mypy_cache/win32 $$(find src/zuruf/host -name '*.py' -not -path '*/x11/*') && lint-imports && python -m scripts.generate_api_ts --check && python -m scripts.make_icons --check
	cd web && npx biome check . && npx tsc

format: setup ## let the formatters write
	ruff check --fix . ; ruff format .
	cd web && npx biome check --write .

web: setup .stamps/web ## build the web files into web/dist
.stamps/web: $(WEB_SOURCES)
	cd web && npx vite build -c vite.console.config.ts && npx vite build -c vite.viewer.config.ts && npx vite build -c vite.customer.config.ts
	@touch $@

bench: bench-relay bench-remote-control bench-windows ## measure (figures and commands: bench/README.md)
bench-relay: setup ## relay throughput against a raw asyncio copy
	python -m bench.relay.run
bench-remote-control: setup-test ## latency, bytes and CPU of the host side
	python -m bench.remote_control.run
bench-windows: setup-windows ## start-up, CPU and memory of the built Windows app under Wine
	python -m bench.windows.run

setup: ; @scripts/setup.sh base
setup-test: ; @scripts/setup.sh test
setup-demo: ; @scripts/setup.sh demo
setup-host: ; @scripts/setup.sh host
setup-windows: ; @scripts/setup.sh windows
