"""Recorded sessions: every HTTP exchange of one command in one vcrpy cassette, and the same command from it again."""
