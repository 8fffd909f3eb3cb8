"""The licences that the Hub knows by a short name, and what each says in the terms that matter for an output.

`licences.csv` has one row for each value that the Hub accepts as `license` in a card, except `other` and `unknown`.
A licence text has the last word: the rows are a reading of them.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Literal

from core.nouns import Frozen

TABLE = Path(__file__).with_name("licences.csv")

Answer = Literal["yes", "no", "conditional", "unknown"]


class License(Frozen):
    """One row of the table."""

    id: str
    family: Literal["permissive", "copyleft", "content", "data", "rail", "community", "research"]
    commercial: Answer
    """Whether what it covers may be used to earn money; conditional: up to a size, or under a policy of the owner's."""
    credit: bool
    share_alike: bool
    """A work made from what it covers has to be given on under the same licence."""
    changes: bool
    """Whether changed works may be given on at all."""
    use_policy: bool
    """Forbids certain uses, and has to be passed on."""
    outputs: bool
    """Reaches what is made with it: it speaks of outputs, or covers content that ends up in them."""


def find(id: str | None) -> License | None:
    """The row of a licence id as cards write it; None for `other`, `unknown`, nothing, and what nobody listed."""
    return _rows().get((id or "").strip().lower())


@cache
def _rows() -> dict[str, License]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["id"]: License.model_validate(row, strict=False) for row in csv.DictReader(file)}
