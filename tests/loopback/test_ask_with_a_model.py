"""`ask --model`: the command with a language model in front, over HTTP."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localhub.bundled import FOLDER
from tests.loopback.localhub_fixtures import LocalHub, running_hub
from tests.loopback.scripted_chat import Reply, ScriptedChat, ToolCall

ROOT = Path(__file__).parents[2]
GOAL = "Count the words of this poem: the fog comes on little cat feet"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("hub"), FOLDER, fork=True) as running:
        yield running


def ask(hub: LocalHub, home: Path, chat: ScriptedChat, *more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "HF_ENDPOINT": hub.endpoint, "HF_TOKEN": hub.token}
    command = [sys.executable, str(ROOT / "app.py"), "ask", GOAL, "--model", f"openai:it@{chat.base_url}", *more]
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, timeout=120)


def plan(text: str) -> Reply:
    step = {"id": "count", "title": "Count", "space": "atelier/text-analyst", "endpoint": "/analyse_text"}
    arguments: Any = {"steps": [{**step, "inputs": {"text": text}}], "results": ["count"], "why": "one step"}
    return Reply(tool_calls=[ToolCall("submit_plan", arguments)])


def test_the_model_plans_and_its_words_and_tokens_are_on_record(hub, tmp_path):
    with ScriptedChat([plan("the fog comes on little cat feet")]) as chat:
        done = ask(hub, tmp_path, chat)
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "runs").glob("2*")
    (exchange,) = map(json.loads, (folder / "traces" / "model.jsonl").read_text().splitlines())
    assert exchange["usage"]["tokens_in"] > 0 and GOAL in json.dumps(exchange["question"])
    state = json.loads((folder / "state.json").read_text())
    assert state["plan"]["planner"] == "llm"
    (entry,) = state["ledger"]["entries"].values()
    assert entry["what"] == "the language model" and entry["settled"]["tokens"] > 0
    assert "| the language model |" in (folder / "report.md").read_text()


def test_a_budget_without_room_for_a_question_asks_none(hub, tmp_path):
    with ScriptedChat([]) as chat:
        done = ask(hub, tmp_path, chat, "--tokens", "10")
        assert chat.requests == []
    assert done.returncode == 1 and "does not cover the next request" in done.stderr


def test_a_model_that_cannot_be_reached_is_told_in_one_line(hub, tmp_path):
    with ScriptedChat([Reply(status=402, body={"error": {"message": "no credits"}})]) as chat:
        done = ask(hub, tmp_path, chat)
    last = [line for line in done.stderr.splitlines() if line.startswith("failed: ")]
    assert done.returncode == 1 and last and "402" in last[-1] and "Traceback" not in done.stderr
