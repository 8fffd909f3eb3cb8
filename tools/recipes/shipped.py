"""Recipes for small models that ship their own Python module, or whose card spells their arithmetic out: no GPU."""

from core.factory import CardFacts
from tools.recipes import usage
from tools.recipes.recipe import Field, Recipe

_REQUIREMENTS = ("numpy", "safetensors", "pillow")
_LABELS = 'gr.Label(label="Labels", num_top_classes=5)'
_TEXT = Field(name="text", component='gr.Textbox(label="Text", lines=4)')
_NO_TEXT = '    if not text.strip():\n        raise gr.Error("There is no text: write one.")\n'
_SCORES = """\
    try:
        answers = model({given})
    except ValueError as refusal:
        raise gr.Error(str(refusal)) from refusal
    return {{answer["label"]: answer["score"] for answer in answers}}
"""
_LOAD = """
folder = snapshot_download(MODEL, revision=REVISION)
sys.path.insert(0, folder)  # the model ships its own module
from {module} import {name}  # noqa: E402

model = {name}.from_pretrained(folder)
"""


def shipped(facts: CardFacts) -> Recipe | None:
    """The recipe for a model of library numpy, or None when its card does not show how it is loaded."""
    if facts.library != "numpy":
        return None
    module = usage.own_module(facts)
    recipe = _WITH_MODULE.get(facts.task or "")
    if module is not None and recipe is not None:
        return _called_as_shown(recipe, module)
    return _tabular(facts) if (facts.task or "").startswith("tabular-") else None


def _called_as_shown(recipe: Recipe, module: usage.OwnModule) -> Recipe | None:
    """Filled in with the card's class; without the options that its card does not show."""
    load = _LOAD.format(module=module.module, name=module.name)
    match recipe.task:
        case "text-generation":
            if not {"max_new_tokens", "temperature", "seed"} <= set(module.options):
                return None
        case "sentence-similarity":
            if "similarity" not in module.methods:
                return None
    return recipe.model_copy(update={"load": load})


def _one(task: str, does: str, generate: str, inputs: tuple[Field, ...], result: str, emoji: str) -> Recipe:
    return Recipe(
        task=task,
        libraries=("numpy",),
        does=does,
        standard="import sys",
        imports="from huggingface_hub import snapshot_download"
        + ("\nfrom PIL import Image" if "Image.Image" in generate else ""),
        load=_LOAD,
        generate=generate,
        inputs=inputs,
        result=result,
        requirements=_REQUIREMENTS,
        emoji=emoji,
    )


_WITH_MODULE = {
    recipe.task: recipe
    for recipe in (
        _one(
            "image-classification",
            "Names what a picture shows",
            '''
def generate(image: Image.Image) -> dict[str, float]:
    """Gives the likeliest labels, each with a score between 0 and 1.

    Args:
        image: The picture to classify.
    """
    if image is None:
        raise gr.Error("There is no picture: give one.")
'''
            + _SCORES.format(given="image"),
            (Field(name="image", component='gr.Image(label="Picture", type="pil")'),),
            _LABELS,
            "👁️",
        ),
        _one(
            "text-classification",
            "Classifies a text",
            f'''
def generate(text: str) -> dict[str, float]:
    """Gives every label of the model a score between 0 and 1.

    Args:
        text: The text to classify.
    """
{_NO_TEXT}'''
            + _SCORES.format(given="text"),
            (_TEXT,),
            _LABELS,
            "🏷️",
        ),
        _one(
            "audio-classification",
            "Names what is heard",
            '''
def generate(audio: str) -> dict[str, float]:
    """Gives the likeliest labels, each with a score between 0 and 1.

    Args:
        audio: The recording, as a WAV file.
    """
    if audio is None:
        raise gr.Error("There is no sound: give a file or record one.")
'''
            + _SCORES.format(given="audio"),
            (Field(name="audio", component='gr.Audio(label="Sound", type="filepath", format="wav")'),),
            _LABELS,
            "👂",
        ),
        _one(
            "token-classification",
            "Finds names and other entities in a text",
            f'''
def generate(text: str) -> dict[str, str | list[dict[str, str | int]]]:
    """Marks the entities of a text, each with its kind and its place in characters.

    Args:
        text: The text to read.
    """
{_NO_TEXT}    entities = [
        {{"entity": found["entity_group"], "start": found["start"], "end": found["end"]}} for found in model(text)
    ]
    return {{"text": text, "entities": entities}}
''',
            (_TEXT,),
            'gr.HighlightedText(label="Entities")',
            "🔎",
        ),
        _one(
            "sentence-similarity",
            "Compares the meaning of sentences",
            '''
def generate(source: str, sentences: str) -> dict[str, float]:
    """Says how near each sentence comes to the source, as the cosine of their vectors.

    Args:
        source: The sentence to compare with.
        sentences: The sentences to compare, one a line.
    """
    lines = [line.strip() for line in sentences.splitlines() if line.strip()]
    if not source.strip() or not lines:
        raise gr.Error("Both a source and sentences are needed.")
    try:
        return {line: float(model.similarity(source, line)) for line in lines}
    except ValueError as refusal:
        raise gr.Error(str(refusal)) from refusal
''',
            (
                Field(name="source", component='gr.Textbox(label="Source")'),
                Field(name="sentences", component='gr.Textbox(label="Sentences, one a line", lines=6)'),
            ),
            'gr.JSON(label="Cosines")',
            "🧭",
        ),
        _one(
            "text-generation",
            "Continues a text",
            '''
def generate(prompt: str, max_new_tokens: int = 240, temperature: float = 0.7, seed: int = 0) -> str:
    """Continues a text.

    Args:
        prompt: The beginning.
        max_new_tokens: The longest continuation, in tokens.
        temperature: 0 always takes the likeliest token; more is more varied.
        seed: The same seed gives the same text.
    """
    try:
        return model(prompt, max_new_tokens=int(max_new_tokens), temperature=temperature, seed=int(seed))
    except ValueError as refusal:
        raise gr.Error(str(refusal)) from refusal
''',
            (
                Field(name="prompt", component='gr.Textbox(label="Beginning", lines=4)'),
                Field(
                    name="max_new_tokens",
                    component='gr.Slider(16, 480, value=240, step=16, label="Longest text, in tokens")',
                ),
                Field(name="temperature", component='gr.Slider(0.0, 2.0, value=0.7, step=0.1, label="Temperature")'),
                Field(name="seed", component='gr.Number(value=0, precision=0, label="Seed")'),
            ),
            'gr.Textbox(label="Text", lines=12)',
            "✍️",
        ),
    )
}


def _tabular(facts: CardFacts) -> Recipe | None:
    """A page with one number for each column that config.json lists."""
    function = usage.own_function(facts)
    if function is None or "config" not in function.loading:
        return None
    lines = usage.imports(facts)
    standard = [line for line in lines if line.split()[1] in ("json", "math", "re", "pathlib", "typing")]
    return Recipe(
        task=str(facts.task),
        libraries=("numpy",),
        does="Estimates a value from a row of a table",
        standard="\n".join(standard),
        imports="\n".join(sorted(set(lines) - set(standard), key=lambda line: line.split()[1])),
        load=function.loading,
        generate=f'''
{function.source}


def generate(*values: float) -> float:
    """Estimates the value that belongs to a row; one number for each column, in the order of the page."""
    try:
        return {function.name}(dict(zip(config["features"], values, strict=True)))
    except ValueError as refusal:
        raise gr.Error(str(refusal)) from refusal


def column(name: str) -> gr.Number:
    """The field for a column, at the middle of its range."""
    least, most = config.get("ranges", {{}}).get(name, (None, None))
    middle = 0 if least is None else round((least + most) / 2, 2)
    return gr.Number(label=name, value=middle, minimum=least, maximum=most)
''',
        inputs=(Field(name="columns", component='[column(name) for name in config["features"]]'),),
        handed="columns",
        result='gr.Number(label=f"Estimate in {config[\'unit\']}" if config.get("unit") else "Estimate")',
        requirements=("numpy", "safetensors"),
        emoji="📈",
    )
