"""How far a Space was proved, by what a deployment or a validation says of it: held against what a plan wants."""

from pydantic import JsonValue

from core.checks import RungCheck, Verdict
from core.rungs import RUNGS


def risen(check: RungCheck, value: JsonValue) -> Verdict:
    """A value that names no rung is refused: nobody looked."""
    said = value if isinstance(value, dict) else {}
    rung, reasons = said.get("rung"), said.get("reasons")
    if rung not in RUNGS:
        reason = "rung.at_least: the step does not say how far a Space is proved"
        return Verdict(check="rung", status="fail", reason=reason)
    told = [str(reason) for reason in reasons] if isinstance(reasons, list) else []
    facts: dict[str, JsonValue] = {"rung": rung, "reasons": list(told)}
    # It waits for a person: nothing that needs the Space to be up can go on from there.
    waits = rung == "manual_hardware_required" and check.at_least == "built"
    if RUNGS.index(rung) >= RUNGS.index(check.at_least) and not waits:
        reason = f"rung.at_least: {check.at_least}, reached {rung}"
        return Verdict(check="rung", status="pass", reason=reason, facts=facts)
    reason = f"wanted {check.at_least}, reached {rung}: {'; '.join(told)}"
    return Verdict(check="rung", status="fail" if check.severity == "error" else "warn", reason=reason, facts=facts)
