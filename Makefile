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

RECORDED := $(wildcard $(patsubst cassettes/%.yaml,evals/cases/%,$(wildcard cassettes/*.yaml)))
GATED := --gate evals/gate.toml

evals: $(READY)  ## the offline engine live and the model path from cassettes, against labels, floors and baselines
	@$(BIN)/python -m tests.cassettes --replay .cache/evals/reports.jsonl
	@for split in dev test; do \
		echo "== offline, $$split"; \
		$(BIN)/summarizer eval evals/cases --model offline --split $$split $(GATED) \
			--baseline evals/baseline/offline.$$split.json --markdown .cache/evals/offline.$$split.md || exit; \
		echo "== model path, $$split"; \
		$(BIN)/summarizer eval $(RECORDED) --reports .cache/evals/reports.jsonl --split $$split $(GATED) \
			--baseline evals/baseline/model.$$split.json --markdown .cache/evals/model.$$split.md || exit; \
	done

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
