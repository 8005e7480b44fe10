"""What is asked of the store: a search, why a story is where it is, why something is missing."""
