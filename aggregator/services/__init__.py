"""The steps of each use case, over ports."""
