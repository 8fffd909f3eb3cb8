"""The planner that needs no language model.

A goal is read (`goal_reading` and what it rests on), held against the typed endpoints of Spaces (`offers`, `paths`,
`choosing`), and written down as a plan (`draft`, `filling`, `promises`); `replanning` does it again after a failure.
`sketch` says beforehand which endpoints it could be, from what the goal asks for and from `earlier` runs; `adapting`
goes the way of an earlier one.
"""
