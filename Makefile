# Every command of this project, called alike by people, pre-commit and CI. `make` alone lists them.
# Each target sets up what it needs: Python 3.11 or newer and make are enough.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
HOME_DIR ?= $(or $(SOCIAL_ROI_HOME),var)
HOME_DIR := $(HOME_DIR)
ARGS ?=

.PHONY: help setup demo test lint format docs lock clean

help:  ## list these targets
	@echo "make TARGET, where TARGET is one of"
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## / {printf "  %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## create .venv from requirements.lock (PYTHON=/path/to/python picks the interpreter)
	@PYTHON="$(PYTHON)" sh scripts/setup.sh

demo: export SOCIAL_ROI_HOME = $(HOME_DIR)
demo: setup  ## run a whole night through Airflow and print the ROI table (LANDING=folder of your exports, HOME_DIR=var)
	@$(BIN)/social-roi demo --airflow $(if $(LANDING),--landing "$(LANDING)")

test: setup  ## run the tests (ARGS="tests/land -k x" narrows them)
	@$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

lint: setup  ## check style, types, import order and SQL; changes nothing
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models

format: setup  ## rewrite Python and SQL into the style that lint asks for
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/sqlfluff fix --disable-progress-bar dbt_project/models

docs: setup  ## rewrite the reference pages of docs/ from specs, metrics, settings, verbs and table contracts
	@$(BIN)/python scripts/build_docs.py

lock:  ## recompile requirements.lock from pyproject.toml (UPGRADE=1 takes newer versions)
	@PYTHON="$(PYTHON)" UPGRADE="$(UPGRADE)" sh scripts/lock.sh

clean:  ## remove what these targets built (.venv, caches); never the data in the home folder
	@rm -rf .venv .venv-lock .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@rm -rf dbt_project/target dbt_project/logs
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Removed .venv and caches. Data in $(HOME_DIR) is untouched."
