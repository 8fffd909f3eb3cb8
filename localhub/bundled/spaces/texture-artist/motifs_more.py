"""More landscapes: cathedral, boulevard, garden bridge, snow, poplars."""

from __future__ import annotations

import numpy as np
from brush import Dab
from motifs import (
    Field,
    Motif,
    edge,
    glints,
    haystacks,
    lilies,
    mirrored,
    poppies,
    ramp,
    regatta,
    scattered,
    sky,
    sunrise,
    tree,
)


def cathedral(f: Field) -> str:
    f.colour[:] = ramp(f.y + 0.1 * f.wisps(1.5), (0.46, 0.58, 0.82), (0.76, 0.74, 0.78), (0.96, 0.80, 0.62))
    f.angle = f.wisps(1.6) * 0.4
    stone = ramp(
        np.clip(0.45 + 0.28 * f.wisps(1.1, 1.0, 0.6) + (f.x - 0.5) * 0.5 - (f.y - 0.5) * 0.2, 0, 1),
        (0.44, 0.42, 0.62),
        (0.78, 0.62, 0.56),
        (0.98, 0.84, 0.58),
        (1.0, 0.93, 0.78),
    )
    half = 0.36 if f.x.shape[1] < f.x.shape[0] * 1.1 else 0.25
    for x, wide, top in ((0.5 - half, 0.12, 0.10), (0.5 + half, 0.12, 0.14), (0.5, half, 0.32)):
        tower = edge(wide - np.abs(f.x - x), 0.02) * edge(f.y - top + 0.015 * np.sin(f.x * 90), 0.03)
        f.lay(tower, stone, np.pi / 2, 0.8)
    gable = edge(0.17 * (1 - (0.36 - f.y) / 0.2) - np.abs(f.x - 0.5), 0.02) * edge(f.y - 0.16, 0.02) * edge(0.4 - f.y)
    f.lay(gable, stone, np.pi / 2, 0.8)
    shadow = stone * np.array([0.42, 0.42, 0.62])
    rose = np.hypot((f.x - 0.5) * f.x.shape[1] / f.x.shape[0], f.y - 0.44)
    f.lay(edge(0.075 - rose, 0.02), shadow, 0.0, 0.8)
    for x, wide in ((0.5, 0.075), (0.5 - half * 0.7, 0.05), (0.5 + half * 0.7, 0.05)):
        t = np.clip((f.y - 0.6) / 0.14, 0, 1)
        f.lay(edge(wide * np.sqrt(t) - np.abs(f.x - x), 0.02) * edge(f.y - 0.6, 0.02), shadow, np.pi / 2, 0.7)
    for x in (0.5 - half, 0.5 + half):
        for low in (0.22, 0.44):
            f.lay(
                edge(0.028 - np.abs(np.abs(f.x - x) - 0.045), 0.02) * edge(f.y - low) * edge(low + 0.14 - f.y), shadow
            )
    f.lay(edge(f.y - 0.93, 0.04), ramp(f.x, (0.56, 0.46, 0.52), (0.80, 0.66, 0.54)), 0.0, 0.5)
    return "Cathedral, Full Sunlight"


def boulevard(f: Field) -> str:
    aspect = f.x.shape[1] / f.x.shape[0]
    centre = float(f.chance.uniform(0.42, 0.58))
    sky(f, 0.55, ((0.62, 0.68, 0.80), (0.80, 0.80, 0.82), (0.94, 0.86, 0.76)), (0.93, 0.92, 0.92), 0.2)
    away = np.abs(f.x - centre)
    depth = np.clip(away / 0.5, 0.02, 1)
    roofs = 0.52 - 0.48 * depth**0.8
    front = edge(away - 0.05, 0.01)
    tone = np.clip(0.5 + 0.2 * f.wisps(1.0, 0.5, 2.0) + 0.3 * np.sign(f.x - centre), 0, 1)
    f.lay(
        front * edge(f.y - roofs) * edge(0.56 + 0.12 * depth - f.y),
        ramp(tone, (0.50, 0.46, 0.52), (0.82, 0.74, 0.64), (0.94, 0.86, 0.70)),
        np.pi / 2,
        0.5,
    )
    f.lay(front * edge(f.y - roofs) * edge(roofs + 0.09 * depth - f.y), (0.36, 0.40, 0.50), 0.3, 0.4)
    panes = (np.sin(np.log(depth + 0.05) * 26) > 0.3) & (np.sin((f.y - roofs) / depth * 34) > 0.2)
    f.lay(front * panes * edge(f.y - roofs - 0.1 * depth) * edge(0.52 + 0.06 * depth - f.y) * 0.7, (0.32, 0.34, 0.44))
    street = edge(f.y - 0.56 - 0.12 * depth)
    f.lay(
        street,
        ramp(
            np.clip((f.y - 0.56) / 0.44 + 0.2 * f.wisps(1.1, 2.0, 0.6), 0, 1),
            (0.86, 0.80, 0.76),
            (0.60, 0.58, 0.66),
            (0.70, 0.62, 0.58),
        ),
        np.pi / 2,
        0.4,
    )
    for side in (-1, 1):
        for k in range(6):
            far = 0.08 + 0.075 * k
            x, foot, tall = centre + side * far * 0.86, 0.57 + 0.13 * far * 2, 0.10 + 0.34 * far
            tree(f, x, foot - tall * 0.25, tall, 0.02 + 0.05 * far, (0.28, 0.26, 0.20), (0.66, 0.52, 0.26))
            f.dabs.append(Dab(x, foot - tall * 0.1, tall * 0.36, 0.008, 1.55, (0.20, 0.16, 0.16)))
    tones = ((0.10, 0.10, 0.16), (0.18, 0.14, 0.20), (0.30, 0.18, 0.16), (0.14, 0.18, 0.28))
    for _ in range(130):
        t = float(f.chance.random()) ** 1.4
        x, y = centre + float(f.chance.normal(0, 0.09 + 0.3 * t)), 0.58 + 0.36 * t
        size = 0.016 + 0.07 * t
        f.dabs.append(Dab(x, y, size, size * 0.34, 1.57, tones[int(f.chance.integers(4))]))
        f.dabs.append(Dab(x, y - size * 0.62, size * 0.2, size * 0.2, 0.0, (0.82, 0.64, 0.54)))
        f.dabs.append(Dab(x, y + size * 0.9, size * 0.8, size * 0.22, 1.57, (0.50, 0.46, 0.54)))
        if t > 0.2 and f.chance.random() < 0.25:
            f.dabs.append(Dab(x, y - size * 0.8, size * 0.9, size * 0.28, 0.0, (0.24, 0.24, 0.34)))
    del aspect
    return "Boulevard after Rain"


def bridge(f: Field) -> str:
    f.colour[:] = ramp(
        np.clip(0.5 + 0.3 * f.wisps(1.3), 0, 1), (0.12, 0.28, 0.18), (0.28, 0.46, 0.24), (0.56, 0.66, 0.34)
    )
    f.angle, f.loose = 1.2 + f.wisps(1.2) * 0.5, np.full_like(f.x, 0.9)
    for x in (0.1, 0.9, 0.72):
        f.lay(
            edge(0.10 - np.abs(f.x - x + 0.1 * f.wisps(1.3)), 0.08) * edge(0.62 - f.y, 0.2) * 0.8,
            (0.50, 0.62, 0.42),
            1.5,
            0.8,
        )
    mirrored(f, 0.56, (0.26, 0.40, 0.44), 0.3)
    f.lay(edge(f.y - 0.54, 0.02) * np.clip(f.wisps(1.6) - 0.2, 0, 0.5), (0.60, 0.66, 0.80))
    for base, thick in ((0.50, 0.028), (0.40, 0.016)):
        arch = base - 0.13 * np.cos((f.x - 0.5) * np.pi * 1.02)
        f.lay(edge(thick - np.abs(f.y - arch), 0.012), ramp(f.x, (0.34, 0.50, 0.60), (0.62, 0.76, 0.70)), 0.0, 0.3)
    for x in np.linspace(0.04, 0.96, 15):
        low = 0.5 - 0.13 * np.cos((x - 0.5) * np.pi * 1.02)
        f.dabs.append(Dab(float(x), float(low - 0.05), 0.11, 0.011, 1.57, (0.44, 0.62, 0.62)))
    for _ in range(26):
        y, x = float(f.chance.uniform(0.62, 0.97)), float(f.chance.random())
        for _ in range(6):
            f.dabs.append(
                Dab(
                    x + float(f.chance.normal(0, 0.03)),
                    y + float(f.chance.normal(0, 0.006)),
                    0.06 * y,
                    0.016,
                    0.0,
                    (0.42, 0.62, 0.40),
                )
            )
        f.dabs.append(Dab(x, y - 0.008, 0.02, 0.014, 0.3, (0.98, 0.82, 0.86)))
    return "The Garden Bridge"


def snow(f: Field) -> str:
    sky(f, 0.45, ((0.66, 0.70, 0.82), (0.82, 0.80, 0.84), (0.98, 0.84, 0.72)), (0.92, 0.88, 0.90), 0.1)
    f.lay(edge(f.y - f.line(0.42, 0.10)[None]), (0.60, 0.62, 0.74))
    hill = np.clip((f.y - 0.42) / 0.58, 0, 1) + 0.18 * f.wisps(1.5, 0.5, 1.6)
    f.lay(
        edge(f.y - f.line(0.47, 0.04)[None]),
        ramp(hill, (0.90, 0.86, 0.88), (0.97, 0.94, 0.92), (0.76, 0.80, 0.92), (0.90, 0.90, 0.96)),
        f.wisps(1.2) * 0.3,
        0.4,
    )
    for x in f.chance.uniform(0.1, 0.9, 3):
        size = float(f.chance.uniform(0.06, 0.10))
        y = 0.5 + size * 0.6
        f.lay(edge(size - np.abs(f.x - x), 0.01) * edge(f.y - y + size) * edge(y - f.y), (0.66, 0.50, 0.44), 1.5, 0.3)
        f.lay(
            edge(size * 1.2 * (f.y - y + size * 1.9) / size - np.abs(f.x - x), 0.01)
            * edge(y - size * 0.9 - f.y)
            * edge(f.y - y + size * 1.9),
            (0.93, 0.93, 0.98),
            0.6,
            0.3,
        )
    for x in f.chance.uniform(0.02, 0.98, 9):
        tall, foot = float(f.chance.uniform(0.2, 0.42)), float(f.chance.uniform(0.55, 0.8))
        for _ in range(16):
            lean = float(f.chance.normal(0, 0.35))
            up = float(f.chance.random())
            f.dabs.append(
                Dab(
                    float(x) + lean * 0.05 * up,
                    foot - tall * up,
                    tall * 0.3 * (1.1 - up),
                    0.006,
                    1.57 + lean,
                    (0.30, 0.26, 0.34),
                )
            )
    for _ in range(60):
        f.dabs.append(
            Dab(float(f.chance.random()), float(f.chance.uniform(0.6, 1)), 0.08, 0.008, 0.1, (0.58, 0.62, 0.82))
        )
    return "Snow at the Village"


def poplars(f: Field) -> str:
    horizon = 0.58
    sky(f, horizon, ((0.48, 0.62, 0.84), (0.78, 0.80, 0.86), (0.99, 0.86, 0.66)), (0.99, 0.88, 0.80), 0.15)
    f.lay(edge(f.y - f.line(0.54, 0.12)[None]), (0.44, 0.54, 0.52))
    for k in range(9):
        x = 0.06 + k * 0.115 + float(f.chance.normal(0, 0.01))
        tall = 0.30 + 0.24 * abs(np.sin(k * 0.55 + 0.4))
        tree(f, x, horizon + 0.01, tall, 0.036, (0.24, 0.34, 0.24), (0.92, 0.74, 0.34))
    f.lay(edge(f.y - horizon + 0.025, 0.01) * edge(horizon + 0.01 - f.y, 0.01), (0.50, 0.56, 0.30), 0.0, 0.6)
    mirrored(f, horizon, (0.46, 0.60, 0.76), 0.3)
    glints(f, float(f.chance.random()), horizon, (1.0, 0.88, 0.66), 60, 0.2)
    return "Poplars on the River"


def irises(f: Field) -> str:
    f.colour[:] = ramp(f.y + 0.2 * f.wisps(1.3), (0.86, 0.74, 0.42), (0.44, 0.56, 0.30), (0.24, 0.40, 0.26))
    f.angle, f.loose = np.full_like(f.x, 1.4) + f.wisps(1.3) * 0.3, np.full_like(f.x, 0.8)
    scattered(f, ((0.30, 0.52, 0.34), (0.46, 0.64, 0.40), (0.18, 0.38, 0.30)), 420, 0.25, 0.075, 1.5, clumps=False)
    scattered(f, ((0.36, 0.30, 0.72), (0.52, 0.44, 0.86), (0.26, 0.22, 0.58), (0.74, 0.66, 0.94)), 900, 0.22, 0.03, 0.6)
    scattered(f, ((0.98, 0.80, 0.30), (0.98, 0.96, 0.90)), 120, 0.26, 0.016)
    return "Iris Garden"


MOTIFS: dict[str, Motif] = {
    "lilies": lilies,
    "regatta": regatta,
    "poppies": poppies,
    "cathedral": cathedral,
    "sunrise": sunrise,
    "bridge": bridge,
    "haystacks": haystacks,
    "boulevard": boulevard,
    "snow": snow,
    "poplars": poplars,
    "irises": irises,
}
