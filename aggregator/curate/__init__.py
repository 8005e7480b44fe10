"""Folding duplicates into stories and choosing their section, from values alone."""
