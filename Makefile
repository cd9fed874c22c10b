# Two commands matter: `make run` and `make test`. Both set up what they need on a fresh machine.
PYTHON ?= python3
EXTRAS ?= [torch]
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Bytecode is kept, for without it every process compiles all that it loads. pip would compile all that there is, most of
# which nothing loads: a minute. What the program loads is compiled when it is installed, what only tests load by them.
export PYTHONDONTWRITEBYTECODE :=
LOADED := numpy textual.app plotext pandas sklearn.preprocessing torch

.PHONY: run test style types fuzz portable soak bench lint venv clean snapshots
.DEFAULT_GOAL := run

run: .venv/.run
	@$(BIN)/gatestep $(ARGS)

# Types are checked beside the tests, for that takes one processor; what is found is printed after them.
test: .venv/.dev style build/typing/gatestep
	@$(MAKE) --no-print-directory types >build/types 2>&1 & types=$$!; \
	$(BIN)/python -m pytest -n 4 --dist loadgroup --no-loadscope-reorder tests $(ARGS); tests=$$?; \
	wait $$types; types=$$?; cat build/types; exit $$((tests || types))

# The numeric tests as on other processors: all combinations, or make portable ARGS="oldest aten-avx2".
portable: .venv/.dev
	$(BIN)/python tests/portable.py $(ARGS)

# A soak test at the screen: 20,000 steps, 2,000 screens, 200 trainings, and every kind of terminal on every screen.
soak: .venv/.dev
	GATESTEP_SOAK=1 $(BIN)/python -m pytest -s --timeout 3600 tests/terminal/test_soak.py \
		tests/terminal/test_matrix.py $(ARGS)

# What strangers may give, by the thousand: bytes, damaged files, conditions, examples of properties.
fuzz: .venv/.dev
	GATESTEP_BYTES=2000 $(BIN)/python -m pytest --timeout 7200 tests/terminal/test_bytes.py $(ARGS)
	GATESTEP_FUZZ=100000 GATESTEP_DAMAGE=20000 $(BIN)/python -m pytest --timeout 7200 -n 2 \
		tests/engine/explain/conditions/test_fuzz.py tests/engine/files/test_damage.py $(ARGS)
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -n 2 --timeout 1200 tests/engine tests/scenarios $(ARGS)

bench: .venv/.dev
	$(BIN)/python tests/bench/budgets.py $(ARGS)

lint: style types

style: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: .venv/.dev build/typing/gatestep
	$(BIN)/mypy $(addprefix build/typing/gatestep/,engine scenarios tui) tests

venv: .venv/.dev

# The pictures in tests/tui, README and docs: look at every one that changed before you commit it.
snapshots: .venv/.dev
	$(BIN)/python -m pytest tests/tui --snapshot-update $(ARGS)

.venv/.python: 
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "gatestep needs Python 3.11 or later: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.run: .venv/.python pyproject.toml constraints.txt
	$(PIP) install --no-compile -c constraints.txt -e '.$(EXTRAS)'
	@for module in $(LOADED); do $(BIN)/python -c "import $$module" 2>/dev/null || true; done
	@touch $@

.venv/.dev: .venv/.run
	$(PIP) install --no-compile -c constraints.txt -e '.[dev]'
	@touch $@

# A type checker reads the top-level folders as gatestep.* through this link; nothing else uses it.
build/typing/gatestep:
	mkdir -p build/typing
	ln -sfn ../.. $@

clean:
	rm -rf .venv build dist *.egg-info
