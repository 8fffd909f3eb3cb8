"""What a person or the environment decides. Only the composition root reads this."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from core.egress import on_this_machine
from core.nouns import Frozen

HUB = "https://huggingface.co"

CODING_MODEL = "hf:Qwen/Qwen3-Coder-Next"
"""Where there is a token of the real Hub; asked only after consent."""


class Settings(Frozen):
    endpoint: str | None = None
    """The Hub; None means the local one, started when needed."""
    token: str | None = None
    runs: Path = Path("runs")
    home: Path = Path(".spacewright")
    """What outlives a run: the local Hub's data and the catalogue's cache."""
    model: str = "catalogue"
    """Who plans: `catalogue` needs no language model; `core/model_spec.py` reads it."""
    model_key: str | None = None
    """What a language model of the user's own choosing is asked with; Hugging Face is asked with `token`."""
    bill_to: str | None = None
    """The organisation that pays for Hugging Face's Inference Providers; None is the user."""
    coding_model: str = "catalogue"
    """Who writes code that no recipe covers: a spec like `model`; `catalogue` is nobody."""
    lead: bool = False
    """The model leads the sub-agents too, which have a routine of their own without it."""
    tracing: bool = False
    """Every exchange with a model is an OpenTelemetry span, for whichever provider the process has."""
    licences: Literal["report", "ask", "refuse"] = "report"
    """What to do about a Space whose licences do not allow commercial use, or do not say."""
    consent: bool = False
    """The user said yes beforehand to everything a plan may publish or spend."""

    @property
    def local(self) -> bool:
        return self.endpoint is None

    def __repr__(self) -> str:
        """Without the token: settings may end up in a traceback."""
        return f"Settings(endpoint={self.endpoint!r}, runs={self.runs!r}, model={self.model!r})"

    __str__ = __repr__


def from_environment(environment: Mapping[str, str], *, local: bool = False, endpoint: str | None = None) -> Settings:
    """The settings as the environment has them: a token means the real Hub, none means the local one."""
    token = environment.get("HF_TOKEN") or environment.get("HUGGING_FACE_HUB_TOKEN") or None
    chosen = endpoint or environment.get("HF_ENDPOINT") or (HUB if token else None)
    far = not local and chosen is not None and not on_this_machine(urlsplit(chosen).hostname or "")
    home = Path(environment.get("SPACEWRIGHT_HOME") or ".spacewright")
    return Settings(
        endpoint=None if local else chosen,
        token=None if local else token,
        home=home,
        runs=Path(environment.get("SPACEWRIGHT_RUNS") or "runs"),
        model=environment.get("SPACEWRIGHT_MODEL") or "catalogue",
        coding_model=environment.get("SPACEWRIGHT_CODING_MODEL") or (CODING_MODEL if token and far else "catalogue"),
        model_key=environment.get("SPACEWRIGHT_MODEL_KEY") or None,
        lead=environment.get("SPACEWRIGHT_LEAD") == "1",
        tracing=environment.get("SPACEWRIGHT_TRACING") == "1",
        bill_to=environment.get("SPACEWRIGHT_BILL_TO") or None,
    )


def quiet_libraries() -> None:
    """Keep huggingface_hub and gradio from reporting home. Must run before they are imported."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
