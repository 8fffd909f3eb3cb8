"""Rules about the front matter of README.md, as the Hub reads it."""

import re
from collections.abc import Iterator

from core.factory import Finding
from tools.preflight.front_matter import Unreadable, parse_front_matter, read_front_matter
from tools.preflight.rules import broken
from tools.preflight.wiring import Wiring

COLOURS = ("red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray")
PYTHONS = ("3.10", "3.10.13", "3.12", "3.12.12")
SLOW_GB = 20
"""Weights that take longer to load than the usual half hour may allow."""
SIGNED_IN = ("gradio.OAuthToken", "gradio.OAuthProfile", "gradio.LoginButton")


def the_front_matter_makes_a_space(wiring: Wiring) -> Iterator[Finding]:
    files = wiring.program.workspace.files
    try:
        front = parse_front_matter(files.get("README.md", ""))
    except Unreadable as error:
        yield broken("RM001", "README.md", str(error))
        return
    if front.get("sdk") != "gradio":
        yield broken("RM001", "README.md", f"sdk is {front.get('sdk')!r}")
    app_file = str(front.get("app_file") or "app.py")
    if app_file not in files:
        yield broken("RM001", "README.md", f"there is no {app_file}, which app_file names")
    yield from _odd_fields(front)


def the_description_is_short(wiring: Wiring) -> Iterator[Finding]:
    text = str(_front(wiring).get("short_description") or "")
    if len(text) > 60:
        yield broken("RM002", "README.md", f"short_description has {len(text)} characters")


def colours_are_known(wiring: Wiring) -> Iterator[Finding]:
    for name in ("colorFrom", "colorTo"):
        value = _front(wiring).get(name)
        if value is not None and value not in COLOURS:
            yield broken("RM003", "README.md", f"{name} is {value!r}")


def python_is_one_of_zero_gpus(wiring: Wiring) -> Iterator[Finding]:
    value = _front(wiring).get("python_version")
    if value is None:
        if wiring.program.zero_gpu and _front(wiring):
            yield broken("RM004", "README.md", "python_version is not stated, and 3.10 is what comes then")
    elif str(value) not in PYTHONS:
        yield broken("RM004", "README.md", f"python_version is {value}")


def hardware_is_not_asked_for_here(wiring: Wiring) -> Iterator[Finding]:
    if "hardware" in _front(wiring):
        yield broken("RM005", "README.md", "hardware is a key of the front matter")


def large_models_may_take_their_time(wiring: Wiring) -> Iterator[Finding]:
    weights = (wiring.program.facts.memory_gb or 0) / 1.2
    front = _front(wiring)
    if weights > SLOW_GB and front and _minutes(str(front.get("startup_duration_timeout") or "30m")) < 60:
        yield broken("RM006", "README.md", f"{weights:.0f} GB of weights have to load within half an hour")


def the_model_is_named(wiring: Wiring) -> Iterator[Finding]:
    facts, front = wiring.program.facts, _front(wiring)
    models = front.get("models")
    if facts.model and facts.model not in (models if isinstance(models, list) else []):
        yield broken("RM007", "README.md", f"models does not list {facts.model}")
    elif facts.license and front.get("license") != facts.license:
        yield broken("RM007", "README.md", f"license is {front.get('license')!r}, and the model's is {facts.license}")


def no_right_is_asked_in_vain(wiring: Wiring) -> Iterator[Finding]:
    front = _front(wiring)
    used = {origin for module in wiring.program.modules for origin in module.names.values()}
    dotted = any(name.split(".")[1] in module.text for module in wiring.program.modules for name in SIGNED_IN)
    if front.get("hf_oauth_scopes") and not dotted and not used & set(SIGNED_IN):
        yield broken("RM008", "README.md", f"hf_oauth_scopes {front['hf_oauth_scopes']} of which the app makes no use")


def _front(wiring: Wiring) -> dict[str, object]:
    return read_front_matter(wiring.program.workspace.files.get("README.md", ""))


def _odd_fields(front: dict[str, object]) -> Iterator[Finding]:
    """What the Hub refuses besides: lists that are none, an sdk_version that is no version."""
    for name in ("models", "datasets", "tags", "preload_from_hub"):
        if name in front and not isinstance(front[name], list):
            yield broken("RM001", "README.md", f"{name} is no list")
    version = front.get("sdk_version")
    if version is not None and not re.fullmatch(r"\d+(\.\d+){0,2}\w*", str(version)):
        yield broken("RM001", "README.md", f"sdk_version is {version!r}")


def _minutes(text: str) -> float:
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(s|m|h|d)\w*\s*", text)
    if not found:
        return 0
    return float(found[1]) * {"s": 1 / 60, "m": 1, "h": 60, "d": 1440}[found[2]]


RULES = (
    the_front_matter_makes_a_space,
    the_description_is_short,
    colours_are_known,
    python_is_one_of_zero_gpus,
    hardware_is_not_asked_for_here,
    large_models_may_take_their_time,
    the_model_is_named,
    no_right_is_asked_in_vain,
)
