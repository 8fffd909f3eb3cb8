"""Reading a model card: what it says of the model, and where."""
