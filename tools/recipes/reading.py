"""Recipes for models that read text: labels, names, answers, missing words, vectors."""

from tools.recipes.recipe import Field, Recipe
from tools.recipes.writing import TRANSFORMERS

_TEXT = Field(name="text", component='gr.Textbox(label="Text", lines=4)')
_LABELS = 'gr.Label(label="Labels", num_top_classes=5)'


def piped(task: str, options: str = "") -> str:
    """The line that loads a transformers pipeline."""
    return f'pipe = pipeline("{task}", model=MODEL, revision=REVISION, device="cuda"{options})'


def _reader(task: str, does: str, generate: str, inputs: tuple[Field, ...], result: str, **more: object) -> Recipe:
    values: dict[str, object] = {
        "task": task,
        "libraries": ("transformers",),
        "does": does,
        "imports": "from transformers import pipeline",
        "load": piped(task),
        "generate": generate,
        "inputs": inputs,
        "result": result,
        "requirements": TRANSFORMERS,
        "seconds": 15,
        "emoji": "🔎",
    }
    return Recipe.model_validate(values | more)


CLASSIFICATION = _reader(
    "text-classification",
    "Classifies a text",
    '''
def generate(text: str) -> dict[str, float]:
    """Gives every label of the model a score between 0 and 1.

    Args:
        text: The text to classify.
    """
    if not text.strip():
        raise gr.Error("There is no text: write one.")
    return {answer["label"]: answer["score"] for answer in pipe(text, top_k=None, truncation=True)}
''',
    (_TEXT,),
    _LABELS,
    emoji="🏷️",
)
TOKENS = _reader(
    "token-classification",
    "Finds names and other entities in a text",
    '''
def generate(text: str) -> dict[str, str | list[dict[str, str | int]]]:
    """Marks the entities of a text, each with its kind and its place in characters.

    Args:
        text: The text to read.
    """
    if not text.strip():
        raise gr.Error("There is no text: write one.")
    entities = [
        {"entity": found["entity_group"], "start": int(found["start"]), "end": int(found["end"])}
        for found in pipe(text)
    ]
    return {"text": text, "entities": entities}
''',
    (_TEXT,),
    'gr.HighlightedText(label="Entities")',
    load=piped("token-classification", ', aggregation_strategy="simple"'),
)
ANSWERS = _reader(
    "question-answering",
    "Finds the answer to a question in a text",
    '''
def generate(question: str, context: str) -> str:
    """Answers a question with words of the text.

    Args:
        question: What to find out.
        context: The text that has the answer in it.
    """
    if not question.strip() or not context.strip():
        raise gr.Error("Both a question and a text are needed.")
    inputs = tokenizer(question, context, return_tensors="pt", truncation="only_second").to("cuda")
    with torch.inference_mode():
        output = model(**inputs)
    start = int(output.start_logits.argmax())
    end = max(start, int(output.end_logits.argmax()))
    return tokenizer.decode(inputs["input_ids"][0][start : end + 1], skip_special_tokens=True)
''',
    (
        Field(name="question", component='gr.Textbox(label="Question")'),
        Field(name="context", component='gr.Textbox(label="Text with the answer in it", lines=8)'),
    ),
    'gr.Textbox(label="Answer")',
    imports="import torch\nfrom transformers import AutoModelForQuestionAnswering, AutoTokenizer",
    load="""
tokenizer = AutoTokenizer.from_pretrained(MODEL, revision=REVISION)
model = AutoModelForQuestionAnswering.from_pretrained(MODEL, revision=REVISION).to("cuda").eval()
""",
    emoji="❓",
)
BLANKS = _reader(
    "fill-mask",
    "Fills the blank of a sentence",
    '''
def generate(text: str) -> dict[str, float]:
    """Gives the likeliest words for the blank, each with a score between 0 and 1.

    Args:
        text: A sentence with one blank, written ___ or as the model's own mask.
    """
    mask = pipe.tokenizer.mask_token
    sentence = text.replace("___", mask)
    if sentence.count(mask) != 1:
        raise gr.Error("The sentence needs exactly one blank, written ___.")
    return {answer["token_str"].strip(): answer["score"] for answer in pipe(sentence)}
''',
    (Field(name="text", component='gr.Textbox(label="Sentence", value="The capital of France is ___.")'),),
    _LABELS,
    emoji="🧩",
)
ZERO_SHOT = _reader(
    "zero-shot-classification",
    "Sorts a text under labels of your own",
    '''
def generate(text: str, labels: str = "travel, cooking, politics") -> dict[str, float]:
    """Gives every label a score between 0 and 1.

    Args:
        text: The text to classify.
        labels: The labels to choose from, with commas between them.
    """
    names = [label.strip() for label in labels.split(",") if label.strip()]
    if not text.strip() or not names:
        raise gr.Error("Both a text and labels are needed.")
    answer = pipe(text, candidate_labels=names)
    return dict(zip(answer["labels"], answer["scores"], strict=True))
''',
    (_TEXT, Field(name="labels", component='gr.Textbox(label="Labels", value="travel, cooking, politics")')),
    _LABELS,
    emoji="🗂️",
)
_SENTENCES = {
    "libraries": ("sentence-transformers",),
    "imports": "from sentence_transformers import SentenceTransformer",
    "load": 'model = SentenceTransformer(MODEL, revision=REVISION, device="cuda")',
    "requirements": ("torch", "sentence-transformers>=5"),
    "emoji": "🧭",
}
SIMILARITY = _reader(
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
    vectors = model.encode([source, *lines], normalize_embeddings=True)
    return {line: float(vectors[0] @ vector) for line, vector in zip(lines, vectors[1:], strict=True)}
''',
    (
        Field(name="source", component='gr.Textbox(label="Source")'),
        Field(name="sentences", component='gr.Textbox(label="Sentences, one a line", lines=6)'),
    ),
    'gr.JSON(label="Cosines")',
    **_SENTENCES,
)
_VECTOR = '''
def generate(text: str) -> list[float]:
    """Turns a text into a vector.

    Args:
        text: The text to embed.
    """
    if not text.strip():
        raise gr.Error("There is no text: write one.")
'''
FEATURES = _reader(
    "feature-extraction",
    "Turns a text into a vector",
    _VECTOR + "    return model.encode(text, normalize_embeddings=True).tolist()\n",
    (_TEXT,),
    'gr.JSON(label="Vector")',
    **_SENTENCES,
)
MEAN_FEATURES = _reader(
    "feature-extraction",
    "Turns a text into a vector",
    _VECTOR
    + """\
    inputs = tokenizer(text, return_tensors="pt", truncation=True).to("cuda")
    with torch.inference_mode():
        states = model(**inputs).last_hidden_state
    return states.mean(dim=1)[0].float().cpu().tolist()
""",
    (_TEXT,),
    'gr.JSON(label="Vector")',
    imports="import torch\nfrom transformers import AutoModel, AutoTokenizer",
    load="""
tokenizer = AutoTokenizer.from_pretrained(MODEL, revision=REVISION)
model = AutoModel.from_pretrained(MODEL, revision=REVISION).to("cuda").eval()
""",
    emoji="🧭",
)
RECIPES = (CLASSIFICATION, TOKENS, ANSWERS, BLANKS, ZERO_SHOT, SIMILARITY, FEATURES, MEAN_FEATURES)
