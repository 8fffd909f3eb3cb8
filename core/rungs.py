"""How far a Space was proved, the least first. Each rung needs evidence in the record; a placeholder reaches no top."""

from typing import Literal, get_args

Rung = Literal[
    "insufficient_information",
    "technical_blocker",
    "generated",
    "preflight_ok",
    "built",
    "manual_hardware_required",
    "api_alive",
    "output_type_ok",
    "full_inference_success",
]

RUNGS: tuple[Rung, ...] = get_args(Rung)
