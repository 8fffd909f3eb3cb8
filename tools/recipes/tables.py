"""Recipes for scikit-learn models of rows: the columns are read from the repository's config.json."""

from core.factory import CardFacts
from tools.recipes.recipe import Field, Recipe

_LOAD = """
with open(hf_hub_download(MODEL, "config.json", revision=REVISION), encoding="utf-8") as file:
    config = json.load(file)["sklearn"]
{load}
"""
_SKOPS = """\
weights = hf_hub_download(MODEL, config["model"]["file"], revision=REVISION)
model = skops.io.load(weights, trusted=skops.io.get_untrusted_types(file=weights))"""
_JOBLIB = """\
model = joblib.load(hf_hub_download(MODEL, config["model"]["file"], revision=REVISION))"""


def table(facts: CardFacts) -> Recipe | None:
    """One number or word for each column; None without the config.json that lists them."""
    if facts.library not in ("sklearn", "scikit-learn") or "config.json" not in facts.files:
        return None
    if facts.task not in ("tabular-classification", "tabular-regression"):
        return None
    skops = any(file.endswith(".skops") for file in facts.files)
    return Recipe(
        task=facts.task,
        libraries=("sklearn", "scikit-learn"),
        does="Classifies a row of a table" if facts.task.endswith("classification") else "Estimates a value",
        standard="import json",
        imports=("" if skops else "import joblib\n")
        + "import pandas as pd\n"
        + ("import skops.io\n" if skops else "")
        + "from huggingface_hub import hf_hub_download",
        load=_LOAD.format(load=_SKOPS if skops else _JOBLIB),
        generate='''
def generate(*values: float | str) -> str:
    """Says what the model makes of a row; one value for each column, in the order of the page."""
    row = pd.DataFrame([values], columns=config["columns"])
    return str(model.predict(row)[0])


def column(name: str) -> gr.Number | gr.Textbox:
    """The field for a column, filled with the example that the model comes with."""
    example = config.get("example_input", {}).get(name, [0])[0]
    kind = gr.Textbox if isinstance(example, str) else gr.Number
    return kind(label=name, value=example)
''',
        inputs=(Field(name="columns", component='[column(name) for name in config["columns"]]'),),
        handed="columns",
        result='gr.Textbox(label="Prediction")',
        requirements=("scikit-learn", "pandas", "skops" if skops else "joblib"),
        emoji="📈",
    )
