"""Recipes for models that make pictures, films and shapes."""

from tools.recipes.recipe import Field, Recipe

DIFFUSERS = ("torch", "diffusers>=0.35", "transformers>=4.56", "accelerate", "sentencepiece", "peft")
_PROMPT = Field(name="prompt", component='gr.Textbox(label="Prompt", lines=2)')
_STEPS = Field(name="steps", component='gr.Slider(1, 60, value=28, step=1, label="Steps")')
_SEED = Field(name="seed", component='gr.Number(value=0, precision=0, label="Seed")')
_NO_PROMPT = '    if not prompt.strip():\n        raise gr.Error("There is no prompt: write one.")\n'
_RANDOM = '    generator = torch.Generator("cuda").manual_seed(int(seed))\n'
_ARGUMENTS = """\
        steps: How many steps to refine it in.
        seed: The same seed gives the same result.
    \"\"\"
"""


def _piped(kind: str, model: str = "MODEL, revision=REVISION", precision: str = "bfloat16") -> str:
    return f'pipe = {kind}.from_pretrained({model}, torch_dtype=torch.{precision}).to("cuda")'


IMAGE = Recipe(
    task="text-to-image",
    libraries=("diffusers",),
    does="Paints a picture from words",
    imports="import torch\nfrom diffusers import AutoPipelineForText2Image\nfrom PIL import Image",
    load=_piped("AutoPipelineForText2Image"),
    generate=f'''
def generate(prompt: str, steps: int = 28, seed: int = 0) -> Image.Image:
    """Paints a picture.

    Args:
        prompt: What to paint.
{_ARGUMENTS}{_NO_PROMPT}{_RANDOM}    return pipe(prompt, num_inference_steps=int(steps), generator=generator).images[0]
''',
    inputs=(_PROMPT, _STEPS, _SEED),
    result='gr.Image(label="Picture", format="png")',
    requirements=DIFFUSERS,
    seconds=60,
    emoji="🎨",
)
IMAGE_ADAPTER = IMAGE.model_copy(
    update={
        "load": _piped("AutoPipelineForText2Image", "BASE") + "\npipe.load_lora_weights(MODEL, revision=REVISION)",
        "base": True,
    }
)
REPAINT = Recipe(
    task="image-to-image",
    libraries=("diffusers",),
    does="Paints a picture anew from words",
    imports="import torch\nfrom diffusers import AutoPipelineForImage2Image\nfrom PIL import Image",
    load=_piped("AutoPipelineForImage2Image"),
    generate=f'''
def generate(image: Image.Image, prompt: str, strength: float = 0.7, steps: int = 28, seed: int = 0) -> Image.Image:
    """Paints a picture anew.

    Args:
        image: The picture to begin with.
        prompt: What it is to become.
        strength: How far it may go from the picture, between 0 and 1.
{_ARGUMENTS}    if image is None or not prompt.strip():
        raise gr.Error("Both a picture and a prompt are needed.")
    start = image.convert("RGB")
    start.thumbnail((1024, 1024))
{_RANDOM}    result = pipe(prompt, image=start, strength=strength, num_inference_steps=int(steps), generator=generator)
    return result.images[0]
''',
    inputs=(
        Field(name="image", component='gr.Image(label="Picture", type="pil")'),
        _PROMPT,
        Field(name="strength", component='gr.Slider(0.1, 1.0, value=0.7, step=0.05, label="Strength")'),
        _STEPS,
        _SEED,
    ),
    result='gr.Image(label="Picture", format="png")',
    requirements=DIFFUSERS,
    seconds=60,
    emoji="🖌️",
)
FILM = Recipe(
    task="text-to-video",
    libraries=("diffusers",),
    does="Makes a short film from words",
    standard="import os\nimport tempfile",
    environment='os.environ["PYTORCH_CUDA_ALLOC_CONF"] = "expandable_segments:True"  # before torch is imported',
    imports="import torch\nfrom diffusers import DiffusionPipeline\nfrom diffusers.utils import export_to_video",
    load=_piped("DiffusionPipeline"),
    generate=f'''
def generate(prompt: str, steps: int = 28, seed: int = 0) -> str:
    """Makes a film without sound.

    Args:
        prompt: What to show.
{_ARGUMENTS}{_NO_PROMPT}{_RANDOM}\
    frames = pipe(prompt, num_inference_steps=int(steps), generator=generator).frames[0]
    with tempfile.NamedTemporaryFile(suffix=".mp4", delete=False) as file:
        return export_to_video(frames, file.name, fps=16)
''',
    inputs=(_PROMPT, _STEPS, _SEED),
    result='gr.Video(label="Film")',
    requirements=(*DIFFUSERS, "imageio", "imageio-ffmpeg", "ftfy"),
    seconds=240,
    emoji="🎬",
)
_MESH = """\
    with tempfile.NamedTemporaryFile(suffix=".glb", delete=False) as file:
        trimesh.Trimesh(mesh.verts.cpu().numpy(), mesh.faces.cpu().numpy()).export(file.name)
    return file.name
"""
SHAPE = Recipe(
    task="image-to-3d",
    libraries=("diffusers",),
    does="Makes a 3D model of what a picture shows",
    standard="import tempfile",
    imports="import torch\nimport trimesh\nfrom diffusers import DiffusionPipeline\nfrom PIL import Image",
    load=_piped("DiffusionPipeline", precision="float16"),
    generate=f'''
def generate(image: Image.Image, steps: int = 64, seed: int = 0) -> str:
    """Makes a GLB file.

    Args:
        image: A picture of one thing on a plain ground.
{_ARGUMENTS}    if image is None:
        raise gr.Error("There is no picture: give one.")
{_RANDOM}\
    result = pipe(image.convert("RGB"), num_inference_steps=int(steps), generator=generator, output_type="mesh")
    mesh = result.images[0]
{_MESH}''',
    inputs=(
        Field(name="image", component='gr.Image(label="Picture", type="pil")'),
        Field(name="steps", component='gr.Slider(16, 128, value=64, step=1, label="Steps")'),
        _SEED,
    ),
    result='gr.Model3D(label="3D model")',
    requirements=(*DIFFUSERS, "trimesh"),
    seconds=120,
    emoji="🧊",
)
RECIPES = (IMAGE, REPAINT, FILM, SHAPE)
