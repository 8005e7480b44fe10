"""Addresses and documents looked at without storing anything."""
