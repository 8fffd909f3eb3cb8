"""Who: the sub-agents, each a tool that takes a task, with a routine of its own and a mode that a model leads."""
