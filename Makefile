# benchlib: every command a user or a developer needs. `make` alone lists them.

MUNICIPALITY ?= Bauskas novads
LANGUAGES    ?= lv,en
OUT          ?= reports
PYTEST_ARGS  ?=

# Of the tests that PYTEST_ARGS chooses, one of the two runs may have none (exit code 5).
none_is_fine = $(if $(PYTEST_ARGS), || [ $$? -eq 5 ])

py := .venv/bin/python
uv := $(py) -m uv

.DEFAULT_GOAL := help
.PHONY: help setup report lab test texts lock bench clean

help:  ## list the commands
	@echo "benchlib: make ..."
	@sed -n 's/^\([a-z]*\):.*##/  \1 #/p' Makefile | awk -F ' # *' '{ printf "%-10s%s\n", $$1, $$2 }'

setup:  ## make or refresh the environment .venv from requirements.lock
	@sh .ci/setup

report: setup  ## write the report of a municipality (MUNICIPALITY="Ogres novads" LANGUAGES=lv OUT=reports)
	@$(py) -m benchlib report "$(MUNICIPALITY)" --lang "$(LANGUAGES)" --out "$(OUT)"

lab: setup  ## open the notebooks in JupyterLab
	@$(py) -m benchlib lab

test: setup  ## everything that CI runs: style, types, tests, notebooks, browser
	$(py) -m ruff check
	$(py) -m ruff format --check
	$(py) -m mypy
	$(py) -m pytest -n 2 --dist loadfile -m "not alone" $(PYTEST_ARGS)$(none_is_fine)
	$(py) -m pytest -m alone $(PYTEST_ARGS)$(none_is_fine)

bench: setup  ## measure the budgets beside a peer (some minutes)
	@$(py) -m benchmarks

texts: setup  ## bring the Latvian texts in step with the code (then translate what it lists)
	@$(py) -m benchlib.reporting.messages

# rfc3987-syntax stays out of the lock: jsonschema[format-nongpl], which JupyterLab asks for, pulls it in, and it compiles
# grammars on import, 2.4 s in every process that imports nbformat. Only the unused "iri" format check goes with it.
# pyproject.toml overrides it away; --no-emit-package drops the line that is left. tests/test_setup.py holds this.
lock: setup  ## resolve pyproject.toml into requirements.lock anew (UV_ARGS=--upgrade takes newer versions)
	@$(uv) pip compile pyproject.toml --quiet --all-extras --universal --generate-hashes --no-emit-index-url \
		--no-emit-package rfc3987-syntax --no-header --no-annotate $(UV_ARGS) -o requirements.lock
	@echo "requirements.lock: $$(grep -c == requirements.lock) packages; make setup installs them"

clean:  ## remove caches and build folders (reports and .venv stay)
	@rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
	@find benchlib benchmarks tests notebooks \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +
