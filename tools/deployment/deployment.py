"""What came of a deployment."""

from typing import Literal

from core.nouns import Frozen


class Deployment(Frozen):
    """A Space of the user's own as it stands once its build has ended."""

    space: str | None
    """None when the Hub made none, because every machine for it was refused."""
    revision: str = ""
    address: str = ""
    settings: str
    """Where a person changes what was refused."""
    stage: str = ""
    requested: str | None = None
    """The hardware that the Hub has noted, read back."""
    current: str | None = None
    """The hardware it is on; None until it has started once."""
    granted: bool
    """Whether it is on hardware that was wished for or allowed."""
    rung: Literal["generated", "built", "manual_hardware_required"]
    """`generated` when the Hub could not build it; `built` also when its app crashed afterwards."""
    reasons: tuple[str, ...] = ()
    """Every refusal, and what keeps it from running. The Hub's and the app's own words stand in quotation marks."""
