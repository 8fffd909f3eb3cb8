"""What a sign-in asks for, in words, and why: a person reads it before being sent to the Hub."""

ALWAYS = ("openid", "profile")

WORDS = {
    "contribute-repos": "create Spaces and change those that it has created itself, to publish what was made for you; "
    "your other repositories stay out of its reach",
    "jobs": "run Jobs, which a build needs when code is written for it; each asks you first",
    "inference-api": "ask language models in your name, for planning",
    "email": "see your email address",
    "read-repos": "read your repositories, private ones too",
    "gated-repos": "read gated models that you have been let in to",
    "read-billing": "see what you have spent",
    "read-memberships": "see which organisations you are in",
    "write-repos": "change all of your repositories",
    "manage-repos": "create, change and delete all of your repositories",
}
"""What follows "the right to". The card of a Space decides which of these it asks for."""


def asked_for(scopes: str) -> list[str]:
    """In the order of the card; what everybody who signs in tells is left out."""
    return [f"{WORDS.get(scope, 'what is called')} ({scope})" for scope in scopes.split() if scope not in ALWAYS]
