"""What a run spends of what costs money or quota: reserved before it is spent, settled after.

A fold of two kinds of event, like everything else that is known of a run. What was reserved and never settled, because
the process died, counts as spent.
"""

from typing import Self

from pydantic import Field

from core.nouns import Budget, Frozen


class Spending(Frozen):
    """An amount of everything that is counted."""

    job_minutes: float = Field(default=0.0, ge=0)
    """Minutes of Jobs, on whatever hardware."""
    tokens: int = Field(default=0, ge=0)
    """Of language models, in and out."""
    gpu_seconds: float = Field(default=0.0, ge=0)
    """Of the caller's ZeroGPU quota."""
    dollars: float = Field(default=0.0, ge=0)
    """US dollars for all of it, as far as prices are known."""

    def __add__(self, other: Self) -> "Spending":
        return Spending(**{name: getattr(self, name) + getattr(other, name) for name in Spending.model_fields})

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in Spending.model_fields)


class Entry(Frozen):
    """One thing that was paid for, or is about to be."""

    what: str
    """For people: "Pi with Qwen/Qwen3-Coder-Next"."""
    reserved: Spending
    settled: Spending | None = None
    """What it came to; None while it is open."""
    before: Spending = Spending()
    """What earlier tries at the same thing came to."""

    @property
    def counted(self) -> Spending:
        return self.before + (self.reserved if self.settled is None else self.settled)


class Ledger(Frozen):
    """Every entry by its key."""

    entries: dict[str, Entry] = {}

    @property
    def spent(self) -> Spending:
        """Settled amounts, and reserved ones where nothing is settled yet."""
        return sum((entry.counted for entry in self.entries.values()), Spending())

    def reserved(self, key: str, what: str, amount: Spending) -> "Ledger":
        earlier = self.entries.get(key)
        before = earlier.counted if earlier else Spending()
        return self._with(key, Entry(what=what, reserved=amount, before=before))

    def settled(self, key: str, amount: Spending) -> "Ledger":
        entry = self.entries.get(key) or Entry(what=key, reserved=amount)
        return self._with(key, entry.model_copy(update={"settled": amount}))

    def _with(self, key: str, entry: Entry) -> "Ledger":
        return Ledger(entries={**self.entries, key: entry})

    def open(self, key: str) -> bool:
        """Whether something is reserved under the key that is not settled."""
        return key in self.entries and self.entries[key].settled is None

    def left(self, budget: Budget, mine: str) -> Budget:
        """What the budget still allows. What is open under keys that begin with `mine` is not counted: it is about
        the same thing, and would be taken up again.
        """
        others = [entry.counted for key, entry in self.entries.items() if not (self.open(key) and _about(key, mine))]
        spent = sum(others, Spending())
        remains = {
            name: None if (most := getattr(budget, name)) is None else max(0, most - getattr(spent, name))
            for name in _WORDS
        }
        return Budget.model_validate(remains)

    def excess(self, amount: Spending, budget: Budget) -> str | None:
        """Why the amount does not fit into what is left of the budget; None when it does."""
        spent = self.spent
        for name, words in _WORDS.items():
            most, wanted, before = getattr(budget, name), getattr(amount, name), getattr(spent, name)
            # What is not needed may be used up.
            if most is not None and wanted and before + wanted > most + 1e-9:
                return f"{words}: {before:,.6g} of {most:,.6g} are spent or reserved, and this may take {wanted:,.6g}"
        return None


def _about(key: str, mine: str) -> bool:
    return key.removeprefix("job.").startswith(mine)


_WORDS = {
    "job_minutes": "minutes of Jobs",
    "tokens": "tokens",
    "gpu_seconds": "GPU seconds",
    "dollars": "US dollars",
}
