"""The section of a story."""
