"""What a coder is asked for, and how the language model behind it is reached and limited."""

import hashlib
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from core.egress import on_this_machine
from core.factory import CardFacts, Workspace
from core.ledger import Spending
from core.nouns import Budget, Frozen


class Coding(Frozen):
    """The language model that Pi works with. What it may cost holds for one call of the coder, all rounds together."""

    model: str
    base_url: str
    """Of an OpenAI-compatible endpoint, with its `/v1`."""
    token: SecretStr | None = None
    turns: int = Field(default=40, gt=0)
    """In one round."""
    tokens: int = Field(default=600_000, gt=0)
    dollars: float = Field(default=1.0, gt=0)
    seconds: float = Field(default=1200, gt=0)
    """Of one round."""
    rounds: int = Field(default=2, gt=0)

    @property
    def local(self) -> bool:
        """Whether the model is on this machine, where it costs nothing."""
        return on_this_machine(urlsplit(self.base_url).hostname or "")

    @property
    def minutes(self) -> float:
        """The longest that all rounds may take."""
        return self.rounds * self.seconds / 60


class CodeOrder(Frozen):
    """What Space is wanted, or what is to be mended and why."""

    facts: CardFacts = CardFacts()
    card: str | None = None
    """Foreign text; None when only its id is known."""
    workspace: Workspace | None = None
    """What is to be repaired."""
    evidence: tuple[str, ...] = ()
    """Why: the build's log, failed calls, verdicts. Foreign text."""


def name_of(order: CodeOrder, coding: Coding) -> str:
    """The same for the same order with the same means: whoever comes after a killed process finds its Jobs by it.

    Where the model is reached, and with which token, has no part in it.
    """
    means = coding.model_dump_json(exclude={"base_url", "token"})
    return hashlib.sha256((order.model_dump_json() + means).encode()).hexdigest()[:8]


class Allowance(Frozen):
    """What is left for the next round."""

    tokens: int
    dollars: float

    def less(self, tokens: int, dollars: float) -> "Allowance":
        return Allowance(tokens=max(self.tokens - tokens, 0), dollars=max(self.dollars - dollars, 0.0))

    def within(self, budget: Budget) -> "Allowance":
        """No more than the run may still spend. One that has nothing left is left as it is: its reservation fails."""
        tokens = self.tokens if not budget.tokens else min(self.tokens, budget.tokens)
        dollars = self.dollars if not budget.dollars else min(self.dollars, budget.dollars)
        return Allowance(tokens=tokens, dollars=dollars)

    @property
    def used_up(self) -> bool:
        return self.tokens <= 0 or self.dollars <= 0

    @property
    def spending(self) -> Spending:
        return Spending(tokens=self.tokens, dollars=self.dollars)
