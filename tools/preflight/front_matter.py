"""A README's front matter: what stands between the first two lines of dashes."""

import re

import yaml


class Unreadable(ValueError):
    """There is no front matter, or it does not parse; the message says which and why."""


def parse_front_matter(text: str) -> dict[str, object]:
    """Raises Unreadable."""
    found = re.match(r"\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)", text, re.DOTALL)
    if found is None:
        raise Unreadable("README.md does not begin with front matter")
    try:
        value = yaml.safe_load(found[1])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable(f"the front matter does not parse: {' '.join(str(error).split())[:120]}") from error
    if not isinstance(value, dict):
        raise Unreadable("the front matter is no list of keys and values")
    return {str(key): one for key, one in value.items()}


def read_front_matter(text: str) -> dict[str, object]:
    """The same, empty when it cannot be read."""
    try:
        return parse_front_matter(text)
    except Unreadable:
        return {}
