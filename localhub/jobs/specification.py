"""What is to be run as a Job, as a client asks for it; refused with 400 and a reason when it cannot be."""

import re
from typing import Any

from localhub import hardware, refusal
from localhub.frozen import Frozen
from localhub.mounting import volume
from localhub.mounting.volume import Volume

DEFAULT_TIMEOUT = 1800
LONGEST_TIMEOUT = 30 * 24 * 3600
MOST_ATTEMPTS = 100
LONGEST_COMMAND = 100_000
"""Characters; Linux refuses a single argument of 131,072 bytes."""

LABEL = re.compile(r"[A-Za-z0-9._-]{1,100}")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


class Expose(Frozen):
    ports: list[int]
    public: list[int]

    def told(self) -> dict[str, list[int]]:
        return {"ports": self.ports, "portsPublic": self.public}


class Specification(Frozen):
    """Everything but the values of the secrets."""

    image: str | None = None
    """Noted and told again. The command runs on this machine, whatever the image is."""

    space: str | None = None
    """The Space whose image it is, instead of the other one."""

    command: list[str]
    arguments: list[str] = []
    environment: dict[str, str] = {}
    secrets: list[str] = []
    """Their names."""

    flavor: str = hardware.FREE
    timeout: int = DEFAULT_TIMEOUT
    attempts: int | None = None
    labels: dict[str, str] = {}
    volumes: list[Volume] = []
    expose: Expose | None = None
    network: dict[str, Any] | None = None
    """Noted and told again: every Job is on this machine's own network."""

    def told(self) -> dict[str, Any]:
        """What GET …/jobs and GET …/scheduled-jobs both tell of it."""
        image = {"spaceId": self.space} if self.space else {"dockerImage": self.image}
        more = {
            "volumes": [each.told() for each in self.volumes] or None,
            "expose": self.expose.told() if self.expose else None,
            "retry": self.attempts - 1 if self.attempts else None,
            "network": self.network,
        }
        return {
            **image,
            "command": self.command,
            "arguments": self.arguments,
            "environment": self.environment,
            "secrets": self.secrets,
            "flavor": self.flavor,
            "labels": self.labels,
            "timeout": self.timeout,
            **{key: value for key, value in more.items() if value is not None},
        }


def read(body: dict[str, Any]) -> tuple[Specification, dict[str, str]]:
    """The specification that the body of a POST asks for, and its secrets."""
    ssh = body.get("ssh")
    if ssh and not (isinstance(ssh, dict) and not ssh.get("enabled")):
        raise refusal.bad_request("the local Hub has no SSH: leave ssh out, and look at the Job's logs")
    secrets = variables(body.get("secrets"), "secrets")
    image, space = body.get("dockerImage"), body.get("spaceId")
    if not isinstance(image or space, str) or (image and space):
        raise refusal.bad_request("a Job has either a dockerImage or a spaceId")
    arguments = words(body.get("arguments"), "arguments")
    command = words(body.get("command"), "command")
    if not command and not arguments:
        raise refusal.bad_request("command is missing: the local Hub has no images, so it knows no command of theirs")
    specification = Specification(
        image=image,
        space=space,
        command=command,
        arguments=arguments,
        environment=variables(body.get("environment"), "environment"),
        secrets=sorted(secrets),
        flavor=hardware.flavor(body.get("flavor") or hardware.FREE, "job").name,
        timeout=whole(body.get("timeoutSeconds"), "timeoutSeconds", LONGEST_TIMEOUT) or DEFAULT_TIMEOUT,
        attempts=whole(body.get("attempts"), "attempts", MOST_ATTEMPTS),
        labels=labels(body.get("labels")),
        volumes=list(volume.read_all(body.get("volumes"))),
        expose=expose(body["expose"]) if body.get("expose") else None,
        network=network(body.get("network")),
    )
    return specification, secrets


def words(given: Any, name: str) -> list[str]:
    """Any: it is checked here, and in all of these."""
    if not isinstance(given or [], list) or not all(isinstance(word, str) and "\0" not in word for word in given or []):
        raise refusal.bad_request(f"{name} has to be a list of texts without zero bytes")
    if any(len(word.encode("utf-8", "replace")) > LONGEST_COMMAND for word in given or []):
        raise refusal.bad_request(f"{name} has a text of more than {LONGEST_COMMAND:,} bytes: pass it in a volume")
    return list(given or [])


def variables(given: Any, name: str) -> dict[str, str]:
    if not isinstance(given or {}, dict):
        raise refusal.bad_request(f"{name} has to be an object of names and values")
    found = {}
    for key, value in (given or {}).items():
        if not VARIABLE.fullmatch(key):
            raise refusal.bad_request(f"{key[:80]!r} in {name} cannot be the name of an environment variable")
        if isinstance(value, dict | list) or "\0" in str(value):
            raise refusal.bad_request(f"the value of {key} in {name} has to be a text without zero bytes")
        found[key] = "" if value is None else str(value)
    return found


def whole(given: Any, name: str, most: int) -> int | None:
    if given is None:
        return None
    if not isinstance(given, int | float) or isinstance(given, bool) or not 1 <= given <= most:
        raise refusal.bad_request(f"{name} has to be a number from 1 to {most}")
    return int(given)


def labels(given: Any) -> dict[str, str]:
    if not isinstance(given or {}, dict):
        raise refusal.bad_request("labels has to be an object of names and values")
    for key, value in (given or {}).items():
        for part in (key, value) if value != "" else (key,):
            if not isinstance(part, str) or not LABEL.fullmatch(part):
                raise refusal.bad_request(
                    f"{part!r} cannot be in a label: up to 100 letters, digits, dots, dashes and underscores can"
                )
    return dict(given or {})


def expose(given: Any) -> Expose:
    if not isinstance(given, dict):
        raise refusal.bad_request("expose has to be an object with ports and portsPublic")
    ports, public = given.get("ports") or [], given.get("portsPublic") or []
    for port in (*ports, *public) if isinstance(ports, list) and isinstance(public, list) else [None]:
        if not isinstance(port, int) or not 1 <= port <= 65535:
            raise refusal.bad_request("ports and portsPublic have to be lists of port numbers")
    if not set(public) <= set(ports):
        raise refusal.bad_request("portsPublic has a port that is not in ports")
    return Expose(ports=ports, public=public)


def network(given: Any) -> dict[str, Any] | None:
    if given is None:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("group"), str):
        raise refusal.bad_request("network has to be an object with a group")
    return {"group": given["group"], "aliases": words(given.get("aliases"), "aliases")}
