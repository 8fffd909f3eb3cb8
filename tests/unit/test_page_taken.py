"""How little of a plan a wish changes."""

from typing import Any

from core.nouns import Call, From, Plan, Step
from window.page.taken import least_changed


def step(id: str, title: str = "", **inputs: Any) -> Step:
    arguments = {"space": f"a/{id}", "endpoint": "/run", "inputs": inputs}
    return Step(id=id, title=title or id, call=Call(tool="call_space", arguments=arguments))


def plan(*steps: Step) -> Plan:
    return Plan(steps=steps, results=(From.model_validate({"from": steps[-1].id}),), planner="p")


def inputs(made: Plan, id: str) -> Any:
    return made.step(id).call.arguments["inputs"]


GOAL = "a gallery with marble floors"
WISHED = f"{GOAL}, warmer light"


def test_a_setting_that_takes_the_wish_up_leaves_the_words_of_other_steps_as_they_were():
    before = plan(step("room", prompt=GOAL, light="cool"), step("paintings", prompt=GOAL))
    after = plan(step("room", prompt=WISHED, light="warm"), step("paintings", prompt=WISHED))
    made = least_changed(after, before, "warmer light")
    assert inputs(made, "room") == {"prompt": WISHED, "light": "warm"}
    assert made.step("paintings") == before.step("paintings")


def test_without_a_setting_the_step_that_speaks_of_it_takes_the_wish():
    before = plan(step("room", prompt=GOAL), step("lamp", "Set the light", prompt=GOAL))
    after = plan(step("room", prompt=WISHED), step("lamp", "Set the light", prompt=WISHED))
    made = least_changed(after, before, "warmer light")
    assert made.step("room") == before.step("room") and inputs(made, "lamp") == {"prompt": WISHED}


def test_a_wish_that_no_step_speaks_of_goes_to_the_first_that_takes_words():
    before = plan(step("room", prompt=GOAL), step("frame", prompt=GOAL))
    made = least_changed(plan(step("room", prompt=WISHED), step("frame", prompt=WISHED)), before, "warmer")
    assert inputs(made, "room") == {"prompt": WISHED} and made.step("frame") == before.step("frame")


def test_other_words_altogether_are_no_repetition():
    before = plan(step("room", prompt=GOAL), step("frame", prompt=GOAL))
    after = plan(step("room", prompt="an empty hall"), step("frame", prompt="an empty hall"))
    assert least_changed(after, before, "no gallery") == after


def test_a_step_that_is_new_stays():
    before = plan(step("room", prompt=GOAL))
    after = plan(step("room", prompt=WISHED), step("music", prompt=WISHED))
    assert inputs(least_changed(after, before, "with music"), "music") == {"prompt": WISHED}


def test_what_chance_made_of_it_stays_as_it_was():
    before = plan(step("room", prompt=GOAL, seed=7))
    made = least_changed(plan(step("room", prompt=WISHED, seed=8)), before, "warmer light")
    assert inputs(made, "room") == {"prompt": WISHED, "seed": 7}
