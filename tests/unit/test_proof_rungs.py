"""Where a Space ends that does not run, and what is wrong with the model behind one that does."""

import pytest

from tools.proof.repository import Behind, Inside
from tools.proof.rungs import model_reasons, standing
from tools.proof.source import Reading

PAGE = "https://hub/spaces/me/space"


@pytest.mark.parametrize(
    ("stage", "rung"),
    [
        ("NO_APP_FILE", "insufficient_information"),
        ("CONFIG_ERROR", "generated"),
        ("BUILD_ERROR", "generated"),
        ("RUNTIME_ERROR", "built"),
        ("PAUSED", "generated"),
        ("SOMETHING_NEW", "generated"),
    ],
)
def test_the_stage_decides(stage, rung):
    found = standing(stage, Inside(), (), PAGE, "it cannot be called")
    assert found.rung == rung and found.reasons[0]


@pytest.mark.parametrize(
    "error",
    [
        "RuntimeError: Found no NVIDIA driver on your system.",
        "No @spaces.GPU function detected during startup",
        "Scheduling failure: unable to schedule",
        "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20 GiB",
        "AssertionError: Torch not compiled with CUDA enabled",
    ],
)
def test_a_machine_that_is_not_enough_is_for_a_person_to_change(error):
    found = standing("RUNTIME_ERROR", Inside(error=error, hardware="cpu-basic"), (), PAGE, "")
    assert found.rung == "manual_hardware_required" and f"{PAGE}/settings" in found.reasons[0]


def test_hardware_that_its_card_asks_for_and_it_has_not_is_a_reason():
    inside = Inside(error="KeyError: 0", hardware="cpu-basic", suggested="a10g-small")
    assert standing("RUNTIME_ERROR", inside, (), PAGE, "").rung == "manual_hardware_required"


def test_a_gate_is_a_blocker():
    found = standing("RUNTIME_ERROR", Inside(error="x"), (Behind(id="me/m", there=True, gated=True),), PAGE, "")
    assert found.rung == "technical_blocker" and "me/m is gated" in found.reasons[0]


def test_the_last_line_of_a_traceback_is_shown():
    found = standing("RUNTIME_ERROR", Inside(error="Traceback:\n  File\nValueError: no\n"), (), PAGE, "")
    assert found.reasons[0].endswith(": ValueError: no")


def test_the_model_of_the_card_is_the_model():
    assert model_reasons(Reading(read=True, models=("me/m",)), ("me/m", "me/vae")) == ()


@pytest.mark.parametrize(
    ("models", "expected", "word"),
    [
        (("you/other",), ("me/m",), "answers with you/other"),
        (("me/m", "you/other"), ("me/m",), "answers with you/other"),
        (("?",), ("me/m",), "unknown origin"),
        (("me/m",), (), "--model-id"),
        (("me/vae",), ("me/m", "me/vae"), "nothing in its program leads"),
    ],
)
def test_another_model_is_named(models, expected, word):
    assert word in " ".join(model_reasons(Reading(read=True, models=models), expected))
