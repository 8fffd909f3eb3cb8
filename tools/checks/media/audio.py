"""Measures sound from decoded samples; what a container claims is only compared with them."""

from tools.checks.finding import Finding, Unsound
from tools.checks.media.loudness import Loudness
from tools.checks.media.pcm import Sound, decoded, packed

__all__ = ["Loudness", "claimed", "decoded", "judged", "measure_pcm"]

CUT = 0.7
"""Share of the claimed length below which the rest is missing; metadata is often a little wrong."""

SHORT = 0.95
"""Below this share somebody should know."""


def measure_pcm(data: bytes, format: str) -> Finding:
    """Facts of a WAV or AIFF. Raises Unsound, and Foreign when a codec library is needed."""
    return _measured(packed(data, format))


def _measured(sound: Sound) -> Finding:
    loudness = Loudness(sound.rate, sound.channels)
    loudness.add(sound.samples)
    return judged(loudness, len(sound.samples), sound.claimed / sound.rate, sound.codec)


def judged(loudness: Loudness, frames: int, claim: float, codec: str) -> Finding:
    """Facts of the sound that was decoded. `claim` is in seconds, 0 for none. Raises Unsound."""
    if frames == 0:
        raise Unsound("truncated" if claim > 0.1 else "empty", f"it claims {claim:.3g} s and no sample is there")
    facts = loudness.facts()
    if not loudness.finite:
        raise Unsound("nonfinite", "a sample is not a number")
    finding = Finding({**facts, "codec": codec})
    claimed(finding, claim)
    return finding


def claimed(finding: Finding, claim: float) -> None:
    """Compare the decoded `seconds` with the claim. Raises Unsound when too much is missing."""
    seconds = finding.facts["seconds"]
    if claim:
        finding.facts["claimed_seconds"] = round(claim, 3)
    if claim > 1 and seconds < CUT * claim:
        raise Unsound("truncated", f"{seconds:.3g} s could be decoded of {claim:.3g} s claimed")
    if claim > 1 and seconds < SHORT * claim:
        finding.warn("truncated", f"{seconds:.3g} s could be decoded of {claim:.3g} s claimed")
