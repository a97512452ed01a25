# Every command for the shell; README.md lists them for people without make.

PYTHON ?= python3
BIN := .venv/bin
# A stamp marks requirements as installed, so that a second call starts at once.
APP := .venv/app.stamp
DEV := .venv/dev.stamp
PEERS := .venv/peers.stamp
BENCH := .venv/bench.stamp
# Keep compiled bytecode, whatever the shell says: otherwise each server and each worker that the
# tests start would compile all modules and tests again, for five seconds of processor time.
export PYTHONDONTWRITEBYTECODE :=
# TypeScript, which checks the types of the browser's modules; skipped if there is no npm.
TYPES := scripts/typescript/node_modules/.package-lock.json
# `.venv` if it has to be made: there is none, or it was left half made (by a Debian without
# python3-venv), or its Python is gone, or is none of these.
FITS := (3, 11) <= sys.version_info[:2] <= (3, 14)
VENV := $(shell $(BIN)/python -c "import pip, sys; sys.exit(not $(FITS))" 2> /dev/null || echo .venv)
ANOTHER := name another one, as in make run PYTHON=python3.12
# Modules are compiled when first imported: most of the 8 500 never are.
INSTALL := $(BIN)/python -m pip install --quiet --no-compile
# One lock file for Python 3.11 to 3.14 on every system, with the hashes of all files.
LOCK := build/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-annotate --custom-compile-command "make lock"

# Independent targets are made in parallel: the packages of Python, of npm and of the system.
MAKEFLAGS += --jobs

.PHONY: help run check fix test bench peers firefox lock audit image clean programs .venv

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

run: $(APP) ## start the app; the browser opens with the Lab. PORT=8600 uses another port than 8501
	$(BIN)/python scripts/run.py --port $(or $(PORT),8501)

check: $(DEV) $(TYPES) ## the one-minute check: lint, types, browser modules, and tests of the core
	$(BIN)/python -m scripts.quick_check

fix: $(DEV) ## format the code, and fix what the linter can
	$(BIN)/python -m ruff format
	$(BIN)/python -m ruff check --fix

# In folder order, a worker keeps its browser from file to file, and short files come last, so that
# all workers end together. A third worker on two cores ends a twentieth sooner, but makes waits long.
test: $(DEV) $(TYPES) programs ## lint, formatting, and all tests: units, examples, pages, browser
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m scripts.browser
	$(BIN)/python -m scripts.proxy
	$(BIN)/python -m scripts.redis_server
	$(BIN)/python -m pytest --verbose --numprocesses 2 --dist loadfile \
		--no-loadscope-reorder -o console_output_style=count

bench: $(BENCH) ## print the tables of benchmarks/, one after the other
	@for file in $$(grep -l __main__ benchmarks/*.py); do \
		PYTHONPATH=. $(BIN)/python $$file || exit; \
	done

peers: $(PEERS) ## run the programs that the Lab writes in PyTorch and Keras
	$(BIN)/python -m pytest tests/peers -m peers

firefox: $(DEV) ## open every page in Firefox; installs Debian's if there is none
	$(BIN)/python -m scripts.firefox

lock: ## update the versions in requirements.txt and requirements-dev.txt
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet uv
	$(LOCK) requirements.in --output-file requirements.txt
	$(LOCK) requirements-dev.in --constraints requirements.txt --output-file requirements-dev.txt
	rm -rf build/lock

audit: ## check the installed packages for known vulnerabilities; needs the internet
	$(PYTHON) -m venv build/audit
	build/audit/bin/python -m pip install --quiet pip-audit
	build/audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements-dev.txt

image: $(DEV) ## go through the steps of deploy/Dockerfile without Docker, and start the result
	$(BIN)/python -m scripts.docker_image

clean: ## remove everything that was installed or made
	rm -rf .venv build .pytest_cache .ruff_cache .hypothesis ./*.egg-info scripts/typescript/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv:
	@command -v $(PYTHON) > /dev/null || { echo "There is no $(PYTHON): $(ANOTHER)"; exit 1; } >&2
	@$(PYTHON) -c 'import sys; sys.exit(None if $(FITS) else "cnnviz runs on Python 3.11 to 3.14, \
	but $(PYTHON) is %d.%d: $(ANOTHER)" % sys.version_info[:2])'
	$(PYTHON) -m venv --clear .venv
	$(INSTALL) --require-hashes -r requirements-pip.txt || echo "The pip of this Python will do."

$(APP): requirements.txt $(VENV)
	$(INSTALL) --require-hashes -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(VENV)
	$(INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

programs:
	@$(PYTHON) -m scripts.install

$(TYPES): scripts/typescript/package-lock.json
	@if command -v npm > /dev/null; then npm ci --silent --prefix scripts/typescript \
	|| echo "npm could not install TypeScript: the types are not checked."; \
	else echo "There is no npm: the types of the browser's modules are not checked."; fi

$(PEERS): $(DEV) requirements-peers.txt
	$(INSTALL) -r requirements-peers.txt
	@touch $@

$(BENCH): $(DEV) $(wildcard requirements-bench.txt)
	$(foreach file,$(wildcard requirements-bench.txt),$(INSTALL) -r $(file))
	@touch $@
