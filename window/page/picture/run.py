"""A run as the page shows it, in parts: only what has changed travels."""

from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit

from core.artifacts import ArtifactStore
from core.checks import Verdict
from core.egress import on_this_machine
from core.events import AttemptFailed, ConsentAsked, RunResumed, StepStarted
from core.journal import Entry
from core.nouns import Artifact, Plan
from core.run import Fold, Run, consent_key, unit_key
from window.page.picture.exhibit import exhibit, shown_as
from window.page.picture.outcome import outcome_picture
from window.page.picture.question import question_picture
from window.page.picture.results import Slot, awaited, published, slots
from window.page.picture.shortening import line
from window.page.picture.step import step_picture

At = Literal["here", "elsewhere", ""]
"""Who works on the run: this process, another one, nobody."""

Parts = dict[str, object]
"""The picture by part: `head`, `plan`, `step <id>`, `asks`, `outcome`, `results`."""


class Picture:
    """Follows one journal. Keeps what the fold leaves out: when an attempt began, and the words of a question."""

    def __init__(self, store: ArtifactStore) -> None:
        self._store = store
        self._fold = Fold()
        self._began: dict[str, float] = {}
        self._asked: dict[str, ConsentAsked] = {}
        self._exhibits: dict[str, object] = {}

    def read(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._fold.apply(entry.event, entry.time)
            match entry.event:
                case StepStarted():
                    self._began[unit_key(entry.event.step, entry.event.item)] = entry.time
                case AttemptFailed():
                    self._began.pop(unit_key(entry.event.step, entry.event.item), None)
                case RunResumed():
                    self._began.clear()
                case ConsentAsked():
                    self._asked[consent_key(entry.event.step, entry.event.space)] = entry.event

    @property
    def begun(self) -> bool:
        return "id" in self._fold.run

    def run(self) -> Run:
        return self._fold.snapshot()

    def parts(self, at: At) -> Parts:
        """Everything the page shows now. Raises ValueError before the run has begun."""
        run = self.run()
        told: Parts = {
            "head": head(run, at),
            "outcome": outcome_picture(run, written=self._written()),
            "results": [self._slot(slot) for slot in slots(run)],
        }
        open_questions = [self._asked[key] for key in self._open(run)] if at == "here" else []
        told["asks"] = [question_picture(asked, run) for asked in open_questions]
        waiting = {asked.step for asked in open_questions}
        if run.plan:
            told["plan"] = plan_picture(run.plan)
            for step in run.plan.steps:
                told[f"step {step.id}"] = step_picture(step, run.plan, run, self._began, asked=step.id in waiting)
        return told

    def still(self) -> Parts:
        """The same as it stood then: nothing in it is asked, and no clock in it goes on."""
        self._began.clear()
        return self.parts("elsewhere")

    def _written(self) -> bool:
        return (self._store.folder.parent / "generated").is_dir()

    def _open(self, run: Run) -> list[str]:
        asked = [key for key, answer in run.consents.items() if answer == "asked" and key in self._asked]
        return asked if run.status == "running" else []

    def _slot(self, slot: Slot) -> object:
        made = self._exhibit(slot.artifact, slot.verdicts) if slot.artifact else None
        return {"key": slot.key, "made": made}

    def _exhibit(self, artifact: Artifact, verdicts: tuple[Verdict, ...]) -> object:
        key = f"{artifact.sha256} {len(verdicts)}"
        if key not in self._exhibits:
            self._exhibits[key] = exhibit(artifact, verdicts, self._store)
        return self._exhibits[key]


def head(run: Run, at: At) -> object:
    page = published(run)
    value = page.value if page and isinstance(page.value, dict) else {}
    return {
        "id": run.id,
        "goal": run.goal.text,
        "attachments": [
            {"name": line(a.name, 80), "kind": shown_as(a), "sha256": a.sha256} for a in run.goal.attachments
        ],
        "status": status(run, at),
        "reason": line(run.reason, 600),
        "started": run.started,
        "seconds": run.seconds,
        "calls": run.calls,
        "plans": run.plans,
        "planner": run.planner,
        "endpoint": run.endpoint,
        "local": on_this_machine(urlsplit(run.endpoint).hostname or ""),
        "declined": [line(reason) for reason in run.declined],
        "refused": "refused" in run.consents.values(),
        "repairs": [line(reason) for reason in run.repairs],
        "at": at,
        "page": {"space": value.get("space"), "private": value.get("private")} if page else None,
        "awaits_page": awaited(run),
        "cost": cost_line(run),
    }


def status(run: Run, at: At) -> str:
    """A run that says it is running while nobody works on it was interrupted; one at work again has not ended."""
    if run.status == "running" and not at:
        return "interrupted"
    if run.status == "running" and "asked" in run.consents.values():
        return "asking"
    return run.status if run.plan or run.status != "running" else "planning"


def cost_line(run: Run) -> object:
    return {
        "calls": sum(cost.calls for cost in run.costs),
        "gpu_seconds": sum(cost.gpu_seconds for cost in run.costs),
        "dollars": sum(cost.dollars for cost in run.costs),
        "publishes": any(cost.effect == "write" for cost in run.costs),
        "spends": any(cost.effect == "spend" for cost in run.costs),
    }


def plan_picture(plan: Plan) -> object:
    return {"layers": layers(plan), "planner": plan.planner, "reasons": [line(reason, 300) for reason in plan.reasons]}


def layers(plan: Plan) -> list[object]:
    """Step ids by how many steps lie before them: what may run side by side stands in one row."""
    depth: dict[str, int] = {}
    for step in plan.steps:
        depth[step.id] = 1 + max((depth.get(place.step, 0) for place in step.reads()), default=0)
    rows: list[object] = []
    for level in sorted(set(depth.values())):
        rows.append([id for id, own in depth.items() if own == level])
    return rows


def changes(before: Parts, now: Parts) -> Parts:
    """What to send: parts that are new or different, and None for those that are gone."""
    changed = {name: part for name, part in now.items() if name not in before or before[name] != part}
    return changed | {name: None for name in before if name not in now}
