"""Recorded sessions to look at on the page: the shelf of cassettes, and each of them played in a process of its own."""
