"""How Pi is set up and called: its settings, its model, its command line."""

import json
from pathlib import Path

from budget import Price
from install import Tools
from order import Limits, Order
from place import Place

PROVIDER = "factory"
CONTEXT = 131_072
"""Tokens: what is taken for granted of a model that nobody tells the context of."""

LONGEST_ANSWER = 16_384
QUIET = ("--no-extensions", "--no-skills", "--no-prompt-templates", "--no-themes", "--no-context-files")


def patience(limits: Limits) -> float:
    """Seconds that Pi waits for more of an answer before it asks again: often enough before it is ended itself."""
    return min(120.0, limits.idle * 0.4)


def settle(place: Place, order: Order, port: int, bearer: str, price: Price | None, context: int | None) -> None:
    """Write Pi's settings. The key in them opens nothing but this run's proxy."""
    agent = place.pen / "agent"
    settings = {
        "httpIdleTimeoutMs": int(patience(order.limits) * 1000),
        "enableInstallTelemetry": False,
        "retry": {"enabled": True, "maxRetries": 3, "baseDelayMs": 1000},
    }
    model = {
        "id": order.model,
        "contextWindow": context or CONTEXT,
        "maxTokens": min(LONGEST_ANSWER, (context or CONTEXT) // 4),
        "input": ["text"],
        "reasoning": False,
        "samplingParams": {"temperature": 0},
        "cost": {
            "input": price.input if price else 0,
            "output": price.output if price else 0,
            "cacheRead": price.input if price else 0,
            "cacheWrite": 0,
        },
    }
    provider = {
        "baseUrl": f"http://127.0.0.1:{port}/v1",
        "api": "openai-completions",
        "apiKey": bearer,
        "compat": {
            "supportsStore": False,
            "supportsStrictMode": False,
            "supportsDeveloperRole": False,
            "supportsReasoningEffort": False,
            "maxTokensField": "max_tokens",
        },
        "models": [model],
    }
    (agent / "settings.json").write_text(json.dumps(settings))
    (agent / "models.json").write_text(json.dumps({"providers": {PROVIDER: provider}}))
    (agent / "system.md").write_text(order.system)
    (agent / "goal.md").write_text(order.goal)


def command(tools: Tools, place: Place, order: Order) -> list[str]:
    """The goal comes by stdin, where it may be longer than an argument."""
    more = ("--append-system-prompt", str(place.pen / "agent/system.md")) if order.system else ()
    return [
        *(str(tools.node), str(tools.pi), "--print", "--mode", "json"),
        *("--provider", PROVIDER, "--model", order.model, "--thinking", "off"),
        *("--session-dir", str(place.pen / "sessions")),
        *(*QUIET, "--no-mcp", "--no-approve", "--offline", "--tools", "read,bash,edit,write"),
        *more,
    ]


def environment(place: Place, programs: list[Path]) -> dict[str, str]:
    """All that Pi and what it runs find; nothing of this process's own."""
    return {
        "PATH": ":".join([*map(str, programs), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": str(place.pen / "home"),
        "TMPDIR": str(place.pen / "tmp"),
        "LANG": "C.UTF-8",
        "PI_CODING_AGENT_DIR": str(place.pen / "agent"),
        "PI_OFFLINE": "1",
        "PI_TELEMETRY": "0",
        "PI_SKIP_VERSION_CHECK": "1",
        "NODE_DISABLE_COMPILE_CACHE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
