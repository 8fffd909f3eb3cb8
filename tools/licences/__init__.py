"""What the licences along a chain of Spaces let somebody do with what comes out. It reports; it does not advise."""
