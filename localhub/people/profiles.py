"""What is told of a user: to the user's own programs by whoami, and to apps as OpenID Connect's claims."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from localhub.people.users import Credential, Organization, User, Users, object_id


def whoami(credential: Credential, users: Users, endpoint: str) -> dict[str, Any]:
    """As GET /api/whoami-v2 answers. An OAuth token learns the address only with the scope `email`."""
    user = credential.user
    address = {"email": user.address, "emailVerified": True} if credential.may("email") else {}
    return {
        "type": "user",
        "id": object_id("user", user.name),
        "name": user.name,
        "fullname": user.fullname or user.name,
        **address,
        "isPro": user.pro,
        "canPay": user.can_pay,
        "periodEnd": None,
        "avatarUrl": f"{endpoint}/avatar.svg",
        "orgs": [membership(group, user, endpoint) for group in groups(user, users)],
        "auth": proof(credential),
    }


def proof(credential: Credential) -> dict[str, Any]:
    if credential.kind == "oauth":
        expires = datetime.fromtimestamp(credential.expires or 0, UTC)
        return {"type": "oauth", "expiresAt": expires.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"}
    token = {"displayName": credential.name, "role": credential.role, "createdAt": credential.created}
    return {"type": "access_token", "accessToken": token}


def groups(user: User, users: Users) -> list[Organization]:
    return [group for name in user.organizations if (group := users.organization(name))]


def membership(group: Organization, user: User, endpoint: str) -> dict[str, Any]:
    return {
        "type": "org",
        "id": object_id("org", group.name),
        "name": group.name,
        "fullname": group.fullname or group.name,
        "email": None,
        "canPay": group.can_pay,
        "periodEnd": None,
        "avatarUrl": f"{endpoint}/avatar.svg",
        "roleInOrg": group.members[user.name],
        "isEnterprise": False,
        "plan": group.plan,
    }


def claims(user: User, scopes: Collection[str], users: Users, endpoint: str) -> dict[str, Any]:
    """As the id token and GET /oauth/userinfo tell them."""
    told: dict[str, Any] = {"sub": object_id("user", user.name)}
    if "profile" in scopes:
        told |= {
            "name": user.fullname or user.name,
            "preferred_username": user.name,
            "profile": f"{endpoint}/{user.name}",
            "picture": f"{endpoint}/avatar.svg",
            "website": "",
            "isPro": user.pro,
            "orgs": [group_claims(group, user, scopes, endpoint) for group in groups(user, users)],
        }
    if "email" in scopes:
        told |= {"email": user.address, "email_verified": True}
    if "read-billing" in scopes:
        told |= {"canPay": user.can_pay, "periodEnd": None}
    return told


def group_claims(group: Organization, user: User, scopes: Collection[str], endpoint: str) -> dict[str, Any]:
    told = {
        "sub": object_id("org", group.name),
        "name": group.fullname or group.name,
        "preferred_username": group.name,
        "picture": f"{endpoint}/avatar.svg",
        "plan": group.plan,
        "roleInOrg": group.members[user.name],
    }
    return told | ({"canPay": group.can_pay} if "read-billing" in scopes else {})
