"""The planner that asks a language model, and believes nothing of what it says before it is looked at."""
