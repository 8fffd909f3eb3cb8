"""A Hugging Face Hub on this machine, for the unmodified clients. It imports nothing else of this project."""
