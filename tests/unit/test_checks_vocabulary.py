from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from core.checks import Check, vocabulary
from tools.checks.rows import DEFAULTS, FITS, ROWS

MODELS = get_args(get_args(Check)[0])
SHARED = {"check", "severity", "note"}


def fixed(model, key: str) -> bool:
    """A key that may have one value only: it says what is always checked."""
    return str(model.model_fields[key].annotation) == "typing.Literal[False]"


def test_the_prompt_names_every_key_a_plan_may_use_and_no_other():
    *lines, shared = vocabulary().splitlines()
    named = {
        line.partition(":")[0]: {key.partition("(")[0] for key in line.partition(": ")[2].split(", ")} for line in lines
    }
    assert named == {
        model.model_fields["check"].default: {
            key for key in model.model_fields if key not in SHARED and not fixed(model, key)
        }
        for model in MODELS
    }
    assert shared == "every check: severity(error|warn), note"


def test_the_prompt_is_short():
    assert len(vocabulary()) / 4 <= 200


def test_a_choice_and_an_example_are_spelled_out():
    assert 'aspect("16:9")' in vocabulary() and "channels(1|2)" in vocabulary()


def test_every_key_of_every_check_is_about_a_fact():
    keys = {model.model_fields["check"].default: set(model.model_fields) - SHARED for model in MODELS}
    rows = {name: {row.key for row in table} for name, table in ROWS.items()}
    assert rows | {"judge": keys["judge"], "rung": keys["rung"]} == keys


def test_every_check_says_what_it_fits_and_every_default_is_a_key():
    assert set(FITS) | {"file"} == {model.model_fields["check"].default for model in MODELS}
    for name, key, _, _ in (default for defaults in DEFAULTS.values() for default in defaults):
        assert key in {row.key for row in ROWS[name]}


@pytest.mark.parametrize(
    "given",
    [
        {"check": "text", "matches": "a" * 201},
        {"check": "json", "json_schema": {"const": "a" * 8000}},
        {"check": "mesh", "valid": "perhaps"},
    ],
)
def test_a_question_that_is_too_long_or_is_no_choice_is_refused(given):
    with pytest.raises(ValidationError):
        TypeAdapter(Check).validate_python(given)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ({"check": "video", "min_second": 2}, "did you mean 'min_seconds'?"),
        ({"check": "splat", "max_splat": 2}, "did you mean 'max_splats'?"),
        ({"check": "table", "column": ["a"]}, "did you mean 'columns'?"),
    ],
)
def test_a_misspelt_key_is_refused_and_the_near_miss_is_named(given, hint):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Check).validate_python(given)
    assert hint in str(refused.value)
