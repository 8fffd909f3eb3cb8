"""From what there is of a model to what it is: `CardFacts`, each claim with its place. A pure function."""

from core.factory import CardFacts, Evidence
from tools.cards.base_model import base_model_of
from tools.cards.blockers import blockers
from tools.cards.clues import clues
from tools.cards.library import library_of
from tools.cards.licence import licence_of
from tools.cards.memory import need_of, size_of
from tools.cards.reading import Reading
from tools.cards.snippets import command, usage
from tools.cards.source import Source
from tools.cards.task_choice import choose

WANTS_A_GPU = frozenset(
    {
        "text-to-image", "image-to-image", "text-to-video", "image-to-video", "video-to-video", "image-to-3d",
        "text-to-3d", "text-to-audio", "any-to-any", "unconditional-image-generation",
    }
)  # fmt: skip
"""Tasks that take many passes through the model for one answer."""


def analyse(source: Source) -> CardFacts:
    """Never fails, whatever the card is. Nothing in it is followed, only quoted."""
    document = source.document
    task, confidence, task_evidence = choose(clues(source))
    library, licence, base = library_of(source), licence_of(source), base_model_of(source)
    size = size_of(source)
    snippet = usage(document)
    name = library[0] if library else None
    hardware = need_of(size.gigabytes, name, task in WANTS_A_GPU)
    reading = Reading(
        source=source,
        task=task,
        library=name,
        base_model=base[0] if base else None,
        usage=snippet,
        command=command(document),
        gigabytes=size.gigabytes,
        memory_evidence=size.memory_evidence,
        hardware=hardware,
    )
    told: dict[str, Evidence | None] = {
        "task": task_evidence,
        "library": library[1] if library else None,
        "license": licence[1] if licence else None,
        "gated": Evidence(where="hub", text=f"gated: {source.gated}") if source.gated is not None else None,
        "base_model": base[1] if base else None,
        "parameters": size.parameters_evidence,
        "memory_gb": size.memory_evidence,
        "hardware": size.memory_evidence or (library[1] if library and hardware != "unknown" else None),
        "usage": document.evidence(snippet.line) if snippet else None,
    }
    return CardFacts(
        model=source.model,
        revision=source.revision,
        task=task,
        library=name,
        license=licence[0] if licence else None,
        gated=source.gated,
        base_model=reading.base_model,
        parameters=size.parameters,
        memory_gb=size.gigabytes,
        hardware=hardware,
        blockers=blockers(reading),
        files=source.paths,
        usage=snippet.code if snippet else None,
        confidence=confidence,
        evidence={field: evidence for field, evidence in told.items() if evidence is not None},
    )
