"""What the page asks of the server, an address each."""
