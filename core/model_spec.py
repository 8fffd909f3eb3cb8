"""Which language model is asked, and where: the one string that `--model` and the environment give."""

import difflib
import re
from typing import Literal, Self

from yarl import URL

from core.egress import on_this_machine
from core.errors import ModelRefused
from core.nouns import Frozen
from core.settings import Settings
from core.signals import say

ROUTER = "https://router.huggingface.co/v1"
"""Hugging Face's Inference Providers; the router chooses the provider when the spec names none."""

HUGGING_FACE = re.compile(r"[\w.-]+/[\w.-]+(?::[\w.-]+)?")

FORMS = "'catalogue', 'hf:owner/model[:provider]' or 'openai:model@http://host/v1'"

_OTHER_NAMES = {"huggingface": "hf", "hub": "hf", "hf": "hf", "openai": "openai", "none": "catalogue"}
_SERVERS = {"ollama": 11434, "vllm": 8000, "llama.cpp": 8080, "llamacpp": 8080, "lmstudio": 1234}
"""Ports that these servers listen at when nobody says otherwise."""


class ModelSpec(Frozen):
    kind: Literal["catalogue", "hf", "openai"]
    model: str = ""
    """As the endpoint knows it, with the provider that Hugging Face's router is to use."""
    base_url: str | None = None
    """Where `/chat/completions` hangs; None where no model is asked."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ModelRefused, with the nearest right form, when the text is no spec."""
        kind, _, rest = text.strip().partition(":")
        if text.strip() in ("catalogue", ""):
            return cls(kind="catalogue")
        if kind == "hf" and HUGGING_FACE.fullmatch(rest):
            return cls(kind="hf", model=rest, base_url=ROUTER)
        model, at, address = _last_address(rest)
        if kind == "openai" and model and at:
            return cls(kind="openai", model=model, base_url=_base(address))
        raise ModelRefused(f"{say(text, 100)} is no language model: write {_nearest(text.strip())}")

    def __str__(self) -> str:
        match self.kind:
            case "catalogue":
                return "catalogue"
            case "hf":
                return f"hf:{self.model}"
            case "openai":
                return f"openai:{self.model}@{self.base_url}"

    @property
    def id(self) -> str:
        """The model without the provider."""
        return self.model.partition(":")[0] if self.kind == "hf" else self.model

    @property
    def local(self) -> bool:
        """Whether the model is asked on this machine."""
        return self.base_url is not None and on_this_machine(URL(self.base_url).host or "")

    def secret(self, settings: Settings) -> str | None:
        """What the model is asked with. None where nothing is needed or nothing is known.

        The token of a local Hub is for that Hub alone, and a key never goes over a line that anybody can read.
        """
        match self.kind:
            case "catalogue":
                return None
            case "hf":
                return settings.model_key or (settings.token if _far(settings.endpoint) else None)
            case "openai" if settings.model_key and self._readable_by_others:
                raise ModelRefused(f"{self.base_url} is not encrypted, so the key is not sent there: use https")
            case "openai":
                return settings.model_key

    @property
    def _readable_by_others(self) -> bool:
        return not self.local and not str(self.base_url).startswith("https:")


def _far(endpoint: str | None) -> bool:
    return endpoint is not None and not on_this_machine(URL(endpoint).host or "")


def _last_address(rest: str) -> tuple[str, str, str]:
    """A model's name and an address; the name may hold an @ too."""
    found = re.fullmatch(r"(.*\S)@(https?://\S+)", rest)
    return (found[1], "@", found[2]) if found else (rest, "", "")


def _base(address: str) -> str:
    """The base of an API. An address without a path means `/v1`: every server of this kind has its API there."""
    try:
        url = URL(address)
        host, port = url.host, url.port
    except ValueError:
        host, port, url = None, None, URL()
    if not host or not port or url.user is not None or url.password is not None or url.query_string or url.fragment:
        # The address is not repeated: it may hold a password.
        raise ModelRefused(
            "a model's address must be plain: http://host:port/v1, without a user, a password or a query"
        )
    path = url.raw_path.rstrip("/").removesuffix("/chat/completions")
    return f"{url.origin()}{path or '/v1'}"


def _nearest(text: str) -> str:
    """The form that was probably meant, ready to be copied."""
    kind, _, rest = text.partition(":")
    rest = rest.strip("/ ")
    if kind.lower() in _SERVERS:
        name = re.sub(r"@.*", "", rest) or "model"
        return f"'openai:{name}@http://127.0.0.1:{_SERVERS[kind.lower()]}/v1'"
    if HUGGING_FACE.fullmatch(text):
        return f"'hf:{text}'"
    near = difflib.get_close_matches(kind.lower(), _OTHER_NAMES, 1, 0.7)
    meant = _OTHER_NAMES[near[0]] if near else difflib.get_close_matches(text.lower(), ["catalogue"], 1, 0.7)
    if meant == "hf" and HUGGING_FACE.fullmatch(rest):
        return f"'hf:{rest}'"
    if meant == "openai" and rest and "@" not in rest and " " not in rest:
        return f"'openai:{rest}@http://127.0.0.1:11434/v1' with the address of your server"
    return "'catalogue'" if meant in ("catalogue", ["catalogue"]) else FORMS
