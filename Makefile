# The hip rotation tracker: `make help` lists what there is.
# Choose another Python with `make PYTHON=python3.12 ...`; `make clean` before changing it.

# The first Python that all packages have ready-made builds for; later ones than 3.13 need a C++ compiler.
SUITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(firstword $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c '$(SUITS)' 2>/dev/null && echo $$python; done) python3)
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
INSTALLED := .venv/.installed
INSTALLED_DEV := .venv/.installed-dev
AXE := .cache/page-tests/.installed

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help demo test test-long test-app test-bluez test-c-cross check validate bench screenshots c-constants words lock clean

help:
	@echo "make demo          install, then show the whole program on simulated sensors (folder: demo)"
	@echo "make test          run the tests; ARGS='-k week' runs some"
	@echo "make test-long     run those that take longer: commands as a person calls them, sessions in real time"
	@echo "make test-app      try the page in a browser; needs Chromium and npm"
	@echo "make test-bluez    try the program on real BlueZ, in a virtual machine; Linux; ARGS='stream' runs some"
	@echo "make test-c-cross  try the C encoder for sensors on other processors (PowerPC, ARM), emulated"
	@echo "make check         style, types and layers"
	@echo "make validate      try how right the program is, and write docs/validation.md; some minutes"
	@echo "make bench         measure what the program costs"
	@echo "make screenshots   make pictures of every page (folder: docs/screenshots); needs Chromium"
	@echo "make c-constants   write the constants of the C encoder anew from the Python definitions"
	@echo "make words         bring the page's catalogues of words in line, and say what has no translation"
	@echo "make lock          write requirements/ anew; UPGRADE=1 takes the newest versions"
	@echo "make clean         remove .venv, caches and the demonstration"
	@echo
	@echo "Each sets up what it needs in .venv, once. PYTHON=python3.12 chooses the Python."

demo: $(INSTALLED)
	@$(BIN)/tracker demo --folder demo

test: $(INSTALLED_DEV)
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m "not long and not browser" $(ARGS)

test-long: $(INSTALLED_DEV)
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m long $(ARGS)

test-app: $(INSTALLED_DEV) $(AXE)
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m browser tests/app $(ARGS)

test-bluez: $(INSTALLED_DEV)
	@PYTHONPATH=tests/sensing $(BIN)/python tests/bluez/run_bluez.py $(ARGS)

test-c-cross: $(INSTALLED_DEV)
	@C_TARGETS=cross $(BIN)/python -m pytest -q \
		$(addprefix tests/firmware_protocol/,test_c_encoder.py test_c_messages.py) || [ $$? -eq 5 ] # 5: nothing to try

check: $(INSTALLED_DEV)
	@echo "Checking style, types and layers ..."
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo
	@echo "All checks passed."

validate: $(INSTALLED_DEV)
	@$(BIN)/python tests/validation/write_report.py

bench: $(INSTALLED_DEV)
	@$(BIN)/python tests/benchmarks/run.py

screenshots: $(INSTALLED_DEV)
	@$(BIN)/python tests/app/make_screenshots.py

c-constants: $(INSTALLED_DEV)
	@$(BIN)/python tests/firmware_protocol/write_c_constants.py

words: $(INSTALLED_DEV)
	@$(BIN)/python tests/app/words/write_words.py

lock: .venv/.made
	@echo "Writing requirements/ ..."
	@$(PIP) install --require-hashes -r requirements/lock.txt
	@$(COMPILE) -o requirements/lock.txt --group lock
	@$(COMPILE) -o requirements/build.txt --group build
	@$(COMPILE) -o requirements/base.txt pyproject.toml
	@$(COMPILE) -o requirements/all.txt pyproject.toml --extra all -c requirements/base.txt
	@$(COMPILE) -o requirements/dev.txt pyproject.toml --extra all --group dev --group build \
		-c requirements/all.txt -c requirements/build.txt

clean:
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .cache demo
	@find firmware_protocol tracker tests recordings -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written when an installation is complete; it is done again when its requirements change.

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or later is needed; '$(PYTHON)' is not that."; \
		echo "Install one, or choose it: make PYTHON=python3.12 ..."; exit 1; } >&2
	@echo "Setting up .venv with $(PYTHON) ..."
	@$(PYTHON) -m venv .venv || { \
		echo "Python cannot make a virtual environment (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@touch $@

$(INSTALLED): .venv/.made requirements/all.txt requirements/build.txt pyproject.toml
	@echo "Installing what the program needs; the first time this takes a minute or two ..."
	@$(PIP) install --require-hashes -r requirements/all.txt -r requirements/build.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(INSTALLED_DEV): .venv/.made requirements/dev.txt pyproject.toml
	@echo "Installing what development needs; the first time this takes a minute or two ..."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $(INSTALLED) $@

$(AXE): $(addprefix tests/app/,package.json package-lock.json .npmrc)
	@command -v npm >/dev/null || { echo "npm is needed to try the page (on Debian: apt install npm)." >&2; exit 1; }
	@mkdir -p $(@D)
	@cp $^ $(@D)
	@npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --silent
	@touch $@
