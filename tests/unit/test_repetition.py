"""Going in circles is noticed; looking again at something that changes is not going in circles."""

import pytest

from core.errors import GoingInCircles
from core.repetition import Repetition


def after(*calls: tuple[str, object, object], limit: int = 3) -> Repetition:
    repetition = Repetition(limit=limit)
    for call in calls:
        repetition = repetition.after(*call)
    return repetition


def test_the_same_call_with_the_same_result_goes_in_circles():
    call = ("find", {"words": "a  fox ", "most": 2, "kind": None}, "nothing")
    same = ("find", {"most": 2.0, "words": "a fox"}, " nothing\n")
    with pytest.raises(GoingInCircles, match="find was called 3 times"):
        after(call, same, call).check()


def test_a_result_that_changes_is_no_circle():
    repetition = after(*(("stage", {"space": "me/a"}, f"{n} % built") for n in range(10)))
    repetition.check()
    assert repetition.times == 1


def test_two_calls_by_turns_are_a_circle_too():
    one, other = ("read", {"file": "a"}, "x"), ("read", {"file": "b"}, "y")
    assert after(one, other, one, other, one).excessive
    assert not after(one, other, one, other).excessive


def test_an_agent_is_told_before_it_is_stopped():
    call = ("find", {"words": "fox"}, "nothing")
    assert after(call).advice is None
    assert "find was called 2 times" in str(after(call, call).advice)


@pytest.mark.parametrize(
    "other", [("find", {"words": "Fox"}, "r"), ("look", {"words": "fox"}, "r"), ("find", "fox", "r")]
)
def test_another_call_is_another_call(other):
    assert after(("find", {"words": "fox"}, "r"), other).times == 1


def test_arguments_of_any_kind_are_compared():
    odd = ("find", {"a": [{"b": (1, None)}], "c": object}, {"x": "\ud800"})
    assert after(odd, odd).times == 2
