"""What is taken out of a text before it is written down, and what stays."""

import pytest

from core.redact import MASK, redact

SECRETS = [
    "hf_" + "AbCdEf0123456789" * 2,
    "Authorization: Bearer " + "abcdef0123456789",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJsb2NhbCJ9.T3fdvuRcodYRSi2VNJvu5",
    "sk-" + "proj-0123456789abcdefghij",
    "https://example.org/file?token=abcdefgh&x=1",
    "https://example.org/file?a=1&api_key=s3cretvalue",
    "token=0123456789abcdef0123",
    "pipe = load(MODEL, token='0123456789abcdef0123')",
    "https://user:pa55word@example.org/simple",
]

CODE = [
    'pipe = load(MODEL, token=os.environ["HF_TOKEN"])',
    "client = Client(space, token=settings.token)",
    "api_key=read_the_key_of_the_user(path)",
    "def load(model: str, token=None, access_token=default_token):",
    "HfApi(endpoint=self.endpoint, token=self._token or False)",
    "max_new_tokens=240",
]


@pytest.mark.parametrize("text", SECRETS)
def test_what_looks_like_a_secret_is_masked(text):
    assert MASK in redact(text)


@pytest.mark.parametrize("text", CODE)
def test_a_program_stays_what_it_is(text):
    assert redact(text) == text
