"""The visits of feeds: whom, and in whose turn."""
