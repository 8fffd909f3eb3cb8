"""The shape of every value in the local Hub: it cannot be changed and refuses fields it does not know."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
