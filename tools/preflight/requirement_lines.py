"""The lines of a requirements.txt, as pip reads them."""

import re
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from core.nouns import Frozen


class Line(Frozen):
    number: int
    name: str
    """Canonical; of a wheel's address, the name in the wheel; "" for an option."""
    specifier: str = ""
    url: str = ""
    broken: bool = False
    """Neither a requirement nor an option of pip's."""

    @property
    def where(self) -> str:
        return f"requirements.txt:{self.number}"

    @property
    def wheel(self) -> str:
        """The file name of the wheel that the address leads to."""
        name = unquote(urlsplit(self.url).path).rpartition("/")[2]
        return name if name.endswith(".whl") else ""

    def allows(self, version: str) -> bool:
        return SpecifierSet(self.specifier).contains(version, prereleases=True)

    @property
    def pinned(self) -> bool:
        return bool(re.match(r"===?\s*\d", self.specifier)) or bool(self.url)


def read_lines(text: str) -> list[Line]:
    joined = re.sub(r"\\\r?\n", " ", text)
    return [line for number, raw in enumerate(joined.splitlines(), 1) if (line := _line(number, raw)) is not None]


def _line(number: int, raw: str) -> Line | None:
    text = re.sub(r"(^|\s)#.*$", "", raw).strip()
    if not text:
        return None
    if text.startswith("-"):
        return Line(number=number, name="")
    if re.match(r"(git\+|https?://)", text):
        return Line(number=number, name=_name_in(text), url=text)
    try:
        known = Requirement(text)
    except InvalidRequirement:
        return Line(number=number, name=text, broken=True)
    return Line(number=number, name=canonicalize_name(known.name), specifier=str(known.specifier), url=known.url or "")


def _name_in(url: str) -> str:
    egg = re.search(r"[#&]egg=([\w.-]+)", url)
    file = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2].split("@")[0]
    name = egg[1] if egg else file.split("-")[0] if file.endswith(".whl") else file.removesuffix(".git")
    return canonicalize_name(re.sub(r"\.(zip|tar\.gz)$", "", name))
