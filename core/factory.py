"""The nouns of the Space factory: what a model card says, the Space made for it, and how far it was proved."""

from typing import Literal

from pydantic import Field, JsonValue

from core.checks import Verdict
from core.nouns import Artifact, Frozen
from core.rungs import Rung


class Evidence(Frozen):
    """Where a claim rests."""

    where: str
    """`README.md:12`, `config.json`, `files` (the list of them) or `hub` (what the Hub's API says)."""
    text: str = Field(max_length=300)
    """The words themselves, or the figure. Foreign text."""


BlockerKind = Literal[
    "multi_gpu",
    "docker_only",
    "comfyui_only",
    "custom_cuda",
    "external_api_key",
    "gated",
    "non_pytorch_runtime",
    "missing_base_model",
    "remote_code",
    "too_large",
    "insufficient_information",
]


class Blocker(Frozen):
    """What keeps a Space from being made for the model without a person."""

    kind: BlockerKind
    evidence: Evidence
    remedy: str = ""
    """What would help, for people: grant access, use the base model, a larger machine."""


Need = Literal["cpu", "zero-gpu", "zero-gpu-xlarge", "gpu", "multi-gpu", "unknown"]
"""What a model needs to run on: ZeroGPU's two sizes hold 48 and 96 GB."""


class CardFacts(Frozen):
    """What a model is, as far as its card, its files and the Hub tell. None is "unknown": nothing to rest on."""

    model: str | None = None
    revision: str | None = None
    task: str | None = None
    """A pipeline tag of the Hub."""
    library: str | None = None
    """As the Hub names libraries: transformers, diffusers, sentence-transformers …"""
    license: str | None = None
    gated: bool | None = None
    base_model: str | None = None
    parameters: int | None = None
    memory_gb: float | None = None
    """GB for the weights in the precision they are stored in, and a fifth more to work in."""
    hardware: Need = "unknown"
    blockers: tuple[Blocker, ...] = ()
    files: tuple[str, ...] = ()
    """Of the repository."""
    usage: str | None = None
    """The card's own snippet: the first Python that loads the model. Foreign code."""
    confidence: float = Field(default=0.0, ge=0, le=1)
    """In the task."""
    evidence: dict[str, Evidence] = {}
    """By the name of the field it speaks for."""


class Workspace(Frozen):
    """The files of a Space before it is uploaded."""

    model: str
    files: dict[str, str]
    """Text by path: app.py, requirements.txt, README.md …"""
    origin: Literal["recipe", "pi", "given"]
    task: str | None = None
    endpoint: str = "/generate"
    """The endpoint that does the model's work."""
    blockers: tuple[Blocker, ...] = ()


class Finding(Frozen):
    """What is wrong with a workspace before anything is uploaded."""

    rule: str
    """ZG001 … PH003 of the rules for ZeroGPU Spaces, or requirements, import, api, workspace."""
    severity: Literal["error", "warn", "info"]
    where: str
    """`app.py:14`."""
    message: str
    fix: str = ""


class Draft(Frozen):
    """One version of a workspace on its way, and what it came to."""

    origin: Literal["recipe", "pi", "given"]
    findings: tuple[Finding, ...] = ()
    outcome: str = ""
    """How Pi ended: done, error, aborted, killed, budget or nothing; empty when it was not asked."""
    detail: str = ""
    """Its own words for that, on one line. Foreign text."""
    tokens: int = 0
    dollars: float = 0.0
    seconds: float = 0.0


class Coded(Frozen):
    """What the coder hands over: the newest version, and how it came about."""

    workspace: Workspace
    findings: tuple[Finding, ...] = ()
    """What preflight says of it: no errors, or it would not have been handed over."""
    drafts: tuple[Draft, ...] = ()
    """Every version in order, the one handed over last."""
    rounds: int = 0
    """How often Pi was asked."""
    tokens: int = 0
    seconds: float = 0.0
    """Of Pi's work, waiting for its Jobs included."""


class Trial(Frozen):
    """One call of the endpoint under test."""

    inputs: dict[str, JsonValue]
    """By parameter; a file as `artifact:<sha256>`."""
    artifacts: tuple[Artifact, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    seconds: float = 0.0
    failure: str = ""


class Validation(Frozen):
    """What the tests of a Space have shown."""

    space: str
    revision: str
    rung: Rung
    reasons: tuple[str, ...]
    """Why this rung and not the next, in plain words."""
    endpoint: str | None = None
    trials: tuple[Trial, ...] = ()
    first_seconds: float | None = None
    warm_seconds: float | None = None
    duration: int | None = None
    """ZeroGPU seconds to reserve for a call: 1.4 times the longest measured."""
