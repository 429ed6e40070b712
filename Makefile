# Every command of this project, called alike by people, pre-commit and CI. `make` alone lists them.
# Each target sets up what it needs: Python 3.11 or newer and make are enough.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
HOME_DIR ?= $(or $(SOCIAL_ROI_HOME),var)
HOME_DIR := $(HOME_DIR)
ARGS ?=

.PHONY: help setup demo test conformance lint format docs lock clean fuzz bench-ingest bench-attribution bench-truth bench-nuts bench-night soak soak-nights soak-week up down

help:  ## list these targets
	@echo "make TARGET, where TARGET is one of"
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## / {printf "  %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## create .venv from requirements.lock (PYTHON=/path/to/python picks the interpreter)
	@PYTHON="$(PYTHON)" sh scripts/setup.sh

demo: export SOCIAL_ROI_HOME = $(HOME_DIR)
demo: setup  ## run a whole night through Airflow and print the ROI table (LANDING=folder of your exports, HOME_DIR=var)
	@$(BIN)/social-roi demo --airflow $(if $(LANDING),--landing "$(LANDING)")

test: setup  ## run the tests (ARGS="tests/land -k x" narrows them)
	@$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

up: setup  ## start the scheduled nights on this machine: Postgres, Airflow's API server, scheduler and DAG processor (HOME_DIR=var)
	@$(BIN)/python -m scripts.stack --home "$(HOME_DIR)" up

down: setup  ## end exactly what `make up` started
	@$(BIN)/python -m scripts.stack --home "$(HOME_DIR)" down

conformance: setup  ## sources x checks over every fixture and layout (ARGS="-k tiktok/" narrows them)
	@$(BIN)/pytest tests/conformance $(ARGS)

fuzz: setup  ## damage every fixture in seeded ways and count the outcomes: never a wrong number (ARGS="--each 60 --seed 2")
	@$(BIN)/python scripts/fuzz.py $(ARGS)

soak: setup  ## kill runs, tasks, the scheduler, Postgres at random moments: readers see a whole publication, the next run mends all (ARGS="--kills 200 --services 40")
	@$(BIN)/python -m scripts.soak $(ARGS)

soak-week: setup  ## the stack from nothing, a week of backfills by Airflow's public API alone, one writer, down without a trace (ARGS="--network x")
	@$(BIN)/python -m scripts.soak_week $(ARGS)

soak-nights: setup  ## 30 nights one by one, in one backfill, rebuilt and shuffled: the same tables (ARGS="--nights 7 --checks-each")
	@$(BIN)/python -m scripts.soak_nights $(ARGS)

bench-ingest: setup .venv-bench/done  ## speed and memory of reading a large export beside DuckDB and dlt (ROWS, ROUNDS, FILES, GIGABYTES)
	@ROWS="$(or $(ROWS),1000000)" ROUNDS="$(or $(ROUNDS),5)" FILES="$(or $(FILES),100 1000 10000)" \
		GIGABYTES="$(or $(GIGABYTES),2)" $(BIN)/python benchmarks/bench_ingest.py

.venv-bench/done: benchmarks/requirements.txt
	@$(BIN)/python -m venv .venv-bench
	@.venv-bench/bin/pip install -q -r benchmarks/requirements.txt
	@touch $@

bench-truth: setup  ## what social caused, estimated in worlds whose truth is known, beside naive peers (WORLDS=100, ONLY="part of a row's name")
	@WORLDS="$(or $(WORLDS),100)" ONLY="$(ONLY)" $(BIN)/python -m benchmarks.bench_truth

bench-nuts: setup .venv-bench-nuts/done  ## the fast posterior of the daily series beside NumPyro's NUTS on the same model (FITS=20)
	@FITS="$(or $(FITS),20)" .venv-bench-nuts/bin/python -m benchmarks.nuts_reference

.venv-bench-nuts/done: pyproject.toml
	@$(BIN)/python -m venv .venv-bench-nuts
	@.venv-bench-nuts/bin/pip install -q --editable ".[nuts]"
	@touch $@

bench-night: setup  ## what a night costs: through Airflow, unchanged, a range of DAYS=30, dbt and Great Expectations beside their own (ROUNDS=3, PARTS="airflow range dbt checks")
	@DAYS="$(or $(DAYS),30)" ROUNDS="$(or $(ROUNDS),3)" ROWS="$(or $(ROWS),1000000)" PARTS="$(PARTS)" \
		$(BIN)/python -m benchmarks.bench_night

bench-attribution: setup .venv-bench-ca/done .venv-bench-mam/done  ## attribution beside ChannelAttribution and marketing_attribution_models (JOURNEYS, TOUCHES, HISTORY, ROUNDS, PARTS)
	@JOURNEYS="$(or $(JOURNEYS),1000000)" ROUNDS="$(or $(ROUNDS),5)" PARTS="$(PARTS)" HISTORY="$(or $(HISTORY),1000000)" TOUCHES="$(or $(TOUCHES),1000000 10000000 20000000 50000000)" \
		$(BIN)/python benchmarks/bench_attribution.py

.venv-bench-%/done: benchmarks/requirements-%.txt
	@$(BIN)/python -m venv .venv-bench-$*
	@.venv-bench-$*/bin/pip install -q -r benchmarks/requirements-$*.txt
	@touch $@

lint: export PYTHONWARNINGS := ignore::UserWarning:multiprocessing.resource_tracker
lint: setup  ## check style, types, import order and SQL; changes nothing
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --processes 0 --disable-progress-bar dbt_project/models

format: setup  ## rewrite Python and SQL into the style that lint asks for
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/sqlfluff fix --disable-progress-bar dbt_project/models

docs: setup  ## rewrite the reference pages of docs/ from specs, metrics, settings, verbs and table contracts
	@$(BIN)/python scripts/build_docs.py

lock:  ## recompile requirements.lock from pyproject.toml (UPGRADE=1 takes newer versions)
	@PYTHON="$(PYTHON)" UPGRADE="$(UPGRADE)" sh scripts/lock.sh

clean:  ## remove what these targets built (.venv, caches); never the data in the home folder
	@rm -rf .venv .venv-lock .venv-bench .venv-bench-ca .venv-bench-mam .venv-bench-nuts .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@rm -rf dbt_project/target dbt_project/logs
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Removed .venv and caches. Data in $(HOME_DIR) is untouched."
