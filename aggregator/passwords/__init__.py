"""Passwords as they are kept: argon2id."""
