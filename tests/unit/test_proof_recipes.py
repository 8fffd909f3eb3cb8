"""The Spaces that our own recipes make are read as what they are: a path from the endpoint to the model."""

import pytest

from core.factory import CardFacts
from tools.compile_recipe import RECIPES, compile_recipe
from tools.proof.rungs import model_reasons
from tools.proof.source import read_source


@pytest.mark.parametrize("task", sorted({recipe.task for recipe in RECIPES}))
@pytest.mark.parametrize("library", ["transformers", "diffusers", "sentence-transformers"])
def test_a_recipe_leads_to_its_model(task, library):
    made = compile_recipe(CardFacts(model="me/model", revision="a" * 40, task=task, library=library, license="mit"))
    if made is not None:
        assert model_reasons(read_source(made.files, made.endpoint), (made.model,)) == ()
