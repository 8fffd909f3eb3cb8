"""Recipes for models that write: chat, completion, summaries, translations."""

from tools.recipes.recipe import Field, Recipe

TRANSFORMERS = ("torch", "transformers>=4.56", "accelerate", "sentencepiece")
_SETTINGS = (
    Field(
        name="max_new_tokens", component='gr.Slider(16, 1024, value=256, step=16, label="Longest answer, in tokens")'
    ),
    Field(name="temperature", component='gr.Slider(0.0, 1.5, value=0.7, step=0.1, label="Temperature")'),
    Field(name="seed", component='gr.Number(value=0, precision=0, label="Seed")'),
)
_IMPORTS = """
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
"""
_LOAD = """
tokenizer = AutoTokenizer.from_pretrained(MODEL, revision=REVISION)
model = AutoModelForCausalLM.from_pretrained(MODEL, revision=REVISION, dtype="auto").to("cuda").eval()
"""
_ADAPTER = """
tokenizer = AutoTokenizer.from_pretrained(BASE)
base = AutoModelForCausalLM.from_pretrained(BASE, dtype="auto")
model = PeftModel.from_pretrained(base, MODEL, revision=REVISION).to("cuda").eval()
"""
_SAMPLE = """\
    torch.manual_seed(int(seed))
    sampling = {"do_sample": True, "temperature": temperature} if temperature > 0 else {"do_sample": False}
    with torch.inference_mode():
        output = model.generate(**inputs, max_new_tokens=int(max_new_tokens), **sampling)
"""
_CHAT = f'''
def generate(message: str, max_new_tokens: int = 256, temperature: float = 0.7, seed: int = 0) -> str:
    """Answers a message.

    Args:
        message: What to say to the model.
        max_new_tokens: The longest answer, in tokens.
        temperature: 0 always takes the likeliest token; more is more varied.
        seed: The same seed gives the same answer.
    """
    if not message.strip():
        raise gr.Error("There is no message: write one.")
    messages = [{{"role": "user", "content": message}}]
    inputs = tokenizer.apply_chat_template(
        messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
    ).to("cuda")
{_SAMPLE}    return tokenizer.decode(output[0][inputs["input_ids"].shape[1] :], skip_special_tokens=True)
'''
_COMPLETE = f'''
def generate(prompt: str, max_new_tokens: int = 256, temperature: float = 0.7, seed: int = 0) -> str:
    """Continues a text.

    Args:
        prompt: The beginning.
        max_new_tokens: The longest continuation, in tokens.
        temperature: 0 always takes the likeliest token; more is more varied.
        seed: The same seed gives the same text.
    """
    if not prompt.strip():
        raise gr.Error("There is no beginning: write one.")
    inputs = tokenizer(prompt, return_tensors="pt").to("cuda")
{_SAMPLE}    return tokenizer.decode(output[0], skip_special_tokens=True)
'''
_REWRITE = '''
def generate(text: str, max_new_tokens: int = 256) -> str:
    """{does}.

    Args:
        text: The text to work on.
        max_new_tokens: The longest result, in tokens.
    """
    if not text.strip():
        raise gr.Error("There is no text: write one.")
    inputs = tokenizer(text, return_tensors="pt", truncation=True).to("cuda")
    with torch.inference_mode():
        output = model.generate(**inputs, max_new_tokens=int(max_new_tokens))
    return tokenizer.decode(output[0], skip_special_tokens=True)
'''
_LONG_TEXT = 'gr.Textbox(label="Text", lines=8)'
_ANSWER = 'gr.Textbox(label="{}", lines=12, buttons=["copy"])'

CHAT = Recipe(
    task="text-generation",
    libraries=("transformers",),
    does="Answers messages",
    imports=_IMPORTS,
    load=_LOAD,
    generate=_CHAT,
    inputs=(Field(name="message", component='gr.Textbox(label="Message", lines=4)'), *_SETTINGS),
    result=_ANSWER.format("Answer"),
    requirements=TRANSFORMERS,
    seconds=60,
    emoji="💬",
)
COMPLETION = CHAT.model_copy(
    update={
        "does": "Continues a text",
        "generate": _COMPLETE,
        "inputs": (Field(name="prompt", component='gr.Textbox(label="Beginning", lines=4)'), *_SETTINGS),
        "result": _ANSWER.format("Text"),
        "emoji": "✍️",
    }
)
_PEFT = {
    "libraries": ("peft",),
    "imports": _IMPORTS.replace("from transformers", "from peft import PeftModel\nfrom transformers"),
    "load": _ADAPTER,
    "requirements": (*TRANSFORMERS, "peft"),
    "base": True,
}
CHAT_ADAPTER = CHAT.model_copy(update=_PEFT)
COMPLETION_ADAPTER = COMPLETION.model_copy(update=_PEFT)


def _rewriting(task: str, does: str, label: str, emoji: str) -> Recipe:
    return Recipe(
        task=task,
        libraries=("transformers",),
        does=does,
        imports="import torch\nfrom transformers import AutoModelForSeq2SeqLM, AutoTokenizer",
        load=_LOAD.replace("AutoModelForCausalLM", "AutoModelForSeq2SeqLM"),
        generate=_REWRITE.format(does=does),
        inputs=(Field(name="text", component=_LONG_TEXT), _SETTINGS[0]),
        result=_ANSWER.format(label),
        requirements=TRANSFORMERS,
        seconds=30,
        emoji=emoji,
    )


RECIPES = (
    _rewriting("summarization", "Summarises a text", "Summary", "📝"),
    _rewriting("translation", "Translates a text", "Translation", "🌐"),
    _rewriting("text2text-generation", "Rewrites a text as it says", "Text", "✍️"),
)
