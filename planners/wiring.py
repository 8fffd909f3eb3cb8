"""What stands at each place of a plan, as far as the live Spaces and the tools tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.nouns import ATTACHED, EACH, Artifact, Call, From, Kind, Output, Plan, Space, Step

Schema = Mapping[str, Any]  # Any: a smolagents input schema is plain JSON

_SPACE_ARGUMENTS = frozenset({"space", "revision", "endpoint", "inputs"})
"""A tool that takes all of these calls an endpoint, and gives what that gives."""


@dataclass(frozen=True)
class Port:
    """What stands at a place."""

    kind: Kind
    many: bool


@dataclass(frozen=True)
class Wiring:
    plan: Plan
    spaces: Mapping[str, Space]
    tools: Mapping[str, Schema]
    attachments: tuple[Artifact, ...]
    given: Mapping[str, tuple[Output, ...]]

    def read_port(self, step: Step, place: From) -> Port | None:
        """What the step gets from there; None when that is unknown, or complained about elsewhere."""
        if place.step == EACH:
            port = self.port(step.each) if isinstance(step.each, From) else None
            return Port(port.kind, False) if port else None
        port = self.port(place)
        if port is None or place.step == ATTACHED:
            return port
        source = self.find(place.step)
        beside = source is not None and source.each is not None and step.each is not None
        if beside and source is not None and self.root(source) == self.root(step):
            outputs = self.outputs(source.call)
            return Port(port.kind, outputs[place.output].many)
        return port

    def port(self, place: From) -> Port | None:
        """What stands there for a step that is not spread over the same list."""
        if place.step == ATTACHED:
            there = 0 <= place.output < len(self.attachments)
            return Port(self.attachments[place.output].kind, False) if there else None
        source = self.find(place.step)
        outputs = self.outputs(source.call) if source else ()
        if source is None or not 0 <= place.output < len(outputs):
            return None
        return Port(outputs[place.output].kind, outputs[place.output].many or source.each is not None)

    def root(self, step: Step) -> object:
        """What the step is spread over in the end."""
        for _ in self.plan.steps:
            source = self.find(step.each.step) if isinstance(step.each, From) else None
            if source is None or source.each is None:
                break
            step = source
        return step.each

    def find(self, id: str) -> Step | None:
        return next((step for step in self.plan.steps if step.id == id), None)

    def outputs(self, call: Call) -> tuple[Output, ...]:
        """Of a Space's endpoint, or those that any other tool of ours always has."""
        if call.tool not in self.tools:
            return ()
        if not calls_an_endpoint(self.tools[call.tool]) or not space_id(call):
            return self.given.get(call.tool, (Output(label=call.tool, kind="json"),))
        space = self.spaces.get(space_id(call))
        endpoint = space.endpoint(str(call.arguments.get("endpoint", ""))) if space else None
        return endpoint.outputs if endpoint else ()


def calls_an_endpoint(schema: Schema) -> bool:
    return schema.keys() >= _SPACE_ARGUMENTS


def space_id(call: Call) -> str:
    space = call.arguments.get("space")
    return space if isinstance(space, str) else ""
