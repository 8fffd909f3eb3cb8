"""Spaces that really run: their processes, stages, addresses and logs."""
