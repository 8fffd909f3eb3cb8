"""What a step of an agent costs in CPU beyond its model and its tool: ours beside smolagents' own.

    python -m benchmarks.agent_step [--rounds 15]

The model answers at once from memory and the tool adds two numbers, so that what is measured is the loop: the messages,
the calls, the memory, and with ours the way from the agent's thread to the event loop and back. Agents are made anew
for each run, as in the product. Bytes are those of the first request: the system prompt and the tools.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from rich.console import Console
from smolagents import Tool, ToolCallingAgent
from smolagents.models import (
    ChatMessage,
    ChatMessageToolCall,
    ChatMessageToolCallFunction,
    MessageRole,
    Model,
    get_tool_json_schema,
)
from smolagents.monitoring import AgentLogger, LogLevel, TokenUsage

from agents.dialogue.agent import Agent
from agents.dialogue.conversation import converse
from agents.dialogue.desk_tool import DeskTool
from benchmarks import rounds

MOST = 1.5
STEPS = (5, 20)
NUMBER = {"type": "integer", "description": "a number"}


class Adder(Model):  # type: ignore[misc]  # smolagents is untyped
    """Adds until its steps are over, then hands in."""

    def __init__(self, steps: int, last: str) -> None:
        super().__init__(model_id="adder")
        self.steps, self.last, self.asked, self.bytes = steps, last, 0, 0

    def generate(self, messages: list[ChatMessage], tools_to_call_from: Any = None, **more: Any) -> ChatMessage:
        self.asked += 1
        if self.asked == 1:
            tools = json.dumps([get_tool_json_schema(tool) for tool in tools_to_call_from])
            self.bytes = len(tools) + len(messages[0].content[0]["text"])
        done = self.asked == self.steps
        name, arguments = (self.last, {"answer": "5"}) if done else ("add", {"a": self.asked, "b": 2})
        function = ChatMessageToolCallFunction(name=name, arguments=arguments)
        call = ChatMessageToolCall(function=function, id=f"call_{self.asked}", type="function")
        return ChatMessage(role=MessageRole.ASSISTANT, tool_calls=[call], token_usage=TokenUsage(10, 5))


class Add(Tool):  # type: ignore[misc]  # smolagents is untyped
    name = "add"
    description = "Adds two numbers."
    inputs = {"a": NUMBER, "b": NUMBER}
    output_type = "integer"

    def forward(self, a: int, b: int) -> int:
        return a + b


def bare(steps: int) -> Adder:
    model = Adder(steps, "final_answer")
    quiet = AgentLogger(level=LogLevel.OFF, console=Console(quiet=True))
    ToolCallingAgent(tools=[Add()], model=model, max_steps=steps + 1, logger=quiet).run("Add.")
    return model


def ours(steps: int) -> Adder:
    async def add(a: int, b: int) -> str:
        return str(a + b)

    async def hand_in(answer: str) -> str:
        return answer

    async def work() -> Adder:
        model = Adder(steps, "hand_in")
        tools = [
            DeskTool("add", "Adds two numbers.", {"a": NUMBER, "b": NUMBER}, add),
            DeskTool("hand_in", "Hands in.", {"answer": {"type": "string"}}, hand_in),
        ]
        await converse(Agent(model, "You add.", tools, "hand_in", steps + 1), "Add.")
        return model

    with asyncio.Runner() as runner:
        return runner.run(work())


def milliseconds(run: Callable[[int], Adder], steps: int) -> float:
    """CPU of the whole process for one step."""
    begun = time.process_time()
    run(steps)
    return (time.process_time() - begun) / steps * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    rounds.introduce()
    contenders = {"smolagents": bare, "ours": ours}
    sizes = {name: run(2).bytes for name, run in contenders.items()}
    rows, kept = [], []
    for steps in STEPS:
        taken = {name: [0.0] * 0 for name in contenders}
        for _ in range(options.rounds):
            for name, run in contenders.items():
                taken[name].append(milliseconds(run, steps))
        cost = {name: statistics.median(each) for name, each in taken.items()}
        ratio = cost["ours"] / cost["smolagents"]
        rows += [
            (name, str(steps), f"{ms:.2f}", f"{ms / cost['smolagents']:.2f}", str(sizes[name]))
            for name, ms in cost.items()
        ]
        kept.append(rounds.gate(f"CPU a step of {steps} as a multiple of smolagents'", ratio, MOST))
    rounds.table(("agent", "steps", "CPU ms a step", "ratio", "bytes before the task"), rows)
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
