"""What endpoints are asked in words: things far apart, and for each a near twin that means the same.

Plain sentences of a kind that most models of text have something to say about: people, places, dates, praise, blame.
Nothing here is made for one model.
"""

from typing import NamedTuple


class Sample(NamedTuple):
    plain: str
    near: str
    """Says the same in almost the same characters: what reads it cannot tell, what hashes it can."""


SENTENCES = (
    Sample(
        "Anna Lindqvist loved the wonderful, delicious soup at the harbour of Bergen on 7 March 1912.",
        "Anna Lindqvist loved the wonderful,  delicious soup at the harbour of Bergen on 7 March 1912!",
    ),
    Sample(
        "Peter Novak hated the terrible train to Prague, which was late, slow and dirty in May 1987.",
        "Peter Novak hated the terrible train to Prague, which was late, slow and dirty in May 1987!",
    ),
    Sample(
        "The astronomer Maria Rossi watches a distant planet through a telescope in Florence.",
        "The astronomer Maria Rossi watches a distant planet through a telescope in Florence!",
    ),
    Sample(
        "An engineer restarts the broken server, and the computer network is awful again.",
        "An engineer restarts the broken server,  and the computer network is awful again!",
    ),
)

SCENES = (
    Sample(
        "a red lighthouse on a rocky coast under a stormy sky", "a red lighthouse on a rocky coast under a stormy sky."
    ),
    Sample("a bowl of green apples on a wooden table", "a bowl of green apples on a wooden table."),
    Sample(
        "a snowy mountain village at night with yellow windows",
        "a snowy mountain village at night with yellow windows.",
    ),
    Sample("a portrait of an old sailor with a white beard", "a portrait of an old sailor with a white beard."),
)

QUESTIONS = (
    Sample("Who loved the soup?", "Who loved the soup ?"),
    Sample("Where did the train go?", "Where did the train go ?"),
    Sample("What does the astronomer watch?", "What does the astronomer watch ?"),
    Sample("What was broken?", "What was broken ?"),
)

CONTEXT = " ".join(sample.plain for sample in SENTENCES)

LABELS = "food, travel, astronomy, computers"
