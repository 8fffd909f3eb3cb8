"""What keeps a Space from being made for the model. A rule speaks only where there is a line or a file to show."""

from collections.abc import Iterator

from core.factory import Blocker
from tools.cards.blockers_of_access import external_api_key, gated
from tools.cards.blockers_of_contents import insufficient_information, missing_base_model, remote_code
from tools.cards.blockers_of_machine import custom_cuda, docker_only, multi_gpu, too_large
from tools.cards.blockers_of_runtime import comfyui_only, non_pytorch_runtime
from tools.cards.reading import Reading

RULES = (
    gated,
    external_api_key,
    non_pytorch_runtime,
    comfyui_only,
    docker_only,
    custom_cuda,
    multi_gpu,
    too_large,
    missing_base_model,
    remote_code,
)


def blockers(reading: Reading) -> tuple[Blocker, ...]:
    found = tuple(_found(reading))
    if found:
        return found
    nothing = insufficient_information(reading)
    return (nothing,) if nothing else ()


def _found(reading: Reading) -> Iterator[Blocker]:
    for rule in RULES:
        if blocker := rule(reading):
            yield blocker
