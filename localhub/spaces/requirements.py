"""What a Space asks to be installed, and what of it the Hub's own environment has already."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.requirements import Requirement

FILES = ("pre-requirements.txt", "requirements.txt")
COMMENT = re.compile(r"(^|\s)#.*$")
INDEX_OPTIONS = ("-i", "-f", "--index-url", "--extra-index-url", "--find-links", "--trusted-host", "--prefer-binary")
"""Lines that only say where to look, which is nothing to install."""


@dataclass(frozen=True)
class Wanted:
    """One line of requirements.txt, and what of it is here."""

    line: str
    name: str = ""
    """Of the distribution; empty when the line names a file, a place or another list."""

    version: str = ""
    """That is here; empty when it is not."""

    satisfied: bool = False

    def told(self) -> str:
        if self.satisfied:
            return f"Requirement already satisfied: {self.line} ({self.version or 'not needed here'})"
        here = f"{self.name} {self.version} is here" if self.version else "not here"
        return f"Requirement to be installed: {self.line} ({here})"


def lines(text: str) -> list[str]:
    """The lines that say something: comments are cut off, continued lines are joined."""
    joined = text.replace("\\\n", " ").splitlines()
    return [line for line in (COMMENT.sub("", line).strip() for line in joined) if line]


def is_local(line: str) -> bool:
    """Whether the line leads to a file of the Space itself, so that the same line can mean another thing tomorrow."""
    if line.startswith("-"):
        return not line.startswith(INDEX_OPTIONS)
    return line.startswith((".", "/")) or "file:" in line or line.split("[")[0].endswith((".whl", ".gz", ".zip"))


def compared(text: str) -> list[Wanted]:
    """Each requirement of the text beside what this interpreter has."""
    return [look_up(line) for line in lines(text) if not line.startswith(INDEX_OPTIONS)]


def look_up(line: str) -> Wanted:
    from packaging.requirements import InvalidRequirement, Requirement  # 70 ms that the start of the Hub need not pay

    try:
        requirement = Requirement(line.split(" --hash")[0])
    except InvalidRequirement:
        return Wanted(line)
    if requirement.marker and not requirement.marker.evaluate():
        return Wanted(line, requirement.name, satisfied=True)
    version = installed(requirement.name)
    return Wanted(line, requirement.name, version, satisfied=bool(version) and holds(requirement, version))


def installed(name: str) -> str:
    """The version that is here; empty when it is not."""
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def holds(requirement: "Requirement", version: str) -> bool:
    """Whether the version that is here will do, and what the requirement's extras need is here as well."""
    if requirement.url or not requirement.specifier.contains(version, prereleases=True):
        return False
    return all(satisfied(needed) for extra in requirement.extras for needed in needs(requirement.name, extra))


def satisfied(requirement: "Requirement") -> bool:
    version = installed(requirement.name)
    return bool(version) and holds(requirement, version)


def needs(name: str, extra: str) -> Iterator["Requirement"]:
    """What the distribution asks for because of one of its extras."""
    from importlib import metadata

    from packaging.requirements import Requirement

    for line in metadata.requires(name) or []:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker and not marker.evaluate({"extra": ""}) and marker.evaluate({"extra": extra}):
            yield requirement


def same_gradio(asked: str | None) -> bool:
    """Whether the Gradio that is here can stand for the one of the card: as new, and of the same major version."""
    from packaging.version import InvalidVersion, Version

    here = installed("gradio")
    if not asked:
        return True
    try:
        wanted = Version(asked)
    except InvalidVersion:
        return False
    return bool(here) and wanted.major == Version(here).major and wanted <= Version(here)
