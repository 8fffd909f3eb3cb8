"""`python app.py check FILE`: the output checks on one file of the user's."""

import asyncio
import json
import time
from pathlib import Path
from typing import get_args

from pydantic import TypeAdapter, ValidationError

from core.checks import Check, FileCheck, Verdict
from core.errors import InputsRefused
from core.nouns import Kind
from tools.check_artifact import FileReport, check_file
from tools.checks.laboratory import Laboratory

WORST = ("fail", "unknown", "warn", "pass")

MEANT: dict[str, tuple[Kind, str | None]] = {
    "mesh": ("model3d", None),
    "ply": ("model3d", None),
    "glb": ("model3d", None),
    "gltf": ("model3d", None),
    "splat": ("model3d", "splat"),
    "csv": ("table", None),
    "svg": ("image", "svg"),
    "markdown": ("text", None),
    "pdf": ("file", "pdf"),
    "archive": ("file", "archive"),
}
"""Other words for a kind: what an artifact of it is declared as, and what its content must be besides."""


def check(file: Path, kind: str | None, bounds: str | None, *, as_json: bool) -> int:
    """Exit code 0 sound, 1 refused, 2 could not be read.

    Raises InputsRefused when the kind or the bounds make no sense.
    """
    wanted, of_kind = meant(kind)
    checks = (*of_kind, *_checks(bounds))
    began = time.monotonic()
    report = asyncio.run(_look(file, wanted, checks))
    seconds = round(time.monotonic() - began, 3)
    worst = worst_of(report.verdicts)
    if as_json:
        said = {
            "status": worst.status,
            "kind": report.kind,
            "reason": worst.reason,
            "facts": report.facts,
            "verdicts": [verdict.model_dump(mode="json") for verdict in report.verdicts],
            "seconds": seconds,
        }
        print(json.dumps(said, ensure_ascii=False))
        return report.exit_code
    print(f"{worst.status}: {file.name} is {report.format} ({report.kind})")
    for verdict in report.verdicts:
        print(f"  {verdict.status}: {verdict.check}: {verdict.reason}")
    for fact, value in report.facts.items():
        print(f"  {fact}: {json.dumps(value, ensure_ascii=False)}")
    return report.exit_code


def meant(said: str | None) -> tuple[Kind | None, tuple[Check, ...]]:
    """What a word for a kind declares, and the check that it brings along. Raises InputsRefused for an unknown word."""
    if said is None:
        return None, ()
    if said in MEANT:
        kind, content = MEANT[said]
        return kind, (FileCheck(kind=content),) if content else ()
    kinds: tuple[Kind, ...] = get_args(Kind)
    for kind in kinds:
        if kind == said:
            return kind, ()
    raise InputsRefused(f"there is no kind '{said}'; the kinds are {', '.join([*kinds, *MEANT])}")


def worst_of(verdicts: tuple[Verdict, ...]) -> Verdict:
    return min(verdicts, key=lambda verdict: WORST.index(verdict.status))


async def _look(file: Path, kind: Kind | None, checks: tuple[Check, ...]) -> FileReport:
    async with Laboratory() as laboratory:
        return await check_file(laboratory, file, kind, checks)


def _checks(bounds: str | None) -> tuple[Check, ...]:
    if bounds is None:
        return ()
    try:
        given = json.loads(bounds)
        adapter: TypeAdapter[tuple[Check, ...]] = TypeAdapter(tuple[Check, ...])
        return adapter.validate_python(given if isinstance(given, list) else [given])
    except ValidationError as error:
        raise InputsRefused(f"--bounds: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from error
    except ValueError as error:
        raise InputsRefused(f"--bounds is not JSON: {error}") from error
