"""Reads a goal in plain English: what shall be made, from what, how many, and what must not be in it.

It knows grammar and the names of media, and nothing of any Space. What it cannot place stays a word of the prompt.
"""

import re

from core.nouns import Frozen, Kind
from planners.catalogue.actions import Action
from planners.catalogue.asides import announced, without_denials, without_page
from planners.catalogue.clauses import Protected, Token, clauses, protect, sentences, tokenise, verb_like
from planners.catalogue.lexicon import ASKING, BORDERS, DESCRIBING, FILE_ENDINGS, OWNING, STATING
from planners.catalogue.listing import listed_items, literal_after_colon
from planners.catalogue.naming import kinds_named, split_object
from planners.catalogue.phrases import read_actions
from planners.catalogue.quantities import Quantity, read_quantities
from planners.catalogue.words import content

_AUXILIARY = frozenset(
    {"should", "must", "shall", "will", "needs", "need", "has", "have", "is", "are", "to", "be", "with"}
)


class Reading(Frozen):
    """What was understood of a goal."""

    text: str
    actions: tuple[Action, ...]
    """What is asked for, in order."""

    items: tuple[str, ...] = ()
    """Names the first action is to be done for, one by one."""

    announced: int | None = None
    """How many there should be, by the goal's own words."""

    quotations: tuple[str, ...] = ()
    """Words that stand for themselves."""

    quantities: tuple[Quantity, ...] = ()
    denied: tuple[str, ...] = ()
    """What must not be in it, as phrases."""

    page: bool = False
    """A web page is asked for."""

    sources: tuple[Kind, ...] = ()
    """Kinds of things the goal says are there already."""

    @property
    def copies(self) -> int:
        """How many of one thing are asked for without names, as in `three lullabies`; 1 when it is a single thing."""
        action = self.actions[0] if self.actions else None
        if self.items or self.announced is None or action is None or not action.plural:
            return 1
        return self.announced


def read_goal(text: str) -> Reading:
    """Never fails: a goal that says nothing has no actions."""
    text = text.strip()
    listing = listed_items(text)
    before = listing.before if listing else text
    protected = protect(before, "" if listing else literal_after_colon(before))
    affirmed, denied = without_denials(protected.text)
    plain, page = without_page(affirmed)
    actions, sources = _read_actions(plain, protected, listed=listing is not None)
    files = [kind for quotation in protected.quotations if (kind := _file_kind(quotation.text))]
    items = listing.items if listing else next((action.items for action in actions if action.items), ())
    return Reading(
        text=text,
        actions=tuple(actions),
        items=items,
        announced=announced(plain),
        quotations=tuple(quotation.text for quotation in protected.quotations if not _file_kind(quotation.text)),
        quantities=read_quantities(protected.text),
        denied=tuple(protected.restore(phrase) for phrase in denied),
        page=page,
        sources=tuple(dict.fromkeys([*files, *sources])),
    )


def _read_actions(text: str, protected: Protected, listed: bool) -> tuple[list[Action], list[Kind]]:
    """The actions, and the kinds of what is only said to be there."""
    actions: list[Action] = []
    sources: list[Kind] = []
    for sentence in sentences(text):
        for tokens in clauses(sentence):
            if _asks(tokens, sentence):
                actions.append(_question(sentence, protected))
                break
            if actions and (described := _description(tokens)):
                actions[-1] = _described(actions[-1], described, sentence, protected)
            elif _states(tokens):
                sources += kinds_named(tokens)
            else:
                actions += read_actions(tokens, sentence, protected, listed)
    actions += _unasked_questions(actions, protected)
    sources += [kind for action in actions if action.empty for kind in action.takes]
    return [action for action in actions if not action.empty], sources


def _file_kind(text: str) -> Kind | None:
    ending = re.fullmatch(r"\S+\.(\w+)", text)
    return FILE_ENDINGS.get(ending[1].lower()) if ending else None


# Clauses that only say more ----------------------------------------------------------------------------------------


def _description(tokens: list[Token]) -> list[Token]:
    """What the clause says of the thing asked for before it: `it should have marble floors`, `Add paintings`."""
    first = tokens[0].low
    if first in ("it", "they", "there") and len(tokens) > 2 and tokens[1].low in _AUXILIARY:
        return _after_auxiliaries(tokens[1:])
    if first in BORDERS:
        return tokens
    if first not in DESCRIBING or len(tokens) < 2:
        return []
    body = [token for token in tokens[1:] if token.low not in ("it", "them")]
    main, _ = split_object(body)
    return body if set(kinds_named(main)) <= {"image", "model3d"} else []


def _after_auxiliaries(tokens: list[Token]) -> list[Token]:
    while len(tokens) > 1 and tokens[0].low in _AUXILIARY:
        tokens = tokens[1:]
    return tokens


def _described(action: Action, tokens: list[Token], sentence: str, protected: Protected) -> Action:
    more = protected.restore(sentence[tokens[0].start : tokens[-1].end])
    return action.model_copy(
        update={
            "text": f"{action.text}, {more}",
            "subject": f"{action.subject}, {more}",
            "plain_subject": f"{action.plain_subject}, {more}",
            "words": tuple(dict.fromkeys([*action.words, *content(more)])),
        }
    )


def _states(tokens: list[Token]) -> bool:
    """Whether the clause says what there is: `I have an image`, `The text states …`."""
    if tokens[0].low in OWNING:
        return True
    return not verb_like(tokens, 0, True) and any(token.low in STATING for token in tokens[1:4])


# Questions ---------------------------------------------------------------------------------------------------------


def _asks(tokens: list[Token], sentence: str) -> bool:
    wondering = tokens[0].low in ("what", "which", "who", "how")
    return tokens[0].low in ASKING and (wondering or sentence.rstrip().endswith("?"))


def _question(sentence: str, protected: Protected) -> Action:
    """A bare question asks for a finding, or for an answer."""
    asked = protected.restore(sentence)
    words = tuple(content(asked))
    return Action(
        text=asked,
        verb="answer",
        role="examine",
        subject=asked,
        plain_subject=asked,
        takes=kinds_named(tokenise(sentence)),
        words=words,
        head=words[-1:],
        refers=True,
        quotations=(protected.quoted(sentence) or (asked,)),
    )


def _unasked_questions(found: list[Action], protected: Protected) -> list[Action]:
    """A quoted question wants an answer, also when no clause says so."""
    if any(action.verb == "answer" for action in found):
        return []
    spoken = {quotation for action in found for quotation in action.quotations}
    questions = [quotation.text for quotation in protected.quotations if quotation.text.rstrip().endswith("?")]
    return [_question(text, protected) for text in questions if text not in spoken]
