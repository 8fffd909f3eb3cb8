"""What a step is told: the goal's words cut to what one endpoint needs."""

import re
from collections.abc import Sequence

from planners.catalogue.actions import Action
from planners.catalogue.filling import Wording, seed_of
from planners.catalogue.goal_reading import Reading
from planners.catalogue.lexicon import PRONOUNS
from planners.catalogue.links import Link
from planners.catalogue.quantities import Quantity
from planners.catalogue.words import fold, tokens

_ARTICLE = re.compile(r"^\W*(?:the|an?)\s+", re.IGNORECASE)
_PLURALS = (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x"))
_BACKGROUND = re.compile(r"\b(plain|clean|uniform|simple|solid|neutral|empty|dark|white)\s+background", re.IGNORECASE)
_SHORT = 5
"""Words up to which a phrase can be put into the singular by its last word."""


def wording_for(
    reading: Reading, action: Action, link: Link, first: bool, earlier: Sequence[Action], hint: str = ""
) -> Wording:
    """Everything the filling of one endpoint may use. `earlier` are the actions before, newest last."""
    question = next((text for text in action.quotations if text.rstrip().endswith("?")), "")
    return Wording(
        text=f"{action.text} {hint}".strip(),
        prompt=_prompt(action, link, first, earlier, hint),
        seed=seed_of(fold(reading.text)),
        quantities=quantities_of(reading, action),
        denied=reading.denied,
        quotations=action.quotations,
        question=question or (action.text if action.verb == "answer" else ""),
    )


def quantities_of(reading: Reading, action: Action) -> tuple[Quantity, ...]:
    """The numbers of this action's clause, without the count of the things themselves."""
    alone = len(reading.actions) == 1
    count = reading.announced if reading.items or reading.copies > 1 else None
    return tuple(
        quantity
        for quantity in reading.quantities
        if (alone or fold(quantity.text) in fold(action.text)) and (quantity.unit or quantity.value != count)
    )


def _prompt(action: Action, link: Link, first: bool, earlier: Sequence[Action], hint: str) -> str:
    spoken = link.kind == "audio" and link.offer.family == "speech"
    given = action.role in ("text", "examine", "convert", "other") or ("text" in action.takes and not action.makes)
    if action.quotations and (spoken or given):
        return action.quotations[0 if action.verb == "answer" else -1]
    another_medium = first and bool(action.makes) and link.kind not in action.makes
    said = action.plain_subject if another_medium or spoken else action.subject
    prompt = _resolved(action, said or action.subject or action.text, earlier)
    return f"{prompt}, {hint}" if hint else prompt


def _resolved(action: Action, prompt: str, earlier: Sequence[Action]) -> str:
    """With a pronoun's meaning in its place: `a tune about it` after `a lighthouse`."""
    meant = next((_meaning(other) for other in reversed(earlier) if other.subject), "")
    if not action.echoes or not meant:
        return prompt
    pattern = rf"\b(?:{'|'.join(sorted(PRONOUNS))})\b"
    return re.sub(pattern, lambda _: meant, prompt, count=1, flags=re.IGNORECASE)


def _meaning(action: Action) -> str:
    """What `it` stands for: the lighthouse, also after `a picture of a lighthouse`."""
    shown = re.search(r"\b(?:of|showing|about)\b", action.subject) and action.plain_subject
    return (shown or action.subject).split(",")[0]


def item_prompt(action: Action, item: str, hint: str = "") -> str:
    """`Louvre, Paris monument, plain background`."""
    context = "" if action.items else singular(_ARTICLE.sub("", action.plain_subject))
    known = set(tokens(item))
    parts = (item, "" if set(tokens(context)) <= known else context, hint)
    return ", ".join(part for part in parts if part)


def copy_prompt(action: Action, hint: str = "") -> str:
    """`lullaby` of `three lullabies`, `castle` of `four images of castles`."""
    counted = re.sub(r"^\W*\w+\s+", "", action.subject, count=1)
    one = singular(_ARTICLE.sub("", action.plain_subject) or counted) or action.text
    return f"{one}, {hint}" if hint else one


def hint_for(link: Link, following: Link | None) -> str:
    """What the next endpoint says a picture for it should look like, unless this one makes them so anyway."""
    if following is None or following.parameter is None or following.parameter.kind != "image":
        return ""
    return "" if _background(link) else _background(following)


def _background(link: Link) -> str:
    taken = link.parameter.description if link.parameter else ""
    said = f"{link.offer.endpoint.description} {taken} {link.offer.space.description}"
    found = _BACKGROUND.search(said)
    return f"{found[1].lower()} background" if found else ""


def singular(phrase: str) -> str:
    """`Paris monuments` → `Paris monument`; a longer phrase stays as it is."""
    words = phrase.split()
    if not words or len(words) > _SHORT:
        return phrase
    *before, last = words
    for ending, short in _PLURALS:
        if last.endswith(ending):
            return " ".join([*before, last.removesuffix(ending) + short])
    plural = last.endswith("s") and not last.endswith(("ss", "us", "is"))
    return " ".join([*before, last[:-1]]) if plural else phrase


def title_of(reading: Reading, shown: Sequence[Action]) -> str:
    """A heading: what the shown things are about, or else the goal itself."""
    action = next((action for action in (*shown, *reading.actions) if action.head and not action.attached), None)
    subject = (action.plain_subject or action.subject) if action else reading.text
    if action and action.items:
        subject = f"{', '.join(action.items[:-1])} and {action.items[-1]}"
    else:
        subject = re.split(r"\b(?:with|without|that|which|showing|containing)\b|[,.;:]", subject)[0]
    words = _ARTICLE.sub("", subject).strip()[:80].strip() or reading.text[:80]
    return words[:1].upper() + words[1:]
