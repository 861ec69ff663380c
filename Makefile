# The same commands that people and CI run. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help serve book paper site.zip check test quick lint notebooks bench lab browser engines clean
PORT ?= 8000
SIZE ?= letter
BIN := .venv/bin
NO_PYTHON := Python 3.11, 3.12 or 3.13 is needed, and none was found. Install one, or name it: make serve PYTHON=/path/to/python3
NO_NET := The packages could not be fetched (see above). Check the network, then type the same again.

# The first Python of these that is new enough; pip's cache makes a second .venv quick.
define find_python
for p in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
  "$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && { python=$$p; break; }; \
done; [ -n "$$python" ] || { echo "$(NO_PYTHON)" >&2; exit 1; }
endef

help:           ## this list
	@sed -n 's/^\([a-z.]*\): .*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

serve: .venv/ready    ## build the book and serve it; PORT=8080 for another port
	@$(BIN)/alongside serve --port $(PORT)

book: .venv/ready     ## build the book into _build/html
	@$(BIN)/alongside book

paper: .venv/ready    ## the book as a PDF to print, in _build/paper; SIZE=A4 for another paper
	@$(BIN)/alongside paper --size $(SIZE)

site.zip: .venv/ready ## pack the course: unpacked, it opens without a server (_build/site.zip)
	@$(BIN)/alongside site

check: .venv/ready    ## hold chapters, scenes and pages to the rules for authors
	@$(BIN)/alongside check

notebooks: .venv/ready ## write what is generated: notebooks and schemas
	@$(BIN)/alongside schemas && $(BIN)/alongside notebooks

quick: .venv/ready lint ## the inner loop: units, properties, content (under 3 minutes)
	@$(BIN)/alongside check
	@$(BIN)/pytest -q -n 2 --dist loadfile -m "not browser and not lab and not paper and not xapi and not engines" tests

test: .venv/ready .venv-lab/ready .venv-xapi/ready lint browser ## everything: also nbval, the book in a browser, the widget in JupyterLab
	@$(BIN)/alongside check
	@$(BIN)/pytest -q -n 2 --dist loadfile -m "not engines" --nbval --nbval-current-env tests notebooks

lint: .venv/ready     ## style and types
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet . && $(BIN)/mypy --no-error-summary

bench: .venv/ready .venv-bench/ready browser ## the figures, as ratios (about 15 minutes)
	@$(BIN)/python -m benchmarks

browser: .venv/ready  ## find a Chromium for the tests, or install one
	@$(BIN)/python -m tests.chromium

engines: .venv/ready  ## one walk through the quizzes and the record in Firefox and WebKitGTK
	@$(BIN)/python -m tests.engines
	@$(BIN)/pytest -q -m engines tests/engines

lab: .venv-lab/ready  ## try the quizzes in JupyterLab
	@cd notebooks && ../.venv-lab/bin/jupyter lab

clean:          ## take away what was built and installed
	@rm -rf _build .venv .venv-lab .venv-bench .venv-xapi .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/ready: requirements.txt pyproject.toml
	@$(find_python); echo "Setting up .venv (a minute or two, once)"; \
	[ -x $(BIN)/python ] || "$$python" -m venv .venv || exit 1; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt || { echo "$(NO_NET)" >&2; exit 1; }
	@touch $@

.venv-lab/ready: requirements-lab.txt pyproject.toml
	@$(find_python); echo "Setting up .venv-lab (a minute or two, once)"; \
	[ -x .venv-lab/bin/python ] || "$$python" -m venv .venv-lab || exit 1; \
	.venv-lab/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-lab.txt || { echo "$(NO_NET)" >&2; exit 1; }
	@touch $@

.venv-bench/ready: requirements-bench.txt
	@$(find_python); echo "Setting up .venv-bench (a minute or two, once)"; \
	[ -x .venv-bench/bin/python ] || "$$python" -m venv .venv-bench || exit 1; \
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt || { echo "$(NO_NET)" >&2; exit 1; }
	@touch $@

.venv-xapi/ready: requirements-xapi.txt
	@$(find_python); echo "Setting up .venv-xapi (a minute or two, once)"; \
	[ -x .venv-xapi/bin/python ] || "$$python" -m venv .venv-xapi || exit 1; \
	.venv-xapi/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-xapi.txt || { echo "$(NO_NET)" >&2; exit 1; }
	@touch $@
