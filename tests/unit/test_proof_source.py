"""What a foreign program's text tells of the path from an endpoint to a model."""

import pytest

from tools.proof.source import Reading, read_source

HEAD = """
import gradio as gr
from transformers import AutoTokenizer, TextIteratorStreamer, pipeline
MODEL = os.environ.get("MODEL", "me/model")
"""


def read(body: str, endpoint: str = "/go", **more: str) -> Reading:
    return read_source({"app.py": HEAD + body, **{f"{name}.py": text for name, text in more.items()}}, endpoint)


HONEST = {
    "plain": """
pipe = pipeline("text-generation", model=MODEL)
def go(text):
    return pipe(text)[0]["generated_text"]
gr.Interface(go, "text", "text").launch()
""",
    "lazy": """
def model():
    return pipeline("text-generation", MODEL)
def go(text):
    if not text.strip():
        return "Say something."
    return model()(text)
gr.Button().click(fn=go, inputs=[], outputs=[])
""",
    "global": """
pipe = None
def go(text):
    global pipe
    if pipe is None:
        pipe = pipeline("x", model=MODEL)
    return pipe(text)
gr.Button().click(go, None, None)
""",
    "class": """
class Engine:
    def __init__(self):
        self.pipe = pipeline("x", model=MODEL)
    def run(self, text):
        return self.pipe(text)
engine = Engine()
gr.Button().click(engine.run, None, None, api_name="go")
""",
    "streamed": """
from threading import Thread
from transformers import AutoModelForCausalLM
model = AutoModelForCausalLM.from_pretrained(MODEL)
def go(message, history):
    streamer = TextIteratorStreamer(AutoTokenizer.from_pretrained(MODEL))
    Thread(target=model.generate, kwargs=dict(streamer=streamer)).start()
    text = ""
    for piece in streamer:
        text += piece
        yield text
gr.ChatInterface(go, api_name="go")
""",
    "file": """
synth = pipeline("text-to-speech", MODEL)
def go(text):
    path = tempfile.mktemp(suffix=".wav")
    soundfile.write(path, synth(text)["audio"], 16000)
    return path
gr.on([button.click], go, None, None)
""",
    "decided": """
pipe = pipeline("x", model=MODEL)
def go(text):
    if pipe(text)[0]["score"] > 0.5:
        return "yes, it is"
    return "no, it is not"
gr.Button().click(go, None, None)
""",
    "lambda": """
pipe = pipeline("x", model=MODEL)
go = lambda text: pipe(text)
gr.Button().click(go, None, None, api_name="go")
""",
    "itself": """
pipe = pipeline("x", model=MODEL)
gr.Interface(fn=pipe, inputs="text", outputs="text", api_name="go")
""",
    "painted": """
pipe = AutoPipelineForImage2Image.from_pretrained(MODEL, revision=REVISION).to("cuda")
def go(image, prompt):
    start = image.convert("RGB")
    start.thumbnail((1024, 1024))
    return pipe(prompt, image=start).images[0]
gr.Button().click(go, None, None)
""",
    "client": """
client = InferenceClient()
def go(text):
    return client.chat_completion([text], model=MODEL).choices[0]
gr.Button().click(go, None, None)
""",
}


@pytest.mark.parametrize("kind", HONEST)
def test_a_path_to_the_model_is_found(kind):
    assert read(HONEST[kind]) == Reading(read=True, models=("me/model",))


def test_a_path_through_another_module_is_found():
    engine = 'net = AutoModel.from_pretrained("me/model")\ndef run(x):\n    return net(x)\n'
    assert read("from engine import run\ngr.Button().click(run, None, None)", "/run", engine=engine).models == (
        "me/model",
    )


def test_a_file_that_the_app_never_imports_is_no_part_of_the_program():
    shown = f'{HEAD}pipe = pipeline("x", MODEL)\ndef go(x):\n    return pipe(x)\ngr.Button().click(go, None, None)'
    run = 'def answer(x):\n    return x[::-1]\ngetattr(gr.Button(), "cl" + "ick")(answer, None, None, api_name="go")'
    files = {"main.py": run, "app.py": shown}
    assert read_source(files, "/go", "main.py").models == ()
    assert read_source(files, "/go", "app.py").models == ("me/model",)


@pytest.mark.parametrize(
    "line",
    [
        "from parts.engine import run",
        "import parts.engine as e\nrun = e.run",
        'run = import_module("parts.engine").run',
    ],
)
def test_what_the_app_imports_is_read_however_it_does_so(line):
    engine = "from .weights import net\ndef run(x):\n    return net(x)\n"
    weights = 'net = AutoModel.from_pretrained("me/model")\n'
    app = f"{line}\ngr.Button().click(run, None, None)"
    files = {"app.py": app, "parts/__init__.py": "", "parts/engine.py": engine, "parts/weights.py": weights}
    assert read_source(files, "/run").models == ("me/model",)


@pytest.mark.parametrize(
    ("path", "name"), [("transformers.py", "transformers"), ("huggingface_hub/__init__.py", "huggingface_hub")]
)
def test_a_module_in_the_place_of_a_package_is_noticed(path, name):
    app = f'{HEAD}pipe = pipeline("x", MODEL)\ndef go(x):\n    return pipe(x)\ngr.Button().click(go, None, None)'
    found = read_source({"app.py": app, path: "from cheating import pipeline\n"}, "/go")
    assert f"{name} of its program stands in for the package of that name" in found.reason


def test_weights_in_the_space_itself_are_of_unknown_origin():
    body = (
        'net = AutoModel.from_pretrained("./weights")\ndef go(x):\n    return net(x)\ngr.Button().click(go, None, None)'
    )
    assert read(body).models == ("?",)


@pytest.mark.parametrize(
    ("body", "trace"),
    [
        ('pipe = pipeline("x", MODEL)\ndef go(text):\n    pipe(text)\n    return f"A tale of {text}"', "into a text"),
        ("def go(text):\n    time.sleep(2)\n    return numpy.random.default_rng(1).random(9)", "sleep"),
        ("def go(text):\n    pen = ImageDraw.Draw(picture)\n    return picture", "draws with PIL"),
        ("def go(text):\n    return SAMPLES[hash(text) % 3]", "goes by a hash"),
        ("def go(text):\n    return ANSWERS.get(text)", "looks up in a table"),
        ('def go(text):\n    return AutoTokenizer.from_pretrained(MODEL)(f"{text}")', "into a text"),
    ],
)
def test_no_path_to_a_model_is_said_with_what_stands_there_instead(body, trace):
    found = read(f"{body}\ngr.Button().click(go, None, None)")
    assert found.models == () and "no path leads" in found.reason
    assert trace in "; ".join(found.traces)


def test_a_file_of_the_models_repository_is_not_the_model():
    body = 'folder = snapshot_download(MODEL)\ndef go(x):\n    return Image.open(f"{folder}/examples/star.png")\n'
    assert read(f"{body}gr.Button().click(go, None, None)").models == ()


@pytest.mark.parametrize("stored", ["SAMPLES[0]", 'Image.open("a.png")', '"sample.png"', "draw(text)"])
def test_an_answer_in_place_of_a_failed_model_is_noticed(stored):
    body = 'pipe = pipeline("x", MODEL)\ndef go(text):\n    try:\n        return pipe(text)\n'
    body += f"    except Exception:\n        return {stored}\n"
    assert "when the model fails" in read(f"{body}gr.Button().click(go, None, None)").reason


def test_a_way_out_past_the_model_is_noticed():
    body = 'pipe = pipeline("x", MODEL)\ndef go(text):\n    if len(text) > 5:\n        return text[::-1]\n'
    body += "    return pipe(text)\n"
    assert "line 8 of its program returns something" in read(f"{body}gr.Button().click(go, None, None)").reason


@pytest.mark.parametrize(
    "load",
    [
        'if os.environ.get("REAL"):\n    pipe = pipeline("x", MODEL)\nelse:\n    pipe = Painter()\n',
        'try:\n    pipe = pipeline("x", MODEL)\nexcept OSError:\n    pipe = Painter()\n',
    ],
)
def test_a_stand_in_for_the_model_is_noticed(load):
    body = f"{load}def go(text):\n    return pipe(text)\ngr.Button().click(go, None, None)"
    assert "in the place of the model 'pipe'" in read(body).reason


def test_a_model_that_is_moved_or_not_there_yet_is_no_stand_in():
    body = 'pipe = None\npipe = pipeline("x", MODEL)\npipe = pipe.to("cuda")\ndef go(text):\n    return pipe(text)\n'
    assert read(f"{body}gr.Button().click(go, None, None)").reason == ""


def test_two_models_are_both_named():
    body = 'one, other = pipeline("x", MODEL), pipeline("x", "you/other")\ndef go(t):\n    return other(t) or one(t)\n'
    assert read(f"{body}gr.Button().click(go, None, None)").models == ("me/model", "you/other")


@pytest.mark.parametrize("text", ["def go(:", "\0", "go = 1", ""])
def test_what_cannot_be_understood_is_said_to_be_so(text):
    found = read_source({"app.py": text}, "/go")
    assert not found.read and found.reason


def test_a_space_without_files_is_not_believed():
    assert not read_source({}, "/go").read


def test_functions_that_call_one_another_for_ever_come_to_an_end():
    body = "def go(x):\n    return there(x)\ndef there(x):\n    return go(x)\ngr.Button().click(go, None, None)"
    assert read(body).models == ()
