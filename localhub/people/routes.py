"""The addresses of identity and of signing in."""

from starlette.routing import Route

from localhub.people import accounts, consent, devices, identity, tokens

USER, ORGANIZATION = "/api/users/{user}", "/api/organizations/{organization}"

ROUTES = [
    Route("/api/whoami-v2", identity.whoami, methods=["GET"]),
    Route("/api/agent-harnesses", identity.agent_harnesses, methods=["GET"]),
    Route("/api/telemetry/{topic:path}", identity.telemetry, methods=["GET"]),
    Route(USER + "/overview", accounts.user_overview, methods=["GET"]),
    Route(USER + "/followers", accounts.followed_users, methods=["GET"]),
    Route(USER + "/following", accounts.followed_users, methods=["GET"]),
    Route(ORGANIZATION + "/overview", accounts.organization_overview, methods=["GET"]),
    Route(ORGANIZATION + "/members", accounts.members, methods=["GET"]),
    Route(ORGANIZATION + "/followers", accounts.organization_followers, methods=["GET"]),
    Route("/.well-known/openid-configuration", tokens.configuration, methods=["GET"]),
    Route("/oauth/authorize", consent.authorize, methods=["GET", "POST"]),
    Route("/oauth/token", tokens.token, methods=["POST"]),
    Route("/oauth/userinfo", tokens.user_info, methods=["GET", "POST"]),
    Route("/oauth/jwks", tokens.keys, methods=["GET"]),
    Route("/oauth/device", devices.begin, methods=["POST"]),
    Route("/device", devices.page, methods=["GET", "POST"]),
]
