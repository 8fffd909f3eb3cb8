"""The notation in which recorded answers are kept."""

import pytest

from tests.loopback.fidelity.shape import differences

SHAPE = {"id": "sha1", "size?": "integer | null", "tags": ["string"], "more": {"*": {"on": "boolean"}}}
GOOD = {"id": "a" * 40, "tags": ["x"], "more": {"any": {"on": True}}}


def test_a_value_that_fits_has_no_differences() -> None:
    assert list(differences(GOOD, SHAPE)) == []
    assert list(differences(GOOD | {"size": None}, SHAPE)) == []


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"id": "short"}, ("'short' is not sha1", "id")),
        ({"size": True}, ("True is not integer | null", "size")),
        ({"tags": ["x", 3]}, ("3 is not string", "tags[]")),
        ({"tags": {}}, ("dict is not a list", "tags")),
        ({"more": {"any": {}}}, ("missing", "more.*.on")),
        ({"new": 1}, ("unknown", "new")),
        ({"more": []}, ("list is not an object", "more")),
    ],
)
def test_a_value_that_does_not_fit_says_where(change: dict[str, object], difference: tuple[str, str]) -> None:
    assert list(differences(GOOD | change, SHAPE)) == [difference]


def test_a_word_is_told_from_other_words() -> None:
    assert list(differences("job", "=job | =space")) == []
    assert list(differences("task", "=job | =space")) == [("'task' is not =job | =space", "")]
