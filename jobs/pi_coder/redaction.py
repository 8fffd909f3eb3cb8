"""Takes the token, and everything that looks like one, out of text before it is written or handed to Pi."""

import re

MASK = "[secret]"
SHORTEST = 6
"""Characters; a shorter value would be found everywhere."""

_SHAPES = re.compile(
    r"(?<![A-Za-z0-9])hf_[A-Za-z0-9_]{16,}"
    r"|(?i:\bbearer)\s+[A-Za-z0-9._~+/=-]{16,}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"
    r"|(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{20,}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,})"
    r"|(?<=://)[^/\s:@\"']+:[^/\s@\"']+(?=@)"
)


class Redactor:
    def __init__(self, *secrets: str) -> None:
        self._secrets = [secret for secret in secrets if len(secret) >= SHORTEST]

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return _SHAPES.sub(MASK, text)

    def of_bytes(self, data: bytes) -> bytes:
        """The same for bytes that may not be text; bytes that are no UTF-8 stay as they are."""
        return self(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def values(self, data: bytes) -> bytes:
        """Only the values themselves: what merely looks like a token stays, for files that are somebody's work."""
        for secret in self._secrets:
            data = data.replace(secret.encode(), MASK.encode())
        return data
