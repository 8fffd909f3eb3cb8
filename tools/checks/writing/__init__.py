"""Text, JSON, tables and markup."""
