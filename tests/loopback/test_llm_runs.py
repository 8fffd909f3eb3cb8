"""A whole run planned by a language model over HTTP: the model, the Hub and the Space are servers on loopback."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.events import ConsentAsked
from core.hub import Hub
from core.journal import Journal
from core.language_model import LanguageModel
from core.meter import Meter
from core.model_spec import ModelSpec
from core.nouns import Cost, Goal, Plan
from core.record import Runs
from core.run import Run
from core.transport import Transport
from planners.cache import Cache
from planners.catalogue.planner import CataloguePlanner
from planners.crew import Crew
from planners.llm.planner import make_planner
from planners.llm.shortlist import shortlist_by
from planners.runner import Runner
from planners.validation import validate
from tests.loopback.hostile_space import HostileSpace, hostile_space
from tests.loopback.scripted_chat import Reply, ScriptedChat, ToolCall
from tests.loopback.small_hub import SmallHub, small_hub
from tools.call_space import CallSpace
from tools.catalogue import Catalogue
from tools.checks.laboratory import Laboratory

GOAL = "Say it in a fine way"
TOKEN = "hf_" + "S" * 30


@dataclass
class World:
    hub: SmallHub
    space: HostileSpace
    catalogue: Catalogue
    runs: Runs

    async def pursue(self, chat: ScriptedChat, goal: str = GOAL, meter: Meter | None = None) -> Run:
        caller = CallSpace(self.catalogue)

        async def review(plan: Plan, run: Run) -> tuple[tuple[str, ...], tuple[Cost, ...]]:
            return await validate(plan, self.catalogue.read, {"call_space": caller.inputs}), ()

        async def nobody(asked: ConsentAsked) -> bool:
            return False

        spec = ModelSpec.parse(f"openai:scripted@{chat.base_url}")
        by_words = CataloguePlanner(self.catalogue)
        planner = make_planner(
            lambda: LanguageModel(spec, meter=meter),
            self.catalogue,
            shortlist_by(by_words, self.catalogue),
            review,
            {"call_space": caller},
            namespace=self.catalogue.hub.namespace,
        )
        crew = Crew({"call_space": caller}, Laboratory(), Cache(self.runs), nobody, consented=False, local=True)
        folder = self.runs.begin(goal)
        journal = Journal(folder.path)
        try:
            return await Runner(planner, "llm", review, crew, self.hub.endpoint).pursue(
                folder, journal, Goal(text=goal)
            )
        finally:
            journal.close()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with small_hub() as hub, Transport(loopback=True) as transport, hostile_space() as space:
        hub.add("they/speaker", space.host)
        catalogue = Catalogue(Hub(hub.endpoint, TOKEN), transport, tmp_path / "cache")
        yield World(hub, space, catalogue, Runs(tmp_path / "runs"))


def step(id: str, endpoint: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "space": "they/speaker", "endpoint": endpoint, "inputs": {"text": "a fox"}, **more}


def submit(*steps: dict[str, Any], results: Sequence[str] = ("say",)) -> Reply:
    return Reply(tool_calls=[ToolCall("submit_plan", {"steps": list(steps), "results": list(results), "why": "so"})])


async def test_a_goal_is_reached_by_the_plan_of_a_model_that_is_asked_over_http(world):
    meter = Meter()
    with ScriptedChat([submit(step("say", "/fien")), submit(step("say", "/fine"))]) as chat:
        run = await world.pursue(chat, meter=meter)
    assert (run.status, run.plan.planner, len(run.results)) == ("passed", "llm", 1)
    assert "did you mean '/fine'?" in chat.requests[1].texts[-1]
    assert meter.totals.requests == 2 and meter.totals.tokens > 0


async def test_after_a_failure_the_model_gives_another_plan_and_what_has_passed_is_not_done_again(world):
    say, loud = step("say", "/fine"), step("loud", "/null_error", inputs={"text": {"from": "say"}})
    mended = step("loud", "/fine", inputs={"text": {"from": "say"}})
    with ScriptedChat([submit(say, loud, results=["loud"]), submit({"keep": "say"}, mended, results=["loud"])]) as chat:
        run = await world.pursue(chat)
    told = chat.requests[1].texts[-1]
    assert (run.status, run.plans) == ("passed", 2)
    assert "PASSED: say" in told and "FAILED: loud" in told
    said = [call for call in world.space.joined if call["data"][0] == "a fox"]
    assert len(said) == 1


async def test_what_comes_before_the_goal_is_at_most_1500_bytes_on_the_wire(world):
    with ScriptedChat([submit(step("say", "/fine"))]) as chat:
        await world.pursue(chat)
    body = chat.requests[0].body
    assert len(json.dumps([body["messages"][0], body["tools"]], ensure_ascii=False).encode()) <= 1500
    assert body["messages"][1]["content"].startswith(f"GOAL, in the user's own words:\n{GOAL}")


async def test_no_token_of_the_user_reaches_the_model_or_a_stranger(world):
    with ScriptedChat([submit(step("say", "/fine"))]) as chat:
        await world.pursue(chat)
    heard = [json.dumps(request.body) + json.dumps(dict(request.headers)) for request in chat.requests]
    heard += [json.dumps(headers) for _, _, headers in world.space.seen]
    assert not any(TOKEN in words for words in heard)


async def test_a_run_that_is_cancelled_while_the_model_thinks_ends_within_a_second(world):
    with ScriptedChat([Reply(hang=True)]) as chat:
        task = asyncio.ensure_future(world.pursue(chat))
        assert await asyncio.to_thread(chat.holding.wait, 20)
        cancelled = time.monotonic()
        task.cancel()
        run = await task
        assert time.monotonic() - cancelled < 1
        assert await asyncio.to_thread(chat.hung_up.wait, 1)
    assert run.status == "cancelled"
