"""What goals the Space factory understands, and how an order is told in words."""

import pytest

from planners.factory.order import Order, order_of

ORDERS = [
    Order(kind="build", id="atelier/shape-classifier"),
    Order(kind="build", id="a/b", namespace="my-team"),
    Order(kind="build", id="a/b", hardware="zero-gpu"),
    Order(kind="build", id="a/b-1.5_x", namespace="me", hardware="cpu", fixed_gpu="t4-small"),
    Order(kind="validate", id="owner/space"),
]


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_an_order_is_read_back_from_its_own_words(order):
    assert order_of(str(order)) == order


@pytest.mark.parametrize(
    "goal",
    [
        "Make a Space for owner/model",
        "please build me a private Space for the model owner/model.",
        "Build a demo of https://huggingface.co/owner/model",
        "Create a Gradio app from owner/model!",
    ],
)
def test_people_say_it_in_several_ways(goal):
    assert order_of(goal) == Order(kind="build", id="owner/model")


@pytest.mark.parametrize(
    "goal",
    [
        "Is owner/space healthy?",
        "Does the Space owner/space still work?",
        "Validate https://huggingface.co/spaces/owner/space",
        "check whether owner/space is working",
        "Test owner/space",
    ],
)
def test_a_question_about_a_space_is_a_test_of_it(goal):
    assert order_of(goal) == Order(kind="validate", id="owner/space")


@pytest.mark.parametrize(
    "goal",
    [
        "",
        "Draw a fox",
        "Create a 3D Paris art gallery with marble floors",
        "Build a Space for owner/model and use it to caption these pictures",
        "Make a space for 12 people",
        "Is there a model/space that draws foxes?",
        "Test owner/space with the words 'good morning' and read the result aloud",
        "Check this picture",
        "Build a Space for this model",
    ],
)
def test_a_goal_that_asks_for_more_or_for_something_else_is_left_to_others(goal):
    assert order_of(goal) is None
