"""Cleaning and comparing text."""
