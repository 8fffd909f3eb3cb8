"""Requirements are resolved against an index, installed nowhere, and said to be unresolved where there is none."""

from collections.abc import Iterator

import pytest

from tests.loopback.package_index import Index, running_index
from tests.unit.preflight_apps import space
from tools.preflight.resolution import resolve


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with running_index() as running:
        yield running


def said(requirements: str, index: str | None) -> list[tuple[str, str]]:
    return [(one.severity, one.message) for one in resolve(space(requirements=requirements), index)]


def test_requirements_that_go_together_are_no_finding(index: Index) -> None:
    assert said("purring>=1\n", index.url) == []


def test_a_version_that_nobody_has_is_an_error(index: Index) -> None:
    ((severity, words),) = said("purring==9\n", index.url)
    assert severity == "error" and "purring==9" in words and index.url not in words


def test_what_does_not_go_with_the_gradio_of_the_card_is_an_error(index: Index) -> None:
    ((severity, words),) = said("gradio==5.0.0\n", index.url)
    assert severity == "error" and "gradio" in words


def test_without_an_index_nothing_is_claimed() -> None:
    assert said("purring\n", None) == [("info", "not resolved: no package index was named")]


def test_an_index_that_is_away_is_no_fault_of_the_space() -> None:
    assert said("purring\n", "http://127.0.0.1:9/simple") == [
        ("info", "not resolved: the package index cannot be reached")
    ]
