"""The local Hub's answers have the keys and types of the real Hub's."""

import re
from typing import Any

import pytest

from tests.loopback.fidelity.furnished import Furnished
from tests.loopback.fidelity.page import ANSWERS
from tests.loopback.fidelity.probes import PROBES
from tests.loopback.fidelity.shape import differences


def test_every_recorded_answer_is_compared() -> None:
    assert sorted(ANSWERS) == sorted(PROBES)


def test_every_recorded_answer_says_where_it_comes_from() -> None:
    kinds = {answer["kind"] for answer in ANSWERS.values()}
    assert all(answer["source"] for answer in ANSWERS.values())
    assert kinds == {"recorded", "openapi", "client model"}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_like_the_recorded_one(name: str, hub: Furnished) -> None:
    recorded = ANSWERS[name]
    answer = PROBES[name](hub)
    assert answer.status_code == recorded["status"], answer.text
    assert "\n".join(found(answer, recorded)) == ""


def found(answer: Any, recorded: dict[str, Any]) -> list[str]:
    """What differs, less what is allowed to, and the allowances that nothing needed."""
    wrong = [f"{name}: {answer.headers.get(name)}" for name in recorded["headers"] if not fits(answer, recorded, name)]
    if "text" in recorded and answer.text != recorded["text"]:
        wrong.append(f"text: {answer.text[:100]}")
    pairs = list(differences(answer.json(), recorded["shape"])) if "shape" in recorded else []
    ours, left_out = recorded.get("ours", {}), recorded.get("left out", {})
    allowed = {("unknown", path) for path in ours} | {("missing", path) for path in left_out}
    wrong += [f"{path or 'the whole'}: {what}" for what, path in dict.fromkeys(pairs) if (what, path) not in allowed]
    return wrong + [f"{path}: allowed, but not {what}" for what, path in sorted(allowed - set(pairs))]


def fits(answer: Any, recorded: dict[str, Any], name: str) -> bool:
    """Whether a header is as the pattern says; of a content type the part before the charset counts."""
    value = answer.headers.get(name, "")
    value = value.partition(";")[0] if name == "content-type" else value
    return bool(re.fullmatch(recorded["headers"][name], value))
