"""The hardware flavors of the Hub and what they cost: those of Spaces, of Jobs, and of both.

Sizes and prices are those of the Hub's documentation in 2026 (Spaces: GPUs, Jobs: pricing). Nothing here has a GPU:
every flavor is this machine, and its name decides only what is told, allowed and counted.
"""

from typing import Any

from localhub import refusal
from localhub.frozen import Frozen

FREE = "cpu-basic"
ZERO = "zero-a10g"
"""A GPU that is shared, call by call. For Spaces only; the name is older than what it stands for."""


class Accelerator(Frozen):
    model: str
    quantity: int
    vram: int
    """GB of one of them."""

    def told(self) -> dict[str, str]:
        vram = f"{self.vram * self.quantity} GB"
        kind = {"type": "gpu", "model": self.model, "quantity": str(self.quantity)}
        return kind | {"vram": vram, "manufacturer": "Nvidia"}


class Flavor(Frozen):
    name: str
    pretty: str
    cores: int
    ram: int
    """GB"""

    disk: int
    """GB, lost with the process"""

    hourly: float
    """US dollars for an hour of a Job"""

    accelerator: Accelerator | None = None
    spaces: bool = True
    jobs: bool = True

    def price(self, kind: str) -> float:
        """US dollars for an hour. A Space is free where a Job costs a cent."""
        return 0.0 if kind == "space" and self.name in (FREE, ZERO) else self.hourly

    def told(self, kind: str) -> dict[str, Any]:
        """As GET /api/spaces/hardware and /api/jobs/hardware tell it; `kind` is space or job."""
        cost = round(self.price(kind) * 1_000_000 / 60)
        return {
            "name": self.name,
            "prettyName": self.pretty,
            "cpu": f"{self.cores} vCPU",
            "ram": f"{self.ram} GB",
            **({} if kind == "space" else {"ephemeralStorage": f"{self.disk} GB"}),
            "accelerator": self.accelerator.told() if self.accelerator else None,
            "unitCostMicroUSD": cost,
            "unitCostUSD": cost / 1_000_000,
            "unitLabel": "minute",
        }

    def environment(self) -> dict[str, str]:
        """What a process on this flavor is told of it. The numbers are the flavor's, not this machine's."""
        accelerator = self.accelerator.model.lower().replace(" ", "-") if self.accelerator else "none"
        return {"ACCELERATOR": accelerator, "CPU_CORES": str(self.cores), "MEMORY": f"{self.ram}Gi"}


def cpu(name: str, pretty: str, cores: int, ram: int, disk: int, hourly: float, spaces: bool = True) -> Flavor:
    return Flavor(name=name, pretty=pretty, cores=cores, ram=ram, disk=disk, hourly=hourly, spaces=spaces)


def gpu(
    name: str, pretty: str, model: str, vram: int, quantity: int, sizes: tuple[int, int, int], hourly: float
) -> Flavor:
    """`sizes` are cores, RAM and disk. The largest GPUs are for Jobs only."""
    cores, ram, disk = sizes
    accelerator = Accelerator(model=model, quantity=quantity, vram=vram)
    flavor = Flavor(name=name, pretty=pretty, cores=cores, ram=ram, disk=disk, hourly=hourly, accelerator=accelerator)
    return flavor.model_copy(update={"spaces": not name.startswith("h200"), "jobs": name != ZERO})


RTX = "RTX PRO 6000"

FLAVORS = {
    flavor.name: flavor
    for flavor in (
        cpu(FREE, "CPU Basic", 2, 16, 50, 0.01),
        cpu("cpu-upgrade", "CPU Upgrade", 8, 32, 50, 0.03),
        cpu("cpu-performance", "CPU Performance", 32, 256, 1024, 1.90, spaces=False),
        cpu("cpu-xl", "CPU XL", 16, 124, 1000, 1.00, spaces=False),
        # Its share of a machine changes with the load; these are the sizes of the smallest machine that has one.
        gpu(ZERO, "ZeroGPU", RTX, 48, 1, (2, 16, 50), 0.0),
        gpu("t4-small", "Nvidia T4 - small", "T4", 16, 1, (4, 15, 50), 0.40),
        gpu("t4-medium", "Nvidia T4 - medium", "T4", 16, 1, (8, 30, 100), 0.60),
        gpu("a10g-small", "Nvidia A10G - small", "A10G", 24, 1, (4, 15, 110), 1.00),
        gpu("a10g-large", "Nvidia A10G - large", "A10G", 24, 1, (12, 46, 200), 1.50),
        gpu("a10g-largex2", "2x Nvidia A10G - large", "A10G", 24, 2, (24, 92, 1000), 3.00),
        gpu("a10g-largex4", "4x Nvidia A10G - large", "A10G", 24, 4, (48, 184, 2000), 5.00),
        gpu("a100-large", "Nvidia A100 - large", "A100", 80, 1, (12, 142, 1000), 2.50),
        gpu("a100x4", "4x Nvidia A100", "A100", 80, 4, (48, 568, 4000), 10.00),
        gpu("a100x8", "8x Nvidia A100", "A100", 80, 8, (96, 1136, 8000), 20.00),
        gpu("h200", "Nvidia H200", "H200", 141, 1, (23, 256, 3000), 5.00),
        gpu("h200x2", "Nvidia H200", "H200", 141, 2, (46, 512, 6000), 10.00),
        gpu("h200x4", "Nvidia H200", "H200", 141, 4, (92, 1024, 12000), 20.00),
        gpu("h200x8", "Nvidia H200", "H200", 141, 8, (184, 2048, 24000), 40.00),
        gpu("rtx-pro-6000", "Nvidia RTX PRO 6000", RTX, 96, 1, (23, 256, 475), 2.75),
        gpu("rtx-pro-6000x2", "Nvidia RTX PRO 6000", RTX, 96, 2, (46, 512, 950), 5.50),
        gpu("rtx-pro-6000x4", "Nvidia RTX PRO 6000", RTX, 96, 4, (92, 1024, 1900), 11.00),
        gpu("rtx-pro-6000x8", "Nvidia RTX PRO 6000", RTX, 96, 8, (184, 2048, 3800), 22.00),
        gpu("l4x1", "1x Nvidia L4", "L4", 24, 1, (8, 30, 400), 0.80),
        gpu("l4x4", "4x Nvidia L4", "L4", 24, 4, (48, 186, 3200), 3.80),
        gpu("l40sx1", "1x Nvidia L40S", "L40S", 48, 1, (8, 62, 380), 1.80),
        gpu("l40sx4", "4x Nvidia L40S", "L40S", 48, 4, (48, 382, 3200), 8.30),
        gpu("l40sx8", "8x Nvidia L40S", "L40S", 48, 8, (192, 1534, 6500), 23.50),
    )
}


def offered(kind: str) -> list[Flavor]:
    """The flavors of spaces or of jobs; `kind` is space or job."""
    return [flavor for flavor in FLAVORS.values() if (flavor.spaces if kind == "space" else flavor.jobs)]


def flavor(name: object, kind: str) -> Flavor:
    """The flavor of that name, refused with 400 and the known names when a space or a job cannot have it."""
    known = {flavor.name: flavor for flavor in offered(kind)}
    if not isinstance(name, str) or name not in known:
        raise refusal.bad_request(f"there is no hardware {name!r} for a {kind}; there is {', '.join(known)}")
    return known[name]


def listing(kind: str) -> list[dict[str, Any]]:
    return [flavor.told(kind) for flavor in offered(kind)]
