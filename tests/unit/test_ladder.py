from core.nouns import Attempt, Call, Fault, Step
from planners.ladder import LONGEST_WAIT, SEED_STRIDE, GiveUp, Move, next_move, reseeded


def call(space: str) -> Call:
    return Call(tool="call_space", arguments={"space": space, "inputs": {"seed": 7, "prompt": "a fox"}})


STEP = Step(id="draw", title="Draw", call=call("me/one"), fallbacks=(call("me/two"),), attempts=2)


def failed(rung: int, remedy: str, retry_after: float | None = None) -> Attempt:
    fault = Fault(kind="X", message="it broke", remedy=remedy, retry_after=retry_after)
    return Attempt(number=1, rung=rung, call=STEP.call, fault=fault)


def test_the_first_move_is_the_steps_own_call():
    assert next_move(STEP, []) == Move(0, 0, 0.0)


def test_the_same_call_is_tried_again_before_the_fallback():
    assert next_move(STEP, [failed(0, "again")]) == Move(0, 1, 0.0)
    assert next_move(STEP, [failed(0, "again")] * 2) == Move(1, 0, 0.0)


def test_a_fault_that_only_another_space_can_mend_goes_straight_to_the_fallback():
    assert next_move(STEP, [failed(0, "elsewhere")]) == Move(1, 0, 0.0)


def test_a_busy_space_is_asked_again_when_it_said():
    assert next_move(STEP, [failed(0, "later", 3.0)]) == Move(0, 1, 3.0)


def test_a_space_that_wants_too_much_patience_is_passed_over():
    assert next_move(STEP, [failed(0, "later", LONGEST_WAIT + 1)]) == Move(1, 0, 0.0)


def test_nothing_left_gives_up_with_the_last_reason():
    attempts = [failed(0, "elsewhere"), failed(1, "elsewhere")]
    assert next_move(STEP, attempts) == GiveUp("it broke", replan=True)


def test_a_fault_that_nothing_can_mend_stops_at_once():
    assert next_move(STEP, [failed(0, "stop")]) == GiveUp("it broke", replan=False)


def test_a_space_known_to_be_down_is_not_called():
    assert next_move(STEP, [], broken={"me/one"}) == Move(1, 0, 0.0)
    assert isinstance(next_move(STEP, [], broken={"me/one", "me/two"}), GiveUp)


def test_only_seeds_move_when_a_call_is_made_again():
    again = reseeded(STEP.call, 1)
    assert again.arguments["inputs"] == {"seed": 7 + SEED_STRIDE, "prompt": "a fox"}
    assert reseeded(STEP.call, 0) == STEP.call
