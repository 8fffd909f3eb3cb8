"""A sound little Space, and ways to make it break one rule each."""

from collections.abc import Callable

from core.factory import CardFacts, Workspace

MODEL = "someone/painter"

APP = '''\
"""Paints."""

import tempfile

import spaces
import gradio as gr
import torch
from diffusers import DiffusionPipeline

MODEL = "someone/painter"
pipe = DiffusionPipeline.from_pretrained(MODEL, torch_dtype=torch.bfloat16).to("cuda")


@spaces.GPU(duration=60)
def generate(prompt: str, seed: int = 0) -> str:
    """Paints a picture."""
    if not prompt:
        raise gr.Error("There is no prompt.")
    image = pipe(prompt, generator=torch.Generator("cuda").manual_seed(seed)).images[0]
    with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
        image.save(file.name)
    return file.name


with gr.Blocks() as demo:
    prompt = gr.Textbox()
    seed = gr.Number(0, precision=0)
    result = gr.Image()
    gr.Button().click(generate, [prompt, seed], result, api_name="generate")
    gr.Examples([["a fox"]], inputs=[prompt], outputs=result, fn=generate, cache_examples=True, cache_mode="lazy")

demo.launch()
'''

README = """\
---
title: Painter
emoji: 🎨
colorFrom: blue
colorTo: indigo
sdk: gradio
sdk_version: 6.31.0
python_version: "3.12.12"
app_file: app.py
short_description: Paints a picture from words
license: apache-2.0
models:
- someone/painter
---

# Painter
"""

REQUIREMENTS = "torch\ndiffusers>=0.35\ntransformers\naccelerate\n"

FACTS = CardFacts(
    model=MODEL, task="text-to-image", library="diffusers", license="apache-2.0", hardware="zero-gpu", memory_gb=8
)

Change = Callable[[str], str]


def space(app: str = APP, requirements: str = REQUIREMENTS, readme: str = README, **more: str) -> Workspace:
    files = {"app.py": app, "requirements.txt": requirements, "README.md": readme} | more
    return Workspace(model=MODEL, files=files, origin="given", task="text-to-image")


def put(old: str, new: str) -> Change:
    """Replace something that has to be there."""

    def change(text: str) -> str:
        assert old in text, f"{old!r} is not in the app"
        return text.replace(old, new, 1)

    return change


def inside(line: str) -> Change:
    """A line at the beginning of generate's work."""
    return put("    if not prompt:\n", f"    {line}\n    if not prompt:\n")


def above(lines: str) -> Change:
    """Lines above generate."""
    return put("@spaces.GPU(duration=60)\n", f"{lines}\n\n\n@spaces.GPU(duration=60)\n")


LOADED = 'pipe = DiffusionPipeline.from_pretrained(MODEL, torch_dtype=torch.bfloat16).to("cuda")'
PAINTED = 'pipe(prompt, generator=torch.Generator("cuda").manual_seed(seed)).images[0]'

RAW = '''\
import spaces
import gradio as gr
import torch
from transformers import AutoModel, AutoTokenizer

MODEL = "someone/painter"
tokenizer = AutoTokenizer.from_pretrained(MODEL)
model = AutoModel.from_pretrained(MODEL).to("cuda")


@spaces.GPU(duration=10)
def generate(prompt: str) -> list[float]:
    """Embeds a text."""
    inputs = tokenizer(prompt, return_tensors="pt").to("cuda")
    states = model(**inputs).last_hidden_state
    return states.mean(dim=1)[0].cpu().tolist()


with gr.Blocks() as demo:
    prompt = gr.Textbox()
    gr.Button().click(generate, prompt, gr.JSON(), api_name="generate")

demo.launch()
'''
"""A Space whose model gives tensors."""

APP_FAULTS: dict[str, tuple[Change, ...]] = {
    "ZG001": (
        put("import spaces\nimport gradio as gr\nimport torch\n", "import gradio as gr\nimport torch\nimport spaces\n"),
    ),
    "ZG002": (
        put("@spaces.GPU(duration=60)\n", ""),
        put("@spaces.GPU(duration=60)\n", "@spaces.GPU(duration=60)\ndef unused() -> None:\n    pass\n\n\n"),
    ),
    "ZG003": (inside(LOADED), inside("pipe = DiffusionPipeline.from_single_file(MODEL)")),
    "ZG004": (
        put('.to("cuda")\n', ".to(0)\n"),
        put('.to("cuda")\n', '.to("cuda:0")\n'),
        above("torch.cuda.set_device(0)"),
        put("torch_dtype=torch.bfloat16", 'quantization_config=1, device_map={"": 0}'),
    ),
    "ZG005": (
        put("torch_dtype=torch.bfloat16", 'device_map="auto"'),
        put("torch_dtype=torch.bfloat16", 'device_map="cuda"'),
    ),
    "ZG006": (above("pipe.unet = torch.compile(pipe.unet)"), above("@torch.compile\ndef helper():\n    pass")),
    "ZG007": (above('pipe("warm up")'), above('def warm():\n    pipe("warm up")\n\n\nwarm()')),
    "ZG008": (put("    return file.name\n", '    return pipe(prompt, output_type="pt").images\n'),),
    "ZG009": (
        put("seed: int = 0) -> str", "event: gr.SelectData, seed: int = 0) -> str"),
        put("    return file.name\n", "    return lambda: image\n"),
        put("    return file.name\n", '    return open(file.name, "rb"), image\n'),
    ),
    "ZG010": (put("@spaces.GPU(duration=60)", "@spaces.GPU"), put("duration=60", "duration=600")),
    "ZG011": (put("duration=60", 'duration=60, size="xlarge"'),),
    "ZG012": (
        put("duration=60", "duration=lambda prompt, seed: 30"),
        lambda text: put("duration=60", "duration=seconds")(above("def seconds(prompt, seed=0):\n    return 30")(text)),
    ),
    "ZG013": (
        put("image.save(file.name)", 'image.save("output.png")'),
        inside('with open("prompt.txt", "w") as note:\n        note.write(prompt)'),
    ),
    "ZG014": (
        lambda text: inside("HISTORY.append(prompt)")(above("HISTORY = []")(text)),
        lambda text: inside("CACHE[prompt] = seed")(above("CACHE: dict[str, int] = {}")(text)),
        lambda text: inside("global last; last = prompt")(above('last = ""')(text)),
    ),
    "ZG015": (
        lambda text: put("click(generate, [prompt, seed]", "click(several, [prompt, seed]")(
            put(
                "with gr.Blocks() as demo:",
                'def several(prompts: str, seed: int) -> str:\n    """Paints."""\n'
                '    return [generate(one, seed) for one in prompts.split(",")][0]\n\n\nwith gr.Blocks() as demo:',
            )(text)
        ),
    ),
    "ZG016": (
        put("import spaces\n", "try:\n    import spaces\nexcept ImportError:\n    spaces = None\n"),
        put("import spaces\n", "import spaces\n\n\nclass spaces:\n    GPU = None\n"),
    ),
    "ZG017": (put(', cache_mode="lazy"', ""),),
    "ZG018": (put("seed: int = 0) -> str", "seed: int) -> str"),),
    "ZG019": (
        put("torch_dtype=torch.bfloat16", 'attn_implementation="flash_attention_2"'),
        above('pipe.transformer.set_attention_backend("_flash_3_hub")'),
    ),
    "ZG020": (
        lambda text: put("    return file.name", "    yield file.name")(
            put("seed: int = 0)", "seed: int = 0, progress=gr.Progress(track_tqdm=True))")(text)
        ),
    ),
    "ZG022": (put('    """Paints a picture."""\n', ""), put("prompt: str,", "prompt,"), put(" -> str:", ":")),
    "ZG023": (above('state = torch.load("extra.pt")'),),
    "SE001": (above(f'TOKEN = "hf_{"a1B2" * 9}"'), above(f'KEY = "sk-{"a1B2" * 9}"')),
    "SE002": (
        above('import os\n\nos.system("pip install flash-attn")'),
        above('import subprocess\n\nsubprocess.run(["pip", "install", "x"], check=False)'),
    ),
    "SE003": (put("torch_dtype=torch.bfloat16", "trust_remote_code=True"),),
    "PH001": (
        put(f"image = {PAINTED}", 'image = __import__("PIL.Image").Image.new("RGB", (64, 64))'),
        put("click(generate, [prompt, seed]", "click(str.upper, [prompt]"),
    ),
    "PH002": (
        put("    return file.name\n", '    return "sample.png"\n'),
        put("    return file.name\n", "    return prompt\n"),
        put(
            f"    image = {PAINTED}\n",
            f'    try:\n        image = {PAINTED}\n    except Exception:\n        return "example.png"\n',
        ),
        put(
            f"    image = {PAINTED}\n",
            f'    {PAINTED}\n    from PIL import Image, ImageDraw\n    image = Image.new("RGB", (64, 64))\n'
            "    ImageDraw.Draw(image).text((0, 0), prompt)\n",
        ),
    ),
    "PH003": (
        put(
            LOADED, f'try:\n    {LOADED}\nexcept OSError:\n    pipe = DiffusionPipeline.from_pretrained("other/model")'
        ),
        put('MODEL = "someone/painter"', 'MODEL = "other/painter"'),
    ),
}
"""By rule, ways to break it in app.py."""

REQUIREMENT_FAULTS: dict[str, tuple[Change, ...]] = {
    "RQ001": tuple(put("torch\n", f"torch\n{name}\n") for name in ("gradio>=6", "spaces", "huggingface_hub==2.4.0")),
    "RQ002": (put("torch\n", "torch==2.5.1\n"), put("torch\n", "torch<2.8\n")),
    "RQ003": (put("torch\n", "torch\nflash-attn\n"), put("torch\n", "torch\nxformers==0.0.30\n")),
    "RQ004": tuple(
        put("torch\n", f"torch\nhttps://example.org/{wheel}\n")
        for wheel in (
            "nvdiffrast-0.3-cp310-cp310-linux_x86_64.whl",
            "flash_attn-2.8%2Bcu128torch2.6cxx11abiTRUE-cp312-cp312-linux_x86_64.whl",
            "flash_attn-2.8%2Bcu118torch2.8cxx11abiTRUE-cp312-cp312-linux_x86_64.whl",
        )
    ),
    "RQ005": (put("torch\n", "torch==2.8.0\ntorchvision\n"),),
    "RQ006": (put("diffusers>=0.35\n", ""),),
    "RQ007": (put("torch\n", "torch\naudiocraft\n"),),
}

README_FAULTS: dict[str, tuple[Change, ...]] = {
    "RM001": (
        put("app_file: app.py", "app_file: main.py"),
        put("sdk: gradio", "sdk: docker"),
        put("title: Painter", "title: [Painter"),
        put("---\n", ""),
    ),
    "RM002": (put("Paints a picture from words", "Paints " * 12),),
    "RM003": (put("colorTo: indigo", "colorTo: teal"),),
    "RM004": (put("3.12.12", "3.11"), put('python_version: "3.12.12"\n', "")),
    "RM005": (put("sdk: gradio", "sdk: gradio\nhardware: zero-a10g"),),
    "RM007": (put("models:\n- someone/painter\n", ""), put("license: apache-2.0", "license: mit")),
    "RM008": (put("sdk: gradio", "sdk: gradio\nhf_oauth: true\nhf_oauth_scopes:\n- write-repos"),),
}
