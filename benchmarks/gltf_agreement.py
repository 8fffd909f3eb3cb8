"""How often our verdict on a glTF agrees with the Khronos validator's, on files that were broken on purpose.

    python -m benchmarks.gltf_agreement FOLDER [--seed 1] [--count 2000] [--files FOLDER] [--show 20]

FOLDER is where `npm install gltf-validator@2.0.0-dev.3.10` was run; Node must be on the path (a Node from a package
index's wheel will do). Nothing of the validator is kept here, and nothing outside of a file is fetched for it.
`--files` names a folder of real files that are compared as they are and are broken too.

Sound means: no errors, whatever else was said. Where our gate says something else on purpose (one file must be
complete, caps against bombs, what every viewer forgives), the file is counted apart, by the name of the policy.
"""

import argparse
import json
import random
import subprocess
import tempfile
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.gltf_documents import documents
from benchmarks.gltf_mutations import mutated
from tools.checks.measure import measure

SCRIPT = """
const { validateBytes } = require(process.argv[1] + '/node_modules/gltf-validator');
const fs = require('fs');
const options = {
  maxIssues: 0, writeTimestamp: false, externalResourceFunction: () => Promise.reject(new Error('not here')),
};
(async () => {
  for await (const line of require('readline').createInterface({ input: process.stdin })) {
    let answer;
    try {
      const report = await validateBytes(new Uint8Array(fs.readFileSync(line)), options);
      const codes = level => report.issues.messages.filter(m => m.severity === level).map(m => m.code);
      const first = report.issues.messages.filter(m => m.severity === 0)[0] || {};
      answer = { errors: codes(0), warnings: codes(1), first: (first.pointer || '') + ' ' + (first.message || '') };
    } catch (error) { answer = { thrown: String(error) }; }
    console.log(JSON.stringify(answer));
  }
})();
"""

FORGIVEN = {"ACCESSOR_VECTOR3_NON_UNIT", "ACCESSOR_NON_CLAMPED", "ACCESSOR_WEIGHTS_NON_NORMALIZED"}
"""Errors of the validator that every viewer forgives: our gate warns."""


class Verdict(NamedTuple):
    group: str
    name: str
    ours: str
    """Reason; empty when it is sound."""
    theirs: list[str]
    policy: str
    first: str

    @property
    def agreed(self) -> bool:
        return bool(self.ours) == bool(self.theirs)


class Validator:
    """The Khronos validator in one Node process."""

    def __init__(self, folder: Path) -> None:
        self.command = ["node", "-e", SCRIPT, str(folder.resolve())]
        self.process = self._started()

    def _started(self) -> subprocess.Popen[str]:
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(self.command, text=True, **pipes)

    def report(self, path: Path) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            self.close()
            self.process = self._started()
        report: dict[str, Any] = json.loads(line or '{"thrown": "it ended"}')
        return report

    def close(self) -> None:
        self.process.communicate(timeout=10)


def compared(validator: Validator, group: str, name: str, data: bytes, path: Path) -> Verdict:
    path.write_bytes(data)
    report = validator.report(path)
    found = measure(data, "model3d")
    ours = found["reason"] if found["status"] != "pass" and found["status"] != "warn" else ""
    theirs = report.get("errors", [])
    return Verdict(group, name, ours, theirs, _policy(report, ours, found), report.get("first", ""))


def _policy(report: dict[str, Any], ours: str, found: dict[str, Any]) -> str:
    """Why our gate differs on purpose; empty when it does not."""
    word = ours.partition(":")[0]
    errors, warnings = set(report.get("errors", [])), set(report.get("warnings", []))
    if "thrown" in report:
        return "the validator gave up"
    if errors and not ours and errors <= FORGIVEN:
        return "every viewer forgives it" if "spec_error" in found["reason"] else ""
    if errors or not ours:
        return ""
    if word in ("bomb", "limits"):
        return "larger than our caps"
    if word == "external_ref" or "has no bytes" in ours:
        return "one file must be complete"
    if word == "polyglot" and "GLB_EXTRA_DATA" in warnings:
        return "bytes behind the end"
    if "IMAGE_UNRECOGNIZED_FORMAT" in warnings or word == "type_mismatch":
        return "a picture nobody can read, or no glTF at all"
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("validator", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--files", type=Path)
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    ground = documents()
    if options.files:
        found = sorted(path for path in options.files.rglob("*") if path.suffix in (".glb", ".gltf"))
        ground |= {path.name: path.read_bytes() for path in found}
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder, closing(Validator(options.validator)) as validator:
        path = Path(folder) / "file"
        verdicts = [compared(validator, "as it is", name, data, path) for name, data in ground.items()]
        sound = [verdict.name for verdict in verdicts if not verdict.theirs and len(ground[verdict.name]) < 2_000_000]
        for _ in range(options.count):
            name = chance.choice(sound)
            group, data = mutated(ground[name], name.endswith(".gltf"), chance)
            verdicts.append(compared(validator, group, name, data, path))
    print_table(verdicts)
    for verdict in [verdict for verdict in verdicts if not verdict.agreed and not verdict.policy][: options.show]:
        print(f"{verdict.group} {verdict.name}\n  ours:   {verdict.ours or 'sound'}")
        print(f"  theirs: {', '.join(sorted(set(verdict.theirs))) or 'sound'} {verdict.first[:150]}")


def print_table(verdicts: list[Verdict]) -> None:
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if not verdict.policy:
            groups[verdict.group].append(verdict)
    judged = [verdict for group in groups.values() for verdict in group]
    print(f"{'group':18} {'files':>6} {'unsound':>8} {'agreed':>8} {'missed':>7} {'too strict':>11}")
    for name, group in [*sorted(groups.items()), ("all", judged)]:
        missed = sum(1 for verdict in group if verdict.theirs and not verdict.ours)
        strict = sum(1 for verdict in group if verdict.ours and not verdict.theirs)
        share = 1 - (missed + strict) / len(group)
        unsound = sum(1 for verdict in group if verdict.theirs)
        print(f"{name:18} {len(group):6} {unsound:8} {share:8.2%} {missed:7} {strict:11}")
    for policy, count in Counter(verdict.policy for verdict in verdicts if verdict.policy).most_common():
        print(f"apart, by policy: {count:5}  {policy}")
    everything = sum(verdict.agreed for verdict in verdicts) / len(verdicts)
    print(f"agreement with the policies counted as disagreement: {everything:.2%}")
    missed_codes = Counter(code for v in judged if v.theirs and not v.ours for code in set(v.theirs))
    print("missed, by code:", dict(missed_codes.most_common(12)))


if __name__ == "__main__":
    main()
