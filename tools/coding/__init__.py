"""What the coding agent is told, what is taken of what it writes, and what is kept of how it went."""
