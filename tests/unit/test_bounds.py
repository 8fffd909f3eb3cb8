"""A plan that says nothing about a step still gets the checks that its wiring implies."""

from core.checks import Check, FileCheck, ImageCheck, MeshCheck, TextCheck
from core.nouns import Argument, Call, Endpoint, From, Goal, Kind, Output, Parameter, Plan, Step
from planners.bounds import bounded


def endpoint(kind: Kind, takes: Kind = "text", description: str = "", needs: str = "") -> Endpoint:
    parameter = Parameter(name="given", label="Given", kind=takes, description=needs)
    output = Output(label="Made", kind=kind)
    return Endpoint(name="/make", description=description, parameters=(parameter,), outputs=(output,))


def step(id: str, space: str, given: Argument, checks: tuple[Check, ...] = ()) -> Step:
    call = Call(tool="call_space", arguments={"space": space, "endpoint": "/make", "inputs": {"given": given}})
    return Step(id=id, title=id, call=call, checks=checks)


def checks(
    first: Endpoint, second: Endpoint, goal: str = "a fox", own: tuple[Check, ...] = ()
) -> list[tuple[Check, ...]]:
    steps = (step("one", "me/one", "a fox", own), step("two", "me/two", From(step="one")))
    plan = Plan(steps=steps, results=(From(step="two"),), planner="test")
    known = {("me/one", "/make"): first, ("me/two", "/make"): second}
    return [made.checks for made in bounded(plan, Goal(text=goal), known).steps]


def test_a_file_that_is_read_as_a_picture_has_to_be_one():
    assert checks(endpoint("file"), endpoint("text", takes="image"))[0] == (FileCheck(kind="image"),)


def test_a_kind_that_is_declared_gets_the_usual_checks_of_its_kind():
    assert checks(endpoint("image"), endpoint("model3d", takes="image")) == [(ImageCheck(),), (MeshCheck(),)]


def test_what_the_endpoint_promises_is_expected():
    promising = endpoint("model3d", description="Builds a scene of about 1000 triangles.")
    assert checks(endpoint("text"), promising)[1] == (MeshCheck(min_faces=800),)


def test_what_the_goal_asks_for_is_expected_of_the_result_only():
    found = checks(endpoint("text"), endpoint("text"), goal="Tell of a fox in at least 200 words")
    assert found == [(TextCheck(),), (TextCheck(min_words=200),)]


def test_what_the_plan_asks_for_itself_stays():
    own = (MeshCheck(min_faces=5),)
    assert checks(endpoint("model3d", description="About 1000 triangles."), endpoint("text"), own=own)[0] == own


def test_what_a_reader_says_it_needs_at_least_is_expected_of_what_it_is_given():
    reader = endpoint("model3d", takes="image", needs="The picture must be at least 512 pixels wide.")
    assert checks(endpoint("image"), reader)[0] == (ImageCheck(min_width=512),)


def test_what_a_reader_needs_fills_in_what_the_plan_left_open_and_changes_nothing_else():
    reader = endpoint("model3d", takes="image", description="Needs pictures of at least 512x400 pixels.")
    own = (ImageCheck(min_width=64, max_frames=1),)
    assert checks(endpoint("image"), reader, own=own)[0] == (ImageCheck(min_width=64, max_frames=1, min_height=400),)
