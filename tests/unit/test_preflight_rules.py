"""Each rule for a generated Space finds its fault and says nothing about a sound one."""

import pytest

from tests.unit.preflight_apps import (
    APP,
    APP_FAULTS,
    FACTS,
    RAW,
    README,
    README_FAULTS,
    REQUIREMENT_FAULTS,
    REQUIREMENTS,
    put,
    space,
)
from tools.preflight.lint import lint
from tools.preflight.rules import RULES


def faults(table: dict[str, tuple[object, ...]]) -> list[object]:
    return [
        pytest.param(rule, change, id=f"{rule}-{n}") for rule, all_ in table.items() for n, change in enumerate(all_)
    ]


def rules(found: object) -> set[str]:
    return {finding.rule for finding in found}  # type: ignore[attr-defined]


def test_there_are_forty_four_rules_and_each_says_what_to_do() -> None:
    assert (len(RULES), all(rule.fix for rule in RULES.values())) == (44, True)


def test_a_sound_space_breaks_no_rule() -> None:
    assert lint(space(), FACTS) == ()


@pytest.mark.parametrize(("rule", "change"), faults(APP_FAULTS))
def test_a_fault_in_the_app_is_found(rule, change) -> None:
    assert rule in rules(lint(space(app=change(APP)), FACTS))


@pytest.mark.parametrize(("rule", "change"), faults(REQUIREMENT_FAULTS))
def test_a_fault_in_the_requirements_is_found(rule, change) -> None:
    assert rules(lint(space(requirements=change(REQUIREMENTS)), FACTS)) == {rule}


@pytest.mark.parametrize(("rule", "change"), faults(README_FAULTS))
def test_a_fault_in_the_front_matter_is_found(rule, change) -> None:
    found = rules(lint(space(readme=change(README)), FACTS))
    assert rule in found and all(name.startswith("RM") for name in found)


def test_a_film_needs_expandable_memory() -> None:
    film = FACTS.model_copy(update={"task": "text-to-video"})
    told = put(
        "import spaces\n",
        'import os\n\nos.environ["PYTORCH_CUDA_ALLOC_CONF"] = "expandable_segments:True"\nimport spaces\n',
    )
    late = put("MODEL =", 'import os\n\nos.environ["PYTORCH_CUDA_ALLOC_CONF"] = "expandable_segments:True"\nMODEL =')
    assert [rules(lint(space(app=app), film)) for app in (APP, told(APP), late(APP))] == [{"ZG021"}, set(), {"ZG021"}]


def test_a_large_model_may_start_slowly() -> None:
    large = FACTS.model_copy(update={"memory_gb": 40})
    slow = README.replace("sdk: gradio", "sdk: gradio\nstartup_duration_timeout: 1h")
    assert rules(lint(space(), large)) == {"RM006"}
    assert lint(space(readme=slow), large) == ()


def test_a_large_gpu_is_right_for_a_large_model() -> None:
    large = FACTS.model_copy(update={"hardware": "zero-gpu-xlarge"})
    assert lint(space(app=put("duration=60", 'duration=60, size="xlarge"')(APP)), large) == ()


@pytest.mark.parametrize(
    "returned",
    [
        "states",
        "states.mean(dim=1)",
        '{"vector": [states[0]]}',
        "torch.softmax(states, dim=-1)",
        "model(**inputs).last_hidden_state",
    ],
)
def test_a_tensor_of_the_gpu_is_not_given_back(returned: str) -> None:
    app = RAW.replace("states.mean(dim=1)[0].cpu().tolist()", returned)
    assert (rules(lint(space(app=RAW), FACTS)), "ZG008" in rules(lint(space(app=app), FACTS))) == (set(), True)


def test_python_that_does_not_parse_is_said_with_its_line() -> None:
    (found,) = lint(space(app=APP + "def ("), FACTS)
    assert (found.rule, found.severity, found.where) == ("import", "error", f"app.py:{len(APP.splitlines()) + 1}")


def test_a_space_without_any_file_is_no_crash() -> None:
    empty = space().model_copy(update={"files": {}})
    assert {"RM001", "PH001"} <= rules(lint(empty, FACTS))


def test_modules_of_the_space_are_followed() -> None:
    loading = (
        "from diffusers import DiffusionPipeline\n\n"
        'pipe = DiffusionPipeline.from_pretrained("someone/painter").to("cuda")\n'
    )
    app = APP.replace("from diffusers import DiffusionPipeline\n", "from engine import pipe\n").replace(
        'pipe = DiffusionPipeline.from_pretrained(MODEL, torch_dtype=torch.bfloat16).to("cuda")\n', ""
    )
    assert lint(space(app=app, **{"engine.py": loading}), FACTS) == ()
