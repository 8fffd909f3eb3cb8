"""The sub-agent that writes the files of a Space: a recipe where one covers the model, else Pi in a Job.

Pi is a coding agent with a language model behind it. Nothing that it says counts: its files are read back with
suspicion, looked over like a recipe's, and go back to it with what was found, as often as the order allows.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from core.errors import BudgetSpent, CodingFailed, Failure, InformationMissing, InputsRefused, TechnicalBlocker
from core.factory import Blocker, CardFacts, Coded, Draft, Finding, Workspace
from core.hub import Hub
from core.ledger import Spending
from core.nouns import Argument, Artifact, Origin, Output
from core.scope import Scope
from core.signals import flat
from core.threads import in_thread
from tools.artifact_tool import ArtifactTool, understood
from tools.call_progress import mention
from tools.coding import blockers
from tools.coding.coding import Allowance, CodeOrder, Coding, name_of
from tools.coding.goal import goal
from tools.coding.keeping import job_key, keep_traces, keep_workspace, kept
from tools.coding.material import card_of, material
from tools.coding.outcome import FINAL, Outcome, read_outcome
from tools.coding.pi_job import FLAVOR, TO_INSTALL, pi_job, shortened
from tools.coding.suspicion import suspicions
from tools.coding.work import Work
from tools.coding.workspace_files import doubt, read_back
from tools.compile_recipe import NAME, compile_recipe
from tools.jobs.failures import JobRefused
from tools.jobs.job_order import harmless
from tools.jobs.running import run_job
from tools.preflight.lint import lint
from tools.preflight_space import preflight


class PiCoder(ArtifactTool):
    """`CardFacts`, or a `Workspace` that fails → `Coded`."""

    name = "pi_coder"
    description = (
        "Writes the files of a Hugging Face Space for a model, or repairs those of one that fails: by a recipe where "
        "one covers the model, otherwise by a coding agent in a Job. The files are checked before they are handed "
        "over. Returns JSON: the workspace (the files); as its second output its findings, drafts and cost. "
        "Fails with the reasons when no Space can be made for the model."
    )
    inputs: ClassVar[dict[str, dict[str, Any]]] = {
        "facts": {"type": "object", "description": "The facts about the model, as the card analyst gives them."},
        "card": {"type": "string", "description": "The model's card; read from the Hub if absent.", "nullable": True},
        "workspace": {"type": "object", "description": "Files that fail and are to be repaired.", "nullable": True},
        "evidence": {
            "type": "array",
            "items": {"type": "string"},
            "description": "How they fail: lines of logs, failed calls, verdicts; the newest first.",
            "nullable": True,
        },
    }

    gives: ClassVar[tuple[Output, ...]] = (
        Output(label="workspace", kind="json"),
        Output(label="how it came about", kind="json"),
    )

    def __init__(self, hub: Hub, coding: Coding | None, index: str | None = None) -> None:
        """Without `coding` there is no language model, and only recipes. `index` is where packages are looked for."""
        super().__init__()
        self._hub = hub
        self._coding = coding
        self.dollars = coding.dollars if coding and not coding.local else 0.0
        self._index = index

    async def question(self, arguments: Mapping[str, Argument]) -> str | None:
        """Asks before a model or a Job that is paid."""
        coding = self._coding
        if coding is None or (coding.local and self._hub.local):
            return None
        minutes = coding.minutes + coding.rounds * TO_INSTALL
        return (
            f"Where no recipe is enough, a coding agent writes the Space with {coding.model}: for at most "
            f"{coding.tokens:,} tokens and ${coding.dollars:.2f} of the model, and {minutes:.0f} minutes of a Job on "
            f"{FLAVOR}, paid from your account?"
        )

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        """The `Workspace` for whoever is to deploy it, and how it came about, a `Coded`."""
        order = understood(CodeOrder, scope, arguments, "this is nothing that can be coded")
        coded = await self.code(scope, order)
        origin = Origin(tool=self.name, step=scope.step, item=scope.item)
        made = scope.artifacts.keep_value(coded.workspace.model_dump(mode="json"), "json", scope.title, origin)
        told = origin.model_copy(update={"output": 1})
        return made, scope.artifacts.keep_value(coded.model_dump(mode="json"), "json", f"{scope.title}: how", told)

    async def code(self, scope: Scope, order: CodeOrder) -> Coded:
        """Files that preflight finds no error in.

        Raises TechnicalBlocker and InformationMissing when there can be none, CodingFailed when Pi wrote none,
        BudgetSpent, and the failures of Jobs.
        """
        work = Work(scope, order, _known(order), order.workspace)
        if order.workspace is None:
            blockers.refuse(work.facts, with_model=self._coding is not None)
            work.workspace = compile_recipe(work.facts)
            if work.workspace is not None:
                await self._look(work, work.workspace, Draft(origin="recipe"))
                if not work.errors:
                    return work.coded
        if self._coding is None:
            raise _without_model(work)
        if order.workspace is not None:
            work.add(Draft(origin="given", findings=lint(order.workspace, work.facts)))
        await self._with_pi(work, self._coding)
        return work.coded

    async def _with_pi(self, work: Work, coding: Coding) -> None:
        """Rounds of Pi until preflight finds no error. Raises CodingFailed when none of them came that far."""
        card = await card_of(self._hub, work.order)
        if work.workspace is None and not (card or work.facts.usage or work.facts.task):
            raise InformationMissing(f"nothing is known of {work.facts.model} but its name; give its card")
        given = await material(self._hub, work.facts, card)
        left = Allowance(tokens=coding.tokens, dollars=coding.dollars)
        for number in range(1, coding.rounds + 1):
            outcome = await self._round(work, coding, left, card, given, number)
            if not work.errors:
                return
            left = left.less(outcome.tokens, outcome.dollars)
            if outcome.name in FINAL or left.used_up:
                break
        raise _in_vain(work)

    async def _round(
        self, work: Work, coding: Coding, left: Allowance, card: str | None, given: Mapping[str, str], number: int
    ) -> Outcome:
        """One Job of Pi, and our own look at what it left."""
        scope, before = work.scope, work.workspace.files if work.workspace else {}
        name = f"pi-{work.step}.{number}"
        key = job_key(work.run, name, f"{work.step}.{number}.{name_of(work.order, coding)}")
        text = goal(work.facts, card, repair=bool(before), evidence=work.order.evidence, findings=work.findings)
        # The Job's name is that of the order alone: what is left to be spent must not make another one of it.
        room = scope.left(key)
        left, coding = left.within(room), shortened(coding, room.job_minutes)
        mention(scope, "running", text=f"{coding.model} writes, round {number} of {coding.rounds}")
        if not kept(work.run, name, key):
            amount = left.spending if not coding.local else left.model_copy(update={"dollars": 0.0}).spending
            await scope.reserve(f"{key}.model", f"Pi with {coding.model}", amount)
        try:
            result = await run_job(self._hub, scope, pi_job(key, coding, left, text, {**given, **before}))
        except (BudgetSpent, JobRefused):
            # No Job, so nothing was asked of the model.
            scope.settle(f"{key}.model", Spending())
            raise
        outcome = read_outcome(result)
        # Only a Job that is done is found again; after any other the next one has to be paid anew.
        keep_traces(work.run, name, key if result.job.stage == "COMPLETED" else "", result.files, text)
        scope.settle(f"{key}.model", outcome.spending)
        draft = Draft(
            origin="pi",
            outcome=outcome.name,
            detail=outcome.detail,
            tokens=outcome.tokens,
            dollars=outcome.dollars,
            seconds=result.seconds,
        )
        left_behind = {
            path.removeprefix("workspace/"): file
            for path, file in result.files.items()
            if path.startswith("workspace/")
        }
        await self._take(work, left_behind, draft)
        return outcome

    async def _take(self, work: Work, left: Mapping[str, Path], draft: Draft) -> None:
        """Believe of the files what can be believed. Raises TechnicalBlocker when they say that it cannot be done."""
        before = work.workspace.files if work.workspace else {}
        if not left:
            nothing = doubt("app.py", "no files came back", "use the tools write and edit")
            return work.add(draft.model_copy(update={"findings": (nothing,)}))
        files, found = read_back(left, before)
        stated = files.pop(blockers.FILE, "")
        if stated == before.get(blockers.FILE):
            stated = ""
        named, others = blockers.read_blockers(stated)
        if named or (others and not files.get("app.py")):
            self._blocked(work, named or blockers.unnamed(others), files, draft)
        if others:
            found += (doubt(blockers.FILE, "it names no kind of blocker", "write BLOCKERS.md for a reason, or not"),)
        if files == before:
            found += (doubt("app.py", "nothing was written or changed", "use the tools write and edit"),)
        found += suspicions(files, before, work.facts)
        if not any(path.endswith(".py") for path in files):
            # No Space yet, or no longer one: the next round begins with what there was before.
            return work.add(draft.model_copy(update={"findings": found}))
        await self._look(work, work.draft_of(files), draft, found)

    def _blocked(self, work: Work, reasons: tuple[Blocker, ...], files: dict[str, str], draft: Draft) -> None:
        work.workspace = work.draft_of(files).model_copy(update={"blockers": reasons})
        keep_workspace(work.run, work.workspace)
        work.add(draft)
        raise blockers.blocked(work.workspace.model, reasons, said_by=", as the coding agent says")

    async def _look(self, work: Work, workspace: Workspace, draft: Draft, found: tuple[Finding, ...] = ()) -> None:
        """Preflight, and everything written down."""
        keep_workspace(work.run, workspace)
        work.workspace = workspace
        mention(work.scope, "running", text="the files are looked over")
        seen = await in_thread(lambda: preflight(workspace, work.facts, self._index))
        work.add(draft.model_copy(update={"findings": (*found, *seen)}))


def _known(order: CodeOrder) -> CardFacts:
    """The facts, with names that may stand in a goal and in Python. Raises InputsRefused, and InformationMissing."""
    facts = order.facts
    if order.workspace is not None:
        facts = facts.model_copy(update={"model": facts.model or order.workspace.model})
        paths = order.workspace.files.keys()
        bad = [path for path in paths if not harmless(path) or any(other.startswith(f"{path}/") for other in paths)]
        if bad:
            raise InputsRefused(f"{flat(bad[0], 80)!r} is no path of a file in a Space")
    for name in (facts.model, facts.revision, facts.base_model):
        if name is not None and not NAME.fullmatch(name):
            raise InformationMissing(f"{flat(name, 80)!r} is no name that a model, or a revision, can have on the Hub")
    return facts


def _without_model(work: Work) -> Failure:
    """Why there is nothing to hand over when only recipes could have made it."""
    help = "name a language model that can write it"
    if work.order.workspace is not None:
        return CodingFailed(f"the files for {work.facts.model} can only be repaired by a coding agent; {help}")
    if work.errors:
        return CodingFailed(f"the recipe for {work.facts.model} does not pass: {work.worst()}; {help}")
    if work.facts.task is None:
        return InformationMissing(f"nobody says what {work.facts.model} is for: its task is unknown; {help}")
    kind = f"{work.facts.task} with {work.facts.library or 'an unknown library'}"
    return TechnicalBlocker(f"no Space can be made for {work.facts.model}: no recipe covers {kind}; {help}")


def _in_vain(work: Work) -> CodingFailed:
    last = work.drafts[-1]
    said = f"Pi ended with {last.outcome}{f' ({last.detail})' if last.detail else ''}"
    return CodingFailed(f"the Space for {work.facts.model} was not written: {said}; what was found: {work.worst()}")
