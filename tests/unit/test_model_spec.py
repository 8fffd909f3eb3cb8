"""One string says which language model is asked."""

import pytest

from core.errors import ModelRefused
from core.model_spec import ROUTER, ModelSpec
from core.settings import HUB, Settings, from_environment

TOKEN, KEY = "hf_" + "t" * 20, "k" * 20


@pytest.mark.parametrize(
    ("text", "model", "base"),
    [
        ("catalogue", "", None),
        ("hf:Qwen/Qwen3-Coder-Next", "Qwen/Qwen3-Coder-Next", ROUTER),
        ("hf:Qwen/Qwen3-Coder-Next:novita", "Qwen/Qwen3-Coder-Next:novita", ROUTER),
        ("openai:llama3.2:3b@http://127.0.0.1:11434/v1", "llama3.2:3b", "http://127.0.0.1:11434/v1"),
        ("openai:m@https://host.example/api/v2/", "m", "https://host.example/api/v2"),
        ("openai:m@https://host.example", "m", "https://host.example/v1"),
        ("openai:a@b@http://[::1]:8000/v1", "a@b", "http://[::1]:8000/v1"),
        ("openai:m@http://localhost:1234/v1/chat/completions", "m", "http://localhost:1234/v1"),
    ],
)
def test_a_spec_says_the_model_and_where_it_is(text, model, base):
    spec = ModelSpec.parse(text)
    assert (spec.model, spec.base_url) == (model, base)
    assert ModelSpec.parse(str(spec)) == spec


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Qwen/Qwen3-Coder-Next", "'hf:Qwen/Qwen3-Coder-Next'"),
        ("huggingface:Qwen/Qwen3", "'hf:Qwen/Qwen3'"),
        ("catalog", "'catalogue'"),
        ("ollama:llama3.2", "'openai:llama3.2@http://127.0.0.1:11434/v1'"),
        ("openai:gpt", "'openai:gpt@http://"),
        ("hf:Qwen", "'hf:owner/model[:provider]'"),
        ("openai:m@ftp://host", "'openai:model@http://host/v1'"),
        ("gpt 9", "'catalogue', 'hf:"),
    ],
)
def test_a_wrong_spec_is_answered_with_the_nearest_right_form(text, right):
    with pytest.raises(ModelRefused) as caught:
        ModelSpec.parse(text)
    assert right in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["http://me:secret-word@host/v1", "http://secret-word@host/v1", "http://host/v1?key=secret-word", "http://"],
)
def test_an_address_with_a_secret_in_it_is_refused_and_not_repeated(address):
    with pytest.raises(ModelRefused) as caught:
        ModelSpec.parse(f"openai:m@{address}")
    assert "secret-word" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "settings", "secret"),
    [
        ("catalogue", Settings(endpoint=HUB, token=TOKEN, model_key=KEY), None),
        ("hf:a/b", Settings(endpoint=HUB, token=TOKEN), TOKEN),
        ("hf:a/b", Settings(endpoint="http://127.0.0.1:7000", token=TOKEN), None),
        ("hf:a/b", Settings(token=TOKEN), None),
        ("hf:a/b", Settings(endpoint="http://127.0.0.1:7000", token=TOKEN, model_key=KEY), KEY),
        ("openai:m@https://host/v1", Settings(endpoint=HUB, token=TOKEN), None),
        ("openai:m@https://host/v1", Settings(endpoint=HUB, token=TOKEN, model_key=KEY), KEY),
        ("openai:m@http://127.0.0.1/v1", Settings(model_key=KEY), KEY),
        ("openai:m@http://host/v1", Settings(), None),
    ],
)
def test_each_secret_goes_to_its_own_place_only(text, settings, secret):
    assert ModelSpec.parse(text).secret(settings) == secret


def test_a_key_is_not_sent_where_others_can_read_it():
    with pytest.raises(ModelRefused, match="not encrypted"):
        ModelSpec.parse("openai:m@http://host/v1").secret(Settings(model_key=KEY))


def test_the_key_comes_from_the_environment_and_is_not_shown():
    settings = from_environment(
        {"SPACEWRIGHT_MODEL_KEY": KEY, "SPACEWRIGHT_MODEL": "hf:a/b", "SPACEWRIGHT_BILL_TO": "us"}
    )
    assert (settings.model_key, settings.bill_to) == (KEY, "us")
    assert KEY not in f"{settings!r} {settings} {ModelSpec.parse(settings.model)!r}"
