"""Recipes for models that look at pictures."""

from tools.recipes.reading import piped
from tools.recipes.recipe import Field, Recipe

_REQUIREMENTS = ("torch", "torchvision", "transformers>=4.56", "accelerate", "timm")
_IMAGE = Field(name="image", component='gr.Image(label="Picture", type="pil")')
_NO_IMAGE = '    if image is None:\n        raise gr.Error("There is no picture: give one.")\n'


def _viewer(task: str, does: str, generate: str, result: str, **more: object) -> Recipe:
    values: dict[str, object] = {
        "task": task,
        "libraries": ("transformers",),
        "does": does,
        "imports": "from PIL import Image\nfrom transformers import pipeline",
        "load": piped(task),
        "generate": generate,
        "inputs": (_IMAGE,),
        "result": result,
        "requirements": _REQUIREMENTS,
        "seconds": 20,
        "emoji": "👁️",
    }
    return Recipe.model_validate(values | more)


_CLASSIFY = f'''
def generate(image: Image.Image) -> dict[str, float]:
    """Gives the likeliest labels, each with a score between 0 and 1.

    Args:
        image: The picture to classify.
    """
{_NO_IMAGE}'''
CLASSIFICATION = _viewer(
    "image-classification",
    "Names what a picture shows",
    _CLASSIFY + '    return {answer["label"]: answer["score"] for answer in pipe(image.convert("RGB"), top_k=5)}\n',
    'gr.Label(label="Labels", num_top_classes=5)',
)
TIMM = _viewer(
    "image-classification",
    "Names what a picture shows",
    _CLASSIFY
    + """\
    pixels = transform(image.convert("RGB"))[None].to("cuda")
    with torch.inference_mode():
        scores, places = model(pixels)[0].softmax(dim=-1).cpu().topk(5)
    names = [labels.index_to_description(place) for place in places.tolist()]
    return dict(zip(names, scores.tolist(), strict=True))
""",
    'gr.Label(label="Labels", num_top_classes=5)',
    libraries=("timm",),
    imports="import timm\nimport torch\nfrom PIL import Image\nfrom timm.data import ImageNetInfo",
    load="""
model = timm.create_model(f"hf-hub:{MODEL}@{REVISION}", pretrained=True).to("cuda").eval()
transform = timm.data.create_transform(**timm.data.resolve_model_data_config(model), is_training=False)
labels = ImageNetInfo(timm.data.infer_imagenet_subset(model))
""",
    requirements=("torch", "torchvision", "timm>=1.0"),
)
DETECTION = _viewer(
    "object-detection",
    "Finds things in a picture",
    f'''
def generate(
    image: Image.Image, threshold: float = 0.5
) -> tuple[Image.Image, list[tuple[tuple[int, int, int, int], str]]]:
    """Draws a box round everything that is found.

    Args:
        image: The picture to search.
        threshold: How sure the model has to be, between 0 and 1.
    """
{_NO_IMAGE}    found = pipe(image.convert("RGB"), threshold=threshold)
    boxes = [tuple(int(thing["box"][side]) for side in ("xmin", "ymin", "xmax", "ymax")) for thing in found]
    names = [f"{{thing['label']}} {{thing['score']:.2f}}" for thing in found]
    return image, list(zip(boxes, names, strict=True))
''',
    'gr.AnnotatedImage(label="Things")',
    inputs=(_IMAGE, Field(name="threshold", component='gr.Slider(0.0, 1.0, value=0.5, step=0.05, label="Threshold")')),
)
SEGMENTATION = _viewer(
    "image-segmentation",
    "Divides a picture into regions",
    f'''
def generate(image: Image.Image) -> tuple[Image.Image, list[tuple[np.ndarray, str]]]:
    """Gives a mask for every region, with its name.

    Args:
        image: The picture to divide.
    """
{_NO_IMAGE}    found = pipe(image.convert("RGB"))
    masks = [(np.asarray(region["mask"], np.float32) / 255, region["label"]) for region in found]
    return image, masks
''',
    'gr.AnnotatedImage(label="Regions")',
    imports="import numpy as np\nfrom PIL import Image\nfrom transformers import pipeline",
)
DEPTH = _viewer(
    "depth-estimation",
    "Estimates how far away things in a picture are",
    f'''
def generate(image: Image.Image) -> Image.Image:
    """Makes a picture of the depth: the brighter, the nearer.

    Args:
        image: The picture to measure.
    """
{_NO_IMAGE}    return pipe(image.convert("RGB"))["depth"]
''',
    'gr.Image(label="Depth", format="png")',
)
_GENERATE_TEXT = """\
    with torch.inference_mode():
        output = model.generate(**inputs, max_new_tokens=100)
"""
CAPTION = _viewer(
    "image-to-text",
    "Describes a picture",
    f'''
def generate(image: Image.Image) -> str:
    """Writes a caption.

    Args:
        image: The picture to describe.
    """
{_NO_IMAGE}    inputs = processor(images=image.convert("RGB"), return_tensors="pt").to("cuda", model.dtype)
{_GENERATE_TEXT}    return processor.batch_decode(output, skip_special_tokens=True)[0].strip()
''',
    'gr.Textbox(label="Caption", lines=3)',
    imports="""
import torch
from PIL import Image
from transformers import AutoModelForImageTextToText, AutoProcessor
""",
    load="""
processor = AutoProcessor.from_pretrained(MODEL, revision=REVISION)
model = AutoModelForImageTextToText.from_pretrained(MODEL, revision=REVISION, dtype="auto").to("cuda").eval()
""",
    seconds=30,
)
_QUESTION = Field(name="question", component='gr.Textbox(label="Question", value="What is in the picture?")')
_ASKED = '''
def generate(image: Image.Image, question: str = "What is in the picture?") -> str:
    """Answers a question about a picture.

    Args:
        image: The picture to look at.
        question: What to find out.
    """
    if image is None or not question.strip():
        raise gr.Error("Both a picture and a question are needed.")
'''
QUESTION = _viewer(
    "visual-question-answering",
    "Answers questions about a picture",
    _ASKED
    + """\
    inputs = processor(image.convert("RGB"), question, return_tensors="pt").to("cuda")
    with torch.inference_mode():
        if model.can_generate():
            return processor.decode(model.generate(**inputs, max_new_tokens=50)[0], skip_special_tokens=True)
        return model.config.id2label[int(model(**inputs).logits.argmax())]
""",
    'gr.Textbox(label="Answer")',
    imports="""
import torch
from PIL import Image
from transformers import AutoModelForVisualQuestionAnswering, AutoProcessor
""",
    load="""
processor = AutoProcessor.from_pretrained(MODEL, revision=REVISION)
model = AutoModelForVisualQuestionAnswering.from_pretrained(MODEL, revision=REVISION).to("cuda").eval()
""",
    inputs=(_IMAGE, _QUESTION),
)
TALK = CAPTION.model_copy(
    update={
        "task": "image-text-to-text",
        "does": "Talks about a picture",
        "generate": _ASKED
        + f"""\
    content = [{{"type": "image", "image": image.convert("RGB")}}, {{"type": "text", "text": question}}]
    inputs = processor.apply_chat_template(
        [{{"role": "user", "content": content}}],
        add_generation_prompt=True,
        tokenize=True,
        return_dict=True,
        return_tensors="pt",
    ).to("cuda", model.dtype)
{_GENERATE_TEXT.replace("100", "256")}\
    return processor.decode(output[0][inputs["input_ids"].shape[1] :], skip_special_tokens=True)
""",
        "inputs": (_IMAGE, _QUESTION),
        "result": 'gr.Textbox(label="Answer", lines=6)',
        "seconds": 60,
    }
)
ZERO_SHOT = _viewer(
    "zero-shot-image-classification",
    "Sorts a picture under labels of your own",
    '''
def generate(image: Image.Image, labels: str = "a cat, a dog, a landscape") -> dict[str, float]:
    """Gives every label a score between 0 and 1.

    Args:
        image: The picture to classify.
        labels: The labels to choose from, with commas between them.
    """
    names = [label.strip() for label in labels.split(",") if label.strip()]
    if image is None or not names:
        raise gr.Error("Both a picture and labels are needed.")
    return {answer["label"]: answer["score"] for answer in pipe(image.convert("RGB"), candidate_labels=names)}
''',
    'gr.Label(label="Labels")',
    inputs=(
        _IMAGE,
        Field(name="labels", component='gr.Textbox(label="Labels", value="a cat, a dog, a landscape")'),
    ),
)
RECIPES = (CLASSIFICATION, TIMM, DETECTION, SEGMENTATION, DEPTH, CAPTION, QUESTION, TALK, ZERO_SHOT)
