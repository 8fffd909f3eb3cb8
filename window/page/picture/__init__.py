"""What the page shows of a run, as JSON: made from the journal alone. The page sets it as text."""
