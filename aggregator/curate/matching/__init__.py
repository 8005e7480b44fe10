"""Words and patterns of the rules found in texts."""
