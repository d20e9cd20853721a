# Everything sets itself up: python3 (3.11 or newer), make and git are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint evals check bench server-check clean

demo: $(READY)  ## readable reports on the sample articles
	@$(BIN)/summarizer run samples --model offline

test: $(READY)  ## the tests, offline and in parallel
	@$(BIN)/python -m pytest -n auto

lint: $(READY)  ## style, types, floors
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

evals: $(READY)  ## scores against the labelled articles, with the floors of evals/gate.toml
	@$(BIN)/summarizer eval evals/cases --model offline --gate evals/gate.toml

check: lint test evals  ## all that CI runs

bench: $(READY)  ## text to report, beside a plain extractive summary
	@$(BIN)/python benchmarks/offline.py samples

server-check: $(READY)  ## the model path against two real servers, built here first (a C++ compiler and cmake)
	@sh tests/servers/build.sh .venv-servers $(PYTHON)
	@SERVERS_PYTHON=.venv-servers/bin/python LLAMA_SERVER=.venv-servers/bin/llama-server \
		$(BIN)/python -m pytest tests/functional/test_real_servers.py -rs

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev,eval]'
	@touch $@

clean:
	rm -rf $(VENV) .venv-servers .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
