"""The Space factory's tools, built for one run's Hub. Imported when somebody plans with them, not before."""

from collections.abc import Mapping

from pydantic import SecretStr

from core.errors import ModelRefused
from core.hub import Hub
from core.model_spec import ModelSpec
from core.settings import Settings
from tools.artifact_tool import ArtifactTool
from tools.call_space import CallSpace
from tools.checks.laboratory import Laboratory
from tools.coding.coding import Coding


def coding_of(settings: Settings) -> Coding | None:
    """How the coding model is reached; None when none is named, so that only recipes write code."""
    spec = ModelSpec.parse(settings.coding_model)
    if spec.base_url is None:
        return None
    secret = spec.secret(settings)
    if secret is None and not spec.local:
        raise ModelRefused(
            f"{spec} wants a token: set HF_TOKEN, or SPACEWRIGHT_MODEL_KEY for a model of your own; "
            "or choose --coding-model catalogue, which has recipes only"
        )
    return Coding(model=spec.model, base_url=spec.base_url, token=SecretStr(secret) if secret else None)


def factory_tools(
    hub: Hub, caller: CallSpace, laboratory: Laboratory, coding: Coding | None, index: str | None
) -> Mapping[str, ArtifactTool]:
    """By name. `index` is the package index in which requirements are looked up."""
    from agents.card_analyst import CardAnalyst
    from agents.pi_coder import PiCoder
    from agents.space_deployer import SpaceDeployer
    from agents.validator import Validator
    from tools.smoke_test import SmokeTest

    tools = (
        CardAnalyst(hub),
        PiCoder(hub, coding, index),
        SpaceDeployer(hub),
        Validator(caller, laboratory),
        SmokeTest(hub),
    )
    return {tool.name: tool for tool in tools}
