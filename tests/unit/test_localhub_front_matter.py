"""The front matter of a card comes from anybody: it is read as plain JSON values, or refused in one sentence."""

import json
import time

import pytest

from localhub.repositories import card

BOMB = "\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8))])
MERGES = "\n".join(["a0: &a0 {k: v}", *(f"a{n}: &a{n} {{<<: [{','.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 8))])


def read(front: str) -> dict[str, object]:
    return card.read(f"---\n{front}\n---\n# Title\n".encode())


@pytest.mark.parametrize(
    ("front", "value"),
    [
        ("x: .nan", {"x": None}),
        ("x: [.inf, -.inf]", {"x": [None, None]}),
        ("2020-01-01: x", {"2020-01-01": "x"}),
        ("x: 2020-01-01", {"x": "2020-01-01"}),
        ("!!binary aGk=: x", {"aGk=": "x"}),
        ("x: !!set {b, a}", {"x": ["a", "b"]}),
        ("~: 1\ntrue: 2\n1.5: 3", {"null": 1, "true": 2, "1.5": 3}),
        ("a: &a {b: 1}\nc: {<<: *a, d: 2}", {"a": {"b": 1}, "c": {"b": 1, "d": 2}}),
        ("a: &a [1]\nb: *a\nc: *a", {"a": [1], "b": [1], "c": [1]}),
    ],
)
def test_whatever_yaml_has_is_told_as_json(front: str, value: dict[str, object]) -> None:
    assert read(front) == value
    json.dumps(read(front), allow_nan=False).encode()


@pytest.mark.parametrize(
    "front",
    [
        *("a: &a [*a]", "x: *missing", 'x: "\\ud800"', "x: 0x" + "f" * 20_000, "x: " + "[" * 3000 + "]" * 3000),
        *("x: !!bool q", "x: !!int ''", "x: 2020-99-99", "x: !!timestamp q", "x: !!python/object:os.system {}", BOMB),
        *("? {a: b}\n: c", "x: " + "y" * 70_000, MERGES, "x: [\n"),
    ],
    ids=range(15),
)
def test_what_cannot_be_told_is_refused_at_once(front: str) -> None:
    began = time.monotonic()
    with pytest.raises(card.CardError, match="front matter"):
        read(front)
    assert time.monotonic() - began < 5  # milliseconds, on a machine that has them; what grows would take hours


def test_a_long_readme_may_follow_a_short_card() -> None:
    assert card.read(b"---\ntitle: x\n---\n" + b"text\n" * 100_000) == {"title": "x"}
