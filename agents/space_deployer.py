"""The sub-agent that turns a `Workspace` into a private Space on the machine it needs: always a routine.

A machine that is refused is told with the Hub's own words and ends in `manual_hardware_required`, with the page where a
person can change it; it is no failure.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from core.artifacts import slug
from core.errors import InputsRefused
from core.factory import CardFacts, Need, Workspace
from core.hub import Hub
from core.nouns import Argument, Artifact, Frozen, Origin, Output
from core.scope import Scope
from tools.artifact_tool import ArtifactTool, Effect, understood
from tools.call_progress import mention
from tools.deployment.deployment import Deployment
from tools.deployment.hardware import settle
from tools.deployment.ladder import FREE, ZERO, app_of, ladder, paid
from tools.deployment.placing import Place, place, renew
from tools.deployment.requests import Machine, Refusal, hourly, on_zero
from tools.deployment.waiting import UNBUILT, ended, troubles, wants_machine

PATIENCE = 1800.0
"""Seconds for a build and the first start: the Hub's own limit for a start."""


class Order(Frozen):
    """What is to be deployed, and on what."""

    workspace: Workspace
    facts: CardFacts = CardFacts()
    space: str | None = None
    """A Space that an earlier deployment made, and whose files are to be replaced: after a repair."""
    namespace: str | None = None
    hardware: str | None = None
    """`zero-gpu`, `cpu` or a flavor; None goes by the facts."""
    fixed_gpu_allowed: str | None = None
    """The flavor that may be had, and paid, when ZeroGPU is refused."""

    @property
    def need(self) -> Need:
        return self.facts.hardware

    @property
    def flavors(self) -> tuple[str, ...]:
        return ladder(self.hardware, self.need, self.fixed_gpu_allowed, self.workspace.files)


class SpaceDeployer(ArtifactTool):
    """`Workspace` → `Deployment`."""

    name = "space_deployer"
    description = (
        "Makes a private Hugging Face Space of the user's own from the files of a workspace, asks for the hardware it "
        "needs, waits until it is built, and reads back what was granted. Overwrites nothing; called again with the "
        "same files it goes on with the same Space. Returns JSON: space, revision, address, settings, stage, hardware "
        "requested and current, granted, rung, reasons; and as its second output the Space's id."
    )
    inputs: ClassVar[dict[str, dict[str, Any]]] = {
        "workspace": {"type": "object", "description": "The files, as compile_recipe or the coder gives them."},
        "facts": {"type": "object", "description": "The facts about the model: its hardware.", "nullable": True},
        "space": {
            "type": "string",
            "description": "A Space that this tool made earlier, to get these files instead of its own.",
            "nullable": True,
        },
        "namespace": {"type": "string", "description": "Whose Space; the user's own if absent.", "nullable": True},
        "hardware": {"type": "string", "description": "zero-gpu, cpu or a flavor of the Hub.", "nullable": True},
        "fixed_gpu_allowed": {
            "type": "string",
            "description": "A paid flavor that may be used when ZeroGPU is refused.",
            "nullable": True,
        },
    }
    effect: ClassVar[Effect] = "write"
    gives: ClassVar[tuple[Output, ...]] = (
        Output(label="deployment", kind="json"),
        Output(label="the Space's id", kind="text"),
    )

    def __init__(self, hub: Hub, patience: float = PATIENCE) -> None:
        super().__init__()
        self._hub = hub
        self._patience = patience

    async def question(self, arguments: Mapping[str, Argument]) -> str | None:
        """Asks before anything that is paid by the hour."""
        wish, fixed = arguments.get("hardware"), arguments.get("fixed_gpu_allowed")
        flavors = paid(wish if isinstance(wish, str) else None, fixed if isinstance(fixed, str) else None)
        if not flavors:
            return None
        prices = [(flavor, await hourly(self._hub, flavor)) for flavor in flavors]
        told = " or ".join(f"{flavor} (${price:.2f} an hour)" if price else flavor for flavor, price in prices)
        return f"The Space may run on {told}, paid from your account for as long as it is up?"

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        """A `Deployment`, and the Space's id for whoever calls it. Raises a `Failure` when no Space can be made."""
        order = understood(Order, scope, arguments, "this is nothing that can be deployed")
        done = await self.deploy(scope, order)
        origin = Origin(
            tool=self.name, step=scope.step, item=scope.item, space=done.space, revision=done.revision or None
        )
        told = scope.artifacts.keep_value(done.model_dump(mode="json"), "json", scope.title, origin)
        if done.space is None:
            return (told,)
        named = origin.model_copy(update={"output": 1})
        return told, scope.artifacts.keep_value(done.space, "text", done.space, named)

    async def deploy(self, scope: Scope, order: Order) -> Deployment:
        hub, files = self._hub, order.workspace.files
        missing = {"README.md", app_of(files.get("README.md", ""))} - files.keys()
        if missing:
            raise InputsRefused(f"a Space needs {' and '.join(sorted(missing))}; the workspace has none")
        await self._offered(order.flavors)
        namespace = order.namespace or await hub.namespace()
        wanted = f"{namespace}/{slug(order.workspace.model.split('/')[-1], 80)}"
        placed = await (renew(hub, order.space, files) if order.space else place(hub, wanted, files, order.flavors))
        if placed.space is None:
            return await self._nowhere(namespace, placed)
        refusals = (*placed.refusals, *await settle(hub, placed.space, order.flavors))
        space = placed.space
        seen = await ended(
            hub,
            space,
            placed.revision,
            self._patience,
            lambda stage: mention(scope, "waking", text=f"{space} is {stage.lower()}"),
        )
        return await self._concluded(space, placed.revision, seen, refusals, order)

    async def _offered(self, flavors: tuple[str, ...]) -> None:
        """Raises InputsRefused for hardware that there is not, before anything is made."""
        for flavor in flavors:
            if flavor not in FREE and await hourly(self._hub, flavor) is None:
                raise InputsRefused(f"the Hub has no hardware '{flavor[:40]}' for Spaces; choose one that it has")

    async def _nowhere(self, namespace: str, placed: Place) -> Deployment:
        """No Space was made: where a person finds what stands in the way."""
        hub = self._hub
        told = _told(placed.refusals)
        settings, click = f"{hub.endpoint}/settings/billing", "add a payment method or a plan there"
        if any(refusal.flavor == ZERO for refusal in placed.refusals):
            full = await on_zero(hub, namespace)
            if full:
                settings = f"{hub.page(full[0])}/settings"
                click = f"pause a Space that is on ZeroGPU ({', '.join(full[:5])}) there with 'Pause this Space'"
        reason = f"no Space was made; open {settings}, {click}, and deploy again"
        return Deployment(
            space=None, settings=settings, granted=False, rung="manual_hardware_required", reasons=(*told, reason)
        )

    async def _concluded(
        self, space: str, revision: str, seen: Machine, refusals: tuple[Refusal, ...], order: Order
    ) -> Deployment:
        page = self._hub.page(space)
        granted = (seen.current or seen.requested) in order.flavors
        reasons = [*_told(refusals), *await troubles(self._hub, space, seen)]
        rung = "manual_hardware_required"
        if seen.stage in UNBUILT:
            rung = "generated"
        elif granted and not wants_machine(seen):
            rung = "built"
        if rung == "manual_hardware_required":
            reasons.append(_click(f"{page}/settings", seen, order))
        return Deployment.model_validate(
            {
                **{"space": space, "revision": revision, "address": page, "settings": f"{page}/settings"},
                **{"stage": seen.stage, "requested": seen.requested, "current": seen.current},
                **{"granted": granted, "rung": rung, "reasons": tuple(reasons)},
            }
        )


def _told(refusals: tuple[Refusal, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(refusal) for refusal in refusals))


def _click(settings: str, seen: Machine, order: Order) -> str:
    """What a person has to do, in words for whoever has never done it."""
    if seen.stage in ("PAUSED", "STOPPED"):
        return f"open {settings} and click 'Restart this Space'"
    if not order.flavors:
        want = "the model needs a GPU of its own and none was allowed"
        return f"{want}; open {settings}, choose one under 'Space Hardware' and confirm"
    name = "ZeroGPU" if order.flavors[0] == ZERO else order.flavors[0]
    return f"open {settings}, choose {name} under 'Space Hardware' and confirm"
