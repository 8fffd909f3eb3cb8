"""What smolagents 1.26 does that ours does differently. When one of these fails, an override can go."""

import functools
from typing import Any

from rich.console import Console
from smolagents import Tool, ToolCallingAgent
from smolagents.monitoring import AgentLogger, LogLevel
from smolagents.utils import AgentError

from tests.scripted_model import Call, ScriptedModel


class Echo(Tool):  # type: ignore[misc]  # smolagents is untyped
    name = "echo"
    description = "Says it again."
    inputs = {"text": {"type": "string", "description": "words", "enum": ["a", "b"]}}
    output_type = "string"

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def forward(self, text: str) -> str:
        self.heard.append(text)
        if text == "fail":
            raise ValueError("it failed")
        return f"said {text}"


def stock(model: ScriptedModel, **more: Any) -> tuple[ToolCallingAgent, Echo]:
    echo = Echo()
    quiet = AgentLogger(level=LogLevel.OFF, console=Console(quiet=True))
    return ToolCallingAgent(tools=[echo], model=model, logger=quiet, max_steps=4, **more), echo


DONE = Call("final_answer", answer="done")


def test_one_failing_call_loses_the_results_beside_it():
    model = ScriptedModel([[Call("echo", text="a"), Call("echo", text="fail")], DONE])
    agent, _ = stock(model)
    agent.run("go")
    assert "said a" not in model.questions[1].text


def test_two_calls_with_the_same_id_become_one():
    model = ScriptedModel([[Call("echo", text="a", call_id="x"), Call("echo", text="b", call_id="x")], DONE])
    agent, echo = stock(model)
    agent.run("go")
    assert echo.heard == ["b"]


def test_results_are_sorted_by_the_words_of_their_ids():
    calls = [Call("echo", text=str(number), call_id=f"call_{number}") for number in (9, 10)]
    model = ScriptedModel([calls, DONE])
    agent, _ = stock(model)
    agent.run("go")
    assert "said 10\nsaid 9" in model.questions[1].text


def test_an_error_repeats_the_arguments_of_the_call():
    model = ScriptedModel([Call("echo", text="fail"), DONE])
    agent, _ = stock(model)
    agent.run("go")
    assert "with arguments {'text': 'fail'}" in model.questions[1].text


def test_an_enumeration_is_not_validated():
    model = ScriptedModel([Call("echo", text="c"), DONE])
    agent, echo = stock(model)
    agent.run("go")
    assert echo.heard == ["c"]


def test_text_that_looks_like_json_is_shown_as_an_object():
    model = ScriptedModel([Call("echo", text='{"a": 1}'), DONE])
    agent, _ = stock(model)
    agent.run("go")
    assert "{'text': {'a': 1}}" in model.questions[1].text


def test_running_out_of_steps_asks_the_model_for_an_answer_without_tools():
    model = ScriptedModel([*[Call("echo", text=str(number)) for number in range(4)], "I made it up."])
    agent, _ = stock(model)
    assert agent.run("go") == "I made it up."
    assert model.questions[4].tools == ()


def test_an_interrupt_before_the_run_is_lost():
    model = ScriptedModel([DONE])
    agent, _ = stock(model)
    agent.interrupt()
    assert agent.run("go") == "done"


def test_a_refusing_partial_as_a_check_ends_the_run():
    def never(answer: Any, memory: Any, agent: Any, reason: str) -> bool:
        raise AgentError("no", agent.logger)

    agent, _ = stock(ScriptedModel([DONE]), final_answer_checks=[functools.partial(never, reason="x")])
    try:
        agent.run("go")
    except AttributeError as error:
        assert "__name__" in str(error)
        return
    raise AssertionError("a partial may be used as a check now")
