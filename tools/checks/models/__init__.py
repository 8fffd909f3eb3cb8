"""Meshes and splats: how many faces and points, whether closed, how large."""
