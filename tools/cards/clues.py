"""What speaks for a task: each clue with its weight, the rule it comes from, and its place."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from core.factory import Evidence
from tools.cards.document import Document, Words, plain_words
from tools.cards.front_matter import Tree, texts
from tools.cards.library import library_of
from tools.cards.source import Source
from tools.cards.task_marks import DATASET_PATTERNS, LIBRARIES, METRICS, NAME_PATTERNS, mark_of_class
from tools.cards.task_phrases import ANYWHERE, STRONG
from tools.cards.tasks import TASKS, task_named


class Clue(NamedTuple):
    task: str
    weight: float
    """Between 0 and 1: how often it is right when it stands alone."""
    rule: str
    """Clues of one rule for one task count once."""
    evidence: Evidence


def clues(source: Source) -> Iterator[Clue]:
    """All there is, in no particular order."""
    yield from _stated(source)
    yield from _configured(source)
    yield from _tagged(source)
    yield from _evaluated(source.document)
    yield from _shown(source.document)
    yield from _coded(source.document)
    yield from _named(source)
    yield from _worded(source.document)


def _stated(source: Source) -> Iterator[Clue]:
    """What the card or the Hub calls the task."""
    document = source.document
    for tag in document.stated("pipeline_tag"):
        if tag.lower() in TASKS:
            where = document.evidence(document.line_of("pipeline_tag", tag))
            yield Clue(tag.lower(), 0.98, "stated", where)
    if source.pipeline_tag in TASKS:
        yield Clue(
            str(source.pipeline_tag), 0.97, "hub", Evidence(where="hub", text=f"pipeline_tag: {source.pipeline_tag}")
        )


def _configured(source: Source) -> Iterator[Clue]:
    for name in source.architectures:
        if mark := mark_of_class(name):
            yield Clue(*mark, "config", Evidence(where="config.json", text=f"architectures: {name}"[:300]))
    pipeline = source.model_index.get("_class_name")
    if isinstance(pipeline, str) and (mark := mark_of_class(pipeline)):
        yield Clue(*mark, "config", Evidence(where="model_index.json", text=f"_class_name: {pipeline}"[:300]))
    adapted = source.adapter.get("task_type")
    if isinstance(adapted, str) and (task_of := _ADAPTED.get(adapted)):
        yield Clue(task_of, 0.85, "config", Evidence(where="adapter_config.json", text=f"task_type: {adapted}"))
    library = library_of(source)
    if library is not None and (mark := LIBRARIES.get(library[0])):
        yield Clue(*mark, "library", library[1])


_ADAPTED = {
    "CAUSAL_LM": "text-generation",
    "SEQ_2_SEQ_LM": "text2text-generation",
    "SEQ_CLS": "text-classification",
    "TOKEN_CLS": "token-classification",
    "QUESTION_ANS": "question-answering",
    "FEATURE_EXTRACTION": "feature-extraction",
}


_CODE_NAME = re.compile(r"[A-Za-z_][\w.]{3,}\(?")


def _tagged(source: Source) -> Iterator[Clue]:
    document = source.document
    for tag in dict.fromkeys((*document.stated("tags"), *source.tags[:200])):
        evidence = document.evidence(document.line_of("tags", tag))
        if tag not in document.stated("tags"):
            evidence = Evidence(where="hub", text=f"tag: {tag}"[:300])
        if task := task_named(tag):
            yield Clue(task, 0.75 if "-".join(tag.lower().split()) in TASKS else 0.65, "tag", evidence)
        elif mark := LIBRARIES.get(tag.strip().lower()):
            yield Clue(*mark, "tag of a library", evidence)
    if "creativeml" in " ".join(document.stated("license")):
        yield Clue("text-to-image", 0.4, "license", document.evidence(document.line_of("license")))


def _evaluated(document: Document) -> Iterator[Clue]:
    """Data and figures of merit, and what model-index says was evaluated."""
    for type_, line in _index_tasks(document):
        if task := task_named(type_):
            yield Clue(task, 0.85, "model-index", document.evidence(line))
    for key in ("datasets", "dataset"):
        for name in document.stated(key)[:20]:
            for pattern, mark in DATASET_PATTERNS:
                if pattern.search(name.rpartition("/")[2]):
                    yield Clue(*mark, "dataset", document.evidence(document.line_of(key, name)))
    for name in document.stated("metrics"):
        if known := METRICS.get(name.lower().replace(" ", "_")):
            yield Clue(*known, "metric", document.evidence(document.line_of("metrics", name)))


def _index_tasks(document: Document) -> Iterator[tuple[str, int]]:
    index = document.values.get("model-index")
    for model in index[:5] if isinstance(index, list) else []:
        results = model.get("results") if isinstance(model, dict) else None
        for result in results[:20] if isinstance(results, list) else []:
            task = result.get("task") if isinstance(result, dict) else None
            kind = task.get("type") or task.get("name") if isinstance(task, dict) else task
            if isinstance(kind, str):
                yield kind, document.line_of("model-index", kind)


def _shown(document: Document) -> Iterator[Clue]:
    """What the widget takes: a hole in a sentence, a context, an image, a sound."""
    widget = document.values.get("widget")
    line = document.line_of("widget")
    for sample in widget[:10] if isinstance(widget, list) else [widget]:
        for task, weight in _sample(sample):
            yield Clue(task, weight, "widget", document.evidence(line))
    if document.stated("mask_token"):
        yield Clue("fill-mask", 0.8, "widget", document.evidence(document.line_of("mask_token")))
    for key in ("instance_prompt", "trigger"):
        if document.stated(key):
            yield Clue("text-to-image", 0.8, "widget", document.evidence(document.line_of(key)))


_HOLES = ("[mask]", "<mask>", "<extra_id_0>", "[unused")
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
_SOUNDS = (".wav", ".flac", ".mp3", ".ogg")


def _sample(sample: Tree | None) -> Iterator[tuple[str, float]]:
    if isinstance(sample, str):
        sample = {"text": sample}
    if not isinstance(sample, dict):
        return
    text, source = " ".join(texts(sample.get("text"))).lower(), " ".join(texts(sample.get("src"))).lower()
    if any(hole in text for hole in _HOLES):
        yield ("fill-mask", 0.9)
    if "context" in sample:
        yield ("question-answering", 0.85)
    if "candidate_labels" in sample:
        yield ("zero-shot-image-classification" if source else "zero-shot-classification", 0.85)
    if "source_sentence" in sample:
        yield ("sentence-similarity", 0.95)
    if "table" in sample:
        yield ("table-question-answering", 0.9)
    if "structured_data" in sample or "structuredData" in sample:
        yield ("tabular-classification", 0.7)
    if source.endswith(_PICTURES):
        yield ("document-question-answering" if text.endswith("?") else "image-classification", 0.3)
    if source.endswith(_SOUNDS):
        yield ("automatic-speech-recognition", 0.5)
    if text.startswith(("summarize", "summarise")):
        yield ("summarization", 0.5)
    if text.startswith("translate"):
        yield ("translation", 0.5)


def _coded(document: Document) -> Iterator[Clue]:
    code = document.code
    seen = set()
    for found in _CODE_NAME.finditer(code):
        name = found.group()
        if name in seen or (name.islower() and name[-1] != "(" and "_" not in name):
            continue
        seen.add(name)
        if mark := mark_of_class(name):
            yield Clue(*mark, "code", document.evidence(document.line_at(found.start())))
    at = 0
    while (at := code.find("pipeline(", at) + 1) > 0:
        call = code[at + 8 : at + 200].lstrip()
        for quote in ("'", '"'):
            for part in call.split(quote)[1:4:2]:
                if part in TASKS or part in ("ner", "sentiment-analysis", "zero-shot"):
                    task_ = str(task_named(part))
                    yield Clue(task_, 0.85, "pipeline call", document.evidence(document.line_at(at)))


def _named(source: Source) -> Iterator[Clue]:
    document = source.document
    title = next(iter(document.headings), (0, ""))
    places = [(document.name, Evidence(where="name", text=document.name[:300]), 1.0)] if document.name else []
    if plain_words(title[1]) != plain_words(document.name):
        places.append((title[1][:200], document.evidence(title[0]), 0.9))
    for base in document.stated("base_model", "base_models", "finetuned_from")[:3]:
        places.append((base.rpartition("/")[2], document.evidence(document.line_of("base_model", base)), 0.8))
    if told := _BASED.find_in(document):
        places.append(told)
    for name, evidence, share in places:
        for pattern, (task, weight) in NAME_PATTERNS:
            if pattern.search(name):
                yield Clue(task, weight * share, "name", evidence)


class _BASED:
    """The model that this one says it was made from."""

    MARKS = ("fine tuned version of", "finetuned version of", "based on", "finetuned from", "fine tuned from")

    @classmethod
    def find_in(cls, document: Document) -> tuple[str, Evidence, float] | None:
        for mark in cls.MARKS:
            line = document.rest.find(mark)
            if line is not None:
                said = plain_words(document.lines[line - 1])
                name = said.partition(mark)[2].split()[:6]
                return "-".join(name), document.evidence(line), 0.7
        return None


_PLACES = (("title", 0.75), ("lead", 0.6), ("rest", 0.4))
_MOST_PHRASES = 3
"""Of a task that count."""


def _worded(document: Document) -> Iterator[Clue]:
    everywhere = document.rest.text
    first = document.title.text + document.lead.text
    for task, phrases in STRONG.items():
        # Most phrases are nowhere: that is found out before it is asked where they are.
        there = (
            (rank, phrase)
            for rank, phrase in enumerate(phrases)
            if f" {phrase} " in first or (phrase in ANYWHERE and f" {phrase} " in everywhere)
        )
        for found, (rank, phrase) in enumerate(islice(there, _MOST_PHRASES)):
            weight, line = _placed(document, phrase)
            yield Clue(task, weight * (1 - 0.5 * rank / len(phrases)), f"words {found}", document.evidence(line))
    yield from _problem(document)


def _placed(document: Document, phrase: str) -> tuple[float, int]:
    """The best place of a phrase that is there, and its line."""
    for place, weight in _PLACES:
        words: Words = getattr(document, place)
        if (line := words.find(phrase)) is not None:
            return weight, line
    return 0.0, 0


def _problem(document: Document) -> Iterator[Clue]:
    """AutoTrain's own word for the task."""
    problem = document.rest.find("problem type")
    if problem is not None:
        said = plain_words(document.lines[problem - 1]).partition("problem type")[2].strip()
        task_ = task_named(said) or next((task for name, task in _PROBLEMS if name in said), None)
        if task_:
            yield Clue(task_, 0.9, "problem type", document.evidence(problem))


_PROBLEMS = (
    ("entity extraction", "token-classification"),
    ("image", "image-classification"),
    ("summarization", "summarization"),
    ("translation", "translation"),
    ("question", "question-answering"),
    ("tabular", "tabular-classification"),
    ("classification", "text-classification"),
    ("regression", "text-classification"),
)
