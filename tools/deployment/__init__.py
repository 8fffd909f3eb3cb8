"""How the files of a Space become a private Space of the user's own, on the machine that it needs."""
