"""What similar requests were answered with, and how much each trait of a plan counts."""

import numpy as np

from planners.catalogue.sketch.hearing import hear
from planners.catalogue.sketch.recall import Recall
from planners.catalogue.sketch.weighing import learned, standard
from planners.catalogue.sketch.wiring import TRAITS

REQUESTS = [f"cancel the {thing}" for thing in ("train", "room", "flight")] + [
    f"book the {thing} for me" for thing in ("train", "room", "flight", "boat")
]
LABELS = np.array([[1.0, 0.0]] * 3 + [[0.0, 1.0]] * 4)


def recall() -> Recall:
    return Recall([hear(request).terms for request in REQUESTS], LABELS)


def test_a_new_request_is_told_what_those_with_its_words_were() -> None:
    told = recall()(hear("cancel the tram").terms)
    assert told[0] > 0.6 > 0.4 > told[1]


def test_what_is_held_out_is_what_is_told_without_the_request() -> None:
    """The usual share of each label is the one thing that still knows of it."""
    known = recall()
    assert known.held_out[0][0] < known(hear(REQUESTS[0]).terms)[0]


def test_words_stand_where_they_speak_for_something() -> None:
    request = hear("first cancel the train and after that book the boat for me")
    cancel, book = recall().places(request.terms, [0, 1])
    assert cancel < book


def test_a_request_is_as_near_to_itself_as_can_be() -> None:
    near = recall().nearness(hear(REQUESTS[1]).terms)
    assert int(np.argmax(near)) == 1
    assert abs(near[1] - 1) < 1e-5


def test_a_request_of_unknown_words_is_told_what_is_usual() -> None:
    known = recall()
    assert np.allclose(known(hear("zzz").terms), known.usual)


def test_weights_move_towards_what_tells_good_plans_from_bad_ones() -> None:
    steps = TRAITS.index("steps")
    traits = np.zeros((2, len(TRAITS)))
    traits[:, steps] = (1, 2)
    weights = learned([(traits, np.array([0.0, 1.0]))] * 50)
    assert weights[steps] > standard()[steps]
    assert np.array_equal(np.delete(weights, steps), np.delete(standard(), steps))
