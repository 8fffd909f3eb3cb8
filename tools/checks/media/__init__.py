"""Sound and video, measured from what was decoded and not from what is claimed."""
