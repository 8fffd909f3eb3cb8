"""Looks at what a step made before anything else reads it: facts measured once, then judged by the step's checks."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.artifacts import ArtifactStore
from core.checks import Check, RungCheck, Verdict
from core.nouns import FILE_KINDS, Artifact, Kind
from tools.checks.examination import Examination
from tools.checks.judge import FITS, judge, passed
from tools.checks.laboratory import Laboratory
from tools.checks.opinion import Judge, Shown, weighed
from tools.checks.risen import risen

__all__ = ["Gate", "passed"]

_WRITTEN: dict[str, Kind] = {"csv": "table", "json": "json"}
"""Files that are read as what their names say: a table with a row too long is none."""

SHOWN_LETTERS = 4_000
"""Of a text, to a model that is asked about it."""


@dataclass(frozen=True)
class Gate:
    """The gate of one run."""

    laboratory: Laboratory
    store: ArtifactStore
    ask: Judge | None = None
    """Who answers the questions that no parser can; without it they warn that nobody was asked."""

    async def examine(
        self, artifacts: Sequence[Artifact], checks: Sequence[Check]
    ) -> tuple[tuple[Artifact, ...], tuple[Verdict, ...]]:
        """The artifacts with their facts, and every verdict. Never raises for bad content: that is a failed verdict."""
        examinations = [await self._examine(artifact, checks) for artifact in artifacts]
        seen = tuple(
            artifact.model_copy(update={"facts": {"format": examination.format, **examination.facts}})
            for artifact, examination in zip(artifacts, examinations, strict=True)
        )
        return seen, await self._judge(seen, examinations, checks)

    async def judge_again(self, artifacts: Sequence[Artifact], checks: Sequence[Check]) -> tuple[Verdict, ...]:
        """Verdicts from facts that were measured when the files were made; values are cheap enough to look at again."""
        examinations = [
            _remembered(artifact) if artifact.kind in FILE_KINDS else await self._examine(artifact, checks)
            for artifact in artifacts
        ]
        return await self._judge(artifacts, examinations, checks)

    async def _examine(self, artifact: Artifact, checks: Sequence[Check]) -> Examination:
        if artifact.kind in FILE_KINDS:
            return await self.laboratory.examine(self.store.path(artifact), _declared(artifact), checks=checks)
        return await self.laboratory.examine_held(self.store.value(artifact), artifact.kind, checks=checks)

    async def _judge(
        self, artifacts: Sequence[Artifact], examinations: Sequence[Examination], checks: Sequence[Check]
    ) -> tuple[Verdict, ...]:
        """Each check goes to the outputs of its kind; one that finds no such output fails."""
        verdicts: list[Verdict] = []
        homeless = list(checks)
        known = _known(artifacts)
        for artifact, examination in zip(artifacts, examinations, strict=True):
            fitting = [check for check in checks if _fits(check, artifact.kind)]
            homeless = [check for check in homeless if check not in fitting]
            measured = [check for check in fitting if not isinstance(check, RungCheck)]
            found = judge(artifact.kind, examination, measured, artifact.sha256, known)
            verdicts.extend(await self._weighed(artifact, found, measured))
            wanted = [check for check in fitting if isinstance(check, RungCheck)]
            verdicts.extend(risen(check, self.store.value(artifact)) for check in wanted)
        kinds = ", ".join(dict.fromkeys(artifact.kind for artifact in artifacts)) or "nothing"
        for check in homeless:
            reason = f"{check.check}: the step made {kinds}, nothing this check could look at"
            verdicts.append(Verdict(check=check.check, status="fail", reason=reason))
        return tuple(verdicts)

    async def _weighed(
        self, artifact: Artifact, verdicts: Sequence[Verdict], checks: Sequence[Check]
    ) -> tuple[Verdict, ...]:
        async def show() -> Shown:
            if artifact.kind not in FILE_KINDS:
                return str(self.store.value(artifact))[:SHOWN_LETTERS]
            picture = self.store.incoming().with_suffix(".png")
            drawn = await self.laboratory.thumbnail(self.store.path(artifact), artifact.kind, picture)
            return picture if drawn else None

        if self.ask is None:
            return tuple(verdicts)
        return await weighed(verdicts, checks, artifact.facts, self.ask, show)


def _declared(artifact: Artifact) -> Kind:
    """What a file that is declared as any file says it is by its own name."""
    suffix = (artifact.file or "").rpartition(".")[2]
    return _WRITTEN.get(suffix, artifact.kind) if artifact.kind == "file" else artifact.kind


def _remembered(artifact: Artifact) -> Examination:
    facts = dict(artifact.facts)
    format = str(facts.pop("format", ""))
    gate = Verdict(check="gate", status="pass", reason="looked at when it was made")
    return Examination(kind=artifact.kind, format=format, facts=facts, gate=gate)


def _known(artifacts: Sequence[Artifact]) -> dict[str, str]:
    """What some of the artifacts are instead of a result, in words that follow "this is".

    A Space may show what it was given beside what it made of it; giving nothing but that back is no work.
    """
    files = [artifact for artifact in artifacts if artifact.kind in FILE_KINDS] or list(artifacts)
    known = {artifact.sha256: "the Space's own example file" for artifact in files if artifact.origin.example}
    if all(artifact.sha256 in artifact.origin.inputs for artifact in files):
        known |= {artifact.sha256: "the very thing that the step was given" for artifact in files}
    return known


def _fits(check: Check, kind: Kind) -> bool:
    return kind in FILE_KINDS if check.check == "file" else kind in FITS[check.check]
