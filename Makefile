# The verbs of this project; each sets up what it needs first. "make" alone lists them.
PYTHON ?= python3 python3.13 python3.12 python3.11 python3.10 /usr/bin/python3 python

# Any Python from 3.8 starts the set-up; one that is already in .venv is the quickest to start.
define bootstrap
@for p in .venv/bin/python $(PYTHON); do \
	$$p -ISc 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null \
		&& exec $$p -IS assistant/bootstrap.py $(1); \
done; \
echo "Python 3.8 or newer is needed to begin. Install it (Debian, Ubuntu: apt install python3-venv;" \
	"macOS: xcode-select --install), then run the same command again." >&2; exit 1
endef

.PHONY: help run train test test-all test-rest evaluate bench facts widget check audit sbom fuzz install ready

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' Makefile

run: ## set up, train what changed, serve (PORT=5005 HOST=127.0.0.1)
	$(call bootstrap,run)

train: ## set up and train, changed or not
	$(call bootstrap,train --always)

# Two at a time, a file by one of them: most tests wait for a server that starts.
TOGETHER = -n 2 --dist loadfile

test: ready ## set up and run all fast tests
	@.venv/bin/python -m pytest -m "not slow and not browser" $(TOGETHER)

test-all: ready ## every test: slow, browser and real servers too
	@.venv/bin/python -m pytest $(TOGETHER)

test-rest: ready ## what make test leaves out: slow, browser and real servers
	@.venv/bin/python -m pytest -m "$(or $(MARK),slow or browser)" $(TOGETHER) $(WHAT)

evaluate: ready ## score the bot on labelled messages (EVAL_DIR=FOLDER: on yours)
	@.venv/bin/python -m evaluation

bench: ready ## measure speed and memory (PART=scale: several processes, growth; PART=overload …)
	@.venv/bin/python -m benchmarks$(if $(PART),.$(PART))

facts: install ## render the fact book into fact-book/ (FOLDER=…)
	@.venv/bin/python -m baclofen facts $(or $(FOLDER),fact-book)

widget: install ## build the chat widget anew; Node comes from PyPI into .cache/node
	@.venv/bin/python -m assistant.widget_build

check: install ## lint, format, types and the data
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy --strict baclofen
	@.venv/bin/python -m baclofen check

audit: install ## locked packages against published advisories; ends with 2 when none can be reached
	@.venv/bin/python -m security audit

sbom: install ## write the bill of materials, sbom.json (CycloneDX)
	@.venv/bin/python -m security sbom

fuzz: ready ## send 10,000 bad requests to every endpoint of a bot of its own
	@.venv/bin/python -m security fuzz

install: ## set up everything the tests need, without training
	$(call bootstrap,install --dev)

ready: # set-up with the test tools, models up to date
	$(call bootstrap,train --dev)
