"""Pictures: whole, not blank, with nothing behind their end."""
