"""Who may see and change the Jobs of a namespace: those whom it belongs to, and nobody else."""

from collections.abc import Callable
from typing import Literal, TypeVar

from starlette.requests import Request

from localhub import hub, refusal
from localhub.people.users import Credential

Found = TypeVar("Found")


def reader(request: Request, hidden: refusal.Refusal | None = None) -> Credential:
    """The caller, who owns the namespace and whose token may read Jobs: a read token, or the scope `jobs`.

    `hidden` is what others are told.
    """
    credential = hub.of(request).users.presented(request.headers)
    namespace = request.path_params["namespace"]
    if credential is None:
        raise refusal.sign_in()
    if not credential.user.owns(namespace):
        raise hidden or refusal.Refusal(403, f"{credential.user.name} cannot see the Jobs of {namespace}")
    if not credential.may("jobs") and not (credential.kind == "access_token" and credential.role == "read"):
        raise refusal.Refusal(403, "this token cannot see Jobs: it needs the scope jobs")
    return credential


def readable(request: Request, what: str, find: Callable[[str, str], Found | None]) -> Found:
    """The Job or schedule that the path names. Somebody else's is not found, so that none can be guessed."""
    namespace, id = request.path_params["namespace"], request.path_params["id"]
    missing = refusal.Refusal(404, f"{what} not found: {id}")
    reader(request, hidden=missing)
    found = find(namespace, id)
    if found is None:
        raise missing
    return found


def writer(request: Request) -> Credential:
    return hub.entitled(request, request.path_params["namespace"], "jobs")


def kind_of(request: Request) -> Literal["user", "org"]:
    """Of the namespace."""
    return "org" if hub.of(request).users.organization(request.path_params["namespace"]) else "user"
