"""Searches in the words of editors, held against texts."""
