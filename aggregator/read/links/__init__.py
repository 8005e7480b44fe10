"""Addresses made absolute and comparable."""
