"""How far a Space is proved: what it is asked, how its answers are compared, and which rung the evidence carries."""
