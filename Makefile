# make demo: train sample 4.0; make test: all checks; make bench: speed against PyTorch; make lessons: install two
# lessons as a reader does and run their samples. Each sets up .venv first.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test bench lessons clean

demo: .venv/demo
	$(BIN)/dark run 4.0

test: .venv/test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m dark.warmup float32 float64
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal --device standin

bench: .venv/test
	$(BIN)/python benchmarks/train_step.py
	$(BIN)/python benchmarks/ops.py
	$(BIN)/python benchmarks/op_overhead.py

lessons: .venv/made
	$(BIN)/python tools/try_stage.py 1 7

.venv/made:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	touch $@

.venv/demo: .venv/made pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[samples]"
	touch $@

.venv/test: .venv/made pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[test,compare]"
	touch $@ .venv/demo

clean:
	rm -rf .venv
