"""Small pictures for people, of every kind that is worth one."""
