"""Checks one artifact, or one file of the user's: what it is, what was measured, what is wrong with it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, cast

from pydantic import JsonValue, TypeAdapter, ValidationError

from core.checks import Check, Facts, Verdict
from core.errors import InputsRefused
from core.nouns import Artifact, Frozen, Kind, Origin
from core.scope import Scope
from tools.artifact_tool import ArtifactTool
from tools.checks.judge import judge, passed
from tools.checks.laboratory import Examination, Laboratory

_CHECKS: TypeAdapter[tuple[Check, ...]] = TypeAdapter(tuple[Check, ...])

_CLAIMS: dict[Kind, tuple[str, ...]] = {
    "image": (".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".svg"),
    "model3d": (".glb", ".gltf", ".obj", ".stl", ".ply", ".splat", ".ksplat", ".spz"),
    "audio": (".wav", ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".aif", ".aiff", ".aifc"),
    "video": (".mp4", ".webm", ".mov", ".m4v", ".avi", ".mkv"),
    "text": (".txt", ".md"),
    "json": (".json",),
    "table": (".csv",),
    "html": (".html", ".htm"),
}


class FileReport(Frozen):
    """What `check FILE` has to say."""

    kind: str
    """Of the content."""
    format: str
    facts: Facts
    verdicts: tuple[Verdict, ...]

    @property
    def exit_code(self) -> int:
        """0 sound, 1 refused, 2 could not be read."""
        if self.verdicts[0].status == "unknown":
            return 2
        return 0 if passed(self.verdicts) else 1


async def check_file(
    laboratory: Laboratory, path: Path, kind: Kind | None = None, checks: Sequence[Check] = ()
) -> FileReport:
    """Examine a file of the user's. Without a `kind` its name is a claim, and the content decides about it."""
    declared = kind or claimed(path)
    examination = await laboratory.examine(path, declared, checks=checks)
    return _report(declared or "file", examination, checks)


def claimed(path: Path) -> Kind | None:
    """What the name says the file is; None when it says nothing."""
    suffix = path.suffix.lower()
    return next((kind for kind, suffixes in _CLAIMS.items() if suffix in suffixes), None)


class CheckArtifact(ArtifactTool):
    """Artifact → verdicts."""

    name = "check_artifact"
    description = (
        "Looks into an artifact and says what it really is, what was measured (size, triangles, seconds, words) "
        "and which expectations it meets. Use it when a result decides what to do next. Returns JSON with "
        "`passed`, `verdicts`, each with a reason, and `facts`."
    )
    inputs: ClassVar[dict[str, dict[str, Any]]] = {
        "artifact": {"type": "object", "description": "The artifact to look into."},
        "checks": {
            "type": "array",
            "description": 'Expectations: [{"check": "mesh", "min_faces": 1000}]; null for the usual ones.',
            "nullable": True,
        },
    }

    def __init__(self, laboratory: Laboratory) -> None:
        super().__init__()
        self._laboratory = laboratory

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        """One JSON artifact: {"passed", "kind", "format", "verdicts", "facts"}."""
        artifact = arguments["artifact"]
        if not isinstance(artifact, Artifact):
            raise InputsRefused("check_artifact looks into an artifact and got something else")
        checks = _wanted(arguments.get("checks"))
        report = _report(artifact.kind, await self._examined(scope, artifact, checks), checks)
        answer = {"passed": passed(report.verdicts), **report.model_dump(mode="json")}
        origin = Origin(tool=self.name, step=scope.step, item=scope.item, inputs=(artifact.sha256,))
        return (scope.artifacts.keep_value(cast(JsonValue, answer), "json", "verdicts", origin),)

    async def _examined(self, scope: Scope, artifact: Artifact, checks: Sequence[Check]) -> Examination:
        if artifact.file is None:
            return await self._laboratory.examine_held(artifact.value, artifact.kind, checks=checks)
        return await self._laboratory.examine(scope.artifacts.path(artifact), artifact.kind, checks=checks)


def _wanted(checks: Any) -> tuple[Check, ...]:
    try:
        return _CHECKS.validate_python(checks or ())
    except ValidationError as error:
        raise InputsRefused(f"these checks cannot be read: {error.errors()[0]['msg']}") from error


def _report(declared: Kind, examination: Examination, checks: Sequence[Check]) -> FileReport:
    verdicts = judge(declared, examination, checks)
    return FileReport(kind=examination.kind, format=examination.format, facts=examination.facts, verdicts=verdicts)
