"""What a step can start from: the goal's words, an attachment, or what an earlier step makes."""

from core.nouns import ATTACHED, FILE_KINDS, Argument, From, Frozen, Goal, Kind, Parameter


def at(step: str, output: int = 0) -> From:
    """The place of a step's output. Spelled by the alias, which type checkers know without a plugin."""
    return From.model_validate({"from": step, "output": output})


class Source(Frozen):
    kind: Kind
    place: From | None = None
    """None: the goal's own words."""

    many: bool = False
    """A list of `kind` stands there."""

    @property
    def attached(self) -> bool:
        return self.place is not None and self.place.step == ATTACHED


def attachments(goal: Goal) -> tuple[Source, ...]:
    return tuple(
        Source(kind=artifact.kind, place=at(ATTACHED, number)) for number, artifact in enumerate(goal.attachments)
    )


def fits(kind: Kind, wanted: Kind) -> bool:
    """Whether a value of `kind` may be handed to a port that wants `wanted`.

    A `file` may turn out to be anything, so the checks on its bytes decide; a number or an object can be written down
    as text, and data takes whatever JSON can say.
    """
    if kind == wanted:
        return True
    if "file" in (kind, wanted):
        return kind in FILE_KINDS and wanted in FILE_KINDS
    if wanted == "json":
        return kind in ("text", "number", "boolean", "table")
    if wanted in ("text", "html"):
        return kind in ("text", "html", "number")
    return False


def is_demo(parameter: Parameter) -> bool:
    """The default is an example file: left out, the Space would silently work on its own demo."""
    default = parameter.default
    return parameter.kind in FILE_KINDS and isinstance(default, (dict, list)) and bool(default)


def nested(argument: Argument, parameter: Parameter, source: Source) -> Argument:
    """A single value for a parameter that takes a list goes in as a list of one."""
    return [argument] if parameter.many and not source.many else argument
