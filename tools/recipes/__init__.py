"""How the common kinds of models become Spaces, with no language model asked: one recipe for each pipeline task."""
