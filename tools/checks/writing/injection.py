"""Looks for text that gives orders to a language model. Regular expressions: a light, not a wall.

The wall is that a planner sees figures and not content, and that content is only ever quoted.
"""

import re

_TELLING = (
    "ignore",
    "going to act as",
    "going to pretend",
    "take on the role",
    "from now on",
    "act as ",
    "do anything now",
    "system prompt",
    "developer mode",
    "jailbreak",
    "pretend to be",
    "stay in character",
    "![",
)
"""One of these stands in whatever the expression below finds; most texts have none, and looking for them is quick."""

_ORDERS = re.compile(
    r"\bignore (?:all |any )?(?:the )?(?:previous|prior|above)\b.{0,20}\binstructions?\b"
    r"|\byou (?:are now|will now|are) (?:going to act as|going to pretend|take on the role)"
    r"|\bfrom now on,? you\b"
    r"|\bact as (?:DAN|STAN|an AI)\b|\bdo anything now\b|\bsystem prompt\b|\bdeveloper mode\b|\bjailbreak"
    r"|\bpretend to be\b|\bstay in character\b|!\[[^\]]{0,200}\]\(\s*https?:",
    re.I,
)

_SIGNS = (
    re.compile(
        r"\b(?:you (?:will|are|must|shall|should)(?: now| going| to| have to| always)* (?:be|act|take on|play|pretend"
        r"|behave|respond|answer|reply|speak|simulate|assume)\b|from (?:now|here) on\b|take on the role|role-?play"
        r"|\b(?:act|behave|respond|answer|reply) (?:as|like) (?:an? |the )?[A-Z\"']|\bpretend\b"
        r"|your new (?:name|role)"
        r"|\bsimulate\b|stay in character|you are now\b)",
        re.I,
    ),
    re.compile(
        r"\b(?:as an? (?:AI|(?:large )?language model)|language model|chat ?gpt|gpt-?[345]|open ?ai|chat ?bot"
        r"|AI (?:model|assistant)|anthropic|claude|llama|gemini)\b",
        re.I,
    ),
    re.compile(
        r"\b(?:content policy|polic(?:y|ies)|guidelines?|restrictions?|restricted|filters?|censor\w*|safety features?"
        r"|rules|limitations?|no longer|disclaimers?|without (?:any )?(?:warning|limit|ethic)\w*"
        r"|uncensored|unfiltered|bypass)\b",
        re.I,
    ),
    re.compile(
        r"\b(?:your (?:response|answer|repl(?:y|ies)|output)s?|prefix|every (?:response|answer|prompt|message)"
        r"|(?:respond|answer|reply) (?:only |always )?(?:with|as|to (?:every|all|any|each))"
        r"|(?:always|never) (?:say|refuse|respond|answer|reply)|my (?:first |next )?(?:prompt|question|request|message)"
        r"|do not (?:provide|explain|write|mention|break|refuse))\b",
        re.I,
    ),
    re.compile(
        r"\bdo anything now\b|\bjailbreak|\bdeveloper mode\b|\bbreak(?:ing)? (?:of )?character\b"
        r"|\bstay in character\b|\bignore (?:all |any )?(?:the )?(?:previous|prior|above)\b",
        re.I,
    ),
)
"""A part to play, the name of a language model, its rules set aside, how it has to answer, what jailbreaks say. Each
alone is common in honest text."""

_ENOUGH = 4

_READ = 16_000
"""Characters in which a text that is meant to take over shows itself."""

_SEARCHED = 64_000


def gives_orders(text: str) -> bool:
    """A warning light, easy to pass by."""
    beginning = text[:_SEARCHED].lower()
    return any(words in beginning for words in _TELLING) and bool(_ORDERS.search(text, 0, _SEARCHED))


def takes_over(text: str) -> bool:
    """Whether the text is made to give a language model another role."""
    absent = 0
    for sign in reversed(_SIGNS):  # the rarest first
        absent += not sign.search(text, 0, _READ)
        if absent > len(_SIGNS) - _ENOUGH:
            return False
    return True
