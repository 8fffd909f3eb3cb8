"""A run as an RO-Crate (1.1, Process Run Crate 0.5): the record as other tools read it.

Every finished step is a CreateAction: the Space or tool at its revision is the instrument, what went in the object,
what came out the result.
"""

import json
import mimetypes
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from core.nouns import Artifact, Origin
from core.record import RunFolder
from core.run import Run, Unit
from planners.report import licence_terms

METADATA = "ro-crate-metadata.json"
PARTS = ("events.jsonl", "state.json", "report.md")

Entity = dict[str, Any]


def export(folder: RunFolder, to: Path) -> Path:
    """Copy the record to a new folder, or into a new archive when `to` ends with .zip, with its metadata beside it.

    Raises FileExistsError when there is something of that name.
    """
    if to.exists():
        raise FileExistsError(17, "is there already; choose another name", str(to))
    archive = to.suffix == ".zip"
    target = to.with_suffix("") if archive else to
    target.mkdir(parents=True)
    run = folder.run()
    for name in PARTS:
        if (folder.path / name).exists():
            shutil.copyfile(folder.path / name, target / name)
    if folder.artifacts.folder.exists():
        shutil.copytree(folder.artifacts.folder, target / "artifacts")
    text = json.dumps(metadata(folder.id, run, target), indent=1, ensure_ascii=False)
    (target / METADATA).write_text(text + "\n", "utf-8")
    if archive:
        shutil.make_archive(str(target), "zip", target)
        shutil.rmtree(target)
    return to


def metadata(id: str, run: Run, folder: Path) -> dict[str, Any]:
    """The content of ro-crate-metadata.json for a run whose record lies in `folder`."""
    made = {artifact.sha256: artifact for unit in run.units.values() if unit.done for artifact in unit.artifacts}
    known = {**{artifact.sha256: artifact for artifact in run.goal.attachments}, **made}
    actions = [action(unit, known) for unit in run.units.values() if unit.done]
    files = [file(folder / name, name) for name in PARTS if (folder / name).exists()]
    entities = [entity(artifact) for artifact in known.values()]
    parts = [part["@id"] for part in (*files, *entities) if part["@type"] == "File"]
    root: Entity = {
        "@id": "./",
        "@type": "Dataset",
        "name": run.goal.text,
        "description": f"Run {id} of Spacewright: {run.status}. {str(licence_terms(run)).capitalize()}.",
        "datePublished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(run.started)),
        "conformsTo": {"@id": "https://w3id.org/ro/wfrun/process/0.5"},
        "hasPart": [{"@id": part} for part in parts],
        "mentions": [{"@id": done["@id"]} for done in actions],
    }
    descriptor: Entity = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    instruments = {tool["@id"]: tool for artifact in made.values() for tool in [instrument(artifact.origin)]}
    graph = [descriptor, root, *files, *entities, *instruments.values(), *actions]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}


def action(unit: Unit, known: Mapping[str, Artifact]) -> Entity:
    name = unit.step if unit.item is None else f"{unit.step}-{unit.item}"
    inputs = dict.fromkeys(sha256 for artifact in unit.artifacts for sha256 in artifact.origin.inputs)
    tools = dict.fromkeys(instrument(artifact.origin)["@id"] for artifact in unit.artifacts)
    return {
        "@id": f"#{name}",
        "@type": "CreateAction",
        "name": unit.step,
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
        "instrument": [{"@id": tool} for tool in tools],
        "object": [{"@id": place(known[sha256])} for sha256 in inputs if sha256 in known],
        "result": [{"@id": place(artifact)} for artifact in unit.artifacts],
    }


def instrument(origin: Origin) -> Entity:
    if origin.space is None:
        return {"@id": f"#tool-{origin.tool}", "@type": "SoftwareApplication", "name": origin.tool}
    licenses = [f"{part.what}: {part.license or 'none stated'}" for part in origin.licensed]
    return {
        "@id": f"https://huggingface.co/spaces/{origin.space}#{origin.revision or 'unknown'}{origin.endpoint or ''}",
        "@type": "SoftwareApplication",
        "name": f"{origin.space} {origin.endpoint or ''}".strip(),
        "version": origin.revision or "unknown",
        "softwareRequirements": list(origin.models),
        "license": "; ".join(licenses),
    }


def entity(artifact: Artifact) -> Entity:
    """A file of the crate, or a value that stands in the metadata itself."""
    told: Entity = {"@id": place(artifact), "name": artifact.name, "sha256": artifact.sha256}
    if artifact.file is None:
        return told | {"@type": "PropertyValue", "value": artifact.value}
    return told | {
        "@type": "File",
        "contentSize": str(artifact.size),
        "encodingFormat": mimetypes.guess_type(artifact.file)[0] or "application/octet-stream",
        "additionalProperty": list(figures(artifact)),
    }


def figures(artifact: Artifact) -> Iterator[Entity]:
    for name, value in artifact.facts.items():
        if isinstance(value, str | int | float):
            yield {"@type": "PropertyValue", "name": name, "value": value}


def place(artifact: Artifact) -> str:
    return f"artifacts/{artifact.file}" if artifact.file else f"#sha256-{artifact.sha256}"


def file(path: Path, name: str) -> Entity:
    return {"@id": name, "@type": "File", "name": name, "contentSize": str(path.stat().st_size)}
