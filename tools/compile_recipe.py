"""The tool that makes a Space of a model without a language model: a recipe for its task, filled with the facts."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from core.errors import InputsRefused
from core.factory import CardFacts, Workspace
from core.nouns import Artifact, Origin
from core.scope import Scope
from tools.artifact_tool import ArtifactTool
from tools.recipes import hearing, page, painting, reading, seeing, writing
from tools.recipes.recipe import Recipe
from tools.recipes.shipped import shipped
from tools.recipes.tables import table

RECIPES = (*writing.RECIPES, *reading.RECIPES, *seeing.RECIPES, *painting.RECIPES, *hearing.RECIPES)
NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")
"""What may be written into Python and YAML as a model's id, a revision or a licence."""
HARMLESS = frozenset({"gated", "remote_code"})
"""Blockers that a recipe can live with: a token helps, and it loads no remote code but a numpy model's own."""
CHAT = re.compile(r"(^|[-_.])(chat|instruct|it|sft|dpo|assistant)([-_.]|$)", re.IGNORECASE)


def compile_recipe(facts: CardFacts) -> Workspace | None:
    """The files of a Space for the model; None when no recipe covers it."""
    recipe = choose_recipe(facts)
    if recipe is None or facts.model is None:
        return None
    return Workspace(
        model=facts.model,
        files={
            "app.py": page.app(recipe, facts),
            "requirements.txt": page.requirements(recipe),
            "README.md": page.readme(recipe, facts),
        },
        origin="recipe",
        task=facts.task,
        blockers=facts.blockers,
    )


def choose_recipe(facts: CardFacts) -> Recipe | None:
    if not _writable(facts) or _blocked(facts):
        return None
    return next(_candidates(facts), None)


def _candidates(facts: CardFacts) -> Iterator[Recipe]:
    for computed in (shipped(facts), table(facts), _adapter(facts)):
        if computed is not None:
            yield computed
    if _is_adapter(facts):
        return
    if facts.task == "text-generation" and facts.library == "transformers":
        yield writing.CHAT if _chats(facts) else writing.COMPLETION
    yield from (recipe for recipe in RECIPES if recipe.fits(facts))


def _adapter(facts: CardFacts) -> Recipe | None:
    """The recipe that loads the base model and changes it by the adapter."""
    if not _is_adapter(facts) or facts.base_model is None:
        return None
    if facts.task == "text-generation":
        return writing.CHAT_ADAPTER if _chats(facts) else writing.COMPLETION_ADAPTER
    return painting.IMAGE_ADAPTER if facts.task == "text-to-image" else None


def _is_adapter(facts: CardFacts) -> bool:
    if facts.library == "peft" or "adapter_config.json" in facts.files:
        return True
    lora = any(file.endswith(".safetensors") for file in facts.files) and "model_index.json" not in facts.files
    return facts.library == "diffusers" and facts.base_model is not None and (lora or _speaks_of_lora(facts))


def _speaks_of_lora(facts: CardFacts) -> bool:
    return "load_lora_weights" in (facts.usage or "")


def _chats(facts: CardFacts) -> bool:
    if any(file.startswith("chat_template") for file in facts.files):
        return True
    shown = facts.usage or ""
    named = CHAT.search((facts.model or "").split("/")[-1])
    return "apply_chat_template" in shown or '"role"' in shown or named is not None


def _writable(facts: CardFacts) -> bool:
    """Whether the names are plain enough to stand in Python and YAML."""
    names = (facts.model, facts.revision, facts.base_model, facts.license)
    return facts.model is not None and all(name is None or NAME.fullmatch(name) for name in names)


def _blocked(facts: CardFacts) -> bool:
    if facts.hardware == "multi-gpu":
        return True
    kinds = {blocker.kind for blocker in facts.blockers}
    return bool(kinds - HARMLESS) or ("remote_code" in kinds and facts.library != "numpy")


class CompileRecipe(ArtifactTool):
    """Makes the files of a Space from the facts about a model."""

    name = "compile_recipe"
    description = (
        "Makes the files of a Hugging Face Space (app.py, requirements.txt, README.md) for a model of a common "
        "pipeline task, from the facts that the card analyst gives. Asks no language model. Comes back with the "
        "workspace as JSON, or with null when no recipe covers the model."
    )
    inputs = {"facts": {"type": "object", "description": "The facts about the model, as the card analyst gives them."}}

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        try:
            facts = CardFacts.model_validate(arguments["facts"])
        except ValidationError as error:
            raise InputsRefused(f"these are no facts about a model: {error.errors()[0]['msg']}") from error
        workspace = compile_recipe(facts)
        value = workspace.model_dump(mode="json") if workspace else None
        return (scope.artifacts.keep_value(value, "json", scope.title, Origin(tool=self.name, step=scope.step)),)
