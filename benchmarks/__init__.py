"""How this reader does beside others, measured."""
