# What a person types; `make` alone lists it. Needs Python 3.11+ and nothing else: everything lands in .venv, with the
# versions and hashes of the lock files. `make PYTHON=python3.13 VENV=/tmp/venv test` tries another interpreter.

PYTHON ?= python3
VENV   ?= .venv
ARGS   ?=

py  := $(VENV)/bin/python
pip := $(py) -m pip --disable-pip-version-check --no-input -qq
# A stamp is newer than its lock file once that is installed, so that a second `make` installs nothing.
run := $(VENV)/.installed-run
dev := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help demo nightly test test-all lint format bench lock train clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: $(run) ## crawl the bundled sample newsroom, show the trends and write a report; no internet needed
	$(py) tests/newsroom/demo.py $(ARGS)

nightly: $(run) ## the same job on watchlist.toml and the real web
	$(VENV)/bin/presswatch nightly $(ARGS)

test: $(dev) ## the tests, without the slow ones; ARGS="-k store" picks
	$(py) -m pytest -q -n 2 -m "not slow" $(ARGS)

test-all: $(dev) ## all tests, also those that build and install
	$(py) -m pytest -q -n 2 $(ARGS)

lint: $(dev) ## ruff, mypy --strict, layers and sizes
	$(py) -m ruff check
	$(py) -m ruff format --check
	$(py) -m mypy
	$(py) -m pytest -q tests/test_layout.py

format: $(dev) ## let ruff mend what it can
	$(py) -m ruff check --fix
	$(py) -m ruff format

.PHONY: docs screenshots
docs: $(dev) ## write today's help texts into docs/cli.md
	$(py) -m tests.test_docs

screenshots: $(dev) ## take the pictures of docs/ again, from the sample newsroom
	$(py) tests/newsroom/screenshots.py

bench: $(dev) ## measure; each benchmark says what it counts
	@for file in benchmarks/*.py; do echo "== $$file"; $(py) "$$file" $(ARGS) || exit 1; done

.PHONY: audit
audit: ## known holes in what is pinned, by pip-audit; asks services on the internet
	@PYTHON=$(PYTHON) .ci/audit

lock: | $(VENV)/bin/pip ## write the lock files from pyproject.toml; ARGS=--upgrade takes newer versions
	$(pip) install uv==0.13.9
	$(compile) --output-file requirements.lock
	$(compile) --output-file requirements-dev.lock --group dev --constraints requirements.lock
	echo pip-audit==2.10.1 | $(py) -m uv --quiet pip compile - --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" $(ARGS) --output-file .ci/audit.lock >/dev/null
# Pins for every supported platform and Python, with the hash of each file, and no word about where they come from.
compile = $(py) -m uv --quiet pip compile pyproject.toml --extra model --group build \
	--universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" $(ARGS) >/dev/null

# Hours on one core. Torch stays out of the lock and of $(VENV): it is larger than everything else together.
train: ## make analysis/tone/weights again; TONE_DATA=folder with newsmtsc_*.jsonl and brandnews.jsonl
	@.ci/venv $(PYTHON) .venv-train
	.venv-train/bin/python -m pip install -q --no-deps --require-hashes -r analysis/tone/training/requirements.txt
	.venv-train/bin/python -m analysis.tone.training --tone-data $(TONE_DATA)

clean: ## remove what can be made again; never data/ or reports/
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# pip is what `python -m venv` makes last: one that was interrupted is made again.
$(VENV)/bin/pip:
	@.ci/venv $(PYTHON) $(VENV)

# The lock is complete, so --no-deps; wheels only, so that no compiler is needed; then ourselves, with the hatchling of
# the lock: nothing is fetched whose hash we do not know.
install = $(pip) install --no-deps --require-hashes --only-binary :all: -r $(1) && \
	$(pip) install --no-deps --no-build-isolation -e .

$(run): requirements.lock pyproject.toml | $(VENV)/bin/pip
	@echo "Installing into $(VENV) from $< ..."
	@$(call install,$<)
	@.ci/pango
	@touch $@

$(dev): requirements-dev.lock pyproject.toml | $(VENV)/bin/pip
	@echo "Installing into $(VENV) from $< ..."
	@$(call install,$<)
	@.ci/pango
	@.ci/chromium
	@.ci/faketime
	@touch $(run) $@
