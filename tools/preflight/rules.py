"""The rules a generated Space must obey: what each one asks for, how bad it is to break it, and what to do then."""

from typing import Literal

from core.factory import Finding
from core.nouns import Frozen


class Rule(Frozen):
    id: str
    severity: Literal["error", "warn", "info"]
    fix: str


def _table(severity: Literal["error", "warn", "info"], **fixes: str) -> dict[str, Rule]:
    return {id: Rule(id=id, severity=severity, fix=fix) for id, fix in fixes.items()}


RULES: dict[str, Rule] = {
    **_table(
        "error",
        ZG001="import spaces in the first lines, before torch and whatever imports it",
        ZG002="put @spaces.GPU on the function that the event calls",
        ZG004='name the device "cuda", without a number',
        ZG006="take torch.compile out; ahead-of-time compilation (spaces.aoti_*) is what ZeroGPU has",
        ZG007="take the call out: there is a GPU only inside a decorated function",
        ZG008="move what is returned to the processor with .cpu()",
        ZG009="let an undecorated function take and return what cannot be pickled, and hand plain values on",
        ZG012="let the duration function take *args and **kwargs besides what it reads",
        ZG013="write to a fresh file: tempfile.NamedTemporaryFile(delete=False, suffix=…)",
        ZG014="keep what belongs to one visitor in gr.State",
        ZG017='add cache_mode="lazy"',
        ZG018="give an example value for every required argument, or the arguments defaults",
        ZG019='use attn_implementation="sdpa"',
        RQ001="drop the line: the platform installs it in the version of the Space's sdk",
        RQ002="leave torch without a version, or name one of 2.8.0, 2.9.1, 2.10.0, 2.11.0",
        RQ003="name a wheel built for sm_120, or do without it (sdpa in place of flash-attn)",
        RQ004="take the wheel whose tags are those of the Space's Python and torch",
        RQ006="add the package",
        RM001="write front matter that parses, with sdk: gradio and an app_file that exists",
        RM002="shorten short_description to 60 characters",
        RM003="choose among red, yellow, green, blue, indigo, purple, pink, gray",
        RM004='write python_version: "3.12.12" or "3.10.13"',
        SE001="remove it and withdraw it; a secret comes from the Space's settings",
        PH001="let the endpoint's function use the model that was loaded",
        PH002="return what the model gave, and raise gr.Error when it gave nothing",
        PH003="load the model that was asked for, and no other in its place",
    ),
    **_table(
        "warn",
        ZG003="load the model once, at the top of the module",
        ZG005='leave device_map out and write .to("cuda")',
        ZG010="state a duration: 1.4 times the longest call that was measured, 300 s at most",
        ZG011="drop size: the model fits the 48 GB of the usual one",
        ZG015="decorate the function that has the loop",
        ZG016="import spaces plainly; it does nothing where there is no ZeroGPU",
        ZG020="choose one: gr.Progress(track_tqdm=True) or yield",
        ZG022="add the docstring and the type hints: the Space's API page is made of them",
        ZG023="say weights_only=True, or use safetensors",
        RQ005="pin torchvision, torchaudio and torchcodec together with torch",
        RQ007="leave it out, or install it without its dependencies: it takes torch back to an old version",
        RM005="drop hardware: it is ignored here, and asked for through the API",
        RM006="add startup_duration_timeout: 1h",
        RM008="drop the scopes that the app does not use",
        SE002="name a wheel in requirements.txt: a failed pip at the start goes unnoticed",
        SE003="add revision= with the commit",
    ),
    **_table(
        "info",
        ZG021='set os.environ["PYTORCH_CUDA_ALLOC_CONF"] = "expandable_segments:True" before torch is imported',
        RM007="list the model under models: and write its licence as license:",
    ),
}


def broken(rule: str, where: str, message: str) -> Finding:
    """The finding that a rule is broken, as severe as the rule says."""
    known = RULES[rule]
    return Finding(rule=rule, severity=known.severity, where=where, message=message, fix=known.fix)
