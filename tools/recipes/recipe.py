"""What one recipe adds to the page that all of them share."""

from core.factory import CardFacts
from core.nouns import Frozen


class Field(Frozen):
    """One component of the page."""

    name: str
    """Of the parameter it fills; the result's is `result`."""
    component: str
    """As Python makes it: `gr.Textbox(label="Text")`."""


class Recipe(Frozen):
    """Python by its parts; `MODEL`, `REVISION` and `BASE` are constants that stand above them."""

    task: str
    libraries: tuple[str, ...]
    does: str
    """What the Space does, as its docstring says it: `Translates a text`."""
    imports: str = ""
    """Lines below those of spaces and gradio."""
    standard: str = ""
    """Lines for the standard library."""
    load: str
    generate: str
    """The function, without its decorator."""
    inputs: tuple[Field, ...]
    handed: str = ""
    """What the button hands to generate when it is not the list of the inputs."""
    result: str
    """The component that shows what generate returns."""
    requirements: tuple[str, ...]
    seconds: int = 0
    """ZeroGPU seconds to reserve until they are measured; 0 when there is nothing to do for a GPU."""
    environment: str = ""
    """What has to be set before torch is imported; it needs `import os`."""
    emoji: str = "🤖"
    base: bool = False
    """It is for adapters: the model they change is loaded too."""

    def fits(self, facts: CardFacts) -> bool:
        return facts.task == self.task and facts.library in self.libraries
