"""One thing that a goal asks for, as it was read."""

from typing import Literal

from core.nouns import Frozen, Kind
from planners.catalogue.lexicon import EMPTY_VERBS

Role = Literal["produce", "convert", "examine", "text", "edit", "other"]


class Action(Frozen):
    """One thing a goal asks for."""

    text: str
    """The clause as the user wrote it."""

    verb: str = ""
    """Its plain form; empty when the goal only names a thing."""

    role: Role = "produce"
    subject: str = ""
    """What stands behind the verb, for a prompt."""

    plain_subject: str = ""
    """The same without `a 3D model of`."""

    makes: tuple[Kind, ...] = ()
    """The kind asked for; empty when the words leave it open."""

    takes: tuple[Kind, ...] = ()
    """Kinds that it says it starts from."""

    refers: bool = False
    """It speaks of something made before, or attached."""

    echoes: bool = False
    """A pronoun in its description stands for the thing asked for before: `a tune about it`."""

    attached: bool = False
    """It speaks of something that is there already."""

    words: tuple[str, ...] = ()
    """Stems of what it is about, names of media and numbers left out."""

    head: tuple[str, ...] = ()
    """Stems of the words that name the thing itself."""

    media: tuple[str, ...] = ()
    """Stems of the names of media in it."""

    plural: bool = False
    """It names several things of one sort."""

    items: tuple[str, ...] = ()
    quotations: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """It asks for nothing that is not there: `process this image`."""
        nothing = not self.makes and not self.words
        return nothing and (self.verb in EMPTY_VERBS or (self.role == "produce" and not self.quotations))
