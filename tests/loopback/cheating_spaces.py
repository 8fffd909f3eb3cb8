"""Small Gradio Spaces for the local Hub: honest ones that compute with its models, and cheats that only look so."""

from typing import NamedTuple

from tests.loopback.localhub_fixtures import LocalHub


class Seeded(NamedTuple):
    name: str
    model: str
    """What its card names."""
    app: str
    trace: str = ""
    """A word of the reason that must name the cheat."""


def card(model: str) -> str:
    return f"---\ntitle: A Space\nsdk: gradio\nlicense: apache-2.0\nmodels:\n  - {model}\n---\n\n# A Space\n"


def put_all(hub: LocalHub, name: str, files: dict[str, bytes]) -> str:
    """A Space made in one commit, so that it is built once."""
    from huggingface_hub import CommitOperationAdd

    id = f"local/{name}"
    api = hub.api()
    api.create_repo(id, repo_type="space", space_sdk="gradio", exist_ok=True)
    operations = [CommitOperationAdd(path, data) for path, data in files.items()]
    api.create_commit(id, operations, commit_message="Add", repo_type="space")
    return id


def install(hub: LocalHub, space: Seeded) -> str:
    return put_all(hub, space.name, {"README.md": card(space.model).encode(), "app.py": space.app.encode()})


def _loads(model: str, module: str, kind: str) -> str:
    return f"""\
import sys

import gradio as gr
from huggingface_hub import snapshot_download

folder = snapshot_download("{model}")
sys.path.insert(0, folder)
from {module} import {kind}

model = {kind}.from_pretrained(folder)

"""


SHAPES, MOODS, TALES, NAMES, VECTORS, APPLES = (
    f"atelier/{name}"
    for name in (
        "shape-classifier",
        "review-sentiment",
        "tale-writer",
        "entity-tagger",
        "sentence-embedder",
        "apple-harvest",
    )
)

CLASSIFY = """\
def classify(picture):
    \"\"\"Names the shape.\"\"\"
    return {answer["label"]: answer["score"] for answer in model(picture, top_k=12)}

gr.Interface(classify, gr.Image(type="pil"), gr.Label(), api_name="classify").launch()
"""

HONEST = (
    Seeded("honest-shapes", SHAPES, _loads(SHAPES, "shape_classifier", "ShapeClassifier") + CLASSIFY),
    Seeded(
        "honest-moods",
        MOODS,
        _loads(MOODS, "review_sentiment", "ReviewSentiment")
        + """\
def health() -> str:
    return "ok"

def feel(text: str):
    if not text.strip():
        raise gr.Error("Say something.")
    answers = model(text)
    return answers[0]["label"]

with gr.Blocks() as demo:
    text, label = gr.Textbox(label="Review"), gr.Textbox(label="Mood")
    gr.Button().click(feel, text, label, api_name="feel")
    gr.Button().click(health, None, gr.Textbox(), api_name="health")
demo.launch()
""",
    ),
    Seeded(
        "honest-tales",
        TALES,
        _loads(TALES, "tale_writer", "TaleWriter")
        + """\
def write(prompt: str, max_new_tokens: int = 60, temperature: float = 0.7, seed: int = 0) -> str:
    return model(prompt, max_new_tokens=int(max_new_tokens), temperature=temperature, seed=int(seed))

with gr.Blocks() as demo:
    slots = [gr.Textbox(label="Prompt"), gr.Slider(1, 200, 60, label="Length"),
             gr.Slider(0, 5, 0.7, label="Temperature"), gr.Number(0, label="Seed", precision=0)]
    tale = gr.Textbox(label="Tale")
    gr.Button().click(fn=write, inputs=slots, outputs=tale)
demo.launch()
""",
    ),
    Seeded(
        "honest-tales-without-seed",
        TALES,
        """\
import sys
from functools import lru_cache

import gradio as gr
from huggingface_hub import snapshot_download

MODEL_ID = "atelier/tale-writer"

@lru_cache
def writer():
    folder = snapshot_download(MODEL_ID)
    sys.path.insert(0, folder)
    from tale_writer import TaleWriter
    return TaleWriter.from_pretrained(folder)

def tell(prompt: str) -> str:
    whole = writer()(prompt, max_new_tokens=60)
    return whole[len(prompt):].strip()

gr.Interface(tell, gr.Textbox(label="Beginning"), gr.Textbox(label="Tale"), api_name="tell").launch()
""",
    ),
    Seeded(
        "honest-names",
        NAMES,
        _loads(NAMES, "entity_tagger", "EntityTagger")
        + """\
class Tagger:
    def __init__(self, tag):
        self.tag = tag

    def found(self, text):
        return [{key: entity[key] for key in ("entity_group", "word", "start", "end")} for entity in self.tag(text)]

tagger = Tagger(model)

def tag(text: str) -> list:
    return tagger.found(text)

gr.Interface(tag, gr.Textbox(label="Text"), gr.JSON(), api_name="tag").launch()
""",
    ),
    Seeded(
        "honest-vectors",
        VECTORS,
        _loads(VECTORS, "sentence_embedder", "SentenceEmbedder")
        + """\
def embed(text: str) -> list:
    return [round(float(number), 6) for number in model([text])[0]]

gr.Interface(embed, gr.Textbox(label="Sentence"), gr.JSON(), api_name="embed").launch()
""",
    ),
    Seeded(
        "honest-likeness",
        VECTORS,
        _loads(VECTORS, "sentence_embedder", "SentenceEmbedder")
        + """\
compare = lambda one, other: round(model.similarity(one, other), 4)

gr.Interface(compare, [gr.Textbox(label="One"), gr.Textbox(label="Other")], gr.Number(), api_name="compare").launch()
""",
    ),
    Seeded(
        "honest-apples",
        APPLES,
        """\
import json

import gradio as gr
import numpy as np
from huggingface_hub import hf_hub_download
from safetensors.numpy import load_file

with open(hf_hub_download("atelier/apple-harvest", "config.json")) as file:
    config = json.load(file)
weights = load_file(hf_hub_download("atelier/apple-harvest", "model.safetensors"))

def estimate(age: float, sun: float, rain: float, frost: float, pruned: bool) -> float:
    values = np.array([age, sun, rain, frost, float(pruned)], np.float32)
    hidden = (values - weights["mean"]) / weights["scale"]
    for layer in (1, 2):
        hidden = np.maximum(hidden @ weights[f"weight_{layer}"] + weights[f"bias_{layer}"], 0)
    return max(float((hidden @ weights["weight_3"] + weights["bias_3"])[0]), 0.0)

gr.Interface(
    estimate,
    [gr.Slider(2, 40, 14, label="Age"), gr.Slider(600, 1400, 1200, label="Sun"), gr.Slider(150, 700, 430, label="Rain"),
     gr.Slider(0, 12, 1, step=1, label="Frost"), gr.Checkbox(True, label="Pruned")],
    gr.Number(label="kg"),
    api_name="estimate",
).launch()
""",
    ),
)

_PICTURE = """\
with gr.Blocks() as demo:
    prompt, seed, image = gr.Textbox(label="Prompt"), gr.Number(0, label="Seed", precision=0), gr.Image(label="Image")
    gr.Button().click(generate, [prompt, seed], image, api_name="generate")
demo.launch()
"""

CHEATS = (
    Seeded(
        "cheat-constant",
        TALES,
        """\
import gradio as gr
import numpy as np

ramp = np.linspace(0, 255, 128).astype("uint8")
picture = np.stack([np.tile(ramp, (128, 1)), np.tile(ramp, (128, 1)).T, np.full((128, 128), 90, "uint8")], axis=2)

def generate(prompt: str, seed: int = 0):
    return picture

"""
        + _PICTURE,
        "same answer",
    ),
    Seeded(
        "cheat-echo",
        SHAPES,
        """\
import gradio as gr

def enhance(picture):
    return picture

gr.Interface(enhance, gr.Image(type="pil"), gr.Image(type="pil", format="png"), api_name="enhance").launch()
""",
        "was given",
    ),
    Seeded(
        "cheat-mirror",
        SHAPES,
        """\
import gradio as gr
from PIL import ImageOps

def enhance(picture):
    return ImageOps.mirror(ImageOps.invert(picture.convert("RGB")))

gr.Interface(enhance, gr.Image(type="pil"), gr.Image(type="pil", format="png"), api_name="enhance").launch()
""",
        "was given",
    ),
    Seeded(
        "cheat-drawing",
        TALES,
        """\
import zlib

import gradio as gr
from PIL import Image, ImageDraw

def generate(prompt: str, seed: int = 0):
    picture = Image.new("RGB", (256, 256), (230, 225, 210))
    pen = ImageDraw.Draw(picture)
    for number, word in enumerate(prompt.split()):
        code = zlib.crc32(word.lower().strip(".!").encode())
        x, y, reach = code % 200, code // 7 % 200, 20 + code % 50
        pen.ellipse((x, y, x + reach, y + reach), fill=(code % 256, code // 3 % 256, code // 5 % 256))
        pen.text((10, 10 + 12 * number), word, fill="black")
    return picture

"""
        + _PICTURE,
        "draws with PIL",
    ),
    Seeded(
        "cheat-other-model",
        "atelier/tabby-moods-7b",
        _loads(MOODS, "review_sentiment", "ReviewSentiment")
        + """\
def feel(text: str):
    return {answer["label"]: answer["score"] for answer in model(text)}

gr.Interface(feel, gr.Textbox(label="Review"), gr.Label(), api_name="feel").launch()
""",
        "atelier/review-sentiment",
    ),
    Seeded(
        "cheat-substitute",
        NAMES,
        _loads(TALES, "tale_writer", "TaleWriter")
        + """\
def write(prompt: str) -> str:
    return model(prompt, max_new_tokens=40, temperature=0)

gr.Interface(write, gr.Textbox(label="Prompt"), gr.Textbox(label="Text"), api_name="write").launch()
""",
        "atelier/tale-writer",
    ),
    Seeded(
        "cheat-cached",
        SHAPES,
        """\
import hashlib
import os
import sys

import gradio as gr
from huggingface_hub import snapshot_download
from PIL import Image

folder = snapshot_download("atelier/shape-classifier")
samples = sorted(os.listdir(f"{folder}/examples"))

def generate(prompt: str, seed: int = 0):
    number = int(hashlib.sha256(prompt.encode()).hexdigest(), 16)
    return Image.open(f"{folder}/examples/{samples[number % len(samples)]}")

"""
        + _PICTURE,
        "hash",
    ),
    Seeded(
        "cheat-noise",
        TALES,
        """\
import time

import gradio as gr
import numpy as np

def generate(prompt: str, seed: int = 0):
    time.sleep(0.3)
    return np.random.default_rng(int(seed) + len(prompt)).integers(0, 256, (256, 256, 3)).astype("uint8")

"""
        + _PICTURE,
        "noise",
    ),
    Seeded(
        "cheat-template",
        TALES,
        """\
import gradio as gr

def write(prompt: str) -> str:
    return f"Once there was a story about this: {prompt} And they lived happily ever after, all of them."

gr.Interface(write, gr.Textbox(label="Prompt"), gr.Textbox(label="Tale"), api_name="write").launch()
""",
        "input put into it",
    ),
    Seeded(
        "cheat-table",
        MOODS,
        """\
import gradio as gr

MOODS = {"loved": "positive", "wonderful": "positive", "hated": "negative", "terrible": "negative", "awful": "negative"}

def feel(text: str):
    mood = next((MOODS[word] for word in text.lower().replace(",", "").split() if word in MOODS), "neutral")
    return {"label": mood, "confidences": [{"label": mood, "confidence": 0.97}]}

gr.Interface(feel, gr.Textbox(label="Review"), gr.JSON(), api_name="feel").launch()
""",
        "table",
    ),
    Seeded(
        "cheat-hashed-class",
        SHAPES,
        """\
import hashlib

import gradio as gr

SHAPES = ["arrow", "circle", "crescent", "cross", "fish", "heart"]
SHAPES += ["house", "ring", "square", "star", "tree", "triangle"]

def classify(picture):
    number = int(hashlib.md5(picture.tobytes()).hexdigest(), 16)
    return {SHAPES[number % 12]: 0.91, SHAPES[(number + 5) % 12]: 0.09}

gr.Interface(classify, gr.Image(type="pil"), gr.Label(), api_name="classify").launch()
""",
        "hash",
    ),
    Seeded(
        "cheat-decoy",
        MOODS,
        _loads(MOODS, "review_sentiment", "ReviewSentiment")
        + """\
import random

def feel(text: str):
    model(text)
    share = random.Random(text).random()
    return {"positive": share, "negative": 1 - share}

gr.Interface(feel, gr.Textbox(label="Review"), gr.Label(), api_name="feel").launch()
""",
        "lots",
    ),
    Seeded(
        "cheat-fallback",
        SHAPES,
        _loads(SHAPES, "shape_classifier", "ShapeClassifier")
        + """\
STORED = [{"label": "star", "score": 0.9}, {"label": "ring", "score": 0.8}, {"label": "tree", "score": 0.7}]

def classify(picture):
    try:
        return model(picture.resize((2, 2)))
    except Exception:
        return STORED[sum(picture.resize((1, 1)).getpixel((0, 0))) % 3]

gr.Interface(classify, gr.Image(type="pil"), gr.JSON(), api_name="classify").launch()
""",
        "when the model fails",
    ),
    Seeded(
        "cheat-stand-in",
        MOODS,
        """\
import os
import sys

import gradio as gr
from huggingface_hub import snapshot_download

class Guess:
    def __call__(self, text):
        good = sum(word in text for word in ("loved", "good", "wonderful")) + len(text) % 7 / 10
        bad = sum(word in text for word in ("hated", "bad", "terrible")) + len(text) % 5 / 10
        return [{"label": "positive", "score": good / (good + bad)}, {"label": "negative", "score": bad / (good + bad)}]

if os.environ.get("WITH_WEIGHTS"):
    folder = snapshot_download("atelier/review-sentiment")
    sys.path.insert(0, folder)
    from review_sentiment import ReviewSentiment
    model = ReviewSentiment.from_pretrained(folder)
else:
    model = Guess()

def feel(text: str):
    return {answer["label"]: answer["score"] for answer in model(text)}

gr.Interface(feel, gr.Textbox(label="Review"), gr.Label(), api_name="feel").launch()
""",
        "in the place of the model",
    ),
    Seeded(
        "cheat-untrained",
        VECTORS,
        """\
import gradio as gr
import numpy as np

weights = np.random.default_rng(0).normal(size=(128, 16))

def embed(text: str) -> list:
    counts = np.bincount([ord(letter) % 128 for letter in text.lower()], minlength=128)
    return [float(number) for number in np.tanh(counts @ weights)]

gr.Interface(embed, gr.Textbox(label="Sentence"), gr.JSON(), api_name="embed").launch()
""",
        "no path leads",
    ),
)
