"""How our own scripts run as Jobs of the Hub: ordered, found again, waited for, and what they leave fetched."""
