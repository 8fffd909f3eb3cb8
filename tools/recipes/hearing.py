"""Recipes for models that listen and speak."""

from tools.recipes.reading import piped
from tools.recipes.recipe import Field, Recipe

_REQUIREMENTS = ("torch", "torchaudio", "transformers>=4.56", "accelerate", "librosa", "soundfile")
_AUDIO = Field(name="audio", component='gr.Audio(label="Sound", type="filepath")')
_NO_AUDIO = '    if audio is None:\n        raise gr.Error("There is no sound: give a file or record one.")\n'

SPEECH = Recipe(
    task="automatic-speech-recognition",
    libraries=("transformers",),
    does="Writes down what is said",
    imports="from transformers import pipeline",
    load=piped("automatic-speech-recognition", ", chunk_length_s=30"),
    generate=f'''
def generate(audio: str) -> str:
    """Writes down what is said in a recording.

    Args:
        audio: The recording.
    """
{_NO_AUDIO}    return pipe(audio)["text"].strip()
''',
    inputs=(_AUDIO,),
    result='gr.Textbox(label="Text", lines=8, buttons=["copy"])',
    requirements=_REQUIREMENTS,
    seconds=60,
    emoji="🎙️",
)
VOICE = Recipe(
    task="text-to-speech",
    libraries=("transformers",),
    does="Reads a text aloud",
    imports="import numpy as np\nimport torch\nfrom transformers import pipeline",
    load=piped("text-to-speech"),
    generate='''
def generate(text: str, seed: int = 0) -> tuple[int, np.ndarray]:
    """Speaks a text.

    Args:
        text: What to say.
        seed: The same seed gives the same speech.
    """
    if not text.strip():
        raise gr.Error("There is no text: write one.")
    torch.manual_seed(int(seed))
    speech = pipe(text)
    samples = np.asarray(speech["audio"], np.float32).squeeze()
    return speech["sampling_rate"], (np.clip(samples, -1, 1) * 32767).astype(np.int16)
''',
    inputs=(
        Field(name="text", component='gr.Textbox(label="Text", lines=4)'),
        Field(name="seed", component='gr.Number(value=0, precision=0, label="Seed")'),
    ),
    result='gr.Audio(label="Speech", format="wav")',
    requirements=_REQUIREMENTS,
    seconds=60,
    emoji="🗣️",
)
SOUNDS = Recipe(
    task="audio-classification",
    libraries=("transformers",),
    does="Names what is heard",
    imports="from transformers import pipeline",
    load=piped("audio-classification"),
    generate=f'''
def generate(audio: str) -> dict[str, float]:
    """Gives the likeliest labels, each with a score between 0 and 1.

    Args:
        audio: The recording.
    """
{_NO_AUDIO}    return {{answer["label"]: answer["score"] for answer in pipe(audio, top_k=5)}}
''',
    inputs=(_AUDIO,),
    result='gr.Label(label="Labels", num_top_classes=5)',
    requirements=_REQUIREMENTS,
    seconds=20,
    emoji="👂",
)
RECIPES = (SPEECH, VOICE, VOICE.model_copy(update={"task": "text-to-audio", "does": "Makes sound from words"}), SOUNDS)
