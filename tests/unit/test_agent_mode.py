"""Sub-agents led by a language model: who decides what, and what is believed."""

import asyncio
import re
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from smolagents.models import Model

from agents.agent_mode import AgentMode, Manner
from agents.dialogue.conversation import Unfinished
from agents.dialogue.desk_tool import Refused
from agents.manners import led as led_by_a_model
from agents.manners import with_task
from agents.space_deployer import SpaceDeployer
from core.artifacts import ArtifactStore
from core.errors import ConsentMissing, HubFailure
from core.events import CallProgressed, Event
from core.factory import CardFacts
from core.hub import Hub
from core.nouns import Argument, Artifact, Frozen, Origin
from core.scope import Scope
from tests.scripted_model import Call, Question, Said, ScriptedModel
from tools.artifact_tool import ArtifactTool, Effect
from tools.cards.document import Document

TOGETHER = 8
ROUNDS = 100


class Measured(Frozen):
    subject: str
    lens: str


class Camera(ArtifactTool):
    """A routine that takes a picture of what it is told, and fails where it is told so."""

    name = "camera"
    description = "Measures a subject."
    effect: ClassVar[Effect] = "spend"
    inputs: ClassVar[dict[str, dict[str, Any]]] = {
        "subject": {"type": "string", "description": "what"},
        "lens": {"type": "string", "description": "how", "nullable": True},
        "namespace": {"type": "string", "description": "whose", "nullable": True},
    }

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[dict[str, Any]] = []
        self.begun, self.ended = threading.Event(), threading.Event()

    async def question(self, arguments: Mapping[str, Argument]) -> str | None:
        return f"may {arguments['subject']} be measured?"

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        self.calls.append(arguments)
        match arguments["subject"]:
            case "nothing":
                raise HubFailure("there is nothing of that name")
            case "secret":
                raise ConsentMissing("nobody said yes")
            case "forever":
                await self._wait()
        value = {"subject": arguments["subject"], "lens": arguments.get("lens") or "plain"}
        wrong = {"picture": "of nobody"} if arguments.get("lens") == "broken" else value
        return (scope.artifacts.keep_value(wrong, "json", scope.title, Origin(tool=self.name)),)

    async def _wait(self) -> None:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()


def scope_in(folder: Path, mention: Callable[[Event], None] = lambda event: None) -> Scope:
    async def announce(event: Event) -> None:
        mention(event)

    return Scope("step", "title", None, 1, 60.0, ArtifactStore(folder), announce, mention)


def led(model: Model, camera: Camera | None = None, **more: Any) -> AgentMode:
    return AgentMode(camera or Camera(), Manner("You test.", Measured, free=("lens",)), lambda: model, **more)


async def measured(folder: Path, *script: Said, camera: Camera | None = None, **arguments: Any) -> Any:
    """The answer, with a script that must be used up."""
    with ScriptedModel(script) as model:
        (artifact,) = await led(model, camera).work(scope_in(folder), **arguments)
    return artifact.value


async def test_in_agent_mode_it_is_the_same_tool_and_asks_the_same_consent():
    mode, routine = led(ScriptedModel([])), Camera()
    assert (mode.name, mode.inputs, mode.effect) == (routine.name, routine.inputs, "spend")
    assert await mode.question({"subject": "a fox"}) == "may a fox be measured?"


async def test_the_answer_is_the_result_that_the_model_chose(tmp_path):
    script = (Call("try_it"), Call("try_it", lens="wide"), Call("hand_in", result=2))
    assert await measured(tmp_path, *script, subject="a fox") == {"subject": "a fox", "lens": "wide"}


async def test_what_the_caller_said_stands_whatever_the_model_says(tmp_path):
    camera = Camera()
    script = (
        Call("try_it", subject="a bank", namespace="evil"),
        Call("try_it", lens="wide"),
        Call("hand_in", result=1),
    )
    await measured(tmp_path, *script[1:], camera=camera, subject="a fox", namespace="me")
    assert camera.calls == [{"lens": "wide", "subject": "a fox", "namespace": "me"}]
    with ScriptedModel([script[0], Call("try_it", lens="wide"), Call("hand_in", result=1)]) as model:
        await led(model, camera).work(scope_in(tmp_path), subject="a fox")
    assert "Argument subject is not in the tool's input schema" in model.questions[1].last
    assert camera.calls[1:] == [{"lens": "wide", "subject": "a fox"}]


async def test_a_result_that_nobody_made_or_that_does_not_fit_is_not_taken(tmp_path):
    script = [
        Call("hand_in", result=1),
        Call("try_it", lens="broken"),
        Call("hand_in", result=1),
        Call("try_it"),
        Call("hand_in", result=2),
    ]
    with ScriptedModel(script) as model:
        await led(model).work(scope_in(tmp_path), subject="a fox")
    assert "there is no result 1" in model.questions[1].last
    assert "this result is no Measured" in model.questions[3].last


async def test_running_out_of_steps_is_a_failure_and_no_answer(tmp_path):
    with ScriptedModel([Call("try_it", lens=str(n)) for n in range(3)]) as model, pytest.raises(Unfinished):
        await led(model, most_steps=3).work(scope_in(tmp_path), subject="a fox")


async def test_what_kept_the_routine_from_any_result_is_told_instead(tmp_path):
    with (
        ScriptedModel([Call("try_it"), "I am sorry."]) as model,
        pytest.raises(HubFailure, match="nothing of that name"),
    ):
        await led(model, most_steps=2).work(scope_in(tmp_path), subject="nothing")


async def test_the_routine_is_at_work_only_so_often(tmp_path):
    camera = Camera()
    script = [*(Call("try_it", lens=str(n)) for n in range(5)), Call("hand_in", result=4)]
    await measured(tmp_path, *script, camera=camera, subject="a fox")
    assert len(camera.calls) == 4


async def test_missing_consent_ends_it(tmp_path):
    with ScriptedModel([Call("try_it")]) as model, pytest.raises(ConsentMissing):
        await led(model).work(scope_in(tmp_path), subject="secret")


async def test_every_step_is_an_event_with_its_tokens(tmp_path):
    events: list[Event] = []
    with ScriptedModel([Call("try_it"), Call("hand_in", result=1)], tokens=(1000, 20)) as model:
        await led(model).work(scope_in(tmp_path, events.append), subject="a fox")
    await asyncio.sleep(0)
    told = [event.text for event in events if isinstance(event, CallProgressed)]
    assert told == ["camera: try_it; 1,020 tokens", "camera: hand_in; 1,020 tokens"]


async def test_cancelled_with_the_run_it_stops_the_routine_within_a_second(tmp_path):
    camera = Camera()
    work = led(ScriptedModel([Call("try_it")]), camera).work(scope_in(tmp_path), subject="forever")
    task = asyncio.ensure_future(work)
    assert await asyncio.to_thread(camera.begun.wait, 10)
    cancelled = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(camera.ended.wait, 1)
    assert time.monotonic() - cancelled < 1


def careful(question: Question) -> Said:
    """Looks, tries twice and hands the second result in; every word of its own comes from what it was told."""
    subject = re.findall(r'"subject": "([^"]+)"', question.text)[-1]
    results = question.text.count("\nresult ") + question.text.count(": result ")
    if results < 2:
        return Call("try_it", lens=f"{subject} {results}")
    return Call("hand_in", result=2)


async def test_eight_side_by_side_never_mix_their_work(tmp_path):
    model, camera = ScriptedModel(careful), Camera()
    mode = led(model, camera)
    mixed = 0
    for number in range(ROUNDS):
        subjects = [f"subject {number}.{place}" for place in range(TOGETHER)]
        made = await asyncio.gather(*(mode.work(scope_in(tmp_path), subject=subject) for subject in subjects))
        expected = [{"subject": subject, "lens": f"{subject} 1"} for subject in subjects]
        mixed += [artifact.value for (artifact,) in made] != expected
    assert mixed == 0
    assert len(model.questions) == ROUNDS * TOGETHER * 3


def test_of_the_crews_tools_only_the_sub_agents_are_led():
    hub, routine = Hub("http://127.0.0.1:1", None), Camera()
    tools: dict[str, ArtifactTool] = {"camera": routine, "space_deployer": SpaceDeployer(hub)}
    made = led_by_a_model(tools, hub, None, lambda: ScriptedModel([]))  # type: ignore[arg-type]  # nothing is inspected
    assert made["camera"] is routine
    assert isinstance(made["space_deployer"], AgentMode)
    assert (made["space_deployer"].effect, made["space_deployer"].gives) == ("write", SpaceDeployer.gives)


CARD = Document("---\nlicense: mit\n---\n# Fox\nThis model tells foxes from wolves in photographs.\n")
FACTS = CardFacts(model="me/fox", task=None)


def test_a_task_that_the_model_names_rests_on_a_line_of_the_card():
    told = {"task": "image-classification", "line": "tells foxes from wolves in photographs"}
    facts = with_task(FACTS, told, CARD)
    assert isinstance(facts, CardFacts)
    assert (facts.task, facts.confidence, facts.evidence["task"].where) == ("image-classification", 0.5, "README.md:5")


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"task": "image-clasification", "line": "tells foxes from wolves"}, "did you mean image-classification"),
        ({"task": "image-classification", "line": "it classifies images very well"}, "do not stand in one line"),
        ({"task": "image-classification", "line": "Fox"}, "do not stand in one line"),
        ({"task": "image-classification"}, "do not stand in one line"),
    ],
)
def test_a_task_that_is_none_or_rests_on_nothing_is_refused(told, reason):
    with pytest.raises(Refused, match=reason):
        with_task(FACTS, told, CARD)
