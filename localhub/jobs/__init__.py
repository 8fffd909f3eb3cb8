"""Jobs: real process trees of this machine, each in a folder of its own."""
