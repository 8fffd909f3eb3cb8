"""One order of a Space's files as far as it has come: every version, and what was found wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.factory import CardFacts, Coded, Draft, Finding, Workspace
from core.scope import Scope
from core.signals import flat
from tools.coding.coding import CodeOrder
from tools.coding.keeping import keep_findings
from tools.coding.readme import readme

LONGEST_STEP = 50
"""Characters of a step's name that name its Jobs."""


@dataclass
class Work:
    """One order as far as it has come."""

    scope: Scope
    order: CodeOrder
    facts: CardFacts
    workspace: Workspace | None
    drafts: list[Draft] = field(default_factory=list)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.drafts[-1].findings if self.drafts else ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def step(self) -> str:
        item = "" if self.scope.item is None else f".{self.scope.item}"
        return f"{self.scope.step[:LONGEST_STEP]}{item}"

    @property
    def run(self) -> Path:
        """The run's folder."""
        return self.scope.artifacts.folder.parent

    @property
    def coded(self) -> Coded:
        if self.workspace is None:
            raise ValueError("there is no workspace to hand over")
        asked = [draft for draft in self.drafts if draft.outcome]
        return Coded(
            workspace=self.workspace,
            findings=self.findings,
            drafts=tuple(self.drafts),
            rounds=len(asked),
            tokens=sum(draft.tokens for draft in asked),
            seconds=sum(draft.seconds for draft in asked),
        )

    def add(self, draft: Draft) -> None:
        self.drafts.append(draft)
        keep_findings(self.run, self.step, self.drafts)

    def draft_of(self, files: Mapping[str, str]) -> Workspace:
        """The files with front matter that can be believed; one that was handed in and not touched stays as it is."""
        old = self.workspace
        before = old.files.get("README.md", "") if old else ""
        text = files.get("README.md", "")
        kept = self.order.workspace is not None and text and text == before
        return Workspace(
            model=self.facts.model or "",
            files={**files, "README.md": text if kept else readme(text, before, self.facts, files)},
            origin="pi",
            task=self.facts.task or (old.task if old else None),
            endpoint=old.endpoint if old else "/generate",
        )

    def worst(self) -> str:
        """The first error, for a message."""
        if not self.errors:
            return "it left no files"
        one, more = self.errors[0], len(self.errors) - 1
        return f"{one.rule} {one.where}: {flat(one.message, 200)}{f', and {more} more' if more else ''}"
