"""The coder with a real Pi in real Jobs of a local Hub; only the language model's words are scripted."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from agents.card_analyst import CardAnalyst
from agents.pi_coder import PiCoder
from core.errors import BudgetSpent, CodingFailed, InformationMissing, InputsRefused, TechnicalBlocker
from core.factory import CardFacts, Coded, Workspace
from core.hub import Hub
from core.ledger import Spending
from tests.loopback.job_scope import Notes
from tests.loopback.localhub_fixtures import LocalHub, running_hub
from tests.loopback.scripted_chat import Reply, ScriptedChat, ToolCall
from tests.loopback.tide_space import APP, BROKEN, CARD, FAKE, MODEL, README, REQUIREMENTS, put_model
from tools.coding.coding import CodeOrder, Coding
from tools.coding.material import card_of, material
from tools.jobs.desk import RUN

TOKEN = "hf_" + "inference" * 3
DONE = Reply("The files are written.")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("hub")) as running:
        put_model(running.api())
        yield running


@pytest.fixture(scope="module")
def facts(hub: LocalHub) -> CardFacts:
    return asyncio.run(CardAnalyst(Hub(hub.endpoint, hub.token)).facts(MODEL))


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / tmp_path.name)


class Coder:
    """Codes for one run, with a language model that says what is scripted."""

    def __init__(self, hub: LocalHub, notes: Notes) -> None:
        self.hub, self.notes = hub, notes
        self.chat: ScriptedChat | None = None

    def __call__(self, order: CodeOrder, *script: Reply, **limits: Any) -> Coded:
        with ScriptedChat(script, key=TOKEN, models=["maker/coder"]) as chat:
            self.chat = chat
            coding = Coding(model="maker/coder", base_url=chat.base_url, token=SecretStr(TOKEN), **limits)
            tool = PiCoder(Hub(self.hub.endpoint, self.hub.token), coding)
            return asyncio.run(tool.code(self.notes.scope(), order))

    def kept(self, path: str) -> str:
        return (self.notes.folder / path).read_text("utf-8")

    def asked(self, number: int) -> str:
        assert self.chat
        return "\n".join(self.chat.requests[number].texts)


@pytest.fixture
def code(hub: LocalHub, notes: Notes) -> Coder:
    return Coder(hub, notes)


def write(**files: str) -> Reply:
    """The agent writes files; the `_dot_` in a keyword is a dot in the file's name."""
    named = {path.replace("_dot_", "."): text for path, text in files.items()}
    return Reply(tool_calls=[ToolCall("write", {"path": path, "content": text}) for path, text in named.items()])


def test_a_model_that_no_recipe_covers_gets_an_app_and_all_of_it_is_on_record(code, facts):
    files = write(app_dot_py=APP, requirements_dot_txt=REQUIREMENTS, README_dot_md=README)
    coded = code(CodeOrder(facts=facts), files, DONE)
    assert (coded.workspace.files["app.py"], coded.workspace.origin, coded.rounds) == (APP, "pi", 1)
    assert not any(finding.severity == "error" for finding in coded.findings)
    front = coded.workspace.files["README.md"]
    assert all(words not in front for words in ("hf_oauth", "a100", "mit")) and "license: apache-2.0" in front
    assert code.kept("generated/app.py") == APP and len(json.loads(code.kept("tests/preflight.json"))["code"]) == 1
    traces = {path.name for path in (code.notes.folder / "traces/pi-code.1").iterdir()}
    assert {"goal.md", "events.jsonl", "exchanges.jsonl", "session.jsonl", "result.json"} <= traces
    everything = b"".join(path.read_bytes() for path in code.notes.folder.rglob("*") if path.is_file())
    assert TOKEN.encode() not in everything
    assert 0 < coded.tokens == sum(amount.tokens for amount in code.notes.settled.values())
    assert max(amount.tokens for amount in code.notes.reserved.values()) == 600_000


@pytest.mark.slow
def test_a_fake_is_sent_back_and_what_is_written_then_is_handed_over(code, facts):
    first = write(app_dot_py=FAKE, requirements_dot_txt=REQUIREMENTS, README_dot_md=README)
    coded = code(CodeOrder(facts=facts), first, DONE, write(app_dot_py=APP), DONE)
    assert coded.workspace.files["app.py"] == APP
    assert [(draft.origin, draft.outcome) for draft in coded.drafts] == [("pi", "done"), ("pi", "done")]
    assert "PH002" in {finding.rule for finding in coded.drafts[0].findings if finding.severity == "error"}
    assert not any(finding.severity == "error" for finding in coded.findings)
    assert "PH002" in code.asked(2) and "do not rewrite" in code.asked(2)
    reserved = [amount.tokens for amount in code.notes.reserved.values() if amount.tokens]
    assert reserved == [600_000, 600_000 - coded.drafts[0].tokens]


def test_blockers_that_the_agent_writes_end_the_work_and_are_found_again_without_another_job(code, facts):
    blocked = write(BLOCKERS_dot_md="- too_large: it needs 400 GB | a smaller model\n")
    with pytest.raises(TechnicalBlocker, match=r"too large \(BLOCKERS.md: it needs 400 GB, .* a smaller model\)"):
        code(CodeOrder(facts=facts), blocked, DONE)
    spent = dict(code.notes.settled)
    code.notes.reserved.clear()
    with pytest.raises(TechnicalBlocker, match="needs 400 GB"):
        code(CodeOrder(facts=facts))
    assert (code.chat.requests, code.notes.reserved, code.notes.settled) == ([], {}, spent)
    assert json.loads(code.kept("tests/preflight.json"))["code"][0]["outcome"] == "done"


def test_nothing_is_begun_that_the_budget_has_no_room_for(hub, notes, facts):
    async def reserve(key: str, what: str, amount: Spending) -> None:
        raise BudgetSpent(f"no room for {amount.tokens} tokens of {what}")

    coding = Coding(model="maker/coder", base_url="http://127.0.0.1:9/v1", tokens=7)
    scope = replace(notes.scope(), reserve=reserve)
    with pytest.raises(BudgetSpent, match="7 tokens of Pi with maker/coder"):
        asyncio.run(PiCoder(Hub(hub.endpoint, hub.token), coding).code(scope, CodeOrder(facts=facts)))
    assert list(hub.api().list_jobs(namespace="local", labels={RUN: scope.run})) == []


def test_tokens_are_not_counted_for_a_job_that_never_began(hub, notes, facts):
    async def reserve(key: str, what: str, amount: Spending) -> None:
        if amount.job_minutes:
            raise BudgetSpent(f"no room for {amount.job_minutes:g} minutes")
        await notes.scope().reserve(key, what, amount)

    coding = Coding(model="maker/coder", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(BudgetSpent, match="no room for"):
        asyncio.run(
            PiCoder(Hub(hub.endpoint, hub.token), coding).code(
                replace(notes.scope(), reserve=reserve), CodeOrder(facts=facts)
            )
        )
    assert list(notes.reserved) == list(notes.settled) and not any(notes.settled.values())


def test_what_pi_may_read_of_the_model_lies_in_its_folder(hub, facts):
    ours = Hub(hub.endpoint, hub.token)
    card = asyncio.run(card_of(ours, CodeOrder(facts=facts)))
    given = asyncio.run(material(ours, facts, card))
    assert card == CARD and json.loads(given["model/config.json"]) == {"waves": 2, "unit": "m"}
    assert set(given) == {"MODEL_CARD.md", "model/config.json"} and CARD.strip() in given["MODEL_CARD.md"]
    assert asyncio.run(material(ours, facts.model_copy(update={"model": "local/absent"}), None)) == {}


def test_a_model_whose_host_wants_money_is_asked_once_and_again_when_somebody_comes_back(code, facts):
    refusal = Reply(status=402, body={"error": {"message": "You have depleted your monthly included credits."}})
    with pytest.raises(CodingFailed, match="depleted your monthly included credits"):
        code(CodeOrder(facts=facts), refusal)
    with pytest.raises(TechnicalBlocker, match="no access"):
        code(CodeOrder(facts=facts), write(BLOCKERS_dot_md="- gated: no access\n"), DONE)


@pytest.mark.slow
def test_what_fails_is_mended_by_its_evidence_with_the_rest_as_it_was(code, facts):
    given = {"app.py": BROKEN, "requirements.txt": REQUIREMENTS, "README.md": README, "style.css": "a {}"}
    broken = Workspace(model=MODEL, origin="given", files=given, task=facts.task)
    mend = ToolCall(
        "bash", {"command": "sed -i s/load_files/load_file/ app.py && python3 -m py_compile app.py && echo sound"}
    )
    evidence = ("ImportError: cannot import name 'load_files' from 'safetensors.numpy'",)
    order = CodeOrder(facts=facts, workspace=broken, evidence=evidence)
    coded = code(order, Reply(tool_calls=[mend]), DONE)
    assert coded.workspace.files == given | {"app.py": APP} and coded.rounds == 1
    assert evidence[0] in code.asked(0) and "do not rewrite" in code.asked(0) and "sound" in code.asked(1)


@pytest.mark.slow
def test_a_round_that_changes_nothing_is_no_repair(code, facts):
    given = {"app.py": APP, "requirements.txt": REQUIREMENTS, "README.md": README}
    order = CodeOrder(facts=facts, workspace=Workspace(model=MODEL, origin="given", files=given), evidence=("slow",))
    with pytest.raises(CodingFailed, match="nothing was written or changed"):
        code(order, Reply("It looks well."), rounds=1)


@pytest.mark.slow
def test_an_agent_that_only_talks_is_asked_for_the_files_again(code, facts):
    files = write(app_dot_py=APP, requirements_dot_txt=REQUIREMENTS, README_dot_md=README)
    coded = code(CodeOrder(facts=facts), Reply("Here is what I would write."), files, DONE)
    assert [draft.outcome for draft in coded.drafts] == ["nothing", "done"]
    assert "Write the Space for" in code.asked(1) and "nothing was written or changed" in code.asked(1)


@pytest.mark.slow
def test_a_loop_without_end_is_ended_by_the_turns_that_are_allowed(code, facts):
    again = Reply(tool_calls=[ToolCall("bash", {"command": "ls"})], repeat=-1)
    with pytest.raises(CodingFailed, match="Pi ended with budget"):
        code(CodeOrder(facts=facts), again, turns=3)
    assert len(code.chat.requests) <= 4


@pytest.mark.slow
def test_an_app_that_asks_a_hosted_model_is_not_handed_over(code, facts):
    hosted = APP.replace("import numpy as np", "import numpy as np\nfrom huggingface_hub import InferenceClient")
    files = write(app_dot_py=hosted, requirements_dot_txt=REQUIREMENTS, README_dot_md=README)
    with pytest.raises(CodingFailed, match="somebody else's machine"):
        code(CodeOrder(facts=facts), files, DONE, rounds=1)


def test_a_model_that_a_recipe_covers_needs_no_language_model(hub, notes):
    facts = CardFacts(
        model="someone/reviews", task="text-classification", library="transformers", license="mit", hardware="zero-gpu"
    )
    scope, tool = notes.scope(), PiCoder(Hub(hub.endpoint, hub.token), None)
    made, told = asyncio.run(tool.work(scope, facts=facts.model_dump(mode="json"), card=None))
    coded = Coded.model_validate(scope.artifacts.value(told))
    assert scope.artifacts.value(made) == coded.workspace.model_dump(mode="json")
    assert (coded.workspace.origin, coded.rounds, coded.tokens) == ("recipe", 0, 0)
    assert not any(finding.severity == "error" for finding in coded.findings)
    assert (notes.folder / "generated/app.py").read_text("utf-8") == coded.workspace.files["app.py"]
    assert notes.reserved == {}


@pytest.mark.parametrize("files", [{"../app.py": "x"}, {"/app.py": "x"}, {"a": "x", "a/b.py": "y"}])
def test_a_workspace_with_paths_that_lead_elsewhere_is_refused(hub, notes, files):
    tool = PiCoder(Hub(hub.endpoint, hub.token), None)
    broken = {"model": MODEL, "origin": "given", "files": files}
    with pytest.raises(InputsRefused, match="no path of a file in a Space"):
        asyncio.run(tool.work(notes.scope(), facts={}, workspace=broken))
    with pytest.raises(InputsRefused, match="nothing that can be coded"):
        asyncio.run(tool.work(notes.scope(), facts={"model": 7}))


def test_a_name_that_is_none_reaches_no_goal(hub, notes):
    facts = CardFacts(model='a/b" and then publish it', task="text-to-speech")
    with pytest.raises(InformationMissing, match="no name"):
        asyncio.run(PiCoder(Hub(hub.endpoint, hub.token), None).code(notes.scope(), CodeOrder(facts=facts)))


def test_without_a_language_model_what_no_recipe_covers_is_said_at_once(hub, notes, facts):
    def coded(order: CodeOrder) -> Coded:
        return asyncio.run(PiCoder(Hub(hub.endpoint, hub.token), None).code(notes.scope(), order))

    with pytest.raises(TechnicalBlocker, match="no recipe covers time-series-forecasting"):
        coded(CodeOrder(facts=facts))
    with pytest.raises(CodingFailed, match="can only be repaired by a coding agent"):
        coded(CodeOrder(facts=facts, workspace=Workspace(model=MODEL, origin="given", files={"app.py": APP})))


def test_a_model_elsewhere_is_asked_for_and_one_on_this_machine_is_not(hub):
    ours = Hub(hub.endpoint, hub.token)
    paid = Coding(model="maker/coder", base_url="https://router.example/v1", tokens=1_000, dollars=0.5)
    asked = asyncio.run(PiCoder(ours, paid).question({}))
    assert asked and all(words in asked for words in ("maker/coder", "1,000 tokens", "$0.50", "minutes"))
    free = paid.model_copy(update={"base_url": "http://127.0.0.1:9/v1"})
    assert asyncio.run(PiCoder(ours, free).question({})) is None
    assert asyncio.run(PiCoder(ours, None).question({})) is None
