"""A plan before anything is filled in: which endpoints, in which order, and who hands what to whom.

Drawn from three things: what the request asks for by name, what the offers say of themselves, and earlier plans.
"""
