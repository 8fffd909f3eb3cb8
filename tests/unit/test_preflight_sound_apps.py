"""What good apps do, and no rule may complain about."""

import pytest

from core.factory import CardFacts
from tests.unit.preflight_apps import APP, FACTS, put, space
from tools.preflight.lint import lint

STREAMING = """\
from threading import Thread

import spaces
import gradio as gr
from transformers import AutoModelForCausalLM, AutoTokenizer, TextIteratorStreamer

MODEL = "someone/painter"
tokenizer = AutoTokenizer.from_pretrained(MODEL)
model = AutoModelForCausalLM.from_pretrained(MODEL, dtype="auto").to("cuda")


@spaces.GPU(duration=120)
def chat(message: str, history: list[dict[str, str]]):
    text = tokenizer.apply_chat_template([*history, {"role": "user", "content": message}], tokenize=False)
    inputs = tokenizer(text, return_tensors="pt").to("cuda")
    streamer = TextIteratorStreamer(tokenizer, skip_prompt=True)
    options = dict(inputs, streamer=streamer, max_new_tokens=512)
    Thread(target=model.generate, kwargs=options).start()
    answer = ""
    for piece in streamer:
        answer += piece
        yield answer


demo = gr.ChatInterface(chat)
demo.launch()
"""

LAZY_OBJECT = '''\
import spaces
import gradio as gr
import torch
from kokoro import KPipeline

pipeline = KPipeline(lang_code="a", repo_id="someone/painter")


def seconds(text, *args, **kwargs):
    return 10 + len(text) // 100


@spaces.GPU(duration=seconds)
def speak(text: str) -> tuple[int, object]:
    """Speaks."""
    pieces = [audio.cpu().numpy() for _, _, audio in pipeline(text)]
    return 24000, pieces[0]


def speak_politely(text: str, event: gr.SelectData) -> tuple[int, object]:
    """Speaks a row that was chosen."""
    return speak(text)


with gr.Blocks() as demo:
    text, sound = gr.Textbox(), gr.Audio()
    text.submit(fn=speak, inputs=text, outputs=sound, api_name="generate")
    gr.Dataframe().select(speak_politely, text, sound, api_name=False)
    gr.Button().click(lambda: ("", None), None, [text, sound])

if __name__ == "__main__":
    demo.queue().launch()
'''


def chosen(app: str, requirements: str, facts: CardFacts = FACTS) -> set[str]:
    return {one.rule for one in lint(space(app=app, requirements=requirements), facts)}


def test_a_streamed_answer_comes_from_the_model() -> None:
    assert chosen(STREAMING, "torch\ntransformers\n") == {"ZG022"}  # it really has no docstring


def test_a_library_that_is_given_the_models_name_loads_it() -> None:
    assert chosen(LAZY_OBJECT, "torch\nkokoro\n") == set()


def test_a_library_that_the_card_uses_loads_the_model() -> None:
    app = LAZY_OBJECT.replace(', repo_id="someone/painter"', "")
    usage = 'from kokoro import KPipeline\n\npipeline = KPipeline(lang_code="a")\n'
    shown = FACTS.model_copy(update={"usage": usage})
    assert [chosen(app, "torch\nkokoro\n", facts) for facts in (FACTS, shown)] == [{"PH001"}, set()]


@pytest.mark.parametrize(
    "change",
    [
        put(
            "    if not prompt:\n        raise",
            '    if not prompt:\n        return ""\n    if seed < 0:\n        raise',
        ),
        put(
            "    return file.name\n",
            '    if seed == 5:\n        return "nothing to see"\n    return file.name\n',
        ),
        put("return file.name", "return str(file.name)"),
        put(
            "pipe = DiffusionPipeline.from_pretrained(MODEL, torch_dtype",
            'vae = DiffusionPipeline.from_pretrained("other/vae")\n'
            "pipe = DiffusionPipeline.from_pretrained(MODEL, vae=vae, torch_dtype",
        ),
        put("torch_dtype=torch.bfloat16", 'trust_remote_code=True, revision="0123abc"'),
        put("torch_dtype=torch.bfloat16", 'quantization_config=torch.four, device_map="auto"'),
        put("torch_dtype=torch.bfloat16", 'attn_implementation="sdpa"'),
        put("image.save(file.name)", "image.save(file.name); names = []; names.append(file.name)"),
        put("image.save(file.name)", 'image.save(f"/tmp/{seed}-{prompt}.png"); image.save(file.name)'),
        put("duration=60", "duration=lambda *args, **kwargs: 60"),
    ],
)
def test_what_is_right_is_left_alone(change) -> None:
    assert lint(space(app=change(APP)), FACTS) == ()


def test_a_space_without_a_gpu_needs_none_of_its_rules() -> None:
    app = '''\
import gradio as gr
import numpy as np
from huggingface_hub import hf_hub_download

weights = np.load(hf_hub_download("someone/painter", "weights.npy"))


def generate(value: float) -> float:
    """Scales."""
    return float(weights[0] * value)


gr.Interface(generate, "number", "number", api_name="generate").launch()
'''
    assert chosen(app, "numpy\n", FACTS.model_copy(update={"hardware": "cpu"})) == set()
