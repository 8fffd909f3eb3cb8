# Two commands: `make demo` and `make test`. Both make .venv first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check slow record pictures setup lock clean

demo: setup
	$(BIN)/python app.py ask --local "Create a 3D Paris art gallery with arched windows, marble floors, and impressionist paintings."

# A file's tests stay together: they share a Hub, or a browser.
test: setup
	$(BIN)/python -m pytest -n auto --dist loadfile

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

slow: setup
	$(BIN)/python -m pytest -m slow

# Each session anew: against the local Hub, or with HF_TOKEN against the real one. A script answers for Pi's model.
# Those in which a reader answered need one again: their command stands in their header.
record: setup
	@for cassette in $$(grep -L "openai:reader@" cassettes/*.yaml); do \
		$(BIN)/python -m tests.replay.tide_coder $(BIN)/python app.py record $$cassette || exit 1; \
	done

# The chat page in every state, for people to look at; takes minutes.
pictures: setup
	$(BIN)/python -m tests.browser.pictures .spacewright/pictures

setup: .venv/.installed

.venv/.installed: requirements-dev.txt
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python "$(PYTHON)" .venv && \
		uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements-dev.txt; \
	else \
		$(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt; \
	fi
	@touch $@

# requirements.txt is what a Space installs; requirements-dev.txt adds the tools of the tests.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --no-emit-index-url --no-header --quiet -o requirements.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --no-emit-index-url --no-header --quiet -o requirements-dev.txt

clean:
	rm -rf .venv .spacewright runs .mypy_cache .ruff_cache .pytest_cache
