"""A language model at work with tools: the loop, what it is told, and how it is stopped."""
