"""Sub-agents will stand here: card analyst, Pi coder, Space deployer, validator."""
