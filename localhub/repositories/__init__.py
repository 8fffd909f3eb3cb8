"""Repositories of models, datasets and Spaces: their commits, files and cards."""
