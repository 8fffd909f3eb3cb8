"""What keeps a Space from being made, and what only looks like it."""

import pytest

from tools.cards.analysis import analyse
from tools.cards.source import Source

KNOWN = "---\nlicense: mit\nlibrary_name: transformers\npipeline_tag: text-generation\n---\n# Thing\n\n"
OTHER = "---\nlicense: mit\npipeline_tag: text-to-video\n---\n# Thing\n\n"
LOADS = "```python\nfrom transformers import pipeline\np = pipeline('text-generation', 'a/b')\n```\n"


def kinds(card: str, **more: object) -> list[str]:
    return [blocker.kind for blocker in analyse(Source(card=card.encode(), **more)).blockers]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        (OTHER + "```bash\npip install flash-attn==2.7\npython run.py\n```\n", "custom_cuda"),
        (OTHER + "```bash\ndocker run --gpus all some/image\n```\n", "docker_only"),
        (OTHER + "Put the file in ComfyUI/models/unet and restart.\n", "comfyui_only"),
        (OTHER + "It requires at least 8 x H100 GPUs.\n```bash\npython run.py\n```\n", "multi_gpu"),
        (OTHER + "```bash\ntorchrun --nproc_per_node=8 run.py\n```\n", "multi_gpu"),
        (OTHER + "The minimum GPU memory is 60 GB.\n```bash\npython run.py\n```\n", "too_large"),
        (KNOWN + "This pipeline requires an API key of the translation service.\n" + LOADS, "external_api_key"),
        (KNOWN + "```python\nimport os\nkey = os.environ['OPENAI_API_KEY']\n```\n", "external_api_key"),
        ("---\ntags: [gguf]\n---\n# Thing GGUF\n", "non_pytorch_runtime"),
        ("---\ntags: [lora]\n---\n# Adapter\n", "missing_base_model"),
        (OTHER + "The encoder is published\nseparately.\n```bash\npython run.py\n```\n", "missing_base_model"),
        (OTHER + "For usage see https://github.com/some/code\n", "insufficient_information"),
        ("---\nlicense: mit\n---\n# Second attempt\n\nIt works.\n", "insufficient_information"),
        ("", "insufficient_information"),
    ],
)
def test_each_kind_is_named_with_its_line(card, expected):
    found = [blocker for blocker in analyse(Source(card=card.encode())).blockers]
    assert [blocker.kind for blocker in found] == [expected]
    assert found[0].evidence.where.startswith("README.md:") and found[0].remedy


@pytest.mark.parametrize(
    "card",
    [
        KNOWN + LOADS,
        KNOWN + '```\n$ curl -H "Authorization: Bearer YOUR_API_KEY" https://api-inference.huggingface.co/models/a/b\n```\n'
        + LOADS,
        KNOWN + LOADS + "```python\nfrom openai import OpenAI\nc = OpenAI(base_url='http://localhost:8000')\n```\n",
        KNOWN + "It was trained on 8 x A100 GPUs for three days.\n" + LOADS,
        KNOWN + "We trained with docker. There is a ComfyUI version and a GGUF version by others.\n" + LOADS,
        KNOWN + "Optional: `pip install flash-attn` to speed it up.\n" + LOADS,
        "---\ntags: [lora]\nbase_model: some/base\nlibrary_name: diffusers\n---\n# LoRA for text to image\n",
        "---\nextra_gated_prompt: Please read the licence.\nlibrary_name: diffusers\n---\n# Stable Diffusion\n",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_blocker_is_none(card):
    assert kinds(card) == []


def test_the_gate_is_what_the_hub_says_of_it():
    form = "---\nextra_gated_prompt: Agree.\nextra_gated_fields:\n  Name: text\nlibrary_name: transformers\n"
    card = form + "pipeline_tag: text-generation\n---\n"
    assert kinds(card) == ["gated"]
    assert kinds(card, gated=False) == []
    assert kinds(KNOWN, gated=True) == ["gated"]


def test_files_outweigh_what_the_card_says_of_the_runtime():
    gguf = "---\ntags: [gguf]\nlibrary_name: transformers\npipeline_tag: text-generation\n---\n"
    assert kinds(gguf, files={"a.gguf": 10, "model.safetensors": 10}) == []
    assert kinds(KNOWN, files={"a.gguf": 10}) == ["non_pytorch_runtime"]


def test_classes_from_a_third_repository_are_told():
    assert kinds(KNOWN, model="a/b", config={"auto_map": {"AutoModel": "c/d--code.Model"}}) == ["remote_code"]
    assert kinds(KNOWN, model="a/b", config={"auto_map": {"AutoModel": "code.Model"}}) == []


def test_a_repository_without_weights_is_not_enough():
    assert kinds(KNOWN, files={"README.md": 10}) == ["insufficient_information"]
