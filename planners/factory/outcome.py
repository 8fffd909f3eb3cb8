"""How far a run of the factory has come: the highest rung whose evidence is in the record."""

from core.nouns import Artifact, Frozen
from core.run import Run, Unit
from core.rungs import RUNGS, Rung

_UNSAID = {"InformationMissing": "insufficient_information", "TechnicalBlocker": "technical_blocker"}


_PLACE = ("space", "address", "settings")


class Outcome(Frozen):
    rung: Rung
    reasons: tuple[str, ...]
    """Why this rung and not the next."""
    space: str | None = None
    address: str | None = None
    settings: str | None = None
    """Where a person changes the Space's hardware."""


def outcome_of(run: Run, written: bool) -> Outcome:
    """Told by the newest step that has something to say about the Space. `written`: its code is in the record."""
    deployed = _newest(run, "space_deployer")
    place = _place(deployed)
    for tool in ("validator", "space_deployer"):
        said = _said(_newest(run, tool))
        if said:
            rung, reasons = said
            # A deployment that got no machine says more than a proof that could not be made.
            return Outcome(rung=rung, reasons=reasons, **place)
    return _before_deployment(run, written, place)


def _before_deployment(run: Run, written: bool, place: dict[str, str | None]) -> Outcome:
    coded = _newest(run, "pi_coder")
    if coded and coded.done:
        return Outcome(rung="preflight_ok", reasons=(run.reason or "it was not deployed",), **place)
    fault = coded.attempts[-1].fault if coded and coded.attempts else None
    if fault and fault.kind in _UNSAID:
        return Outcome.model_validate({"rung": _UNSAID[fault.kind], "reasons": (fault.message,), **place})
    if fault and fault.kind == "CodingFailed":
        rung = "generated" if written else "technical_blocker"
        return Outcome.model_validate({"rung": rung, "reasons": (fault.message,), **place})
    reason = (fault.message if fault else "") or run.reason or "nothing was found out"
    return Outcome(rung=RUNGS[0], reasons=(reason,), **place)


def _newest(run: Run, tool: str) -> Unit | None:
    steps = [step.id for step in (run.plan.steps if run.plan else ()) if step.call.tool == tool]
    units = [unit for id in steps for unit in run.of(id)]
    return units[-1] if units else None


def _said(unit: Unit | None) -> tuple[Rung, tuple[str, ...]] | None:
    if unit is None:
        return None
    verdicts = unit.verdicts if unit.done else unit.attempts[-1].verdicts if unit.attempts else ()
    for verdict in verdicts:
        told = verdict.facts.get("reasons")
        for rung in RUNGS:
            if verdict.facts.get("rung") == rung:
                return rung, tuple(map(str, told)) if isinstance(told, list) else ()
    return None


def _place(unit: Unit | None) -> dict[str, str | None]:
    """Of the deployment, also of one that failed its check."""
    artifacts: tuple[Artifact, ...] = ()
    if unit:
        artifacts = unit.artifacts or (unit.attempts[-1].artifacts if unit.attempts else ())
    for artifact in artifacts:
        if isinstance(value := artifact.value, dict):
            return {name: str(value[name]) if value.get(name) else None for name in _PLACE}
    return dict.fromkeys(_PLACE)
