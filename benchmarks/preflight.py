"""Seeds one fault for each rule into what the recipes compile to, and counts what preflight finds.

    python -m benchmarks.preflight [--json] [--import]

Prints, for each rule, how many seeded Spaces it was found in, and the findings on the unseeded ones: false alarms.
A fault goes into every recipe in which there is a place for it. `--import` imports each unseeded app as well.
"""

import argparse
import json
import re
import time
from collections.abc import Callable, Iterator

from core.factory import CardFacts, Workspace
from tests.unit.recipe_facts import COVERED
from tools.compile_recipe import compile_recipe
from tools.preflight.lint import lint
from tools.preflight.rules import RULES
from tools.preflight.trial_import import findings, trial_import

Seed = Callable[[Workspace, CardFacts], tuple[Workspace, CardFacts] | None]
GPU = re.compile(r"@spaces\.GPU\(duration=\d+\)\n")
DOCSTRING = re.compile(r'(def generate\((?:.|\n)*?"""(?:.|\n)*?"""\n)')
LOAD = re.compile(r"from_pretrained\(MODEL, revision=REVISION")


def in_file(path: str, pattern: str | re.Pattern[str], new: str) -> Seed:
    """Replace the first place that looks like it; nothing can be seeded where there is none."""

    def seed(workspace: Workspace, facts: CardFacts) -> tuple[Workspace, CardFacts] | None:
        text = workspace.files[path]
        changed = re.sub(pattern, new, text, count=1)
        return None if changed == text else (with_file(workspace, path, changed), facts)

    return seed


def with_file(workspace: Workspace, path: str, text: str) -> Workspace:
    return workspace.model_copy(update={"files": workspace.files | {path: text}})


def app(pattern: str | re.Pattern[str], new: str) -> Seed:
    return in_file("app.py", pattern, new)


def inside(line: str) -> Seed:
    """A line at the beginning of generate."""
    return app(DOCSTRING, rf"\g<1>    {line}\n")


def above(lines: str) -> Seed:
    return app(GPU, lines.replace("\\", "\\\\") + r"\n\n\n\g<0>")


def readme(pattern: str, new: str) -> Seed:
    return in_file("README.md", pattern, new)


def listed(line: str) -> Seed:
    return in_file("requirements.txt", r"\A", line + "\n")


def known(seed: Seed, **facts: object) -> Seed:
    """The fault lies in what the files say beside other facts."""
    return lambda workspace, old: seed(workspace, old.model_copy(update=facts))


def untouched(workspace: Workspace, facts: CardFacts) -> tuple[Workspace, CardFacts]:
    return workspace, facts


def returning(value: str) -> Seed:
    """The last thing that generate gives back is something else."""

    def seed(workspace: Workspace, facts: CardFacts) -> tuple[Workspace, CardFacts] | None:
        text = workspace.files["app.py"]
        body = re.search(r"def generate\((?:.|\n)*?\n\n\n", text)
        places = list(re.finditer(r"^( +)return .*(?:\n\1 +.*|\n\1\)|\n\1\})*", body[0], re.M)) if body else []
        if body is None or not places:
            return None
        start, end = (body.start() + place for place in places[-1].span())
        return with_file(workspace, "app.py", f"{text[:start]}{places[-1][1]}return {value}{text[end:]}"), facts

    return seed


def without_model(workspace: Workspace, facts: CardFacts) -> tuple[Workspace, CardFacts] | None:
    """Generate does something, and not with the model."""
    text = workspace.files["app.py"]
    changed = re.sub(DOCSTRING, r'\g<1>    return "done".title()\n\n\ndef unused():\n', text, count=1)
    return with_file(workspace, "app.py", changed), facts


IMPORTED = "transformers|diffusers|sentence-transformers|timm|skops|joblib"
IN_A_LOOP = """\
@spaces.GPU(duration=5)
def one(item):
    return item


def every(items):
    return [one(item) for item in items]"""
SPACES_LINE = "import spaces  # before anything that touches CUDA\n"
SEEDS: dict[str, Seed] = {
    "ZG001": app(f"{SPACES_LINE}((?:import|from) .*\n)+", "import torch\n\\g<0>"),
    "ZG002": app(GPU, ""),
    "ZG003": inside('late = AutoModel.from_pretrained(MODEL, revision=REVISION).to("cuda")'),
    "ZG004": app(r'\.to\("cuda"\)|device="cuda"', lambda m: ".to(0)" if m[0].startswith(".") else "device=0"),  # type: ignore[arg-type]
    "ZG005": app(LOAD, r'\g<0>, device_map="auto"'),
    "ZG006": above("model = torch.compile(model)"),
    "ZG007": app(r"\nprint\(f", lambda m: "\npipe('warm up')\nmodel('warm up')\nprint(f"),  # type: ignore[arg-type]
    "ZG008": returning('torch.zeros(3, device="cuda")'),
    "ZG009": returning("lambda: 1"),
    "ZG010": app(GPU, "@spaces.GPU\n"),
    "ZG011": app(r"duration=\d+\)", 'duration=30, size="xlarge")'),
    "ZG012": app(r"duration=\d+\)", "duration=lambda *args: 30)"),
    "ZG013": inside('open("output.png", "wb").close()'),
    "ZG014": known(inside("HISTORY.append(1)")),
    "ZG015": app(r"\ndef health", f"\n{IN_A_LOOP}\n\n\ndef health"),
    "ZG016": app(SPACES_LINE, "try:\n    import spaces\nexcept ImportError:\n    spaces = None\n"),
    "ZG017": app(r"    gr\.api\(", '    gr.Examples([[1]], [run], result, generate, cache_examples=True)\n    gr.api('),
    "ZG018": app(r"    gr\.api\(", "    gr.Examples([[]], [], result, generate)\n    gr.api("),
    "ZG019": app(LOAD, r'\g<0>, attn_implementation="flash_attention_2"'),
    "ZG020": app(r"def generate\((?:.|\n)*?\) ->", lambda m: m[0][:-4] + ', progress=gr.Progress(track_tqdm=True)) ->'),  # type: ignore[arg-type]
    "ZG021": app(r"os\.environ\[.*\n", ""),
    "ZG022": app(r'(def generate\((?:.|\n)*?)"""(?:.|\n)*?"""\n', r"\g<1>pass\n"),
    "ZG023": app(r"\nprint\(f", '\nmore = torch.load("more.bin")\nprint(f'),
    "RQ001": listed("gradio==6.31.0"),
    "RQ002": in_file("requirements.txt", r"^torch\n", "torch==2.5.1\n"),
    "RQ003": listed("flash-attn"),
    "RQ004": listed("https://example.org/thing-1.0-cp39-cp39-linux_x86_64.whl"),
    "RQ005": in_file("requirements.txt", r"torch\ntorch(vision|audio)\n", r"torch==2.8.0\ntorch\g<1>\n"),
    "RQ006": in_file("requirements.txt", rf"(?m)^({IMPORTED}).*\n", ""),
    "RQ007": listed("audiocraft"),
    "RM001": readme("sdk: gradio", "sdk: docker"),
    "RM002": readme("short_description: .*", "short_description: " + "words " * 12),
    "RM003": readme("colorTo: indigo", "colorTo: teal"),
    "RM004": readme("python_version: .*", 'python_version: "3.11"'),
    "RM005": readme("sdk: gradio", "sdk: gradio\nhardware: zero-a10g"),
    "RM006": known(untouched, memory_gb=60),
    "RM007": readme("- someone/small.*", "- someone/other"),
    "RM008": readme("sdk: gradio", "sdk: gradio\nhf_oauth_scopes:\n- write-repos"),
    "SE001": app(r"\nMODEL =", f'\nTOKEN = "hf_{"a1B2" * 9}"\nMODEL ='),
    "SE002": app(r"\nMODEL =", '\nimport os\nos.system("pip install flash-attn")\nMODEL ='),
    "SE003": app(r"from_pretrained\(MODEL, revision=REVISION", "from_pretrained(MODEL, trust_remote_code=True"),
    "PH001": without_model,
    "PH002": returning('"sample.png"'),
    "PH003": app(r'MODEL = ".*"', 'MODEL = "other/model"'),
}  # fmt: skip


def shared_list(workspace: Workspace, facts: CardFacts) -> tuple[Workspace, CardFacts] | None:
    seeded = inside("HISTORY.append(1)")(workspace, facts)
    return seeded and app(r"\nMODEL =", "\nHISTORY = []\nMODEL =")(*seeded)


def mixed_progress(workspace: Workspace, facts: CardFacts) -> tuple[Workspace, CardFacts] | None:
    seeded = SEEDS_BEFORE["ZG020"](workspace, facts)
    return seeded and inside("yield None")(*seeded)


def empty_examples(workspace: Workspace, facts: CardFacts) -> tuple[Workspace, CardFacts] | None:
    """No fault where no argument is required."""
    free = "def generate(*values" in workspace.files["app.py"]
    return None if free else SEEDS_BEFORE["ZG018"](workspace, facts)


SEEDS_BEFORE = dict(SEEDS)
SEEDS |= {"ZG014": shared_list, "ZG018": empty_examples, "ZG020": mixed_progress}


def recipes() -> Iterator[tuple[str, Workspace, CardFacts]]:
    for name, facts in COVERED.items():
        workspace = compile_recipe(facts)
        if workspace is not None:
            yield name, workspace, facts


def recall(rule: str) -> tuple[int, int]:
    """In how many seeded Spaces the rule spoke up, and how many there are."""
    found = seeded = 0
    for _, workspace, facts in recipes():
        if rule.startswith("ZG") and "import spaces" not in workspace.files["app.py"] and rule not in ANYWHERE:
            continue  # a rule for ZeroGPU, and a Space without a GPU
        changed = SEEDS[rule](workspace, facts)
        if changed is not None and compiles(changed[0]):
            seeded += 1
            found += any(one.rule == rule for one in lint(*changed))
    return found, seeded


ANYWHERE = frozenset({"ZG013", "ZG014", "ZG018", "ZG020", "ZG022", "ZG023"})


def compiles(workspace: Workspace) -> bool:
    try:
        compile(workspace.files["app.py"], "app.py", "exec")
    except SyntaxError:
        return False
    return True


def false_alarms(imported: bool) -> list[str]:
    found = []
    for name, workspace, facts in recipes():
        said = list(lint(workspace, facts))
        said += findings(workspace, trial_import(workspace, facts)) if imported else ()
        found += [f"{name}: {one.rule} {one.where} {one.message}" for one in said]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--import", action="store_true", dest="imported")
    options = parser.parse_args()
    begun = time.perf_counter()
    compiled = list(recipes())
    seconds = (time.perf_counter() - begun) / len(compiled)
    counts = {rule: recall(rule) for rule in RULES}
    whole = [rule for rule, (found, seeded) in counts.items() if seeded and found == seeded]
    alarms = false_alarms(options.imported)
    if options.json:
        told = {"rules": counts, "found": len(whole), "of": len(RULES), "recipes": len(compiled)}
        print(json.dumps(told | {"false_alarms": alarms, "seconds_a_recipe": round(seconds, 4)}))
        return
    for rule, (found, seeded) in counts.items():
        print(f"{rule}  {RULES[rule].severity:5}  {found} of {seeded}{'' if found == seeded else '   <- missed'}")
    print(
        f"\n{len(whole)} of {len(RULES)} rules find every seeded fault; {len(compiled)} recipes, {seconds:.4f} s each"
    )
    print(f"{len(alarms)} false alarms on the unseeded recipes" + "".join(f"\n  {alarm}" for alarm in alarms))


if __name__ == "__main__":
    main()
