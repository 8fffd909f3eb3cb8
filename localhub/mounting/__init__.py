"""Volumes: folders of buckets and repositories that a Job or a Space sees at paths of its own."""
