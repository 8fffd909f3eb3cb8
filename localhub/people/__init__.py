"""Who asks: users, their tokens, and how a browser is let in."""
