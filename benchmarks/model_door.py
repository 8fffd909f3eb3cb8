"""What the door to language models costs beside smolagents' own: CPU a question, and bytes of it.

    python -m benchmarks.model_door [--rounds 15] [--peers PYTHON]

Each client in a warm process of its own asks the same scripted endpoint, 20 questions a round. PYTHON is an interpreter
that has `openai` beside what this project needs; without it only smolagents' client for Hugging Face takes part.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from smolagents.models import ChatMessage, MessageRole
from smolagents.tools import Tool

from benchmarks import rounds
from tests.loopback.scripted_chat import Reply, ScriptedChat, ToolCall

CLIENTS = {"ours": False, "InferenceClientModel": False, "OpenAIModel": True}
"""Whether it wants the peers' interpreter."""

LARGEST_RATIO, QUESTIONS = 1.5, 20
USAGE = {"prompt_tokens": 500, "completion_tokens": 20}


class Add(Tool):  # type: ignore[misc]  # smolagents is untyped
    name = "add"
    description = "Adds two numbers."
    inputs = {
        "a": {"type": "number", "description": "The first number."},
        "b": {"type": "number", "description": "The second number."},
    }
    output_type = "number"

    def forward(self, a: float, b: float) -> float:
        return a + b


def conversation() -> list[ChatMessage]:
    """What an agent asks at its fifth step, about 5 kB."""
    said = [(MessageRole.SYSTEM, "You are an agent with tools. " * 30)]
    for step in range(5):
        said += [(MessageRole.ASSISTANT, f"Step {step}. " * 20), (MessageRole.USER, "Observation: 12.5 " * 25)]
    return [ChatMessage(role=role, content=[{"type": "text", "text": text}]) for role, text in said]


def client(name: str, base: str) -> Any:  # a smolagents model
    if name == "ours":
        from core.language_model import LanguageModel
        from core.model_spec import ModelSpec

        return LanguageModel(ModelSpec.parse(f"openai:m@{base}"), secret="k")
    if name == "OpenAIModel":
        from smolagents.models import OpenAIModel

        return OpenAIModel("m", base, "k", client_kwargs={"max_retries": 0}, retry=False)
    from smolagents.models import InferenceClientModel

    return InferenceClientModel(base, token="k", retry=False)


def answer(name: str, base: str) -> None:
    """Ask so many questions for each line that comes in; a line with the milliseconds that one of them took."""
    model, messages, tools = client(name, base), conversation(), [Add()]
    for _ in sys.stdin:
        began, before = time.perf_counter(), _cpu()
        for _ in range(QUESTIONS):
            model.generate(messages, tools_to_call_from=tools)
        taken = {"seconds": time.perf_counter() - began, "cpu": _cpu() - before}
        print(json.dumps({what: value / QUESTIONS * 1000 for what, value in taken.items()}), flush=True)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@contextmanager
def process(python: str, name: str, base: str) -> Iterator["subprocess.Popen[str]"]:
    command = [python, "-m", "benchmarks.model_door", "--client", name, base]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=rounds.ROOT
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def turn(running: "subprocess.Popen[str]") -> rounds.Answer:
    assert running.stdin is not None and running.stdout is not None
    running.stdin.write("\n")
    running.stdin.flush()
    taken: rounds.Answer = json.loads(running.stdout.readline())
    return taken


def measure(times: int, peers: str | None) -> dict[str, list[rounds.Answer]]:
    pythons = {name: peers if foreign else sys.executable for name, foreign in CLIENTS.items()}
    reply = Reply(tool_calls=[ToolCall("add", {"a": 1, "b": 2})], usage=USAGE, repeat=-1)
    with ExitStack() as stack:
        chat = stack.enter_context(ScriptedChat([reply]))
        found = {
            name: stack.enter_context(process(python, name, chat.base_url))
            for name, python in pythons.items()
            if python
        }
        answers: dict[str, list[rounds.Answer]] = {name: [] for name in found}
        for number in range(-2, times):
            for name, running in found.items():
                taken = turn(running) | {"bytes": float(chat.requests[-1].headers["content-length"])}
                if number >= 0:
                    answers[name].append(taken)
    return answers


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--client", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.client:
        answer(*options.client)
        return 0
    rounds.introduce()
    answers = measure(options.rounds, options.peers)
    cost = {name: rounds.median(taken, "cpu") for name, taken in answers.items()}
    rows = [
        (name, f"{cost[name]:.2f}", f"{rounds.median(taken):.2f}", f"{rounds.median(taken, 'bytes'):.0f}")
        for name, taken in answers.items()
    ]
    rounds.table(("client", "ms of CPU a question", "ms", "bytes"), rows)
    ratio = cost["ours"] / min(ms for name, ms in cost.items() if name != "ours")
    return 0 if rounds.gate("CPU over the cheapest other", ratio, LARGEST_RATIO) else 1


if __name__ == "__main__":
    sys.exit(main())
