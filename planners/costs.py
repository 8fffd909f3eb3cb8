"""What a plan will ask of the world, as far as it can be known before it runs."""

from collections.abc import Mapping

from core.nouns import Cost, Plan, Space, Step
from tools.artifact_tool import ArtifactTool
from tools.gpu_account import ZERO_GPU_SECONDS


def costs(plan: Plan, spaces: Mapping[str, Space], tools: Mapping[str, ArtifactTool]) -> tuple[Cost, ...]:
    """One line for each step, for its own call: no retries, no fallbacks.

    Calling somebody's Space costs GPU quota and no money; a tool of ours says what it may cost at most.
    """
    return tuple(_cost(plan, step, spaces, tools) for step in plan.steps)


def _cost(plan: Plan, step: Step, spaces: Mapping[str, Space], tools: Mapping[str, ArtifactTool]) -> Cost:
    id = step.call.arguments.get("space")
    space = spaces.get(id) if isinstance(id, str) else None
    calls = _calls(plan, step)
    tool = tools.get(step.call.tool)
    hardware = (space.hardware if space else None) or ("unknown" if isinstance(id, str) else "none")
    return Cost(
        step=step.id,
        space=id if isinstance(id, str) else "",
        calls=calls,
        hardware=hardware,
        gpu_seconds=ZERO_GPU_SECONDS * calls if hardware.startswith("zero") else 0,
        dollars=tool.dollars * calls if tool else 0.0,
        effect=tool.effect if tool else "read",
    )


def _calls(plan: Plan, step: Step) -> int:
    """Items that are known before the run; a list that a Space will make counts as one."""
    for _ in plan.steps:
        if isinstance(step.each, tuple):
            return len(step.each)
        source = step.each.step if step.each else ""
        step = next((other for other in plan.steps if other.id == source), step)
    return 1
