"""The composition root: the one place that reads the settings and builds everything a run works with."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from core.errors import Failure, disk_full
from core.hub import Hub
from core.journal import Journal
from core.local_hub import local_hub
from core.model_spec import ModelSpec
from core.nouns import FILE_KINDS, Artifact, Cost, Goal, Limits, Plan, Space
from core.record import RunFolder, Runs
from core.run import Run
from core.settings import Settings, quiet_libraries
from core.tracing import spans
from core.transport import Transport
from planners.account import ACCOUNT
from planners.bounds import Endpoints, bounded
from planners.cache import Cache
from planners.catalogue.earlier import Earlier
from planners.catalogue.planner import CataloguePlanner
from planners.costs import costs
from planners.crew import Consent, Crew
from planners.factory.crew import coding_of, factory_tools
from planners.factory.order import order_of
from planners.factory.planner import factory
from planners.ladder import space_of
from planners.report import report
from planners.runner import PUBLISHERS, Planned, Planner, Review, Runner
from planners.validation import validate
from tools.artifact_tool import ArtifactTool
from tools.call_space import CallSpace
from tools.catalogue import Catalogue
from tools.checks.laboratory import Laboratory
from tools.preflight.package_index import package_index
from tools.publish_viewer import PublishViewer


@dataclass(frozen=True)
class Workshop:
    """Everything built and connected, for as long as the context that made it is open."""

    settings: Settings
    hub: Hub
    catalogue: Catalogue
    laboratory: Laboratory
    runner: Runner
    runs: Runs

    async def pursue(self, folder: RunFolder, goal: Goal | None = None, limits: Limits | None = None) -> Run:
        """Begin or resume the run in the folder, and leave its report beside its journal."""
        journal = Journal(folder.path)
        try:
            run = await self.runner.pursue(folder, journal, goal, limits)
            try:
                await self._report(folder, run)
            except OSError as error:
                # A disk too full for the report has ended the run already.
                if disk_full(error, "report.md") is None:
                    raise
            return run
        finally:
            journal.close()

    async def link(self, run: Run) -> str | None:
        """An address that opens what the run has published, in a browser, now."""
        for unit in run.units.values():
            for artifact in unit.artifacts if unit.done else ():
                if artifact.origin.tool in PUBLISHERS and artifact.origin.space:
                    return await self._link(artifact.origin.space, run.address)
        return run.address

    async def _link(self, space: str, address: str | None) -> str | None:
        try:
            return await self.hub.link(await self.hub.space(space))
        except Failure:
            # The run has passed whether or not the Hub answers once more.
            return address

    async def plan(self, goal: Goal) -> tuple[Plan | None, tuple[str, ...], tuple[Cost, ...]]:
        """The plan for a goal, what the live schemas say against it, and its cost sheet. Calls nothing."""
        run = Run(id="", goal=goal, planner=self.runner.planner_name, endpoint=self.hub.endpoint)
        plan = await self.runner.planner(run)
        if plan is None:
            return None, (), ()
        return plan, *await self.runner.review(plan, run)

    async def _report(self, folder: RunFolder, run: Run) -> None:
        thumbnails: dict[str, str] = {}
        for artifact in run.results:
            if artifact.kind in FILE_KINDS and await self._thumbnail(folder, artifact):
                thumbnails[artifact.sha256] = f"artifacts/{_thumbnail_name(artifact)}"
        folder.write_report(report(run, thumbnails))

    async def _thumbnail(self, folder: RunFolder, artifact: Artifact) -> bool:
        destination = folder.artifacts.folder / _thumbnail_name(artifact)
        if destination.exists():
            return True
        return await self.laboratory.thumbnail(folder.artifacts.path(artifact), artifact.kind, destination)


async def _endpoints(plan: Plan, catalogue: Catalogue) -> Endpoints:
    """The endpoints that a plan calls, as far as the Spaces can be read."""
    names = {space for step in plan.steps if (space := space_of(step.call))}
    spaces = await catalogue.read_all(Space(id=name, revision="", host="", stage="") for name in sorted(names))
    return {(space.id, endpoint.name): endpoint for space in spaces for endpoint in space.endpoints}


def _led_by_a_model(
    settings: Settings,
    hub: Hub,
    catalogue: Catalogue,
    by_catalogue: Planner,
    review: Review,
    tools: dict[str, ArtifactTool],
) -> Planner | None:
    """The planner that asks the language model of the settings; None when they name none.

    With `lead` the sub-agents among the tools are led by the model, too, each in its own place.
    """
    spec = ModelSpec.parse(settings.model)
    if spec.base_url is None:
        return None
    from core.language_model import LanguageModel
    from planners.llm.planner import make_planner
    from planners.llm.shortlist import shortlist_by
    from tools.read_card import ReadCard

    def model() -> LanguageModel:
        account = ACCOUNT.get()
        return LanguageModel(
            spec,
            secret=spec.secret(settings),
            bill_to=settings.bill_to,
            meter=account.meter if account else None,
            watch=account.watch if account else None,
        )

    if settings.lead:
        from agents.manners import led

        tools |= led(tools, hub, catalogue, model)
    shortlist = shortlist_by(by_catalogue, catalogue)
    return make_planner(model, catalogue, shortlist, review, tools, cards=ReadCard(hub), namespace=hub.namespace)


def _thumbnail_name(artifact: Artifact) -> str:
    return f"{artifact.sha256[:16]}.thumbnail.png"


@contextmanager
def hub_address(settings: Settings) -> Iterator[Settings]:
    """The settings with a Hub that answers: the local one is started when none is named."""
    quiet_libraries()
    if settings.endpoint is not None:
        os.environ["HF_ENDPOINT"] = settings.endpoint
        yield settings
        return
    with local_hub(settings.home / "hub") as hub:
        # huggingface_hub reads it when it is imported, which nothing has done yet.
        os.environ["HF_ENDPOINT"] = hub.endpoint
        yield settings.model_copy(update={"endpoint": hub.endpoint, "token": hub.token})


@asynccontextmanager
async def workshop(settings: Settings, consent: Consent, planned: Planned | None = None) -> AsyncIterator[Workshop]:
    """Build it all on the Hub that `settings.endpoint` names. `planned` takes the place of the one for the goal."""
    hub = Hub(str(settings.endpoint), settings.token)
    async with Transport(loopback=hub.local) as transport, Laboratory() as laboratory:
        laboratory.start()
        catalogue = Catalogue(hub, transport, settings.home / "catalogue")
        caller = CallSpace(catalogue, settings.licences)
        coding = coding_of(settings)
        tools: dict[str, ArtifactTool] = {
            "call_space": caller,
            "publish_viewer": PublishViewer(hub, laboratory),
            **factory_tools(hub, caller, laboratory, coding, package_index(os.environ)),
        }
        runs = Runs(settings.runs)

        async def review(plan: Plan, run: Run) -> tuple[tuple[str, ...], tuple[Cost, ...]]:
            known = {name: tool.inputs for name, tool in tools.items()}
            given = {name: tool.gives for name, tool in tools.items()}
            reasons = await validate(plan, catalogue.read, known, run.goal.attachments, given=given)
            if reasons:
                return reasons, ()
            names = {space for step in plan.steps if (space := space_of(step.call))}
            # One that does not run is what a repair is about.
            unread = (Space(id=name, revision="", host="", stage="") for name in sorted(names))
            spaces = {space.id: space for space in await catalogue.read_all(unread)}
            return (), costs(plan, spaces, tools)

        by_catalogue, by_factory = CataloguePlanner(catalogue, Earlier(runs)), factory(coder=coding is not None)
        by_model = _led_by_a_model(settings, hub, catalogue, by_catalogue, review, tools)

        async def chosen(run: Run) -> Plan | None:
            if order_of(run.goal.text):
                return await by_factory(run)
            plan = await (by_model or by_catalogue)(run)
            return bounded(plan, run.goal, await _endpoints(plan, catalogue)) if plan else None

        crew = Crew(
            tools,
            laboratory,
            Cache(runs),
            consent,
            consented=settings.consent,
            licences=settings.licences,
            local=hub.local,
        )
        name, planner = planned or (settings.model, chosen)
        watch = spans() if settings.tracing else None
        runner = Runner(planner, name, review, crew, hub.endpoint, watch)
        yield Workshop(settings, hub, catalogue, laboratory, runner, runs)
