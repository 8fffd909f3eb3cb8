"""Takes secrets out of text before it is written anywhere."""

import re

_SHAPES = re.compile(
    r"(?<![A-Za-z0-9])hf_[A-Za-z0-9_]{16,}"  # Hugging Face tokens, OAuth ones and the local Hub's
    r"|(?i:\bbearer)\s+[A-Za-z0-9._~+/=-]{16,}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"  # JSON web tokens
    r"|(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{20,}"  # OpenAI-style keys; not the end of "desk-" or "obelisk-"
    r"|(?i:[?&](?:token|api_key|access_token)=)[^&\s\"'\\]{8,}"
    # Elsewhere only what no program would write: `token=os.environ["HF_TOKEN"]` is code, and stays what it is.
    r"|(?i:\b(?:token|api_key|access_token)=)[\"']?(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{16,}+(?![.(\[])"
    r"|(?<=://)[^/\s:@\"']+:[^/\s@\"']+(?=@)"  # user and password in an address
)

_HINTS = ("hf_", "sk-", "eyj", "bearer", "token", "api_key", "@")
"""One of these, in small letters, stands in everything that `_SHAPES` finds: looking for them first is far cheaper."""

MASK = "[secret]"


def redact(text: str) -> str:
    """The text without anything that looks like a token, a key or a password in an address."""
    small = text.lower()
    return _SHAPES.sub(MASK, text) if any(hint in small for hint in _HINTS) else text
