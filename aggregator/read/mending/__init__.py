"""Markup repaired before it is parsed."""
