"""The files of a Space: app.py put together from a recipe's parts, requirements.txt and README.md."""

import json
from textwrap import dedent, indent

import yaml

from core.factory import CardFacts
from tools.recipes.recipe import Recipe

SDK = "6.31.0"
"""The Gradio that recipes are written for and tested with."""
PYTHON = "3.12.12"
SLOW_GB = 20
"""Weights beyond which the usual half hour may be too short to start in."""

HEALTH = '''\
def health() -> dict[str, str]:
    """Says that the app is up, and with which model."""
    return {"status": "ok", "model": MODEL, "revision": REVISION}
'''


def app(recipe: Recipe, facts: CardFacts) -> str:
    """The text of app.py."""
    docstring = f'"""{recipe.does}, with the model {facts.model}."""'
    parts = ["\n\n".join([docstring, _imports(recipe), _constants(recipe, facts), _loading(recipe)])]
    parts += [_decorator(recipe, facts) + _clean(recipe.generate), HEALTH.rstrip(), _blocks(recipe, facts)]
    return "\n\n\n".join(parts) + "\n\ndemo.launch()\n"


def requirements(recipe: Recipe) -> str:
    return "".join(f"{line}\n" for line in recipe.requirements)


def readme(recipe: Recipe, facts: CardFacts) -> str:
    """The text of README.md, front matter first."""
    front = yaml.safe_dump(_front(recipe, facts), allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{front}---\n\n# {_title(facts)}\n\n{_words(recipe, facts)}"


def _imports(recipe: Recipe) -> str:
    spaces = ["import spaces  # before anything that touches CUDA"] if recipe.seconds else []
    others = "\n".join([*spaces, "import gradio as gr", *_clean(recipe.imports).splitlines()])
    return f"{_clean(recipe.standard)}\n\n{_clean(recipe.environment)}\n\n{others}".replace("\n\n\n\n", "\n\n").strip()


def _constants(recipe: Recipe, facts: CardFacts) -> str:
    lines = [f"MODEL = {json.dumps(facts.model)}", f"REVISION = {json.dumps(facts.revision or 'main')}"]
    lines += [f"BASE = {json.dumps(facts.base_model)}"] if recipe.base else []
    return "\n".join(lines)


def _loading(recipe: Recipe) -> str:
    return _clean(recipe.load) + '\nprint(f"{MODEL} at {REVISION} is loaded", flush=True)'


def _decorator(recipe: Recipe, facts: CardFacts) -> str:
    if not recipe.seconds:
        return ""
    size = ', size="xlarge"' if facts.hardware == "zero-gpu-xlarge" else ""
    return f"@spaces.GPU(duration={recipe.seconds}{size})\n"


def _blocks(recipe: Recipe, facts: CardFacts) -> str:
    fields = [f"{field.name} = {field.component}" for field in recipe.inputs]
    handed = recipe.handed or f"[{', '.join(field.name for field in recipe.inputs)}]"
    lines = [
        f'ABOUT = f"""# {_title(facts)}',
        "",
        f'{recipe.does} with [{{MODEL}}](https://huggingface.co/{{MODEL}})."""',
        "",
        f"with gr.Blocks(title={json.dumps(_title(facts))}) as demo:",
        "    gr.Markdown(ABOUT)",
        "    with gr.Row():",
        "        with gr.Column():",
        *(indent(field, " " * 12) for field in fields),
        '            run = gr.Button("Run", variant="primary")',
        f"        result = {recipe.result}",
        f'    run.click(generate, {handed}, result, api_name="generate")',
        '    gr.api(health, api_name="health")',
    ]
    return "\n".join(lines)


def _front(recipe: Recipe, facts: CardFacts) -> dict[str, object]:
    front: dict[str, object] = {
        "title": _title(facts),
        "emoji": recipe.emoji,
        "colorFrom": "blue",
        "colorTo": "indigo",
        "sdk": "gradio",
        "sdk_version": SDK,
        "python_version": PYTHON,
        "app_file": "app.py",
        "suggested_hardware": "zero-a10g" if recipe.seconds else "cpu-basic",
        "short_description": f"{recipe.does} with {_title(facts)}"[:60].rstrip(),
    }
    if facts.license:
        front["license"] = facts.license
    front["models"] = [facts.model, *([facts.base_model] if recipe.base else [])]
    if (facts.memory_gb or 0) / 1.2 > SLOW_GB:
        front["startup_duration_timeout"] = "1h"
    return front


def _words(recipe: Recipe, facts: CardFacts) -> str:
    notes = f"""\
        {recipe.does} with [{facts.model}](https://huggingface.co/{facts.model}),
        at revision `{facts.revision or "main"}`.

        `/generate` does the work and `/health` says that the app is up; the page "Use via API" shows how to call them.

        ## Before it is made public

        The Space is meant to be private. The licence to keep to is the model's ({facts.license or "not stated"}).
        {_measure(recipe)}
        """
    gated = "\nThe model is gated: add a token that may read it as the Space's secret `HF_TOKEN`.\n"
    return dedent(notes) + (gated if facts.gated else "")


def _measure(recipe: Recipe) -> str:
    if not recipe.seconds:
        return "It computes on the processor and needs no GPU."
    return "Set the duration in `app.py` to 1.4 times the longest call that was measured."


def _title(facts: CardFacts) -> str:
    return (facts.model or "").rpartition("/")[2]


def _clean(text: str) -> str:
    return dedent(text).strip("\n")
