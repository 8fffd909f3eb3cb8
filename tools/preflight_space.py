"""The tool that looks a Space over before it is uploaded: rules, front matter, requirements, one import of the app."""

import asyncio
from typing import Any

from pydantic import ValidationError

from core.errors import InputsRefused
from core.factory import CardFacts, Finding, Workspace
from core.nouns import Artifact, Origin
from core.scope import Scope
from tools.artifact_tool import ArtifactTool
from tools.preflight import trial_import
from tools.preflight.lint import lint
from tools.preflight.resolution import resolve


def preflight(workspace: Workspace, facts: CardFacts, index: str | None = None) -> tuple[Finding, ...]:
    """What is wrong with the Space, errors first. Takes some seconds, for the app is imported once, apart from us.

    Without the address of a package index the requirements are read, and said not to be resolved.
    """
    found = list(lint(workspace, facts))
    if not any(one.rule == "import" for one in found):
        found += trial_import.findings(workspace, trial_import.trial_import(workspace, facts))
    found += resolve(workspace, index)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: ("error", "warn", "info").index(one.severity)))


class PreflightSpace(ArtifactTool):
    """Finds what would keep a Space from working, before it is uploaded."""

    name = "preflight_space"
    description = (
        "Looks the files of a Space over before they are uploaded: the rules for ZeroGPU, its front matter, its "
        "requirements, and one import of the app in a process that can harm nobody. Comes back with the findings as "
        "JSON, errors first; an empty list means that nothing was found."
    )
    inputs = {
        "workspace": {"type": "object", "description": "The files, as compile_recipe or the coder gives them."},
        "facts": {"type": "object", "description": "The facts about the model, as the card analyst gives them."},
    }

    def __init__(self, index: str | None = None) -> None:
        super().__init__()
        self._index = index

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        try:
            workspace = Workspace.model_validate(arguments["workspace"])
            facts = CardFacts.model_validate(arguments["facts"])
        except ValidationError as error:
            raise InputsRefused(f"this is no workspace with its facts: {error.errors()[0]['msg']}") from error
        found = await asyncio.to_thread(preflight, workspace, facts, self._index)
        value: Any = [one.model_dump(mode="json") for one in found]  # JSON, as pydantic writes it
        return (scope.artifacts.keep_value(value, "json", scope.title, Origin(tool=self.name, step=scope.step)),)
